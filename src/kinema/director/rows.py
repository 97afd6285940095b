"""Rows: what can be said, one model for every table of the lexicon."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import Field

from kinema.schema.document import Document
from kinema.schema.storyboard import Angle, Medium, Move, Name, Side, Size
from kinema.schema.times import Seconds

Family = Literal["person", "quadruped", "vehicle", "dragon", "prop", "stranger"]  # stranger: nothing to show it with
Gender = Literal["", "female", "male"]


class Row(Document):
    """One thing that can be said: its id and the words for it in each language."""

    id: Name
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


class Concept(Row):
    """A thing that can be cast; without `stage` it is understood but has no body of its own.

    `called`: the id it takes in the cast, when that is not the row's own; `sexes`: the rows of what is like it but for
    its sex; `sexed`: its words tell its gender, no pronoun changes it; `held`: who is under it or has it, holds it;
    `kin`: an animal's is an animal; `named`: said by somebody's name, which means nobody else.
    """

    family: Family
    stage: Name | None = None
    called: Name | None = None
    idle: Name | None = None
    home: Name
    is_a: tuple[Name, ...] = ()
    gender: Gender = ""
    sexed: bool = False
    sexes: dict[Gender, Name] = Field(default_factory=dict)
    traits: tuple[Name, ...] = ()
    size: Literal["small", "medium", "large"] = "medium"
    count: int = 1
    beside_child: Name | None = None
    pair: bool = False
    crowd: bool = False
    group: bool = False
    member: Name | None = None
    food: bool = False
    held: bool = False
    kin: bool = False
    named: bool = False
    assumed: bool = False
    feature: Name | None = None


class Action(Row):
    """A verb: what each family does for it, how long that takes and how it wants to be seen.

    `home`: the set it happens in when no place is named; `feature`: what it says of the set; `asks_camera`: the camera
    row it is when a sentence begins with it; `pursues`: its target is on the way too; `leads`: the set where what comes
    next is done; `boards`, `alights`: it gets into a vehicle, or out of it; `with_vehicle`: the verb it is then;
    `denied`: what is done by whoever does not do it.
    """

    kind: Literal["act", "wear", "carry", "feel", "find", "want", "light"] = "act"
    stage: dict[Family, Name] = Field(default_factory=dict)
    seconds: Seconds
    sustained: bool = False
    travel: bool = False
    pursues: bool = False
    reaction: bool = False
    leads: Name | None = None
    boards: bool = False
    alights: bool = False
    with_vehicle: Name | None = None
    denied: Name | None = None
    object: Literal["", "target", "instrument"] = ""
    with_object: Name | None = None
    manner: Name | None = None
    feature: Name | None = None
    home: Name | None = None
    size: Size = "full"
    detail: Literal["", "face", "hands", "paws"] = ""
    asks_camera: Name | None = None


class Material(Row):
    """What something is made of; what is not `worn` makes no garments."""

    worn: bool = True


class GarmentRow(Row):
    """Something worn; `carried` hangs in a hand, `face` is worn or painted on the face.

    `kind`: the id in the wardrobe, when that is not the row's own; `worn_by`: the same by the wearer's sex; `length`,
    `material`: when its words tell it.
    """

    kind: Name | None = None
    worn_by: dict[Gender, Name] = Field(default_factory=dict)
    length: Literal["", "short", "long"] = ""
    material: str = ""
    carried: bool = False
    face: bool = False


class Part(Row):
    """A part of a subject that can have a colour of its own; a coloured `garment` part is worn."""

    family: Family | None = None
    garment: Name | None = None


class SetRow(Row):
    """A noun that chooses a set; the heaviest wins. `vehicle_set`, `dragon_set`: the set when one of those is there."""

    set: Name | None = None
    weight: int
    vehicle_set: Name | None = None
    dragon_set: Name | None = None
    features: tuple[Name, ...] = ()
    assumed: bool = False


class Feature(Row):
    """What a set is dressed with. `manner` marks a beat done towards it; `crowd` brings people along."""

    set: Name | None = None
    hour: Name | None = None
    manner: Name | None = None
    colours: tuple[Name, ...] = ()
    crowd: Name | None = None
    mark: bool = True


class SetDefaults(Document):
    """What a set is like when the prompt does not say, and who is met there when it names nobody."""

    set: Name
    hour: Literal["dawn", "morning", "day", "evening", "night"]
    dweller: Name


class Weather(Row):
    """A weather, with the season and the features it brings, and the set it speaks for when no noun does."""

    set: Name | None = None
    season: Name | None = None
    features: tuple[Name, ...] = ()


class MediumRow(Row):
    """A medium of the look."""

    id: Medium


class GradeRow(Row):
    """A cast of the light; `grade`: the look's name for it, when that is not the row's own."""

    grade: Name | None = None


class CameraRow(Row):
    """A camera phrase: it fills what it says and leaves the rest to the planner."""

    move: Move | None = None
    side: Side | None = None
    size: Size | None = None
    angle: Angle | None = None
    turn: float = 0.0
    take: bool = False
    holds: bool = False
    speed: Seconds = Fraction(1)


class Determiner(Row):
    """An article, demonstrative, number or quantity."""

    number: int = 0
    definite: bool = False
    other: bool = False
    ordinal: int = 0
    many: bool = False


class Pronoun(Row):
    """Stands for the last fitting subject."""

    gender: Literal["female", "male", "neuter", "plural", "relative"]


class RelationRow(Row):
    """A preposition, postposition or coverb, and the role it gives its noun."""

    role: Literal["target", "where", "source", "with", "companion", "of", "de", "object", "agent", "cause"]
    dresses: bool = False


class Connective(Row):
    """Joins clauses: one after the other, at the same time, or as a list."""

    list: bool = False
    sequence: bool = False
    parallel: bool = False
    last: bool = False


class CrowdRow(Document):
    """The people a named event brings along."""

    concept: Name
    action: Name
    count: int


class Other(Row):
    """Words for what the stage cannot show yet."""

    noun: bool = False
    family: Family | None = None


class Occasion(Row):
    """A named event, and what it adds to a film."""

    set: Name
    hour: Name | None = None
    features: tuple[Name, ...] = ()
    mood: str = ""
    crowd: CrowdRow | None = None


class TemplateBeat(Document):
    """One beat of a template; roles are subject, target, instrument, source, last_target, cause and food."""

    who: str
    action: Name
    target: str | None = None
    instrument: str | None = None
    seconds: Seconds = Fraction(3)
    present: bool = False
    beside: bool = False
    because: int | str | None = None


class Template(Document):
    """How a verb becomes beats when subject and target fit; `only` some concepts of the family, when given."""

    verb: Name
    subject: Family
    only: tuple[Name, ...] = ()
    target: Family | None = None
    cause: Family | None = None
    source: bool = False
    beats: tuple[TemplateBeat, ...]


class Ending(Document):
    """A last beat that closes a story pattern."""

    after: Name
    if_done: Name
    subject: Family
    action: Name
    seconds: Seconds
    everyone: bool = False
