"""A tree or plant as a mesh at rest, its root at the origin, in four degrees of detail."""

from __future__ import annotations

import functools
from typing import Literal

import numpy as np

from kinema.buffers.scene_frame import F64, Material, Mesh, Texture
from kinema.stage.bodies.tree import growth
from kinema.stage.bodies.tree.bark import SPAN, bark_material
from kinema.stage.bodies.tree.boughs import blades, kites, spires
from kinema.stage.bodies.tree.cards import Sheaf, joined, ribbon, stem
from kinema.stage.bodies.tree.foliage import spray_texture
from kinema.stage.bodies.tree.growth import Branches, Stem
from kinema.stage.bodies.tree.species import Species, species
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.sets.noise import Noise, smooth

Detail = Literal["near", "mid", "far", "distant"]
SMALL = frozenset({"fronds", "blades", "bush"})
BOUGHS = {"mid": 1.0, "far": 0.52}  # of a near tree's branches
GROWN = {"mid": 0.82, "far": 1.15}  # how much wider each is, so that the crown keeps its mass


def build_tree(name: str, seed: int, detail: Detail = "near") -> Mesh:
    """The mesh of a species of trees.yaml; a seed is one individual, whatever the detail.

    near: 1,000 to 2,500 triangles, cut-out sprays, to stand beside · mid: 300 to 800, solid boughs ·
    far: 100 to 200, the same with fewer and broader ones · distant: 20 or so, a spire.
    Plants of the undergrowth have 20 to 120 (near) and 4 to 40. Raises KeyError for an unknown species.
    """
    return joined(f"tree/{name}/{seed}/{detail}", sheaves(name, seed, detail))


@functools.cache
def sheaves(name: str, seed: int, detail: Detail) -> tuple[Sheaf, ...]:
    """The parts of build_tree's mesh, for scatter to merge by the hundred."""
    if name not in species():
        raise KeyError(f"no species is called {name!r}; known: {', '.join(sorted(species()))}")
    row = species()[name]
    if row.habit in SMALL:
        return _undergrowth(name, row, seed, detail)
    if detail == "near":
        return _standing(name, row, seed)
    if detail == "distant":
        return _outlined(name, row, seed)
    return _solid(name, row, seed, detail)


def height_of(name: str, seed: int) -> float:
    """Metres from root to top of that individual."""
    low, high = species()[name].height
    return float(chance(seed, name, "height").uniform(low, high))


@functools.cache
def _foliage(name: str) -> Material:
    return Material(f"{name}_foliage", (1.0, 1.0, 1.0), roughness=0.48, subsurface=0.3, texture=spray_texture(name))


@functools.cache
def _mass(name: str) -> Material:
    """Foliage that is not cut out: tufts of old and young needles or leaves, combed along the bough."""
    row, noise, size = species()[name], Noise.of(0, name, "mass"), 128
    u, v = ((np.arange(size) + 0.5) / size)[None, :], ((np.arange(size) + 0.5) / size)[:, None]
    tufts = noise.sum(u * 16, v * 8, 3, 0.65, 16, 8)
    share = smooth(-0.55, 0.75, tufts)[..., None]
    colour = np.asarray(row.foliage) * (0.55 + 0.45 * share) * (1 - share) + np.asarray(row.young) * share
    texture = Texture(f"tree/{name}/mass", albedo=encoded(colour))
    return Material(f"{name}_mass", (1.0, 1.0, 1.0), roughness=0.82, subsurface=0.3, texture=texture)


def _standing(name: str, row: Species, seed: int) -> tuple[Sheaf, ...]:
    rng, height = chance(seed, name, "growth"), height_of(name, seed)
    wood, leaf = bark_material(row.bark), _foliage(name)
    if row.habit == "conifer":
        parts = [_wood(growth.trunk(row, height, rng, 9), row, rng, 14, wood)]
        parts += _hung(growth.whorls(row, height, rng, row.branches, 4), row, height, rng, leaf)
        if row.crown_base > 0.2:
            parts += _hung(growth.stunted(row, height, rng, 14, 3), row, height, rng, leaf)
        return tuple(parts)
    grown = growth.limbs(row, height, rng)
    parts = [_wood(s, row, rng, max(3, 10 - 2 * k // 3), wood) for k, s in enumerate(grown)]
    return (*parts, _puffed(growth.crown(row, height, grown, rng, row.branches), row, height, rng, leaf))


def _solid(name: str, row: Species, seed: int, detail: Detail) -> tuple[Sheaf, ...]:
    """Trunk and folded boughs, fewer and broader the farther off."""
    rng, height = chance(seed, name, "growth"), height_of(name, seed)
    wood, near = bark_material(row.bark), detail == "mid"
    count, grow = max(18, round(row.branches * BOUGHS[detail])), GROWN[detail]
    if row.habit == "conifer":
        parts = [_wood(growth.trunk(row, height, rng, 6 if near else 3), row, rng, 8 if near else 4, wood)]
        live = growth.whorls(row, height, rng, count, 3)
    else:
        grown = growth.limbs(row, height, rng)
        carrying = grown[: 17 if near else 5]
        parts = [_wood(limb, row, rng, 3, wood) for limb in carrying]
        live = growth.crown(row, height, grown, rng, count)
    if row.habit == "bare":
        return tuple(parts)
    width = (live.lengths * row.spread * 0.5 + 0.006 * height) * grow
    own = rng.normal(1.0, 0.13, (count, 1)) * (1 + rng.normal(0, 0.05, (count, 1)) * np.array([1, 0, -1]))
    return (*parts, kites(live, width, own, _mass(name), 1.15))


def _outlined(name: str, row: Species, seed: int) -> tuple[Sheaf, ...]:
    """A stem and a crown of ragged cones."""
    rng, height = chance(seed, name, "growth"), height_of(name, seed)
    body = _wood(growth.trunk(row, height * 0.8, rng, 2), row, rng, 3, bark_material(row.bark))
    if row.habit == "bare":
        return (body,)
    return body, spires(height * row.crown_base, height, 0.9 * height * row.crown_radius, 4, 6, rng, _mass(name))


def _wood(body: Stem, row: Species, rng: np.random.Generator, sides: int, material: Material) -> Sheaf:
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    phase = rng.uniform(0, 2 * np.pi)
    depth = 0.10 * np.exp(-np.arange(len(body.radii)) / 2.5)[:, None] + 0.02
    flute = 1 + depth * (np.sin(row.flutes * turn + phase) + 0.5 * np.sin((row.flutes // 2 + 2) * turn + 2 * phase))
    flute[:, -1] = flute[:, 0]
    return stem(body.spine, body.radii, sides, SPAN, material, flute)


def _shades(branches: Branches, rng: np.random.Generator, inner: float) -> F64:
    """Vertex tints (B, K, 3): dark inside the crown, light at tips and towards the top; each branch its own."""
    knots = branches.points.shape[1]
    s = np.linspace(0, 1, knots)[None, :]
    light = (inner + (1.12 - inner) * s**0.8) * (0.72 + 0.36 * branches.share[:, None])
    own = rng.normal(1.0, 0.10, (len(branches.lengths), 1))
    warm = rng.normal(0, 0.06, (len(branches.lengths), 1))
    return np.asarray((light * own)[..., None] * np.stack([1 + warm, np.ones_like(warm), 1 - 1.2 * warm], -1))


def _hung(branches: Branches, row: Species, height: float, rng: np.random.Generator, leaf: Material) -> list[Sheaf]:
    """Two cards a branch: one lying in it, one hanging from it, so that it has body from every side."""
    tint = _shades(branches, rng, 0.42)
    level = np.stack([branches.outward[:, 1], -branches.outward[:, 0], np.zeros(len(tint))], -1)
    width = branches.lengths * row.spread * 0.5
    roll = rng.normal(0, 0.35, len(width))
    up = np.array([0.0, 0.0, 1.0])
    lying = level * np.cos(roll)[:, None] + up * np.sin(roll)[:, None]
    hanging = up * 0.92 + level * rng.normal(0, 0.35, len(width))[:, None]
    s = np.linspace(0, 1, branches.points.shape[1])[None, :, None]
    parts = []
    for side, share, drop in ((lying, 1.0, 0.0), (hanging, 0.72, 0.30)):
        sides = np.broadcast_to((side * (width * share)[:, None])[:, None], branches.points.shape)
        points = branches.points - drop * (width[:, None, None] * np.minimum(1, 2.5 * s)) * up
        edge = side / np.linalg.norm(side, axis=1, keepdims=True)
        face = np.cross(edge, branches.points[:, -1] - branches.points[:, 0])
        face = face / np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-9)
        soft = 0.75 * face + 0.35 * branches.outward + 0.30 * up if drop else 0.5 * branches.outward + 0.75 * up
        normals = np.stack([soft + 0.5 * edge, soft - 0.5 * edge], 1)[:, None]
        parts.append(ribbon(points, sides, np.broadcast_to(normals, (*points.shape[:2], 2, 3)), tint, leaf))
    return parts


def _puffed(branches: Branches, row: Species, height: float, rng: np.random.Generator, leaf: Material) -> Sheaf:
    """One card a spray, turned at random; normals leave the crown's middle, so that it shades as one body."""
    tint = _shades(branches, rng, 0.62)
    way = branches.points[:, -1] - branches.points[:, 0]
    across = np.cross(way, rng.normal(0, 1, way.shape))
    across = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    sides = across * (branches.lengths * row.spread * 0.5)[:, None]
    middle = np.array([0, 0, height * 0.55])
    puff = branches.points - middle
    puff = puff / np.maximum(np.linalg.norm(puff, axis=2, keepdims=True), 1e-6) + [0, 0, 0.35]
    normals = np.stack([puff + 0.4 * across[:, None], puff - 0.4 * across[:, None]], 2)
    return ribbon(branches.points, np.broadcast_to(sides[:, None], branches.points.shape), normals, tint, leaf)


def _undergrowth(name: str, row: Species, seed: int, detail: Detail) -> tuple[Sheaf, ...]:
    """Leaves from one root: blades of grass two triangles each, fronds and sprays on cards, solid ones from afar."""
    rng, height = chance(seed, name, "growth"), height_of(name, seed)
    share = {"near": 1.0, "mid": 0.8, "far": 0.4, "distant": 0.25}[detail]
    count = max(3, round(row.branches * share))
    leaves = growth.arching(row, height, rng, count, 4 if row.habit == "fronds" and detail == "near" else 3)
    width = leaves.lengths * row.spread * 0.5 / share**0.6
    if row.habit == "blades":
        return (blades(leaves, width, row.foliage, row.young, _plain(name)),)
    if detail != "near":
        return (kites(leaves, width * 0.5, rng.normal(1.0, 0.12, (count, 1)) * np.ones(3), _mass(name)),)
    tint = _shades(leaves, rng, 0.62)
    turn = rng.uniform(0, np.pi, count) if row.habit != "fronds" else np.zeros(count)
    level = np.stack([leaves.outward[:, 1], -leaves.outward[:, 0], np.zeros(count)], -1)
    way = leaves.points[:, 1] - leaves.points[:, 0]
    across = np.cross(level, way / np.linalg.norm(way, axis=1, keepdims=True))
    side = level * np.cos(turn)[:, None] + across * np.sin(turn)[:, None]
    sides = np.broadcast_to((side * width[:, None])[:, None], leaves.points.shape)
    soft = 0.45 * leaves.outward + np.array([0, 0, 1.0])
    normals = np.stack([soft + 0.35 * side, soft - 0.35 * side], 1)[:, None]
    whole = np.broadcast_to(normals, (*leaves.points.shape[:2], 2, 3))
    return (ribbon(leaves.points, sides, whole, tint, _foliage(name)),)


@functools.cache
def _plain(name: str) -> Material:
    return Material(f"{name}_blade", (1.0, 1.0, 1.0), roughness=0.6, subsurface=0.35)
