"""The latitude-longitude grid of a sky image, and the directions its pixels look along."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32

F64 = NDArray[np.float64]


def toward(elevation: float, azimuth: float) -> F64:
    """Unit vector (3,) at degrees above the horizon and clockwise from +Y."""
    e, a = np.radians(elevation), np.radians(azimuth)
    return np.array([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)])


def angles(width: int, rows: slice | None = None, columns: slice | None = None) -> tuple[F32, F32]:
    """Elevation (rows, 1) and azimuth (1, columns) of pixel centres in radians, of an image half as high as wide."""
    row = np.arange(width // 2, dtype=np.float32)[rows or slice(None)]
    column = np.arange(width, dtype=np.float32)[columns or slice(None)]
    elevation = np.pi / 2 - (row + 0.5) / (width // 2) * np.pi
    azimuth = (column + 0.5) / width * 2 * np.pi
    return elevation[:, None].astype(np.float32), azimuth[None, :].astype(np.float32)


def rays(elevation: F32, azimuth: F32) -> tuple[F32, F32, F32]:
    """x, y, z of unit vectors, of the shape the two angles broadcast to."""
    flat = np.cos(elevation)
    x, y = flat * np.sin(azimuth), flat * np.cos(azimuth)
    return x, y, np.broadcast_to(np.sin(elevation), x.shape)
