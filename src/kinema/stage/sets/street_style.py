"""Street styles: street_styles.yaml as typed rows, and drawing by lot from their lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from kinema.buffers.scene_frame import Colour
from kinema.schema.tables import parsed
from kinema.stage.colours import LINEAR
from kinema.stage.sets.lettering import words
from kinema.stage.sets.textures import Rgb

T = TypeVar("T")


@dataclass(frozen=True)
class Wall:
    """What a front is faced with."""

    kind: str
    colour: Rgb


@dataclass(frozen=True)
class Scheme:
    """The colours of a lit sign."""

    ground: Rgb
    ink: Rgb
    accent: Rgb
    weight: int


@dataclass(frozen=True)
class Style:
    """One row of street_styles.yaml, with its words."""

    name: str
    density: float
    paper: bool
    storeys: tuple[int, int]
    width: tuple[float, float]
    walls: tuple[Wall, ...]
    signs: tuple[Scheme, ...]
    tubes: tuple[Rgb, ...]
    faces: dict[str, tuple[str, ...]]
    lantern: Rgb
    glow: Colour
    lamp: Colour
    fronts: tuple[Colour, ...]
    above: Colour

    def word(self, rng: np.random.Generator, kind: str) -> str:
        """A word of that list, by lot."""
        return pick(rng, self.words(kind))

    def words(self, kind: str) -> list[str]:
        """All words of that list."""
        return [str(word) for word in words()[self.name][kind]]

    def scheme(self, rng: np.random.Generator) -> Scheme:
        """A sign's colours, by weight."""
        weights = np.array([scheme.weight for scheme in self.signs], float)
        return self.signs[int(rng.choice(len(self.signs), p=weights / weights.sum()))]

    def face(self, rng: np.random.Generator, role: str) -> str:
        """A lettering face for a role: heavy, plain, brush or script."""
        return pick(rng, self.faces[role])

    @property
    def columns(self) -> bool:
        """Whether its words are also set downwards."""
        return self.name != "european"


def pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    """One of the items, by lot."""
    return items[int(rng.integers(len(items)))]


@cache
def styles() -> dict[str, Style]:
    """Every style by name."""
    table: dict[str, dict[str, Any]] = parsed(
        (Path(__file__).parent / "street_styles.yaml").read_text(encoding="utf-8")
    )
    return {name: _style(name, row) for name, row in table.items()}


def _style(name: str, row: dict[str, Any]) -> Style:
    return Style(
        name,
        row["density"],
        row["paper"],
        (row["storeys"][0], row["storeys"][1]),
        (row["width"][0], row["width"][1]),
        tuple(Wall(wall["kind"], rgb(wall["colour"])) for wall in row["walls"]),
        tuple(Scheme(rgb(s["ground"]), rgb(s["ink"]), rgb(s["accent"]), s["weight"]) for s in row["signs"]),
        tuple(map(rgb, row["tubes"])),
        {role: tuple(faces) for role, faces in row["faces"].items()},
        rgb(row["lantern"]),
        _light(row["glow"]),
        _light(row["lamp"]),
        tuple(map(_light, row["fronts"])),
        _light(row["above"]),
    )


def _light(values: Sequence[float]) -> Colour:
    red, green, blue = values
    return red, green, blue


def rgb(values: Sequence[int]) -> Rgb:
    """Three numbers as a colour."""
    red, green, blue = values
    return red, green, blue


def linear(colour: Rgb, strength: float = 1.0) -> Colour:
    """An sRGB byte colour in linear light, times strength."""
    red, green, blue = (float(LINEAR[byte]) * strength for byte in colour)
    return red, green, blue
