"""Signed-distance models: soft primitives that ride bones, joined smoothly and sampled sparsely on a grid.

Distances are negative inside. They are exact for the sphere, capsule, box and torus and first-order near the surface
for the others, which is all that marching cubes, skin weights and blended colours need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

F32 = NDArray[np.float32]
Point = tuple[float, float, float]
Turn = tuple[Point, Point, Point]

UPRIGHT: Turn = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
# Samples along the side of a block that is looked at as a whole, first coarsely, then finely.
COARSE = 16
BLOCK = 4
# Smooth unions and squashed shapes are not exact distances; a block is skipped only when this factor says it is clear.
STRETCH = 1.5


def single(values: ArrayLike) -> F32:
    """Any numbers as a single-precision array."""
    return np.asarray(values, np.float32)


class Shape(Protocol):
    """A solid with a signed distance and an axis-aligned box."""

    def distance(self, points: F32) -> F32:
        """(..., 3) metres -> (...) metres, negative inside."""
        ...

    def bounds(self) -> F32:
        """(2, 3): lower and upper corner."""
        ...


@dataclass(frozen=True)
class Cone:
    """A capsule from a to b whose radius runs from ra to rb; squash scales its width along x (0.7 is narrow)."""

    a: Point
    b: Point
    ra: float
    rb: float
    squash: float = 1.0

    def distance(self, points: F32) -> F32:
        """See Shape. The slope of the radius is ignored: the error is second order for gentle tapers."""
        a, b = single(self.a), single(self.b)
        scale = single([1.0 / self.squash, 1.0, 1.0])
        p, axis = (points - a) * scale, (b - a) * scale
        t = np.clip(p @ axis / max(float(axis @ axis), 1e-12), 0.0, 1.0)
        radius = np.float32(self.ra) + np.float32(self.rb - self.ra) * t
        offset = p - t[..., None] * axis
        away = np.sqrt(np.einsum("...k,...k->...", offset, offset))
        if self.squash == 1.0:
            return np.asarray(away - radius, np.float32)
        steep = np.sqrt(offset[..., 0] ** 2 / self.squash**2 + offset[..., 1] ** 2 + offset[..., 2] ** 2)
        return np.asarray((away - radius) * away / np.maximum(steep, 1e-6), np.float32)

    def bounds(self) -> F32:
        """See Shape."""
        ends, r = single([self.a, self.b]), max(self.ra, self.rb)
        wide = single([r * max(1.0, self.squash), r, r])
        return np.stack([ends.min(0) - wide, ends.max(0) + wide])


@dataclass(frozen=True)
class Ellipsoid:
    """Radii along its own axes, the rows of turn."""

    centre: Point
    radii: Point
    turn: Turn = UPRIGHT

    def distance(self, points: F32) -> F32:
        """See Shape: f |f| / |grad f|, first order near the surface."""
        p = (points - single(self.centre)) @ single(self.turn).T
        radii = single(self.radii)
        k0 = np.linalg.norm(p / radii, axis=-1)
        k1 = np.linalg.norm(p / radii**2, axis=-1)
        return np.asarray(np.where(k1 < 1e-9, -radii.min(), k0 * (k0 - 1.0) / np.maximum(k1, 1e-9)), np.float32)

    def bounds(self) -> F32:
        """See Shape."""
        reach = np.sqrt(((single(self.turn) * single(self.radii)[:, None]) ** 2).sum(0))
        return single([single(self.centre) - reach, single(self.centre) + reach])


@dataclass(frozen=True)
class Box:
    """Half extents along its own axes, the rows of turn, with rounded edges inside them."""

    centre: Point
    half: Point
    rounding: float = 0.0
    turn: Turn = UPRIGHT

    def distance(self, points: F32) -> F32:
        """See Shape."""
        p = np.abs((points - single(self.centre)) @ single(self.turn).T)
        q = p - (single(self.half) - np.float32(self.rounding))
        outside = np.linalg.norm(np.maximum(q, 0.0), axis=-1)
        return np.asarray(outside + np.minimum(q.max(-1), 0.0) - self.rounding, np.float32)

    def bounds(self) -> F32:
        """See Shape."""
        reach = (np.abs(single(self.turn)) * single(self.half)[:, None]).sum(0)
        return single([single(self.centre) - reach, single(self.centre) + reach])


@dataclass(frozen=True)
class Part:
    """A shape in a model: the bone it rides, the paint it carries, and over how many metres it melts into the rest.

    carve takes it away instead. grip is the distance over which it holds the skin next to other bones.
    """

    shape: Shape
    bone: str
    paint: str = "coat"
    blend: float = 0.03
    carve: bool = False
    grip: float = 0.03


def smooth_min(a: F32, b: F32, width: float) -> F32:
    """The smaller of two distances, rounded where they differ by less than width (quadratic, Quilez 2013)."""
    if width <= 0.0:
        return np.minimum(a, b)
    h = np.maximum(width - np.abs(a - b), 0.0)
    return np.asarray(np.minimum(a, b) - h * h * np.float32(0.25 / width), np.float32)


def join(distance: F32, part: Part, other: F32) -> F32:
    """One more part's distance melted into a model's."""
    if part.carve:
        return -smooth_min(-distance, other, part.blend)
    return smooth_min(distance, other, part.blend)


def distances(parts: Sequence[Part], points: F32) -> F32:
    """Every part's own distance: (N, 3) -> (N, P)."""
    return np.stack([part.shape.distance(points) for part in parts], -1)


def field(parts: Sequence[Part], points: F32) -> F32:
    """The whole model's distance: (..., 3) -> (...). Parts join in the order they are listed."""
    total = np.full(points.shape[:-1], 1e3, np.float32)
    for part in parts:
        total = join(total, part, part.shape.distance(points))
    return total


def gradient(parts: Sequence[Part], points: F32, step: float) -> F32:
    """Unit outward directions (N, 3) by central differences step metres wide."""
    offsets = np.eye(3, dtype=np.float32) * np.float32(step)
    slope = np.stack([field(parts, points + o) - field(parts, points - o) for o in offsets], -1)
    return np.asarray(slope / np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 1e-9), np.float32)


@dataclass(frozen=True, eq=False)
class Volume:
    """Samples of a distance on a regular grid: values (X, Y, Z), first sample at origin, cell metres apart."""

    values: F32
    origin: F32
    cell: float


def sample(parts: Sequence[Part], cell: float) -> Volume:
    """The model on a grid, evaluated coarse to fine and at last only where its surface may cross.

    Raises ValueError when there is nothing but carving.
    """
    solid = [part.shape.bounds() for part in parts if not part.carve]
    if not solid:
        raise ValueError("a model needs at least one part that is not carved away")
    margin = np.float32(2.0 * cell + max(part.blend for part in parts) / 4.0)
    low = np.min([box[0] for box in solid], axis=0) - margin
    high = np.max([box[1] for box in solid], axis=0) + margin
    blocks = np.ceil((high - low) / (COARSE * cell)).astype(int) + 1
    corners = _lattice(*blocks)
    values = field(parts, _middles(low, corners, COARSE * cell))
    # Each kept block is cut into smaller ones, and those kept into samples; the rest hold their middle's value.
    near = _crossed(values, COARSE * cell)
    ratio = COARSE // BLOCK
    smaller = np.repeat(values[:, None], ratio**3, 1)
    inner = corners[near][:, None] * ratio + _lattice(ratio, ratio, ratio)
    smaller[near] = _near_field(parts, _middles(low, inner, BLOCK * cell))
    grid = _assembled(smaller, blocks, ratio)
    corners = _lattice(*grid.shape)
    tiles = np.repeat(grid.reshape(-1, 1), BLOCK**3, 1)
    near = _crossed(grid.ravel(), BLOCK * cell)
    points = low + (corners[near][:, None] * BLOCK + _lattice(BLOCK, BLOCK, BLOCK)).astype(np.float32) * np.float32(
        cell
    )
    tiles[near] = _near_field(parts, points)
    return Volume(_assembled(tiles, np.array(grid.shape), BLOCK), low, cell)


def _lattice(x: int, y: int, z: int) -> NDArray[np.int64]:
    """All integer triples below (x, y, z), the last changing fastest: (N, 3)."""
    return np.stack(np.meshgrid(np.arange(x), np.arange(y), np.arange(z), indexing="ij"), -1).reshape(-1, 3)


def _middles(low: F32, corners: NDArray[np.int64], size: float) -> F32:
    """The middles (..., 3) of blocks of a size in metres, numbered from low."""
    return single(low + (corners + 0.5) * size)


def _crossed(values: F32, size: float) -> NDArray[np.bool_]:
    """Which blocks of a size the surface may cross, by the distance at their middles (N,)."""
    return np.asarray(np.abs(values) < STRETCH * size * np.sqrt(3.0) / 2.0)


def _assembled(tiles: F32, blocks: NDArray[np.int64], size: int) -> F32:
    """Tiles (B, size^3) of a lattice of blocks (3,) as one grid."""
    grid = tiles.reshape(*blocks, size, size, size).transpose(0, 3, 1, 4, 2, 5)
    return np.ascontiguousarray(grid.reshape(*(blocks * size)))


def _near_field(parts: Sequence[Part], tiles: F32) -> F32:
    """The field in tiles of samples (B, S, 3) -> (B, S), each part evaluated only where it can be felt."""
    lows, highs = tiles.min(1), tiles.max(1)
    spread = float((highs[0] - lows[0]).max()) if len(tiles) else 0.0
    # A part is felt as far as the widest blend of any part it may meet.
    reach = STRETCH * spread + max(part.blend for part in parts)
    total = np.full(tiles.shape[:2], 1e3, np.float32)
    for part in parts:
        box = part.shape.bounds()
        felt = np.all((lows < box[1] + reach) & (highs > box[0] - reach), axis=1)
        if felt.any():
            total[felt] = join(total[felt], part, part.shape.distance(tiles[felt]))
    return total
