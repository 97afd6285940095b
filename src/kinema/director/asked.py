"""Asked: what a prompt says of the camera, of the whole film or of the one deed it is said beside."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kinema.director.reading import CameraWord, Entity, Reading
from kinema.director.rows import CameraRow
from kinema.director.steps import Step
from kinema.schema.storyboard import Side, Size


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch of a scene with what it should show, before it has a number and a place in the film."""

    start: Fraction
    end: Fraction
    subject: Entity
    size: Size
    side: Side
    also: tuple[Entity, ...] = ()
    move: str = "static"
    to_size: Size | None = None
    to_side: Side | None = None
    angle: str = "eye"
    turn: float = 0.0
    dissolve: bool = False


class Asked:
    """Camera phrases, told apart by the sentence, or the shot of a list, that they stand in.

    rows, framed: those of the whole film and whom they name. A phrase that stands with a later deed is that deed's own.
    """

    def __init__(self, reading: Reading, steps: list[Step]) -> None:
        self.reading = reading
        words = reading.camera
        homes = {id(word): self._home(word, steps) for word in words} if len(steps) > 1 else {}
        self.rows = [word.row for word in words if homes.get(id(word)) is None]
        self.framed = _framed([word for word in words if homes.get(id(word)) is None])
        self._own: dict[int, list[CameraWord]] = {}
        for word in words:
            home = homes.get(id(word))
            if home is not None:
                self._own.setdefault(id(home), []).append(word)

    def of(self, step: Step) -> Asked | None:
        """What is asked for one step alone; None when nothing is."""
        words = [word for word in self._own.get(id(step), ()) if word.row.id != "camera"]
        if not words:
            return None
        return Asked(Reading(camera=words), [step])

    def _home(self, word: CameraWord, steps: list[Step]) -> Step | None:
        """The step told in the same sentence, the nearest if there are several; None for the film's first sentence."""
        unit = self._unit(word.clause)
        told = [step for step in steps if self._unit(step.clause) == unit]
        first = self._unit(steps[0].clause)
        if not told or word.row.take or (unit == first and not self.reading.listed):
            return None
        return min(told, key=lambda step: abs(step.clause - word.clause))

    def _unit(self, clause: int) -> int:
        """The number of the sentence, or of the listed shot, that a clause belongs to."""
        if self.reading.listed:
            return bisect_right(self.reading.listed, clause)
        return self.reading.sentences[clause] if clause < len(self.reading.sentences) else 0


def _framed(words: list[CameraWord]) -> Entity | None:
    return next((word.framed for word in reversed(words) if word.framed is not None), None)


def said(row: CameraRow, piece: Piece) -> dict[str, Any]:
    """The fields of a piece that a camera phrase fills."""
    told: dict[str, Any] = {}
    if row.size:
        told |= {"size": row.size, "to_size": None, "move": "static"}
    if row.side:
        told |= {"side": row.side, "to_side": row.side if piece.to_side else None}
    if row.angle:
        told["angle"] = row.angle
    if row.move in ("push", "pull"):
        near, far = ("close", "wide") if piece.subject.count == 1 else ("medium", "wide")
        told |= (
            {"move": row.move, "size": far, "to_size": near}
            if row.move == "push"
            else {
                "move": row.move,
                "size": near,
                "to_size": far,
            }
        )
    elif row.move == "orbit":
        told |= {"move": "orbit", "turn": row.turn, "size": row.size or "full", "to_size": row.size or "full"}
    elif row.move == "truck":
        told |= {"move": "truck", "side": "right", "size": "full", "to_size": "full", "to_side": "front_right"}
    elif row.move == "crane":
        told |= {"move": "crane", "size": "full", "to_size": "wide"}
    elif row.move is not None:
        told |= {"move": row.move, "to_size": None, "to_side": None}
    return told
