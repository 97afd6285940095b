"""Mountains in the distance: ridged ground in a wide ring around a place, wooded below and bare above.

Their triangles are coarse; woods, gullies, snow and how the sun models them are in a picture for each sector.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from kinema.buffers.scene_frame import F32, F64, Material, Surface, Texture
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.sets.noise import Noise, smooth
from kinema.stage.sets.scatter import Plant, plant_mesh, tints
from kinema.stage.sets.terrain import grid_mesh, grid_normals

SECTORS = 8
COLUMNS, ROWS = 56, 26  # of a sector: what stands on the skyline needs fine steps across, less so in depth
WIDE, DEEP = 512, 384  # texels of a sector's picture, across and outwards
REACH = 7_500.0
RELIEF = np.array([1.0, 1.0, 1.5])  # slopes are shaded as if steeper: miles of air take away as much
SHADE = 0.42  # of what a face turned to the sun has, for one turned away
# Linear colours of what covers them
FOREST, MEADOW = np.array([0.026, 0.046, 0.020]), np.array([0.105, 0.125, 0.050])
STONE, SCREE, WHITE = np.array([0.215, 0.200, 0.185]), np.array([0.27, 0.25, 0.225]), np.array([0.80, 0.83, 0.88])


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

    def surfaces(self, key: str, light: F64) -> list[Surface]:
        """The ring in sectors, so that what is out of view costs nothing. light (3,): towards the sun."""
        found = []
        for sector in range(SECTORS):
            found.append(self._ground(key, sector, light))
            if self.trees:
                found.append(self._wood(key, sector))
        return found

    def _at(self, azimuth: F64, away: F64) -> tuple[F64, F64]:
        """x, y at clockwise azimuths from +Y (rad)."""
        return self.centre[0] + np.sin(azimuth) * away, self.centre[1] + np.cos(azimuth) * away

    def _grid(self, sector: int, rows: int = ROWS, columns: int = COLUMNS) -> F64:
        """Corners (rows, columns + 1, 3) of a sector's ground."""
        azimuth = (sector + np.linspace(0, 1, columns + 1)) * 2 * np.pi / SECTORS
        away = self.inner * 0.8 * (REACH / (self.inner * 0.8)) ** np.linspace(0, 1, rows)
        x, y = self._at(azimuth[None, :], away[:, None])
        z = self.height(x, y)
        z[0] -= 40.0
        return np.stack([x, y, z], -1)

    def _ground(self, key: str, sector: int, light: F64) -> Surface:
        places = self._grid(sector)
        across, out = np.linspace(0.0, 1.0, COLUMNS + 1)[None, :], np.linspace(1.0, 0.0, ROWS)[:, None]
        inset = 0.5 / np.array([WIDE, DEEP])  # a picture repeats; its edges must not run over into each other
        uv = np.stack(np.broadcast_arrays(across, 1.0 - out), -1) * (1.0 - 2 * inset) + inset
        picture = Texture(f"{key}/{sector}", albedo=encoded(self._picture(sector, places, light)))
        cover = Material("range", (1, 1, 1), roughness=0.9, texture=picture)
        mesh = grid_mesh(f"{key}/{sector}", places, grid_normals(places * RELIEF), (cover,), uv, np.ones_like(places))
        return Surface(mesh, np.eye(4), casts_shadow=False)

    def _picture(self, sector: int, coarse: F64, light: F64) -> F32:
        """Linear colours (DEEP, WIDE, 3) of a sector, outermost row first: what grows and lies there, brighter and
        darker by as much as fine relief turns it to the light more than the triangles (their corners: coarse) do."""
        places = self._grid(sector, DEEP, WIDE - 1)
        fine = grid_normals(places * RELIEF)
        rows, columns = np.linspace(0, ROWS - 1, DEEP), np.linspace(0, COLUMNS, WIDE)
        at = np.meshgrid(rows, columns, indexing="ij")
        corners = np.moveaxis(grid_normals(coarse * RELIEF), -1, 0)
        broad = np.stack([map_coordinates(part, at, order=1) for part in corners], -1)
        lit = [SHADE + (1 - SHADE) * np.maximum(n @ light, 0.0) for n in (fine, broad)]
        hollow = np.clip(gaussian_filter(places[..., 2], (2, 3)) - places[..., 2], -12, 12) / 12
        colour = self._cover(places, fine) * ((lit[0] / lit[1]).clip(0.5, 1.8) * (1 - 0.22 * hollow))[..., None]
        return np.asarray(colour[::-1].clip(0, 0.95), np.float32)

    def _cover(self, places: F64, normals: F64) -> F64:
        """Colours (R, C, 3) of what covers the ground: woods on what is not too steep, up to a ragged line, meadows
        over them and where slides came down, stone in beds, scree, snow where it can lie."""
        x, y, z = np.moveaxis(places, -1, 0)
        noise = Noise.of(self.seed, "range", "cover")
        patchy, fine = noise.sum(x / 260, y / 260, 5), noise.sum(x / 24, y / 24, 3, 0.7)
        level = (z - self.floor) / self.rise + 0.16 * patchy
        flat = normals[..., 2]
        beds = noise.sum(x / 900, z / 26, 3) * 0.30 + 0.22 * fine
        stone = (STONE + (SCREE - STONE) * smooth(0.45, 0.7, flat)[..., None]) * (1 + beds)[..., None]
        meadow = MEADOW * (1 + 0.25 * patchy + 0.15 * fine)[..., None]
        wood = FOREST * (1 + 0.75 * fine + 0.25 * patchy)[..., None].clip(0.25, 2.2)
        grown = smooth(0.40, 0.58, flat + 0.10 * fine) * smooth(0.62, 0.40, level)
        colour = stone + (meadow - stone) * grown[..., None]
        trees = smooth(0.34, 0.50, flat + 0.12 * fine) * smooth(0.46, 0.34, level + 0.10 * fine)
        trees = trees * smooth(-0.55, -0.2, patchy)
        colour = colour + (wood - colour) * trees[..., None]
        high = smooth(0.85, 1.25, (z - self.floor + 90 * patchy) / self.snow_line)
        lies = high * smooth(0.42, 0.60, flat + 0.10 * fine)
        return np.asarray(colour + (WHITE - colour) * lies[..., None], float)

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
