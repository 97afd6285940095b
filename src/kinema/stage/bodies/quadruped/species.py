"""Species: rows of proportions, colours and manners from species.yaml, and nothing that moves."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kinema.schema.document import Document
from kinema.schema.errors import UnknownConcept
from kinema.schema.tables import parsed

Pair = tuple[float, float]
Triple = tuple[float, float, float]
Station = tuple[float, float, float, float]


class Leg(Document):
    """Joints as (y, z) in the side view, at x either side; radii at each joint of the column, then of the paw."""

    x: float
    joints: tuple[Pair, Pair, Pair, Pair, Pair]
    radii: tuple[float, float, float, float, float]
    muscle: Triple
    root: Pair


class Ear(Document):
    """A leaf rooted on the head. at is in head space; spread and lean in degrees, outward and forward."""

    at: Triple
    height: float
    width: float
    spread: float = 18.0
    lean: float = 5.0
    turn: float = 25.0
    round: float = 0.12
    cup: float = 0.45


class Eye(Document):
    """A ball with an iris; turn is how far it looks outward, open how far the lids stand apart, in degrees."""

    at: Triple
    radius: float
    iris: str
    pupil: Literal["round", "slit", "wide"] = "round"
    pupil_size: float = 0.45
    turn: float = 25.0
    rise: float = 8.0
    slant: float = 12.0
    open: float = 34.0


class Head(Document):
    """In head space: origin where the head turns on the neck, +y along the muzzle, +z up; metres."""

    tilt: float
    skull: tuple[Triple, Triple]
    brow: Station
    cheek: Station
    muzzle: tuple[Station, Station]
    jaw: tuple[Station, Station]
    hinge: Pair
    gape: float
    nose: Triple
    chin: float = 0.6
    lip_drop: float = 0.0


class Tail(Document):
    """Points (y, z) and radii from the root to the tip."""

    points: tuple[Pair, ...]
    radii: tuple[float, ...]


class Coat(Document):
    """Colours by region, the pattern that lays them out, and the fur's length (m) and look.

    ruff, tail_length, mane: times the length, that neck's, tail's and crest's hair has; whoever has a mane is sleek
    """

    pattern: Literal["wolf", "tabby", "shiba", "fox", "tiger", "plain"]
    back: str
    side: str
    belly: str
    legs: str
    face: str
    mark: str
    nose: str = "#1c1a1a"
    inner_ear: str = "#b58a7c"
    length: float = 0.03
    density: float = 1.0
    ruff: float = 1.0
    tail_length: float = 1.0
    mane: float = 0.0


class Gait(Document):
    """Natural speeds (m/s) and stride lengths (m) of walk, trot and run."""

    walk: Pair
    trot: Pair
    run: Pair


class Species(Document):
    """One row of the table. Torso stations are (y, top z, bottom z, half width); neck (y, z, radius, half width)."""

    name: str
    scale: float = 1.0
    torso: tuple[Station, ...]
    spine: tuple[Pair, Pair, Pair, Pair]
    neck: tuple[Station, Station, Station]
    head: Head
    ear: Ear
    eye: Eye
    fore: Leg
    hind: Leg
    tail: Tail
    coat: Coat
    gait: Gait
    temper: Literal["canine", "feline", "ungulate"] = "canine"
    whiskers: float = 0.0
    antlers: float = 0.0
    hooves: bool = False
    cell: float = 0.0045


@cache
def table() -> dict[str, Species]:
    """Every species by name. A row may be `like` another and give only what differs."""
    rows = parsed(Path(__file__).with_name("species.yaml").read_text(encoding="utf-8"))
    return {name: Species.model_validate(_complete(name, rows)) for name in rows}


def species(name: str) -> Species:
    """A row of the table. Raises UnknownConcept naming the nearest known species."""
    rows = table()
    if name not in rows:
        near = difflib.get_close_matches(name, rows, 1, 0.0)[0]
        raise UnknownConcept(f"no quadruped is called {name!r}; try {near!r}; known: {', '.join(sorted(rows))}")
    return rows[name]


def _complete(name: str, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row = dict(rows[name])
    base = row.pop("like", None)
    whole = _merge(_complete(base, rows), row) if base else row
    return {**whole, "name": name}


def _merge(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
