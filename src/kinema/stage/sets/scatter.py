"""Strewing plants and stones over ground, merged by the stand, in as much detail as the eye's distance asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F64, Mesh, Surface
from kinema.stage.bodies.tree import Detail, sheaves
from kinema.stage.bodies.tree.cards import Sheaf, joined, planted
from kinema.stage.sets.stones import stone

DETAILS: tuple[Detail, ...] = ("near", "mid", "far", "distant")

FOOT = {"stone": 0.66, "shrub": 0.6, "fern": 0.5, "grass": 0.0}  # metres from its middle that one of size 1 is wide
TRUNK = 0.5  # the same of a tree
STRIDE = 8.0  # metres of the eye's way on which it is taken to stand still


@dataclass(frozen=True, eq=False)
class Plant:
    """One thing that grows or lies somewhere: which, where its root is (3,), how turned, how large, how tinted (3,)."""

    species: str
    variant: int
    place: F64
    turn: float
    size: float
    tint: F64


def strewn(
    rng: np.random.Generator, low: tuple[float, float], high: tuple[float, float], spacing: float
) -> NDArray[np.float64]:
    """Points (N, 2) over a rectangle, one to each square of `spacing`, somewhere in it: even but not regular."""
    columns, rows = (max(1, int((h - b) / spacing)) for b, h in zip(low, high, strict=True))
    corner = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2)
    return (corner + rng.random(corner.shape)) * spacing + low


def tints(rng: np.random.Generator, count: int, spread: float = 0.16) -> F64:
    """Individual tints (N, 3): lighter or darker, yellower or bluer."""
    light = rng.normal(1.0, spread, (count, 1)).clip(0.6, 1.45)
    warm = rng.normal(0.0, spread * 0.5, (count, 1))
    return np.concatenate([light * (1 + warm), light, light * (1 - warm)], 1)


def pieces(species: str, variant: int, detail: Detail) -> tuple[Sheaf, ...]:
    """What one of a kind is made of: `stone`, or a species of trees.yaml."""
    return stone(variant, detail) if species == "stone" else sheaves(species, variant, detail)


def plant_mesh(key: str, plants: Sequence[Plant], detail: Detail) -> Mesh:
    """All of them as one mesh, individuals of a kind in one go."""
    kinds: dict[tuple[str, int], list[Plant]] = {}
    for plant in plants:
        kinds.setdefault((plant.species, plant.variant), []).append(plant)
    parts: list[Sheaf] = []
    for (species, variant), group in kinds.items():
        turns, sizes = np.array([p.turn for p in group]), np.array([p.size for p in group])
        places, shades = np.array([p.place for p in group]), np.array([p.tint for p in group])
        parts += [planted(sheaf, turns, sizes, places, shades) for sheaf in pieces(species, variant, detail)]
    return joined(f"{key}/{detail}", parts)


class Graded(Protocol):
    """What has fewer triangles from farther away."""

    def surface(self, eye: F64, about: float = 0.0) -> Surface | None:
        """It as seen from an eye (3,) that may be as far as `about` metres aside along x and along y; None where it is
        too far to be seen at all."""
        ...


@dataclass(eq=False)
class Stand:
    """Plants near each other that change their detail together; each mesh is built when first asked for.

    limits: metres from the eye within which they are shown near, mid and far; beyond, distant ·
    every: of how many plants one is shown at mid, far and distant detail, larger by the fourth root so that the ground
    keeps some of its cover; 0 shows none · low: so near the ground that it takes no soft light from anything
    """

    key: str
    plants: Sequence[Plant]
    limits: tuple[float, float, float]
    every: tuple[int, int, int] = (1, 1, 1)
    low: bool = False
    middle: F64 = field(init=False)
    half: F64 = field(init=False)
    built: dict[str, Surface] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        places = np.array([plant.place for plant in self.plants])
        self.middle = (places.min(0) + places.max(0)) / 2
        self.half = (places.max(0) - places.min(0)) / 2

    def surface(self, eye: F64, about: float = 0.0) -> Surface | None:
        """See Graded; as near as it may be."""
        level = int(np.searchsorted(self.limits, metres_off(self.middle, self.half, eye, about), side="right"))
        every = (1, *self.every)[level]
        if every == 0:
            return None
        detail = DETAILS[level]
        if detail not in self.built:
            shown = [replace(plant, size=plant.size * every**0.25) for plant in self.plants[::every]]
            self.built[detail] = Surface(plant_mesh(self.key, shown, detail), np.eye(4), shades_sky=not self.low)
        return self.built[detail]


def metres_off(middle: F64, half: F64, eye: F64, about: float = 0.0) -> float:
    """Metres on the map at least from an eye, or from as far as `about` aside of it along x and along y, to whatever
    stands within `half` of a middle: to the rectangle and the circle around it; from within the rectangle less than
    none, the deeper the less."""
    apart = np.maximum(np.abs(middle - eye)[:2] - about, 0.0)
    round_ = float(np.linalg.norm(apart) - np.linalg.norm(half[:2]))
    straight = float(np.linalg.norm(np.maximum(apart - half[:2], 0.0)))
    return max(round_, straight) if straight > 0.0 else round_


def stands(
    key: str,
    plants: Sequence[Plant],
    cell: Callable[[F64], NDArray[np.int64]],
    limits: tuple[float, float, float],
    every: tuple[int, int, int] = (1, 1, 1),
    low: bool = False,
) -> list[Stand]:
    """Plants divided by cell(places (N, 3)) -> (N,) number, in order of number."""
    if not plants:
        return []
    numbers = cell(np.array([plant.place for plant in plants]))
    return [
        Stand(f"{key}/{number}", [plants[int(i)] for i in np.flatnonzero(numbers == number)], limits, every, low)
        for number in np.unique(numbers)
    ]


def kept_off(plants: Sequence[Plant], ways: Sequence[F64], room: float, ground: Callable[[F64], F64]) -> list[Plant]:
    """The plants with those that stand in a way moved straight out of it and set on the ground again.

    ways: polylines (N, 2 or 3) that somebody goes along · room: metres to either side that stay free of their feet
    """
    starts = np.concatenate([way[:-1, :2] for way in ways])
    steps = np.concatenate([np.diff(way[:, :2], axis=0) for way in ways])
    lengths = np.maximum(np.einsum("nc,nc->n", steps, steps), 1e-12)
    moved = []
    for plant in plants:
        here = plant.place[:2]
        share = np.clip(np.einsum("nc,nc->n", here - starts, steps) / lengths, 0.0, 1.0)
        out = here - starts - share[:, None] * steps
        away = np.hypot(*out.T)
        near = int(np.argmin(away))
        lacking = room + FOOT.get(plant.species, TRUNK) * plant.size - away[near]
        if lacking <= 0:
            moved.append(plant)
            continue
        aside = out[near] if away[near] > 1e-6 else np.array([-steps[near, 1], steps[near, 0]])
        place = here + lacking * aside / np.hypot(*aside)
        rise = float(np.diff(ground(np.stack([here, place])))[0])
        moved.append(replace(plant, place=np.array([*place, plant.place[2] + rise])))
    return moved


def seen(grown: Sequence[Graded], eye: F64) -> tuple[Surface, ...]:
    """What of them shows from the eye (3,), as fine as from the nearest place of its square of the map. Details
    change together, each STRIDE metres of its way: every change has shadows drawn anew."""
    square = np.round(eye / STRIDE) * STRIDE
    return tuple(surface for one in grown if (surface := one.surface(square, STRIDE / 2)) is not None)
