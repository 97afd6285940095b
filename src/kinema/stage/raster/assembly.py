"""A frame's surfaces flattened to arrays in the world: what the kernels read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, I32, Material, Mesh, SceneFrame, Surface
from kinema.stage.raster.textures import Atlas, TextureCache

MATERIAL_FIELDS = 14  # albedo 3, roughness, metallic, emission 3, subsurface, sheen, opacity, bump, class, spare
OPAQUE, CUT_OUT, TRANSLUCENT = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Geometry:
    """positions, previous, normals, colours (V, 3) world · uv (V, 2) · faces (F, 3) · face_material, face_surface (F,)
    vertex_range, face_range (S, 2): start and end by surface · bounds (S, 4): centre and radius ·
    ids (S, 2): instance, concept · moving (S,) 1 if it does · casts (S,) shadows · closed (S,) opaque with no
    open rim, so that its inside is never seen from without ·
    still: number of the set of surfaces that stand still, new whenever it changes ·
    materials (M, MATERIAL_FIELDS) · maps (M, 5) into the atlas."""

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
    closed: NDArray[np.bool_]
    still: int
    materials: F32
    maps: I32
    atlas: Atlas


@dataclass(frozen=True, eq=False)
class _Placed:
    """One surface in the world, before it is joined with the others."""

    positions: F32
    previous: F32
    normals: F32
    bounds: F32


class Assembler:
    """Flattens frames; remembers still surfaces and textures between them."""

    def __init__(self) -> None:
        self._textures = TextureCache()
        self._still: dict[tuple[str, bytes], _Placed] = {}
        self._plain: dict[str, tuple[F32, F32]] = {}
        self._closed: dict[str, bool] = {}
        self._set: tuple[object, ...] = ()
        self._sets = 0

    def assemble(self, frame: SceneFrame) -> Geometry:
        """Everything of the frame's surfaces in world space, in their order."""
        numbers: dict[Material, int] = {}
        self._count_still(frame.surfaces)
        placed = [self._place(surface) for surface in frame.surfaces]
        faces, face_material, face_surface = [], [], []
        vertex_range = np.zeros((len(placed), 2), np.int32)
        face_range = np.zeros((len(placed), 2), np.int32)
        first_vertex = first_face = 0
        for index, surface in enumerate(frame.surfaces):
            mesh = surface.mesh
            count, triangles = len(mesh.positions), len(mesh.faces)
            vertex_range[index] = first_vertex, first_vertex + count
            face_range[index] = first_face, first_face + triangles
            faces.append(mesh.faces + np.int32(first_vertex))
            face_material.append(_face_materials(surface, numbers))
            face_surface.append(np.full(triangles, index, np.int32))
            first_vertex += count
            first_face += triangles
        atlas = self._textures.atlas(m.texture for m in numbers if m.texture is not None)
        uv, colours = zip(*(self._attributes(s.mesh) for s in frame.surfaces), strict=True) if placed else ((), ())
        return Geometry(
            positions=_joined([p.positions for p in placed], 3),
            previous=_joined([p.previous for p in placed], 3),
            normals=_joined([p.normals for p in placed], 3),
            colours=_joined(list(colours), 3),
            uv=_joined(list(uv), 2),
            faces=np.concatenate(faces) if faces else np.zeros((0, 3), np.int32),
            face_material=np.concatenate(face_material) if faces else np.zeros(0, np.int32),
            face_surface=np.concatenate(face_surface) if faces else np.zeros(0, np.int32),
            vertex_range=vertex_range,
            face_range=face_range,
            bounds=_joined([p.bounds for p in placed], 4),
            ids=np.array([(s.instance, s.concept) for s in frame.surfaces], np.int32).reshape(-1, 2),
            moving=np.array([_moves(s) for s in frame.surfaces], np.int32),
            casts=np.array([s.casts_shadow for s in frame.surfaces], np.bool_),
            closed=np.array([self._is_closed(s) for s in frame.surfaces], np.bool_),
            still=self._sets,
            materials=_material_table(numbers),
            maps=_map_table(numbers, atlas),
            atlas=atlas,
        )

    def _count_still(self, surfaces: tuple[Surface, ...]) -> None:
        still = tuple((s.mesh.key, s.transform.tobytes(), s.casts_shadow) for s in surfaces if not _moves(s))
        if still != self._set:
            self._set, self._sets = still, self._sets + 1

    def _is_closed(self, surface: Surface) -> bool:
        materials = surface.mesh.materials if surface.materials is None else surface.materials
        if any(_class_of(material) != OPAQUE for material in materials):
            return False
        if surface.mesh.key not in self._closed:
            self._closed[surface.mesh.key] = is_closed(surface.mesh)
        return self._closed[surface.mesh.key]

    def _place(self, surface: Surface) -> _Placed:
        if _moves(surface):
            return _placed(surface)
        key = (surface.mesh.key, np.asarray(surface.transform).tobytes())
        if key not in self._still:
            self._still[key] = _placed(surface)
        return self._still[key]

    def _attributes(self, mesh: Mesh) -> tuple[F32, F32]:
        if mesh.key not in self._plain:
            count = len(mesh.positions)
            uv = np.zeros((count, 2), np.float32) if mesh.uv is None else mesh.uv.astype(np.float32)
            white = np.ones((count, 3), np.float32)
            self._plain[mesh.key] = uv, white if mesh.colours is None else mesh.colours.astype(np.float32)
        return self._plain[mesh.key]


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


def _class_of(material: Material) -> int:
    cut = material.texture is not None and material.texture.alpha is not None
    return TRANSLUCENT if material.opacity < 1.0 else CUT_OUT if cut else OPAQUE


def _moves(surface: Surface) -> bool:
    if surface.positions is not None or surface.previous_positions is not None:
        return True
    before = surface.previous_transform
    return before is not None and not np.array_equal(before, surface.transform)


def _placed(surface: Surface) -> _Placed:
    mesh = surface.mesh
    local = mesh.positions if surface.positions is None else surface.positions
    normals = mesh.normals if surface.normals is None else surface.normals
    earlier = local if surface.previous_positions is None else surface.previous_positions
    before = surface.transform if surface.previous_transform is None else surface.previous_transform
    positions = _moved(local, surface.transform)
    same = earlier is local and before is surface.transform
    turn = np.linalg.inv(surface.transform[:3, :3]).astype(np.float32)  # normals go by the inverse transpose
    low, high = positions.min(0), positions.max(0)
    centre = (low + high) / 2
    radius = np.linalg.norm(high - centre)
    return _Placed(
        positions=positions,
        previous=positions if same else _moved(earlier, before),
        normals=np.asarray(normals, np.float32) @ turn,
        bounds=np.array([[*centre, radius]], np.float32),
    )


def _moved(points: F32, transform: F64) -> F32:
    matrix = np.asarray(transform, np.float64)
    moved = np.asarray(points, np.float32) @ matrix[:3, :3].T.astype(np.float32) + matrix[:3, 3].astype(np.float32)
    return np.ascontiguousarray(moved, np.float32)


def _joined(pieces: list[F32], width: int) -> F32:
    return np.concatenate(pieces) if pieces else np.zeros((0, width), np.float32)


def _face_materials(surface: Surface, numbers: dict[Material, int]) -> I32:
    materials = surface.mesh.materials if surface.materials is None else surface.materials
    own = np.array([numbers.setdefault(material, len(numbers)) for material in materials], np.int32)
    index = surface.mesh.material_index
    return np.full(len(surface.mesh.faces), own[0], np.int32) if index is None else own[index]


def _material_table(numbers: dict[Material, int]) -> F32:
    table = np.zeros((max(len(numbers), 1), MATERIAL_FIELDS), np.float32)
    for m, row in numbers.items():
        plain = (m.roughness, m.metallic, *m.emission, m.subsurface, m.sheen, m.opacity, m.bump, _class_of(m), 0.0)
        table[row] = *m.albedo, *plain
    return table


def _map_table(numbers: dict[Material, int], atlas: Atlas) -> I32:
    table = np.full((max(len(numbers), 1), 5), -1, np.int32)
    for material, row in numbers.items():
        if material.texture is not None:
            table[row] = atlas.rows[material.texture.key]
    return table
