"""A frame's surfaces flattened to arrays in the world: what the kernels read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, I32, Material, Mesh, SceneFrame, Surface
from kinema.stage.raster.kernel import disjoint
from kinema.stage.raster.materials import Palette
from kinema.stage.raster.textures import Atlas

Place = tuple[str, bytes]  # a mesh by its key, and its transform


@dataclass(frozen=True, eq=False)
class Geometry:
    """positions, previous, normals, colours (V, 3) world · uv (V, 2) · faces (F, 3) · face_material, face_surface (F,)
    vertex_range, face_range (S, 2): start and end by surface · bounds (S, 4): centre and radius ·
    ids (S, 2): instance, concept · moving (S,) 1 if it does · casts (S,) shadows · shades (S,) from soft light ·
    closed (S,) opaque with no open rim, so that its inside is never seen from without ·
    fronts (S,) to be seen from the front only ·
    clear (S,) something translucent in it ·
    standing: number of the set of still surfaces that throw shadows, new whenever one comes, goes or is another ·
    places (S,): number of each of these, the same as long as it is the same mesh at the same place; -1 for others ·
    materials (M, 14) as in `materials` · maps (M, 5) into the atlas."""

    positions: F32
    previous: F32
    normals: F32
    colours: F32
    uv: F32
    faces: I32
    face_material: I32
    face_surface: I32
    vertex_range: I32
    face_range: I32
    bounds: F32
    ids: I32
    moving: I32
    casts: NDArray[np.bool_]
    shades: NDArray[np.bool_]
    closed: NDArray[np.bool_]
    fronts: NDArray[np.bool_]
    clear: NDArray[np.bool_]
    standing: int
    places: I32
    materials: F32
    maps: I32
    atlas: Atlas


@dataclass(frozen=True, eq=False)
class _Placed:
    """One surface in the world, before it is joined with the others."""

    positions: F32
    normals: F32
    bounds: F32


@dataclass(frozen=True, eq=False)
class _Layout:
    """What stays the same while a frame has the same meshes in the same order, whatever moves and however lit."""

    colours: F32
    uv: F32
    faces: I32
    face_material: I32
    face_surface: I32
    vertex_range: I32
    face_range: I32


@dataclass(frozen=True, eq=False)
class _Ground:
    """All vertices of a layout, where they stand still: those that move are overwritten in a copy."""

    positions: F32
    normals: F32
    bounds: F32


class Count:
    """Numbers sets of surfaces: another number whenever meshes or places differ from the last.

    members: a number for each of the last set, the same as long as it is the same mesh at the same place."""

    def __init__(self) -> None:
        self._surfaces: tuple[Surface, ...] = ()
        self._places: tuple[Place, ...] = ()
        self._number = 0
        self._met: dict[Place, int] = {}
        self.members: I32 = np.zeros(0, np.int32)

    def of(self, surfaces: Iterable[Surface]) -> int:
        """The number of these meshes at these places."""
        now = tuple(surfaces)
        if now != self._surfaces:  # by identity
            places = tuple(_place(surface) for surface in now)
            self._number += places != self._places
            self._surfaces, self._places = now, places
            self.members = np.array([self._met.setdefault(place, len(self._met)) for place in places], np.int32)
        return self._number


class Assembler:
    """Flattens frames; remembers still surfaces, textures and whatever else stays between them."""

    def __init__(self) -> None:
        self._palette = Palette()
        self._still: dict[Place, _Placed] = {}
        self._closed: dict[str, bool] = {}
        self._sets, self._casters = Count(), Count()
        self._layout: tuple[object, _Layout] | None = None
        self._ground: tuple[object, _Ground] | None = None

    def assemble(self, frame: SceneFrame) -> Geometry:
        """Everything of the frame's surfaces in world space, in their order."""
        surfaces = frame.surfaces
        moving = [_moves(surface) for surface in surfaces]
        layout = self._laid_out(surfaces)
        ground = self._grounded(surfaces, moving, layout)
        positions, normals, bounds = ground.positions.copy(), ground.normals.copy(), ground.bounds.copy()
        previous = positions.copy()
        for index in np.flatnonzero(moving).tolist():
            span = slice(*layout.vertex_range[index].tolist())
            _stand(surfaces[index], positions[span], previous[span], normals[span], bounds[index])
        matter = self._palette.of(tuple(_materials(surface) for surface in surfaces))
        still = [s.casts_shadow and not m for s, m in zip(surfaces, moving, strict=True)]
        standing = self._casters.of(s for s, there in zip(surfaces, still, strict=True) if there)
        places = np.full(len(surfaces), -1, np.int32)
        places[still] = self._casters.members
        return Geometry(
            positions=positions,
            previous=previous,
            normals=normals,
            colours=layout.colours,
            uv=layout.uv,
            faces=layout.faces,
            face_material=layout.face_material,
            face_surface=layout.face_surface,
            vertex_range=layout.vertex_range,
            face_range=layout.face_range,
            bounds=bounds,
            ids=np.array([(s.instance, s.concept) for s in surfaces], np.int32).reshape(-1, 2),
            moving=np.array(moving, np.int32),
            casts=np.array([s.casts_shadow for s in surfaces], np.bool_),
            shades=np.array([s.shades_sky for s in surfaces], np.bool_),
            closed=np.array(
                [full and self._is_closed(s.mesh) for s, full in zip(surfaces, matter.opaque, strict=True)],
                np.bool_,
            ),
            fronts=np.array([s.mesh.one_sided for s in surfaces], np.bool_),
            clear=matter.clear,
            standing=standing,
            places=places,
            materials=matter.table,
            maps=matter.maps,
            atlas=matter.atlas,
        )

    def _is_closed(self, mesh: Mesh) -> bool:
        if mesh.key not in self._closed:
            self._closed[mesh.key] = is_closed(mesh)
        return self._closed[mesh.key]

    def _laid_out(self, surfaces: tuple[Surface, ...]) -> _Layout:
        key = tuple((s.mesh.key, len(_materials(s))) for s in surfaces)
        if self._layout is None or self._layout[0] != key:
            self._layout = key, _layout(surfaces)
        return self._layout[1]

    def _grounded(self, surfaces: tuple[Surface, ...], moving: list[bool], layout: _Layout) -> _Ground:
        still = self._sets.of(s for s, m in zip(surfaces, moving, strict=True) if not m)
        key = (layout, still, tuple(moving))  # by identity: a layout is the same object or another one
        if self._ground is None or self._ground[0] != key:
            count = len(layout.colours)
            ground = _Ground(
                np.zeros((count, 3), np.float32), np.zeros((count, 3), np.float32),
                np.zeros((len(surfaces), 4), np.float32),
            )  # fmt: skip
            placed_now: dict[Place, _Placed] = {}
            for index in np.flatnonzero(np.logical_not(moving)).tolist():
                span = slice(*layout.vertex_range[index].tolist())
                place = _place(surfaces[index])
                placed = placed_now.get(place) or self._still.get(place) or _placed(surfaces[index])
                placed_now[place] = placed
                ground.positions[span], ground.normals[span] = placed.positions, placed.normals
                ground.bounds[index] = placed.bounds
            self._ground, self._still = (key, ground), placed_now
        return self._ground[1]


def _place(surface: Surface) -> Place:
    return surface.mesh.key, np.asarray(surface.transform).tobytes()


def _materials(surface: Surface) -> tuple[Material, ...]:
    return surface.mesh.materials if surface.materials is None else surface.materials


def _layout(surfaces: tuple[Surface, ...]) -> _Layout:
    """Every surface has rows of its own in the table of materials, so that they may change from frame to frame."""
    vertices = np.cumsum([0] + [len(s.mesh.positions) for s in surfaces])
    triangles = np.cumsum([0] + [len(s.mesh.faces) for s in surfaces])
    rows = np.cumsum([0] + [len(_materials(s)) for s in surfaces])
    faces = np.empty((triangles[-1], 3), np.int32)
    for s, first, a, b in zip(surfaces, vertices, triangles[:-1], triangles[1:], strict=False):
        np.add(s.mesh.faces, first, out=faces[a:b], casting="unsafe")
    return _Layout(
        colours=_joined([_colours(s.mesh) for s in surfaces], 3),
        uv=_joined([_uv(s.mesh) for s in surfaces], 2),
        faces=faces,
        face_material=np.concatenate(
            [np.zeros(0, np.int32), *(_face_rows(s.mesh, first) for s, first in zip(surfaces, rows, strict=False))],
            dtype=np.int32,
        ),
        face_surface=np.repeat(np.arange(len(surfaces), dtype=np.int32), np.diff(triangles)),
        vertex_range=np.stack([vertices[:-1], vertices[1:]], 1).astype(np.int32),
        face_range=np.stack([triangles[:-1], triangles[1:]], 1).astype(np.int32),
    )


def _face_rows(mesh: Mesh, first: int) -> I32:
    if mesh.material_index is None:
        return np.full(len(mesh.faces), first, np.int32)
    return np.asarray(mesh.material_index + first, np.int32)


def _uv(mesh: Mesh) -> F32:
    return np.zeros((len(mesh.positions), 2), np.float32) if mesh.uv is None else np.asarray(mesh.uv, np.float32)


def _colours(mesh: Mesh) -> F32:
    return (
        np.ones((len(mesh.positions), 3), np.float32) if mesh.colours is None else np.asarray(mesh.colours, np.float32)
    )


def is_closed(mesh: Mesh) -> bool:
    """Whether every edge joins two faces that run it opposite ways and the faces look outwards, seams welded."""
    if len(mesh.faces) == 0:
        return False
    _, weld = np.unique(np.round(mesh.positions, 5), axis=0, return_inverse=True)
    corners = weld.reshape(-1)[mesh.faces].astype(np.int64)
    corners = corners[(corners != np.roll(corners, 1, 1)).all(1)]  # a pole's slivers have no area
    here, there = corners.reshape(-1), np.roll(corners, -1, 1).reshape(-1)
    count = len(mesh.positions)
    out, back = np.sort(here * count + there), np.sort(there * count + here)
    if not np.array_equal(out, back) or (np.diff(out) == 0).any():
        return False
    a, b, c = (mesh.positions[mesh.faces[:, k]].astype(np.float64) for k in range(3))
    return bool(np.einsum("ij,ij->", a, np.cross(b, c)) > 0.0)


def _moves(surface: Surface) -> bool:
    """Whether it is none of the still world. Whatever belongs to somebody may move, even while it does not: a take's
    first frame knows nothing of the one before, and light must not change with the second."""
    if surface.instance > 0 or surface.positions is not None or surface.previous_positions is not None:
        return True
    before = surface.previous_transform
    return before is not None and not np.array_equal(before, surface.transform)


def _placed(surface: Surface) -> _Placed:
    count = len(surface.mesh.positions)
    positions, previous, normals = (np.empty((count, 3), np.float32) for _ in range(3))
    bounds = np.empty(4, np.float32)
    _stand(surface, positions, previous, normals, bounds)
    return _Placed(positions, normals, bounds)


def _stand(surface: Surface, positions: F32, previous: F32, normals: F32, bounds: F32) -> None:
    """Write where a surface's vertices (V, 3) are, where they were a frame ago, their normals, and the ball (4,) that
    holds them."""
    mesh = surface.mesh
    local = mesh.positions if surface.positions is None else surface.positions
    facing = mesh.normals if surface.normals is None else surface.normals
    earlier = local if surface.previous_positions is None else surface.previous_positions
    before = surface.transform if surface.previous_transform is None else surface.previous_transform
    rested = earlier is local and before is surface.transform
    move(_singles(local), _singles(surface.transform), positions, bounds)
    if rested:
        previous[:] = positions
    else:
        move(_singles(earlier), _singles(before), previous, np.empty(4, np.float32))
    turn(_singles(facing), np.ascontiguousarray(surface.transform, np.float64), normals)


def _singles(array: NDArray[np.floating]) -> F32:
    return np.ascontiguousarray(array, np.float32)


@disjoint
def move(points, matrix, moved, bounds):  # type: ignore[no-untyped-def]
    """Points (V, 3) by a matrix (4, 4) into moved (V, 3); middle and half diagonal of the box around them into
    bounds (4,)."""
    room = np.float32(0.0)
    for c in range(3):
        a, b, d, shift = matrix[c, 0], matrix[c, 1], matrix[c, 2], matrix[c, 3]
        low, high = np.float32(np.inf), np.float32(-np.inf)
        for n in range(points.shape[0]):
            value = points[n, 0] * a + points[n, 1] * b + points[n, 2] * d + shift
            moved[n, c] = value
            low, high = min(low, value), max(high, value)
        bounds[c] = (low + high) * np.float32(0.5)
        room += (high - bounds[c]) * (high - bounds[c])
    bounds[3] = np.sqrt(room)


@disjoint
def turn(normals, matrix, turned):  # type: ignore[no-untyped-def]
    """Normals (V, 3) by the inverse transpose of a matrix (4, 4) into turned (V, 3)."""
    det = 0.0
    for c in range(3):
        p, q = (c + 1) % 3, (c + 2) % 3
        det += matrix[0, c] * (matrix[1, p] * matrix[2, q] - matrix[1, q] * matrix[2, p])
    for c in range(3):
        p, q = (c + 1) % 3, (c + 2) % 3
        a = np.float32((matrix[p, 1] * matrix[q, 2] - matrix[p, 2] * matrix[q, 1]) / det)
        b = np.float32((matrix[p, 2] * matrix[q, 0] - matrix[p, 0] * matrix[q, 2]) / det)
        d = np.float32((matrix[p, 0] * matrix[q, 1] - matrix[p, 1] * matrix[q, 0]) / det)
        for n in range(normals.shape[0]):
            turned[n, c] = normals[n, 0] * a + normals[n, 1] * b + normals[n, 2] * d


def _joined(pieces: list[F32], width: int) -> F32:
    return np.concatenate(pieces) if pieces else np.zeros((0, width), np.float32)
