"""What a person can do: actions.yaml as typed rows, and the functions that perform them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Literal

from pydantic import Field, TypeAdapter

from kinema.schema.document import Document
from kinema.schema.tables import parsed
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.posture import Upper

Act = Callable[[Moment, Upper], None]


class Row(Document):
    """One row of actions.yaml, as its head explains."""

    ground: Literal["travel", "afoot", "seat", "bed"]
    act: str
    fade: float
    leaves: float = 0.0
    gait: str = "walk"
    in_bed: str = ""
    on_seat: str = ""
    beat: float = 0.0
    side: float = 0.0
    both_hands: bool = False
    raises: bool = False
    numbers: dict[str, float] = Field({})


@cache
def action_table() -> Mapping[str, Row]:
    """The whole of actions.yaml."""
    text = files(__package__).joinpath("actions.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Row]).validate_python(parsed(text))


@cache
def act_named(name: str) -> Act:
    """The function an act's name (`file.function`) stands for."""
    module, function = name.split(".")
    act: Act = getattr(import_module(f"kinema.stage.motion.actions.{module}"), function)
    return act
