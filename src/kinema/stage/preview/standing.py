"""Which still things throw shadows, counted by shape: what a screen shows may change, and no shadow with it."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry


class Standing:
    """Numbers the shapes of the still world, so that maps of them are redrawn only when they change."""

    def __init__(self) -> None:
        self._set = -1
        self._shape: tuple[F32, I32] = np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32)
        self._number = 0

    def number(self, geometry: Geometry) -> int:
        """Another one only when a still caster comes, goes or has another shape or place."""
        if geometry.still != self._set:
            self._set = geometry.still
            shape = _shape(geometry)
            if not all(np.array_equal(new, old) for new, old in zip(shape, self._shape, strict=True)):
                self._shape, self._number = shape, self._number + 1
        return self._number


def _shape(geometry: Geometry) -> tuple[F32, I32]:
    """Positions (V, 3) and faces (F, 3) of all still casters, each counting its vertices from 0 on."""
    chosen = np.flatnonzero(geometry.casts & (geometry.moving == 0))
    vertices, faces = geometry.vertex_range[chosen], geometry.face_range[chosen]
    positions = [geometry.positions[a:b] for a, b in vertices.tolist()]
    corners = [geometry.faces[a:b] - first for (a, b), first in zip(faces.tolist(), vertices[:, 0], strict=True)]
    return (
        np.concatenate([np.zeros((0, 3), np.float32), *positions]),
        np.concatenate([np.zeros((0, 3), np.int32), *corners], dtype=np.int32),
    )
