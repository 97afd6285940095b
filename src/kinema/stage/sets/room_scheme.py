"""Colour schemes of rooms: rooms.yaml as typed rows in linear light, and which one a room has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from kinema.buffers.scene_frame import Colour
from kinema.schema.tables import parsed
from kinema.stage.chance import chance
from kinema.stage.colours import from_hex


@dataclass(frozen=True)
class Scheme:
    """One row of rooms.yaml; see there. Linear colours."""

    name: str
    wall: Colour
    line: Colour
    trim: Colour
    floor: Colour
    bed: Colour
    furniture: Colour
    frame: Colour
    duvet: Colour
    lining: Colour
    lining_line: Colour
    sheet: Colour
    throw: Colour
    cushion: Colour
    curtain: Colour
    shade: Colour
    rug: Colour
    rug_border: Colour
    rug_mark: Colour


@cache
def schemes() -> tuple[Scheme, ...]:
    """Every row of the table."""
    rows = parsed(resources.files(__package__).joinpath("rooms.yaml").read_text("utf-8"))
    return tuple(Scheme(name, **{part: from_hex(code) for part, code in row.items()}) for name, row in rows.items())


def scheme_of(seed: int) -> Scheme:
    """The scheme a seed gives a room."""
    return schemes()[int(chance(seed, "bedroom", "scheme").integers(len(schemes())))]
