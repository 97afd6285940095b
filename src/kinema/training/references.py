"""References: the light that held-out clips are judged by, traced pass by pass for as long as there is time.

Every frame's passes go by turns into two halves that share no noise. Their mean is the reference; and because the noise
of the one knows nothing of the other's, the product of a picture's two errors is its squared error without the noise
of either (kinema.training.judge), however few passes there were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kinema.buffers.scene_frame import F32, I32, SceneFrame

if TYPE_CHECKING:
    from kinema.painter.pathtrace import PathTracer

FOLDER = "light"  # beside the held-out clips


@dataclass(frozen=True, eq=False)
class Reference:
    """halves (2, T, h, w, 3): mean radiance without fog, zero where nothing was traced · samples (2, T): paths a pixel
    that each is made of."""

    halves: F32
    samples: I32

    @property
    def light(self) -> F32:
        """All passes' mean (T, h, w, 3)."""
        share = self.samples / np.maximum(self.samples.sum(0), 1)
        return np.asarray((self.halves * share[..., None, None, None]).sum(0), np.float32)


def reference_path(clip: Path) -> Path:
    """Where the light of a held-out clip's file is kept."""
    return clip.parent / FOLDER / clip.name


def read_reference(path: Path) -> Reference:
    """What `refine` has written. Raises: FileNotFoundError."""
    with np.load(path, allow_pickle=False) as file:
        return Reference(file["halves"], file["samples"])


def refine(
    frames: Sequence[SceneFrame], tracer: PathTracer, first: int, path: Path, passes: int,
    report: Callable[[int, int], None] = lambda frame, done: None,
) -> None:  # fmt: skip
    """Trace frames until each has that many passes. May be stopped at any time: every pass of a frame is kept.

    tracer: of the samples of a pass, the same at every call · first: number of the first frame · report: told the frame
    and its passes so far
    """
    known = _known(path, frames)
    for k, frame in enumerate(frames):
        for done in range(int(known.samples[:, k].sum()) // tracer.samples, passes):
            side, light = done % 2, tracer.picture(frame, first + k, done)
            known.samples[side, k] += tracer.samples
            known.halves[side, k] += (light - known.halves[side, k]) / (done // 2 + 1)
            _write(path, known)
            report(k, done + 1)


def _known(path: Path, frames: Sequence[SceneFrame]) -> Reference:
    if path.exists():
        return read_reference(path)
    camera, count = frames[0].camera, len(frames)
    halves = np.zeros((2, count, camera.height, camera.width, 3), np.float32)
    return Reference(halves, np.zeros((2, count), np.int32))


def _write(path: Path, known: Reference) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        np.savez(out, allow_pickle=False, halves=known.halves, samples=known.samples)
    part.replace(path)
