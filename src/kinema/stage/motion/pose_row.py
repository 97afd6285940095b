"""One row of a table of postures: numbers of the trunk and the arms, and where hands lie."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from kinema.schema.document import Document

Triple = tuple[float, float, float]
Side = Literal["left", "right"]
OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


class PoseRow(Document):
    """numbers: see posture.py, degrees · hands: where palms are (right, ahead, up; the table says from where, and the
    unit) · elbows: where elbows point meanwhile, in the chest's axes, where that is not by themselves."""

    numbers: dict[str, float] = Field({})
    hands: dict[Side, Triple] = Field({})
    elbows: dict[Side, Triple] = Field({})

    @property
    def sides(self) -> frozenset[str]:
        """The arms it says anything about."""
        both = {"left", "right"} if any(name.startswith("arms_") for name in self.numbers) else set()
        return frozenset(
            {*self.hands, *(side for side in OTHER for name in self.numbers if name.endswith(side)), *both}
        )

    def mirrored(self) -> Self:
        """The same to the other side."""
        numbers = {
            _swapped(name): -value if name.endswith(("_y", "_z")) else value for name, value in self.numbers.items()
        }
        return self.model_copy(
            update={"numbers": numbers, "hands": _crossed(self.hands), "elbows": _crossed(self.elbows)}
        )


def _swapped(name: str) -> str:
    for side, other in OTHER.items():
        if name.endswith(side):
            return name.removesuffix(side) + other
    return name


def _crossed(places: dict[Side, Triple]) -> dict[Side, Triple]:
    return {OTHER[side]: (-x, y, z) for side, (x, y, z) in places.items()}
