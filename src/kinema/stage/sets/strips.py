"""Strips of ground in stretches, with fewer rows the farther the eye is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from kinema.buffers.scene_frame import F64, Mesh, Surface
from kinema.stage.sets.scatter import metres_off

# Metres from the eye beyond which only every second, fourth and eighth row is kept. Borders between stretches keep all
# their columns, so that neighbours of different fineness leave no crack.
LIMITS = (60.0, 120.0, 240.0)


@dataclass(eq=False)
class Stretch:
    """One stretch of a strip: a mesh of a grid's rows, `columns` vertices each, along the strip."""

    mesh: Mesh
    columns: int
    built: dict[int, Surface] = field(init=False, default_factory=dict)

    @cached_property
    def bounds(self) -> tuple[F64, F64]:
        """Middle and half extent (3,) of the box around it (m)."""
        low, high = (np.asarray(end, np.float64) for end in (self.mesh.positions.min(0), self.mesh.positions.max(0)))
        return (low + high) / 2, (high - low) / 2

    def surface(self, eye: F64, about: float = 0.0) -> Surface:
        """It as seen from an eye (3,) that may be as far as `about` metres aside along x and along y."""
        level = int(np.searchsorted(LIMITS, metres_off(*self.bounds, eye, about), side="right"))
        if level not in self.built:
            self.built[level] = Surface(sparser(self.mesh, self.columns, 2**level), np.eye(4))
        return self.built[level]


def sparser(mesh: Mesh, columns: int, step: int) -> Mesh:
    """A grid's mesh with every step-th of its rows, and its last; quads get the material that their first row had."""
    rows = len(mesh.positions) // columns
    kept = np.unique(np.append(np.arange(0, rows, step), rows - 1))
    if step == 1 or len(kept) == rows:
        return mesh
    each = 2 * (columns - 1)  # triangles from a row to the next
    vertices = (kept[:, None] * columns + np.arange(columns)).ravel()
    old = (kept[:-1, None] * each + np.arange(each)).ravel()
    return replace(
        mesh,
        key=f"{mesh.key}/{step}",
        faces=mesh.faces[: len(old)],  # a grid's first faces are those of any grid as wide
        positions=mesh.positions[vertices],
        normals=mesh.normals[vertices],
        material_index=None if mesh.material_index is None else mesh.material_index[old],
        uv=None if mesh.uv is None else mesh.uv[vertices],
        colours=None if mesh.colours is None else mesh.colours[vertices],
    )
