"""Species of wheeled body: the rows of vehicles.yaml as frozen records."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from kinema.schema.document import Document
from kinema.schema.tables import parsed

Side = Literal["right", "rear", "front"]


class Plan(Document):
    """An outline seen from above: its full width (m), ends (y), corner radii and how far the sides bow out."""

    width: float
    rear: float
    front: float
    rear_radius: float
    front_radius: float
    bow: float


class Slope(Document):
    """Where along y the top begins to fall towards that end, and by how much (m)."""

    start: float
    drop: float


class Cabin(Document):
    """The glasshouse: outlines at belt and gutter, height between them, the roof's rise and the gutter's lip (m)."""

    belt: Plan
    gutter: Plan
    height: float
    roof: float
    lip: float


class Tailgate(Document):
    """The rear door: width (m), and its extent as part of the height from sill to belt."""

    width: float
    low: float
    high: float


class WheelSize(Document):
    """Radius, width, radius of the rim, axles' y and the track (m)."""

    radius: float
    width: float
    rim: float
    front: float
    rear: float
    track: float
    style: Literal["steel", "alloy"]


class Arch(Document):
    """Radius of the wheel arch and how far its lip stands out (m)."""

    radius: float
    flare: float


class Bumper(Document):
    """Height of its middle, how far it stands off, its own height (m), and what it is made of."""

    height: float
    depth: float
    size: float
    material: Literal["steel", "body"]


class LampSizes(Document):
    """Where lamps sit and how large they are (m); tail is width and height."""

    head: Literal["round", "wide"]
    head_radius: float
    head_x: float
    head_z: float
    tail_x: float
    tail_z: float
    tail: tuple[float, float]


class Grille(Document):
    """The grille's width, extent in z (m) and number of bars."""

    width: float
    low: float
    high: float
    bars: int


class Spare(Document):
    """Where on the tailgate the spare wheel hangs (m)."""

    x: float
    z: float


class Species(Document):
    """One row of the table; lengths in metres, lean in radians per m/s2, bounce in metres."""

    aliases: tuple[str, ...]
    paint: str
    plan: Plan
    sill: float
    belt: float
    nose: Slope
    tail: Slope
    profile: tuple[tuple[float, float], ...]
    cabin: Cabin
    windows: tuple[tuple[Side, float, float, float, float, float], ...]
    doors: tuple[tuple[float, float], ...]
    tailgate: Tailgate
    wheel: WheelSize
    arch: Arch
    bumper: Bumper
    lamps: LampSizes
    grille: Grille
    rack: bool
    spare: Spare | None
    flaps: bool
    lean: float
    bounce: float


@cache
def species() -> dict[str, Species]:
    """Every species: name -> row."""
    rows = parsed(files("kinema.stage.bodies.vehicle").joinpath("vehicles.yaml").read_text(encoding="utf-8"))
    return {name: Species.model_validate(row) for name, row in rows.items()}


def concepts() -> frozenset[str]:
    """Every concept this family performs."""
    return frozenset(name for key, row in species().items() for name in (key, *row.aliases))


def named(concept: str) -> tuple[str, Species]:
    """The species a concept stands for, with its name. Raises KeyError when no row knows it."""
    for name, row in species().items():
        if concept == name or concept in row.aliases:
            return name, row
    raise KeyError(f"no vehicle is called {concept!r}; known: {', '.join(sorted(concepts()))}")
