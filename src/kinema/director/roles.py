"""Roles: what a noun is to the verb of its clause, by the preposition before it and the side it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from kinema.director.lexicon import Sense
from kinema.director.reading import Bond, Entity, Event, Reading
from kinema.director.rows import GarmentRow, Part
from kinema.schema.storyboard import Garment

WORN = "worn"  # the role of what was put on: a list may go on with more clothes, or with somebody else
WAITING = ("target", "source", "object", "agent")  # roles that can be named before their verb


@dataclass
class Clause:
    """What is known of the clause being read."""

    number: int = 0
    sentence: int = 0
    subjects: list[Entity] = field(default_factory=list)
    named: bool = False  # its subject was named in this clause
    event: Event | None = None
    last: Entity | None = None  # the noun read last
    role: str = ""
    relation: str = ""
    waiting: dict[str, Entity] = field(default_factory=dict)  # roles named before their verb
    company: list[Entity] = field(default_factory=list)  # with whom, named before the verb
    waiting_manners: list[str] = field(default_factory=list)
    listing: bool = False
    wished: bool = False  # what follows is wanted, not done
    holding: bool = False  # Chinese: what follows is held by the noun behind 的
    topic: tuple[Entity, GarmentRow | Part, str] | None = None  # a garment or part that something is said of
    share: bool = False  # it is about one of several who are told apart
    turns: bool = False  # something begins or changes in it
    denied: bool = False  # a deed of it was said not to be done


@dataclass
class Phrase:
    """What has been read of a noun phrase before its noun."""

    qualities: list[tuple[Sense, str]] = field(default_factory=list)
    determiner: Sense | None = None
    owner: Entity | None = None
    negated: bool = False
    likened: str = ""  # how: like a model, or dressed as one: nobody is one
    verb: Event | None = None  # a sleeping owner
    garments: list[tuple[Garment, str]] = field(default_factory=list)  # with the words for them
    held: list[Entity] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def sex(self) -> str:
        """The sex that is said."""
        return next((quality.row.id for quality, _ in self.qualities if quality.table == "sexes"), "")


def place_noun(reading: Reading, clause: Clause, entities: list[Entity], entity: Entity, framed: bool) -> None:
    """Give a noun its role. `framed`: a camera phrase named it, so it begins what is told."""
    clause.last = entity
    clause.role = "" if clause.role == WORN else clause.role  # a girl in a coat and a dog: she is not in the dog
    if framed and clause.event is None:
        clause.subjects, clause.named, clause.role = entities, True, ""
    elif clause.role and clause.role != "of":
        _by_preposition(reading, clause, entity)
    elif clause.event is not None:
        _object(reading, clause, clause.event, entity)
    elif entity.family == "prop" and clause.named and not clause.listing:  # he opens his umbrella, and walks
        _bind(reading, clause, clause.subjects, "carries", entity)
    else:
        joins = clause.listing and clause.named
        if joins and entity.family == "prop" and clause.relation == "together_with":
            _bind(reading, clause, clause.subjects[:1], "carries", entity)  # with a dog and a pillow
            return
        clause.subjects = [*dict.fromkeys((*clause.subjects, *entities))] if joins else list(entities)
        clause.named, clause.listing = True, False


def collect(clause: Clause, event: Event) -> None:
    """Hand a verb the roles and manners that were named before it."""
    event.manners += clause.waiting_manners
    clause.waiting_manners = []
    if event.row.object != "target":  # with a dog he walks, and so does it; whom he hugs, it does not
        able = [entity for entity in clause.company if entity.family in event.row.stage]
        event.subjects = [*event.subjects, *able]
    clause.company = []
    for role, entity in clause.waiting.items():
        if role == "source":
            event.source = entity
        elif role == "agent":
            event.targets, event.subjects = list(event.subjects), [entity]
        elif entity.family == "prop":
            event.things.append(entity)
        else:
            event.targets.append(entity)
    clause.waiting = {}


def _object(reading: Reading, clause: Clause, event: Event, entity: Entity) -> None:
    if event.row.kind == "light":
        return
    if not event.subjects and entity.family != "prop" and not event.row.object:
        event.subjects = clause.subjects = [entity]
    elif event.row.kind == "carry" or (event.row.kind == "wear" and entity.family == "prop"):
        _bind(reading, clause, event.subjects, "carries", entity)
    elif entity.family == "prop":
        event.things.append(entity)
    elif entity not in event.subjects:
        event.targets.append(entity)


def _by_preposition(reading: Reading, clause: Clause, entity: Entity) -> None:
    role, event = clause.role, clause.event
    clause.role = ""
    if role == "cause":
        clause.subjects, clause.named = [entity], True
    elif role == "agent" and event is not None:
        event.targets, event.subjects = list(event.subjects), [entity]
    elif event is None or event.row.kind == "light":
        _before_verb(reading, clause, role, entity)
    elif role == "source":
        event.source = entity
    elif role == "where" and event.row.object != "target":
        _bind(reading, clause, event.subjects, clause.relation, entity)
    elif role == "companion" and entity.family == "prop":
        _bind(reading, clause, event.subjects, "carries", entity)
    elif role == "companion" or (role == "with" and entity.family != "prop"):
        if entity.family in event.row.stage and not event.targets:
            event.subjects = [*event.subjects, entity]
    else:
        _object(reading, clause, event, entity)


def _before_verb(reading: Reading, clause: Clause, role: str, entity: Entity) -> None:
    if role in WAITING:
        clause.waiting[role] = entity
    elif role in ("with", "companion") and entity.family == "prop":
        _bind(reading, clause, clause.subjects, "carries", entity)
    elif role == "companion" and clause.named:
        clause.subjects = [*clause.subjects, entity]
    elif role == "companion" or (role == "with" and clause.named):
        clause.company.append(entity)
    elif role == "where" and clause.named:
        _bind(reading, clause, clause.subjects, clause.relation, entity)


def _bind(reading: Reading, clause: Clause, subjects: list[Entity], kind: str, entity: Entity) -> None:
    kind = "carries" if entity.row.held and kind in ("under", "in") else kind
    reading.bonds += [Bond(subject, kind, entity, clause.number) for subject in subjects if subject is not entity]
