"""A species' body: one skinned mesh with flesh, face and fur, built once and posed every frame."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from kinema.buffers.scene_frame import Material, Mesh
from kinema.stage.bodies.quadruped import fur
from kinema.stage.bodies.quadruped.features import Face, features
from kinema.stage.bodies.quadruped.paint import Place, coat, locate
from kinema.stage.bodies.quadruped.palette import Palette
from kinema.stage.bodies.quadruped.piece import F32, I32, Piece, together
from kinema.stage.bodies.quadruped.shape import body_parts
from kinema.stage.bodies.quadruped.skeleton import Skeleton, build_skeleton
from kinema.stage.bodies.quadruped.species import Species
from kinema.stage.cache import kept
from kinema.stage.geometry.meshing import mesh_parts
from kinema.stage.geometry.sdf import Part, distances

Detail = Literal["hero", "extra"]
TRIANGLES: dict[Detail, int] = {"hero": 7000, "extra": 1800}
CARDS: dict[Detail, int] = {"hero": 4800, "extra": 700}
CARD_WIDTH: dict[Detail, float] = {"hero": 0.66, "extra": 0.95}


@dataclass(frozen=True, eq=False)
class Body:
    """mesh at rest, and weights (V, B): the share of every bone in every vertex.

    For posing, blend (U, B) holds each different row of weights once, sparse, and sharer (V,) says which is whose.
    """

    species: Species
    skeleton: Skeleton
    mesh: Mesh
    weights: F32
    blend: csr_array
    sharer: I32


def build_body(species: Species, colours: Palette, detail: Detail) -> Body:
    """The body of a species in its colours, from the disk cache when it was grown before."""
    skeleton = build_skeleton(species)
    shades = {part: shade.tolist() for part, shade in vars(colours).items()}
    whole, material = kept("quadruped", (species, shades, detail), lambda: _grown(species, skeleton, colours, detail))
    first, sharer = _rows(whole.weights)
    return Body(
        species, skeleton, _mesh(species, whole, material), whole.weights, csr_array(whole.weights[first]), sharer
    )


def _grown(species: Species, skeleton: Skeleton, colours: Palette, detail: Detail) -> tuple[Piece, I32]:
    """Flesh, face and fur as one piece, and its material by face (F,)."""
    parts = body_parts(species, skeleton)
    hero = detail == "hero"
    cell = species.cell * species.scale * (1.0 if hero else 2.0)
    positions, normals, faces = mesh_parts(parts, cell, TRIANGLES[detail])
    weights = skin_weights(parts, skeleton, positions, faces, species.scale)
    place = locate(species, skeleton, parts, positions, normals)
    painted = coat(species, colours, place)
    flat = np.zeros((len(positions), 2), np.float32)
    flesh = Piece(positions, normals, faces, painted, weights, flat, 0)
    hair = _hair(species, skeleton, colours, parts, flesh, place, detail)
    # What shows between the hairs is undercoat in their shade.
    under = 1.0 - 0.28 * np.clip(fur.hair_length(species, place) / (0.03 * species.scale), 0.0, 1.0)
    flesh = replace(flesh, colours=np.asarray(flesh.colours * under[:, None], np.float32))
    pieces = [_charted(flesh, species.scale), *features(Face(species, skeleton, colours), hero), hair]
    return together(pieces)


def _rows(weights: F32) -> tuple[I32, I32]:
    """Where each different row first stands (U,), and which of those every row is (V,)."""
    rows = np.ascontiguousarray(weights).view(f"V{weights.itemsize * weights.shape[1]}").ravel()
    _, first, same = np.unique(rows, return_index=True, return_inverse=True)
    # In the order of appearance, so that posing reads memory forwards.
    order = np.argsort(first)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return first[order].astype(np.int32), rank[same.ravel()]


def skin_weights(parts: tuple[Part, ...], skeleton: Skeleton, positions: F32, faces: I32, scale: float) -> F32:
    """Shares (V, B) from the distances: a part holds what is within its grip of being nearest; smoothed along edges."""
    away = distances(parts, positions)
    excess = away - away.min(1, keepdims=True)
    weights = np.zeros((len(positions), len(skeleton.bones)), np.float32)
    for part, distance in zip(parts, excess.T, strict=True):
        held = np.clip(1.0 - distance / np.float32(part.grip), 0.0, 1.0) ** 2
        bone = skeleton.index[part.bone]
        weights[:, bone] = np.maximum(weights[:, bone], held)
    weights = np.asarray(weights / weights.sum(1, keepdims=True), np.float32)
    i, j = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).T
    degree = np.bincount(i, minlength=len(positions)).astype(np.float32)[:, None]
    for _ in range(4):
        around = np.zeros_like(weights)
        np.add.at(around, i, weights[j])
        weights = np.asarray(0.5 * weights + 0.5 * around / np.maximum(degree, 1.0), np.float32)
    weights[weights < 0.01] = 0.0
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def _hair(
    species: Species,
    skeleton: Skeleton,
    colours: Palette,
    parts: tuple[Part, ...],
    flesh: Piece,
    place: Place,
    detail: Detail,
) -> Piece:
    length = fur.hair_length(species, place)
    floor = 0.004 * species.scale
    density = np.where(length > floor, np.maximum(length, 0.012 * species.scale) ** -1.5, 0.0)
    count = int(CARDS[detail] * species.coat.density)
    face, weight = fur.scatter(flesh.positions, flesh.faces, density, count, "roots")
    corner = flesh.faces[face]

    def spread(values: F32) -> F32:
        return np.asarray(np.einsum("nk,nkc->nc", weight, values[corner]), np.float32)

    normals = spread(flesh.normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    points = spread(flesh.positions)
    root_place = locate(species, skeleton, parts, points, normals)
    painted = coat(species, colours, root_place)
    root = Piece(points, normals, face[:, None], painted, spread(flesh.weights), points[:, :2], 0)
    return fur.cards(species, skeleton, colours, root_place, root, CARD_WIDTH[detail])


def _charted(flesh: Piece, scale: float) -> Piece:
    """The flesh cut into charts seen along x, y and z, so that the coat's texture lies flat on each."""
    a, b, c = (flesh.positions[flesh.faces[:, k]] for k in range(3))
    axis = np.abs(np.cross(b - a, c - a)).argmax(1)
    codes = flesh.faces * 3 + axis[:, None]
    unique, inverse = np.unique(codes, return_inverse=True)
    vertex, chart = unique // 3, unique % 3
    p = flesh.positions[vertex] / np.float32(fur.TILE * scale)
    # Strokes lie along v: down the flanks' length, along the back, and down a chest.
    uv = np.where((chart == 1)[:, None], p[:, [0, 2]], np.where((chart == 0)[:, None], p[:, [2, 1]], p[:, [0, 1]]))
    faces = inverse.reshape(-1, 3).astype(np.int32)
    positions, normals = flesh.positions[vertex], flesh.normals[vertex]
    return Piece(positions, normals, faces, flesh.colours[vertex], flesh.weights[vertex], uv.astype(np.float32), 0)


def materials(species: Species) -> tuple[Material, ...]:
    """Coat, bare skin and short fur, eyes, wet nose and mouth, hair cards: in the order pieces name them."""
    white = (1.0, 1.0, 1.0)
    soft = 0.0006 * species.scale * (0.3 if species.hooves else 1.0)
    return (
        Material("coat", white, 0.85, sheen=0.25, subsurface=0.15, bump=soft, texture=fur.coat_texture()),
        Material("skin", white, 0.75, sheen=0.15, subsurface=0.25),
        Material("eye", white, 0.06),
        Material("wet", white, 0.28),
        Material("hair", white, 0.80, sheen=0.30, subsurface=0.25, texture=fur.hair_texture()),
    )


def _mesh(species: Species, whole: Piece, material: I32) -> Mesh:
    digest = hashlib.sha256()
    arrays = (whole.positions, whole.normals, whole.faces, whole.colours, whole.uv, material)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    key = f"{species.name}-{digest.hexdigest()[:24]}"
    return Mesh(key, whole.faces, whole.positions, whole.normals, materials(species), material, whole.uv, whole.colours)
