"""A tree or plant as a mesh at rest, its root at the origin, in four degrees of detail."""

from __future__ import annotations

import functools
from typing import Literal

import numpy as np

from kinema.buffers.scene_frame import F64, Material, Mesh, Texture
from kinema.stage.bodies.tree import growth
from kinema.stage.bodies.tree.bark import SPAN, bark_material
from kinema.stage.bodies.tree.boughs import blades, fans, spires
from kinema.stage.bodies.tree.cards import Sheaf, joined, ribbon, stem
from kinema.stage.bodies.tree.foliage import spray_texture
from kinema.stage.bodies.tree.growth import Branches, Stem
from kinema.stage.bodies.tree.species import Species, species
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.sets.noise import Noise, smooth

Detail = Literal["near", "mid", "far", "distant"]
SMALL = frozenset({"fronds", "blades", "bush"})
# Of solid crowns, by detail: boughs at most, twigs to either side of one, how much wider each is than a near tree's, so
# that the crown keeps its mass; rings and sides of its trunk, and limbs that show.
SOLID: dict[Detail, tuple[int, int, float, int, int, int]] = {
    "mid": (54, 5, 1.75, 6, 8, 17),
    "far": (40, 2, 2.0, 3, 4, 5),
}


def build_tree(name: str, seed: int, detail: Detail = "near") -> Mesh:
    """The mesh of a species of trees.yaml; a seed is one individual, whatever the detail.

    near: 1,000 to 2,500 triangles, cut-out sprays, to stand beside · mid: 300 to 800, solid boughs of many twigs ·
    far: 100 to 300, the same with fewer and broader ones · distant: 30, a spire.
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
    return _outlined(name, row, seed) if detail == "distant" else _solid(name, row, seed, detail)


def height_of(name: str, seed: int) -> float:
    """Metres from root to top of that individual."""
    low, high = species()[name].height
    return float(chance(seed, name, "height").uniform(low, high))


@functools.cache
def _foliage(name: str) -> Material:
    return Material(f"{name}_foliage", (1.0, 1.0, 1.0), roughness=0.82, subsurface=0.55, texture=spray_texture(name))


@functools.cache
def _mass(name: str) -> Material:
    """Foliage that is not cut out; needles combed out from a bough's spine (v = 0), or tufts of leaves."""
    row, noise, size = species()[name], Noise.of(0, name, "mass"), 128
    u, v = ((np.arange(size) + 0.5) / size)[None, :], (1 - (np.arange(size) + 0.5) / size)[:, None]
    if row.habit == "conifer":
        bend = 0.10 * noise.sum(u * 4, v * 4, 2, period=4)
        strokes = noise.sum((u - 0.22 * v + bend) * 32, v * 4, 2, 0.7, 32, 4)
        share = smooth(-0.55, 0.60, strokes + 0.5 * (v - 0.55))[..., None]
    else:
        share = smooth(-0.55, 0.75, noise.sum(u * 16, v * 8, 3, 0.65, 16, 8))[..., None]
    colour = np.asarray(row.foliage) * (0.30 + 0.70 * share) * (1 - share) + np.asarray(row.young) * share
    texture = Texture(f"tree/{name}/mass", albedo=encoded(colour))
    return Material(f"{name}_mass", (1.0, 1.0, 1.0), roughness=0.85, subsurface=0.55, texture=texture)


def _standing(name: str, row: Species, seed: int) -> tuple[Sheaf, ...]:
    rng, height = chance(seed, name, "growth"), height_of(name, seed)
    wood, leaf = bark_material(row.bark), _foliage(name)
    if row.habit == "conifer":
        parts = [_wood(growth.trunk(row, height, rng, 9), row, rng, 14, wood)]
        parts += _hung(growth.whorls(row, height, rng, row.branches, 4), row, rng, leaf)
        if row.crown_base > 0.2:
            parts += _hung(growth.stunted(row, height, rng, 14, 3), row, rng, leaf)
        return tuple(parts)
    grown = growth.limbs(row, height, rng)
    live = growth.crown(row, height, grown, rng, row.branches)
    parts = [_wood(s, row, rng, max(3, 10 - 2 * k // 3), wood) for k, s in enumerate(grown)]
    return (*parts, _puffed(live, row, height, rng, leaf))


def _solid(name: str, row: Species, seed: int, detail: Detail) -> tuple[Sheaf, ...]:
    """Trunk and boughs of twigs: some of the near tree's, and broader."""
    rng, height = chance(seed, name, "growth"), height_of(name, seed)
    wood = bark_material(row.bark)
    most, twigs, grow, rings, sides, carrying = SOLID[detail]
    if row.habit == "conifer":
        parts = [_wood(growth.trunk(row, height, rng, rings), row, rng, sides, wood)]
        live = growth.whorls(row, height, rng, row.branches, 3)
    else:
        grown = growth.limbs(row, height, rng)
        live = growth.crown(row, height, grown, rng, row.branches)
        parts = [_wood(limb, row, rng, 3, wood) for limb in grown[:carrying]]
    if row.habit == "bare":
        return tuple(parts)
    live = live.thinned(min(most, row.branches))
    width = (live.lengths * row.spread * 0.5 + 0.006 * height) * grow
    return (*parts, fans(live, width, _own(len(width), rng), _mass(name), twigs, rng))


def _own(count: int, rng: np.random.Generator) -> F64:
    """Tints (count, 3) of boughs: no two alike, some of them yellower."""
    return np.asarray(rng.normal(1.0, 0.16, (count, 1)) * (1 + rng.normal(0, 0.07, (count, 1)) * np.array([1, 0, -1])))


def _outlined(name: str, row: Species, seed: int) -> tuple[Sheaf, ...]:
    """A stem and a crown of ragged cones."""
    rng, height = chance(seed, name, "growth"), height_of(name, seed)
    body = _wood(growth.trunk(row, height * 0.8, rng, 2), row, rng, 3, bark_material(row.bark))
    if row.habit == "bare":
        return (body,)
    return body, spires(height * row.crown_base, height, 0.95 * height * row.crown_radius, 4, 6, rng, _mass(name))


def _wood(body: Stem, row: Species, rng: np.random.Generator, sides: int, material: Material) -> Sheaf:
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    phase = rng.uniform(0, 2 * np.pi)
    depth = 0.14 * np.exp(-np.arange(len(body.radii)) / 2.5)[:, None] + 0.03
    flute = 1 + depth * (np.sin(row.flutes * turn + phase) + 0.5 * np.sin((row.flutes // 2 + 2) * turn + 2 * phase))
    flute[:, -1] = flute[:, 0]
    return stem(body.spine, body.radii, sides, SPAN, material, flute, _weathered(body, turn, phase, flute))


def _weathered(body: Stem, turn: F64, phase: float, flute: F64) -> F64:
    """Tints (K, S, 3) of bark: furrows dark, the foot damp, one side of it mossy, old fibre in paler streaks."""
    broad = body.radii[0]
    foot = np.exp(-np.maximum(body.spine[:, 2:] - body.spine[0, 2], 0.0) / (5.0 * broad))  # (K, 1)
    light = (
        np.clip(0.28 + 0.72 * flute, 0.3, 1.15) * (1.0 + 0.10 * np.sin(3 * turn + 2.3 * phase)) * (1.0 - 0.45 * foot)
    )
    moss = 0.8 * foot * np.clip(np.sin(turn + 1.7 * phase) + 0.2, 0.0, 1.0)
    return np.asarray(light[..., None] * (1.0 + moss[..., None] * np.array([-0.45, 0.45, -0.35])))


def _shades(branches: Branches, rng: np.random.Generator, inner: float) -> F64:
    """Vertex tints (B, K, 3): dark inside the crown, light at tips and towards the top; each branch its own."""
    knots = branches.points.shape[1]
    s = np.linspace(0, 1, knots)[None, :]
    light = (inner + (1.12 - inner) * s**0.8) * (0.72 + 0.36 * branches.share[:, None])
    own = rng.normal(1.0, 0.10, (len(branches.lengths), 1))
    warm = rng.normal(0, 0.06, (len(branches.lengths), 1))
    return np.asarray((light * own)[..., None] * np.stack([1 + warm, np.ones_like(warm), 1 - 1.2 * warm], -1))


def _hung(branches: Branches, row: Species, rng: np.random.Generator, leaf: Material) -> list[Sheaf]:
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
    share = {"near": 1.0, "mid": 0.45, "far": 0.25, "distant": 0.2}[detail]
    count = max(3, round(row.branches * share))
    leaves = growth.arching(row, height, rng, count, 4 if row.habit == "fronds" and detail == "near" else 3)
    width = leaves.lengths * row.spread * 0.5 / share**0.6
    if row.habit == "blades":
        return (blades(leaves, width, row.foliage, row.young, _plain(name), detail == "near"),)
    if detail != "near":
        return (fans(leaves, width * 0.7, _own(count, rng), _mass(name), 3 if detail == "mid" else 1, rng),)
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
    return Material(f"{name}_blade", (1.0, 1.0, 1.0), roughness=0.82, subsurface=0.35)
