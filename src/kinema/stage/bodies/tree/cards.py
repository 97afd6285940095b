"""Bent cards and swept stems as arrays, and how they join into one mesh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, I32, Material, Mesh


@dataclass(frozen=True, eq=False)
class Sheaf:
    """Triangles of one material. positions, normals, colours (V, 3) · uv (V, 2) · faces (F, 3) · one_sided: see
    scene_frame.Mesh."""

    material: Material
    positions: F32
    normals: F32
    uv: F32
    colours: F32
    faces: I32
    one_sided: bool = False


def ribbon(points: F64, sides: F64, normals: F64, colours: F64, material: Material) -> Sheaf:
    """Cards along branches: one strip a branch, from foot to tip, as wide as its side vectors.

    points (B, K, 3) · sides (B, K, 3) half-width vectors to the card's left (u = 0) edge · normals (B, K, 2, 3) of left
    and right edge · colours (B, K, 3). Texture v runs 0 to 1 along the strip.
    """
    count, knots = points.shape[:2]
    places = np.stack([points + sides, points - sides], 2)  # (B, K, 2, 3)
    v = np.broadcast_to(np.linspace(0.004, 0.996, knots)[None, :, None], (count, knots, 2))
    u = np.broadcast_to(np.array([0.004, 0.996])[None, None, :], (count, knots, 2))
    shade = np.broadcast_to(colours[:, :, None, :], (*places.shape,))
    foot = (np.arange(count)[:, None] * knots + np.arange(knots - 1)[None, :]).reshape(-1) * 2
    faces = np.concatenate([foot[:, None] + [0, 1, 3], foot[:, None] + [0, 3, 2]])
    return Sheaf(
        material,
        _rows(places, 3),
        _rows(_unit(normals), 3),
        _rows(np.stack([u, v], -1), 2),
        _rows(shade, 3),
        faces.astype(np.int32),
    )


def stem(
    spine: F64, radii: F64, sides: int, span: tuple[float, float], material: Material, flute: F64, tint: F64
) -> Sheaf:
    """A swept round stem. spine (K, 3), radii (K,), flute (K, sides + 1) factors on the radius, tint (K, sides + 1, 3);
    uv in bark repeats."""
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    along = _unit(np.gradient(spine, axis=0))
    right = _unit(np.cross(np.broadcast_to([0.0, 1.0, 0.13], along.shape), along))
    ahead = np.cross(along, right)
    out = np.cos(turn)[None, :, None] * right[:, None] + np.sin(turn)[None, :, None] * ahead[:, None]  # (K, S, 3)
    places = spine[:, None] + out * (radii[:, None] * flute)[..., None]
    reach = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(spine, axis=0), axis=1))])
    repeats = max(1, round(2 * np.pi * float(radii[: max(1, len(radii) // 3)].mean()) / span[0]))
    uv = np.stack(np.broadcast_arrays(turn[None, :] / (2 * np.pi) * repeats, reach[:, None] / span[1]), -1)
    row, column = (a.reshape(-1) for a in np.meshgrid(np.arange(len(spine) - 1), np.arange(sides), indexing="ij"))
    a = row * (sides + 1) + column
    faces = np.concatenate([np.stack([a, a + 1, a + sides + 2], -1), np.stack([a, a + sides + 2, a + sides + 1], -1)])
    return Sheaf(material, _rows(places, 3), _rows(out, 3), _rows(uv, 2), _rows(tint, 3), faces.astype(np.int32), True)


def planted(sheaf: Sheaf, turns: F64, sizes: F64, places: F64, tints: F64) -> Sheaf:
    """N copies as one: each turned about z (N,) (rad), scaled (N,), carried to a place (N, 3) and tinted (N, 3)."""
    count, vertices = len(turns), len(sheaf.positions)
    c, s, zero, one = np.cos(turns), np.sin(turns), np.zeros(count), np.ones(count)
    spin = (
        np.stack([c, s, zero, -s, c, zero, zero, zero, one], -1).reshape(count, 3, 3).astype(np.float32)
    )  # transposed
    positions = sheaf.positions @ spin * sizes[:, None, None].astype(np.float32) + places[:, None].astype(np.float32)
    faces = sheaf.faces[None] + (np.arange(count, dtype=np.int32) * vertices)[:, None, None]
    return Sheaf(
        sheaf.material,
        _rows(positions, 3),
        _rows(sheaf.normals @ spin, 3),
        np.tile(sheaf.uv, (count, 1)),
        _rows(sheaf.colours * tints[:, None].astype(np.float32), 3),
        faces.reshape(-1, 3),
        sheaf.one_sided,
    )


def joined(key: str, sheaves: Sequence[Sheaf]) -> Mesh:
    """One mesh of all of them; sheaves of the same material share an entry."""
    materials: list[Material] = []
    for sheaf in sheaves:
        if not any(sheaf.material is known for known in materials):
            materials.append(sheaf.material)
    starts = np.concatenate([[0], np.cumsum([len(sheaf.positions) for sheaf in sheaves])])
    index = [next(i for i, m in enumerate(materials) if m is sheaf.material) for sheaf in sheaves]
    return Mesh(
        key,
        faces=np.concatenate([s.faces + np.int32(o) for s, o in zip(sheaves, starts, strict=False)]),
        positions=np.concatenate([s.positions for s in sheaves]),
        normals=np.concatenate([s.normals for s in sheaves]),
        materials=tuple(materials),
        material_index=np.concatenate(
            [np.full(len(s.faces), i, np.int32) for s, i in zip(sheaves, index, strict=True)]
        ),
        uv=np.concatenate([s.uv for s in sheaves]),
        colours=np.concatenate([s.colours for s in sheaves]),
        one_sided=all(sheaf.one_sided for sheaf in sheaves),
    )


def _rows(array: NDArray[np.floating], width: int) -> F32:
    return np.ascontiguousarray(array.reshape(-1, width), np.float32)


def _unit(vectors: F64) -> F64:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
