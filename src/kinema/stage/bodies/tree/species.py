"""The table of trees and plants, checked."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Literal

from pydantic import Field

from kinema.buffers.scene_frame import Colour
from kinema.schema.document import Document
from kinema.schema.tables import parsed

Habit = Literal["conifer", "broadleaf", "bare", "fronds", "blades", "bush"]
Spray = Literal["flat", "tuft", "dense", "leaves", "twigs", "frond"]
Bark = Literal["redwood", "pine", "grey"]


class Species(Document):
    """A row of trees.yaml; see there."""

    habit: Habit
    height: tuple[float, float]
    trunk_radius: float = Field(gt=0)
    flutes: int
    bark: Bark
    crown_base: float = Field(ge=0, lt=1)
    crown_radius: float = Field(gt=0)
    taper: float
    branches: int = Field(gt=0)
    rise: float
    droop: float
    sag: float
    lift: float
    spray: Spray | None = None
    spread: float = Field(gt=0)
    foliage: Colour
    young: Colour


@functools.cache
def species() -> Mapping[str, Species]:
    """trees.yaml by name."""
    rows = parsed(resources.files(__package__).joinpath("trees.yaml").read_text())
    return {name: Species(**row) for name, row in rows.items()}
