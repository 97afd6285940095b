"""A reading: what a prompt says, in no language any more: who there is, what happens, where, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from kinema.director.rows import Action, CameraRow, Concept, Connective, Family, Feature, Occasion, Row, SetRow
from kinema.schema.storyboard import Garment, Note

UNKNOWN_ACT = Action(id="unknown", kind="light", seconds=Fraction(1))  # a verb nobody here can act


@dataclass(eq=False)
class Entity:
    """Somebody or something of the cast, as far as the prompt has told."""

    row: Concept
    count: int = 1
    plural: bool = False
    gender: str = ""
    sexed: bool = False  # its gender was said, not only taken from its row
    colours: dict[str, str] = field(default_factory=dict)
    garments: list[Garment] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)
    manners: list[str] = field(default_factory=list)
    feeling: str = ""
    material: str = ""
    size: str = "medium"
    owner: Entity | None = None
    word: str = ""  # what the prompt called it first
    like: Family | None = None  # of a stranger: the family that could stand in for it
    unheard: bool = False  # a word that no table has
    vague: bool = False  # only a pronoun has named it yet
    clause: int = 0  # that named it first
    topic: bool = False  # it is only what the film was said to be about yet

    @property
    def family(self) -> Family:
        """The family of its body."""
        return self.row.family


@dataclass(eq=False)
class Event:
    """A verb with its roles. `present`: a state that holds from the start, such as a sleeping owner."""

    row: Action
    subjects: list[Entity] = field(default_factory=list)
    targets: list[Entity] = field(default_factory=list)
    things: list[Entity] = field(default_factory=list)  # props acted upon or with
    source: Entity | None = None
    manners: list[str] = field(default_factory=list)
    connective: Connective | None = None
    present: bool = False
    word: str = ""
    clause: int = 0


@dataclass(frozen=True)
class SetWord:
    """A noun that speaks for a set, and the clause it stands in."""

    row: SetRow
    clause: int


@dataclass(frozen=True)
class Fact:
    """What is said of hour, weather, season or look, and the clause that says it.

    `turns`: it becomes so there; `passes`: what was said before gives way to it meanwhile.
    """

    table: str
    row: Row
    clause: int = 0
    turns: bool = False
    passes: bool = False


@dataclass
class CameraWord:
    """A camera phrase, the clause it stands in, and whom it names."""

    row: CameraRow
    clause: int
    framed: Entity | None = None


@dataclass(frozen=True)
class Bond:
    """How two of the cast stand to each other: relation row's id."""

    subject: Entity
    kind: str
    object: Entity
    clause: int = 0


@dataclass
class Reading:
    """Everything read from one prompt."""

    entities: list[Entity] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    bonds: list[Bond] = field(default_factory=list)
    sets: list[SetWord] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    camera: list[CameraWord] = field(default_factory=list)
    sentences: list[int] = field(default_factory=lambda: [0])  # the sentence of every clause
    listed: list[int] = field(default_factory=list)  # the clauses at which the shots of a list begin
    framed: Entity | None = None  # whom a camera phrase names
    occasions: list[Occasion] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def first(self, table: str) -> Row | None:
        """The first row of that table the prompt mentions."""
        return next((fact.row for fact in self.facts if fact.table == table), None)
