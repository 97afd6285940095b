"""The path tracer as a painter: scene frames through Mitsuba 3, several passes a frame; slow, and the truth."""

from __future__ import annotations

from collections.abc import Sequence

import mitsuba as mi
import numpy as np

from kinema.buffers.chunk import Chunk
from kinema.buffers.scene_frame import F32, SceneFrame
from kinema.painter.fog import haze
from kinema.painter.mitsuba_scene import SceneMaker

PASS = 16  # samples of a pass
CEILING = 40.0  # radiance a pixel of a pass may have: one hot sample would be a firefly for the film's bloom


class PathTracer:
    """Renders scene frames with global illumination, area lights and gloss; a ScenePainter.

    samples: paths a pixel · seed: of their lots; the same seed, frame and number give the same picture
    """

    name = "pathtrace"

    def __init__(self, samples: int = 64, seed: int = 0) -> None:
        self.samples, self.seed = samples, seed
        self._maker = SceneMaker()

    def picture(self, frame: SceneFrame, number: int, first: int = 0) -> F32:
        """Linear radiance (H, W, 3) of one frame without its fog; number makes its noise unlike its neighbours', and
        first, the number of its first pass, unlike that of passes before."""
        scene = self._maker.scene(frame)
        passes = max(round(self.samples / PASS), 1)
        total = np.zeros((frame.camera.height, frame.camera.width, 3), np.float32)
        for k in range(first, first + passes):
            seed = (self.seed * 1_000_003 + number) * 1024 + k
            image = np.array(mi.render(scene, spp=min(self.samples, PASS), seed=seed & 0xFFFFFFFF), np.float32)
            total += np.minimum(np.nan_to_num(image, nan=0.0, posinf=CEILING), CEILING)
        return total / np.float32(passes)

    def paint_scenes(self, frames: Sequence[SceneFrame], chunk: Chunk) -> F32:
        """See ScenePainter.paint_scenes."""
        pictures = [
            haze(frame, chunk.depth[k]).over(self.picture(frame, chunk.first_frame + k))
            for k, frame in enumerate(frames)
        ]
        return np.stack(pictures)
