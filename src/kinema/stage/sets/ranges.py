"""Mountains in the distance: a wide fan of ridged ground around a place, wooded below and bare above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Surface
from kinema.stage.sets.earth import CANOPY_SPAN, canopy, rock, snow
from kinema.stage.sets.noise import Noise, smooth
from kinema.stage.sets.terrain import Patch


@dataclass(frozen=True, eq=False)
class Range:
    """Ridged heights: nothing within `inner` metres of the origin, `rise` metres high where it is highest.

    lift(x, y): what the near ground is there, so that the far one rises from it.
    """

    seed: int
    inner: float
    rise: float
    scale: float = 1500.0

    def height(self, x: F64, y: F64) -> F64:
        """Metres at x, y of any shape, above the valley floor."""
        noise = Noise.of(self.seed, "range", "ridges")
        px, py = x / self.scale + 31.7, y / self.scale + 12.3
        bend = noise.sum(px * 0.6, py * 0.6, 2)
        ridge = noise.ridges(px + 0.35 * bend, py - 0.35 * bend, 6, 0.52)
        broad = 0.5 + 0.5 * noise.sum(px * 0.25 + 5, py * 0.25, 2)
        away = smooth(self.inner * 0.75, self.inner * 2.6, np.hypot(x, y))
        return np.asarray(self.rise * away * ridge * (0.35 + 0.9 * broad), float)


def far_ground(
    key: str, heights: Range, floor: float, reach: float, snow_line: float, centre: tuple[float, float]
) -> Surface:
    """A square of ground around `centre`, finer in the middle, reaching `reach` metres; lowered out of sight inside."""
    line = np.sinh(np.linspace(-1, 1, 130) * 3.2) / np.sinh(3.2) * reach
    x = np.broadcast_to(line, (len(line), len(line)))

    def height(px: F64, py: F64) -> F64:
        hidden = smooth(heights.inner * 1.05, heights.inner * 0.8, np.maximum(np.abs(px), np.abs(py)))
        return np.asarray(floor + heights.height(px, py) - 60.0 * hidden)

    patch = Patch.over(np.array(x), line, height)
    places, normals = patch.positions, patch.normals()
    noise = Noise.of(heights.seed, "range", "cover")
    patchy = noise.sum(places[..., 0] / 260, places[..., 1] / 260, 4)
    tint = (1.0 + 0.35 * patchy)[..., None] * np.array([1.0, 1.0, 0.9])
    uv = places[..., :2] / CANOPY_SPAN
    steep = normals[..., 2] + 0.12 * patchy
    level = places[..., 2] - floor + 70 * patchy
    bare = smooth(0.80, 0.62, steep) + smooth(snow_line * 0.75, snow_line, level)
    tint = tint * (1 + np.clip(bare, 0, 1)[..., None] * np.array([1.2, 0.75, 0.9]))
    quads = (slice(0, -1), slice(0, -1))
    index = np.where(level[quads] > snow_line, 2, np.where(bare[quads] > 0.9, 1, 0)).astype(np.int32)
    mesh = patch.mesh(key, (canopy(), rock(), snow()), uv, np.clip(tint, 0.3, 2.2), index)
    shift = np.eye(4)
    shift[:2, 3] = centre
    return Surface(mesh, shift, casts_shadow=False)
