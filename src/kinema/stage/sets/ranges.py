"""Mountains in the distance: ridged ground in a wide ring around a place, wooded below and bare above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import map_coordinates

from kinema.buffers.scene_frame import F64, Surface
from kinema.stage.chance import chance
from kinema.stage.sets.earth import CANOPY_SPAN, canopy, rock, snow
from kinema.stage.sets.noise import Noise, smooth
from kinema.stage.sets.scatter import Plant, plant_mesh, tints
from kinema.stage.sets.terrain import grid_mesh, grid_normals

SECTORS = 8
COLUMNS, ROWS = 48, 26  # of a sector: what stands on the skyline needs fine steps across, less so in depth
REACH = 9_000.0
RELIEF = np.array([1.0, 1.0, 1.35])  # slopes are shaded as if steeper: miles of air take away as much


@dataclass(frozen=True, eq=False)
class Range:
    """Ridged ground around `centre` (m), on a valley floor at height `floor`.

    It begins to rise `inner` metres away; its highest crests stand `rise` metres over the floor, `scale` metres apart.
    Above `snow_line` metres over the floor it is white. trees: how many stand on the nearest slopes.
    """

    seed: int
    centre: tuple[float, float]
    floor: float
    inner: float
    rise: float
    scale: float = 1500.0
    snow_line: float = 1e9
    trees: int = 0

    def height(self, x: F64, y: F64) -> F64:
        """Height (m) at x, y of any shape."""
        noise = Noise.of(self.seed, "range", "ridges")
        px, py = x / self.scale + 31.7, y / self.scale + 12.3
        bend = noise.sum(px * 0.6, py * 0.6, 2)
        ridge = noise.ridges(px + 0.35 * bend, py - 0.35 * bend, 6, 0.46)
        broad = 0.5 + 0.5 * noise.sum(px * 0.25 + 5, py * 0.25, 2)
        away = np.hypot(x - self.centre[0], y - self.centre[1])
        grown = smooth(self.inner * 0.8, self.inner * 2.8, away)
        return np.asarray(self.floor + self.rise * grown * ridge * (0.45 + 0.9 * broad), float)

    def surfaces(self, key: str) -> list[Surface]:
        """The ring in sectors, so that what is out of view costs nothing."""
        found = []
        for sector in range(SECTORS):
            found.append(self._ground(key, sector))
            if self.trees:
                found.append(self._wood(key, sector))
        return found

    def _at(self, azimuth: F64, away: F64) -> tuple[F64, F64]:
        """x, y at clockwise azimuths from +Y (rad)."""
        return self.centre[0] + np.sin(azimuth) * away, self.centre[1] + np.cos(azimuth) * away

    def _grid(self, sector: int) -> F64:
        """Corners (ROWS, COLUMNS + 1, 3) of a sector's ground."""
        azimuth = (sector + np.linspace(0, 1, COLUMNS + 1)) * 2 * np.pi / SECTORS
        away = self.inner * 0.8 * (REACH / (self.inner * 0.8)) ** np.linspace(0, 1, ROWS)
        x, y = self._at(azimuth[None, :], away[:, None])
        z = self.height(x, y)
        z[0] -= 40.0
        return np.stack([x, y, z], -1)

    def _ground(self, key: str, sector: int) -> Surface:
        places = self._grid(sector)
        x, y, z = np.moveaxis(places, -1, 0)
        normals = grid_normals(places * RELIEF)
        noise = Noise.of(self.seed, "range", "cover")
        patchy = noise.sum(x / 260, y / 260, 4)
        level = z - self.floor + 70 * patchy
        bare = np.clip(
            smooth(0.72, 0.56, normals[..., 2] + 0.12 * patchy) + smooth(0.75, 1.0, level / self.snow_line), 0, 1
        )
        tint = (1 + 0.5 * patchy)[..., None] * (1 - bare[..., None] * np.array([0.22, 0.30, 0.38]))
        quads = np.where(level > self.snow_line, 2, np.where(bare > 0.9, 1, 0))[:-1, :-1].astype(np.int32)
        mesh = grid_mesh(
            f"{key}/{sector}", places, normals, (canopy(), rock(), snow()), places[..., :2] / CANOPY_SPAN,
            np.clip(tint, 0.3, 2.4), quads,
        )  # fmt: skip
        return Surface(mesh, np.eye(4), casts_shadow=False)

    def _wood(self, key: str, sector: int) -> Surface:
        """Trees on the slopes nearest to the eye, as spires: they fringe the skyline."""
        draw = chance(self.seed, f"range/{sector}", "trees")
        count = self.trees // SECTORS
        near = np.log(3.4 / 0.8) / np.log(REACH / (self.inner * 0.8)) * (ROWS - 1)
        grid = np.stack([1.5 + (near - 1.5) * draw.random(count) ** 0.8, draw.random(count) * COLUMNS])
        corners = self._grid(sector)
        x, y, z = (map_coordinates(corners[..., k], grid, order=1) for k in range(3))
        look, shades = draw.random((count, 3)), tints(draw, count, 0.2)
        names = ("fir", "redwood", "fir", "pine")
        plants = [
            Plant(
                names[int(look[n, 0] * 4)], int(look[n, 1] * 3), np.array([x[n], y[n], z[n] - 1.0]), look[n, 2] * 40,
                0.7 + 0.6 * look[n, 1], shades[n] * 0.8,
            )
            for n in range(count)
        ]  # fmt: skip
        return Surface(plant_mesh(f"{key}/{sector}/wood", plants, "distant"), np.eye(4), casts_shadow=False)
