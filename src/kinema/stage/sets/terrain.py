"""Ground as height fields: patches of triangles whose height anywhere is known exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32, Material, Mesh

Height = Callable[[F64, F64], F64]


@dataclass(frozen=True, eq=False)
class Patch:
    """A grid of rows across, each at one y: x, z (R, C) with x rising along a row, y (R,) rising."""

    x: F64
    y: F64
    z: F64

    @staticmethod
    def over(x: F64, y: F64, height: Height) -> Patch:
        """The patch that samples height(x, y) -> z at columns x (R, C) of rows y (R,)."""
        return Patch(x, y, np.asarray(height(x, np.broadcast_to(y[:, None], x.shape)), float))

    @property
    def positions(self) -> F64:
        """(R, C, 3)."""
        return np.stack([self.x, np.broadcast_to(self.y[:, None], self.x.shape), self.z], -1)

    def heights(self, points: F64) -> F64:
        """Height of the triangles at (N, 2), to rounding; clamped to the patch at its borders."""
        rows, columns = self.x.shape
        y = np.clip(points[:, 1], self.y[0], self.y[-1])
        row = np.clip(np.searchsorted(self.y, y, side="right") - 1, 0, rows - 2)
        f = (y - self.y[row]) / (self.y[row + 1] - self.y[row])
        line = self.x[row] * (1 - f[:, None]) + self.x[row + 1] * f[:, None]  # (N, C)
        x = np.clip(points[:, 0], line[:, 0], line[:, -1])
        column = np.clip((line <= x[:, None]).sum(1) - 1, 0, columns - 2)
        xa, xb = self.x[row, column], self.x[row, column + 1]
        xe, xg = self.x[row + 1, column], self.x[row + 1, column + 1]
        za, zb = self.z[row, column], self.z[row, column + 1]
        ze, zg = self.z[row + 1, column], self.z[row + 1, column + 1]
        # Triangles (a, b, g) and (a, g, e): the first holds the point when its weight of b is not negative.
        b = (x - f * xg - (1 - f) * xa) / (xb - xa)
        g = (x - (1 - f) * xa - f * xe) / (xg - xe)
        first = (1 - f - b) * za + b * zb + f * zg
        second = (1 - f) * za + g * zg + (f - g) * ze
        return np.asarray(np.where(b >= 0, first, second))

    def normals(self) -> F64:
        """Smooth unit normals (R, C, 3)."""
        return grid_normals(self.positions)

    def mesh(
        self,
        key: str,
        materials: tuple[Material, ...],
        uv: F64,
        colours: F64,
        material: I32 | None = None,
        rows: slice | None = None,
    ) -> Mesh:
        """Its triangles.

        uv (R, C, 2) · colours (R, C, 3) · material (C - 1,) or (R - 1, C - 1) by quad · rows: only those.
        """
        part = rows or slice(None)
        last = slice(0, len(self.y[part]) - 1)
        quads = None
        if material is not None:
            quads = np.broadcast_to(material, (len(self.y) - 1, self.x.shape[1] - 1))[part][last]
        uv, colours = (np.broadcast_to(a, (*self.x.shape, a.shape[-1]))[part] for a in (uv, colours))
        return grid_mesh(key, self.positions[part], self.normals()[part], materials, uv, colours, quads)


def grid_normals(places: F64) -> F64:
    """Smooth unit normals (R, C, 3) of a grid seen from above, columns to the right of rows."""
    up = np.cross(np.gradient(places, axis=1), np.gradient(places, axis=0))
    return np.asarray(up / np.linalg.norm(up, axis=-1, keepdims=True))


def grid_mesh(
    key: str,
    places: F64,
    normals: F64,
    materials: tuple[Material, ...],
    uv: F64,
    colours: F64,
    quads: I32 | None = None,
) -> Mesh:
    """Two triangles for each quad of a grid: places, normals, colours (R, C, 3), uv (R, C, 2), quads (R - 1, C - 1)."""
    rows, columns = places.shape[:2]
    a = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None, :]).reshape(-1)
    faces = np.stack([a, a + 1, a + columns + 1, a, a + columns + 1, a + columns], -1).reshape(-1, 3)
    return Mesh(
        key,
        faces.astype(np.int32),
        _flat(places, 3),
        _flat(normals, 3),
        materials,
        None if quads is None else np.repeat(quads.reshape(-1), 2).astype(np.int32),
        _flat(uv, 2),
        _flat(colours, 3),
        one_sided=True,
    )


def _flat(array: F64, width: int) -> F32:
    return np.ascontiguousarray(array.reshape(-1, width), np.float32)
