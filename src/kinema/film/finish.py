"""Finishing: painted light to display frames. Deterministic passes shared by every painter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from kinema.buffers.chunk import U8, U16, Chunk
from kinema.buffers.scene_frame import F32, Colour
from kinema.film import kernels
from kinema.film.focus import Focus
from kinema.film.looks import Finish
from kinema.film.tone import crosstalk, tone_table

INSET, OUTSET = 0.11, 0.09  # crosstalk before the curve, and how much of it is taken back after
BLOOM_LEVELS = 4  # from a quarter of the size down
HOTTEST = 24.0  # radiance above which a light scatters no more


class Finisher:
    """Holds the tables and scratch pictures of one film; frames are finished one at a time, in any order."""

    def __init__(self, finish: Finish, height: int, width: int, seed: int) -> None:
        self.finish = finish
        self.table = tone_table(finish.exposure, finish.contrast)
        self.inset = crosstalk(INSET)
        self.outset = np.linalg.inv(crosstalk(OUTSET)).astype(np.float32)
        self.tints = np.array([finish.shadows, finish.highlights], np.float32)
        self.salt = int.from_bytes(hashlib.sha256(str(seed).encode()).digest()[:3], "big")
        self.strip = np.empty(kernels.STRIP + width, np.float32)
        kernels.noise_strip(self.salt, self.strip)
        self.picture = np.empty((height, width, 3), np.float32)
        self.half = np.empty((height // 2, width // 2, 3), np.float32)
        self.focus = Focus(height // 2, width // 2)
        sizes = [(max(height >> k, 1), max(width >> k, 1)) for k in range(2, BLOOM_LEVELS + 2)]
        self.pyramid = [np.empty((*size, 3), np.float32) for size in sizes]

    def frames(self, chunk: Chunk, painted: F32, first_frame: int) -> Iterator[U8]:
        """Display frames (H, W, 3) of a painted chunk (T, H, W, 3); first_frame counts from the film's start."""
        for k in range(chunk.shape[0]):
            yield self.frame(chunk, painted[k], k, first_frame + k)

    def frame(self, chunk: Chunk, painted: F32, index: int, film_frame: int) -> U8:
        """One display frame (H, W, 3) of linear light (H, W, 3)."""
        if self.finish.ink is not None:
            painted = self._cut_paper(painted, chunk.depth[index], chunk.instance[index], self.finish.ink)
        kernels.lay_over(painted, chunk.layer[index], self.picture)
        kernels.shrink(self.picture, self.half, HOTTEST)
        blurred = self.focus.spread(self.half, chunk.depth[index], chunk.lenses[index])
        out = np.empty(self.picture.shape, np.uint8)
        kernels.develop(
            self.picture, blurred, self._glow(), self.table, self.inset, self.outset, self.tints, self._amounts(),
            self.strip, self.salt + film_frame * 7919, out,
        )  # fmt: skip
        return self._weave(out, film_frame)

    def _cut_paper(self, painted: F32, depth: F32, instance: U16, ink: Colour) -> F32:
        """The silhouettes of a picture (H, W, 3)."""
        paper, soft = np.empty_like(self.picture), np.empty_like(self.picture)
        kernels.cut_paper(painted, depth, instance, np.array(ink, np.float32), self.finish.ink_reach, paper)
        kernels.soften_edges(paper, depth, instance, self.finish.rim, soft)
        return soft

    def _amounts(self) -> F32:
        f = self.finish
        return np.array(
            [1.0 - f.bloom, *f.gains, f.saturation, f.vignette, f.grain, f.halation / max(f.bloom, 1e-6)], np.float32
        )

    def _glow(self) -> F32:
        """Light scattered in the lens: a pyramid of box halvings, summed back up; weighted by bloom."""
        kernels.shrink(self.half, self.pyramid[0], HOTTEST)
        for large, small in pairwise(self.pyramid):
            kernels.shrink(large, small, HOTTEST)
        for small, large in zip(self.pyramid[:0:-1], self.pyramid[-2::-1], strict=True):
            large *= np.float32(0.45)
            kernels.double_into(small, large, 0.55)
        glow = self.pyramid[0]
        glow *= np.float32(self.finish.bloom)
        return glow

    def _weave(self, frame: U8, film_frame: int) -> U8:
        """Shift the picture by whole pixels as a worn gate does."""
        reach = self.finish.weave * frame.shape[0] / 720.0
        if reach <= 0.0:
            return frame
        phase = film_frame * np.array([0.37, 0.23])
        shift = np.rint(reach * (np.sin(phase) + np.sin(2.7 * phase + 1.0))).astype(int)
        return np.roll(frame, tuple(shift), (0, 1)) if shift.any() else frame
