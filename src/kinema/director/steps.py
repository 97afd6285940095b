"""Steps: what happens one after the other, and what goes on meanwhile: the plot of a film."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from kinema.director.reading import Entity
from kinema.director.rows import Action
from kinema.director.scenes import SceneWords


@dataclass(eq=False)
class Move:
    """One beat to be: who does what to whom. `present`: from the start until its subject does something else."""

    subject: Entity
    action: str
    seconds: Fraction
    row: Action | None = None
    target: Entity | None = None
    instrument: Entity | None = None
    manners: list[str] = field(default_factory=list)
    because: Move | None = None
    place: int = 0
    clause: int = 0
    sustained: bool = False
    present: bool = False


@dataclass(eq=False)
class Step:
    """What happens at one time: moves side by side. `later`: time passes before it."""

    moves: list[Move]
    place: int = 0
    later: bool = False

    @property
    def clause(self) -> int:
        """The clause that tells it, or began to."""
        return next((move.clause for move in self.moves if not move.present), self.moves[0].clause)

    @property
    def seconds(self) -> Fraction:
        """How long it takes unhurried."""
        return max(move.seconds for move in self.moves)


@dataclass
class Plot:
    """Steps in order, and moves that go on all the while behind them."""

    steps: list[Step] = field(default_factory=list)
    ambient: list[Move] = field(default_factory=list)
    scenes: list[SceneWords] = field(default_factory=list)
    inside: dict[int, dict[int, Entity]] = field(default_factory=dict)  # by scene and rider's id, the vehicle

    def scene_of(self, clause: int) -> int:
        """Which scene a clause of the prompt belongs to."""
        return max((k for k, scene in enumerate(self.scenes) if scene.clause <= clause), default=0)

    def last_done_to(self, entity: Entity) -> Move | None:
        """The last move whose target it was."""
        done = (move for step in reversed(self.steps) for move in reversed(step.moves))
        return next((move for move in done if move.target is entity), None)

    def last_by(self, entity: Entity) -> Move | None:
        """The last move of its own."""
        done = (move for step in reversed(self.steps) for move in reversed(step.moves))
        return next((move for move in done if move.subject is entity), None)
