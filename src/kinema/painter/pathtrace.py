"""The path tracer as a painter: scene frames through Mitsuba 3, several passes a frame; slow, and the truth."""

from __future__ import annotations

from collections.abc import Sequence

import mitsuba as mi
import numpy as np

from kinema.buffers.scene_frame import F32, F64, KeyLight, SceneFrame
from kinema.painter.mitsuba_scene import scene_of

PASSES = 4  # each with another point of the key light's disc, so that its shadows are soft
CEILING = 40.0  # radiance a sample may have: a caustic's one hot sample would be a firefly for the film's bloom


class PathTracer:
    """Renders scene frames with global illumination, area lights and gloss.

    samples: paths a pixel · fog is not traced: it is an analytic layer of the preview's
    """

    name = "pathtrace"

    def __init__(self, samples: int = 64, seed: int = 0) -> None:
        self.samples, self.seed = samples, seed

    def picture(self, frame: SceneFrame, number: int) -> F32:
        """Linear radiance (H, W, 3) of one frame; number makes its noise differ from its neighbours'."""
        total = np.zeros((frame.camera.height, frame.camera.width, 3), np.float32)
        directions = _disc(frame.key_light, PASSES) if frame.key_light else [None] * PASSES
        each = max(self.samples // PASSES, 1)
        for k, direction in enumerate(directions):
            seed = (self.seed * 1_000_003 + number) * PASSES + k
            image = mi.render(scene_of(frame, direction), spp=each, seed=seed & 0xFFFFFFFF)
            total += np.minimum(np.array(image, np.float32), CEILING)
        return total / np.float32(len(directions))

    def paint_scenes(self, frames: Sequence[SceneFrame], first_frame: int) -> F32:
        """Linear radiance (T, H, W, 3) of a chunk's frames."""
        return np.stack([self.picture(frame, first_frame + k) for k, frame in enumerate(frames)])


def _disc(light: KeyLight, count: int) -> list[F64 | None]:
    """Directions spread evenly over the key light's disc."""
    axis = np.array(light.direction, np.float64)
    side = np.cross(axis, [0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    k = np.arange(count) + 0.5
    radius, angle = light.angular_radius * np.sqrt(k / count), k * np.pi * (3.0 - np.sqrt(5.0))
    spread = axis + (radius * np.cos(angle))[:, None] * side + (radius * np.sin(angle))[:, None] * other
    return list(spread / np.linalg.norm(spread, axis=1, keepdims=True))
