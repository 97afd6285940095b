"""What the painter learns from: prompts staged as worlds, and cameras put into them by lot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pydantic import TypeAdapter

from kinema.director.planned import planned
from kinema.schema.document import Document
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Framing, Name, Shot, Storyboard
from kinema.schema.tables import parsed
from kinema.stage.chance import chance

FPS = 24
SIZES = ("wide", "full", "full", "medium", "medium", "close")
SIDES = ("front", "front_left", "left", "back_left", "back_right", "right", "front_right")
ANGLES = ("eye", "eye", "low", "high")
MOVES = ("static", "pan", "follow", "truck", "push")
LEAD = Fraction(1)  # seconds of a scene before the first clip: things have begun to move


class World(Document):
    """One row of the table: a prompt to stage, the seed it is staged with, and how many clips are filmed in it.

    held_out: never trained on; what a painter is judged by.
    """

    id: Name
    prompt: str
    seed: int
    clips: int = 2
    held_out: bool = False


@dataclass(frozen=True)
class Clip:
    """A few frames of a world: a shot of its own, from frame `first` on."""

    name: str
    world: World
    shot: Shot
    first: int


def read_worlds(path: Path) -> tuple[World, ...]:
    """The table at path. Raises: ValueError when a row is broken or two share an id."""
    rows = TypeAdapter(tuple[World, ...]).validate_python(parsed(path.read_text("utf-8")))
    twice = [name for name, count in Counter(row.id for row in rows).items() if count > 1]
    if twice:
        raise ValueError(f"{path}: every world needs an id of its own (twice: {', '.join(twice)}); rename one")
    return rows


def board_of(world: World) -> Storyboard:
    """The storyboard of a world: twelve seconds."""
    return planned(FilmRequest(prompt=world.prompt, seconds=Fraction(12), seed=world.seed, fps=FPS))


def clips_of(world: World, board: Storyboard, frames: int) -> Iterator[Clip]:
    """The clips of a world: one of its shots each, seen by another camera from another moment on."""
    for number in range(world.clips):
        lot = chance(world.seed, f"{world.id}/{number}", "clip")
        shot = board.shots[int(lot.integers(len(board.shots)))]
        wish = Framing(
            subject=shot.framing.subject, size=lot.choice(SIZES), side=lot.choice(SIDES), angle=lot.choice(ANGLES)
        )
        own = shot.model_copy(
            update={"framing": wish, "move": str(lot.choice(MOVES)), "to": None, "speed": Fraction(1)}
        )
        latest = max(int((shot.duration - LEAD) * FPS) - frames, 1)
        yield Clip(f"{world.id}-{number}", world, own, int(LEAD * FPS) + int(lot.integers(latest)))
