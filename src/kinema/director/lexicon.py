"""The lexicon: the director's bilingual tables, read from YAML and checked row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field, model_validator

from kinema.schema.document import Document
from kinema.schema.storyboard import Angle, Medium, Move, Name, Side, Size
from kinema.schema.tables import parsed
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
    `kin`: an animal's is an animal.
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
    crowd: bool = False
    group: bool = False
    member: Name | None = None
    food: bool = False
    held: bool = False
    kin: bool = False
    assumed: bool = False
    feature: Name | None = None


class Action(Row):
    """A verb: what each family does for it, how long that takes and how it wants to be seen.

    `home`: the set it happens in when no place is named; `feature`: what it says of the set; `asks_camera`: the camera
    row it is when a sentence begins with it; `pursues`: its target is on the way too.
    """

    kind: Literal["act", "wear", "carry", "feel", "find", "want", "light"] = "act"
    stage: dict[Family, Name] = Field(default_factory=dict)
    seconds: Seconds
    sustained: bool = False
    travel: bool = False
    pursues: bool = False
    reaction: bool = False
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

    `kind`: the id in the wardrobe, when that is not the row's own; `worn_by`: the same by the wearer's sex; `length`:
    when its words tell it.
    """

    kind: Name | None = None
    worn_by: dict[Gender, Name] = Field(default_factory=dict)
    length: Literal["", "short", "long"] = ""
    carried: bool = False
    face: bool = False


class Part(Row):
    """A part of a subject that can have a colour of its own; a coloured `garment` part is worn."""

    family: Family | None = None
    garment: Name | None = None


class SetRow(Row):
    """A noun that chooses a set; the heaviest wins."""

    set: Name | None = None
    weight: int
    vehicle_set: Name | None = None
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


TABLES: dict[str, tuple[str, type[Row]]] = {  # table -> file that holds it, model of its rows
    "concepts": ("concepts", Concept),
    "actions": ("actions", Action),
    "colours": ("attributes", Row),
    "materials": ("attributes", Material),
    "lengths": ("attributes", Row),
    "sizes": ("attributes", Row),
    "traits": ("attributes", Row),
    "sexes": ("attributes", Row),
    "feelings": ("attributes", Row),
    "manners": ("attributes", Row),
    "garments": ("attributes", GarmentRow),
    "parts": ("attributes", Part),
    "sets": ("places", SetRow),
    "features": ("places", Feature),
    "hours": ("places", Row),
    "weathers": ("places", Weather),
    "seasons": ("places", Row),
    "media": ("looks", MediumRow),
    "moods": ("looks", Row),
    "grades": ("looks", GradeRow),
    "palettes": ("looks", Row),
    "camera": ("camera", CameraRow),
    "occasions": ("story", Occasion),
    "determiners": ("words", Determiner),
    "pronouns": ("words", Pronoun),
    "possessives": ("words", Pronoun),
    "relations": ("words", RelationRow),
    "connectives": ("words", Connective),
    "negations": ("words", Row),
    "ignored": ("words", Row),
    "others": ("others", Other),
}


@dataclass(frozen=True)
class Sense:
    """One meaning of a word: a row of a table, of that table's model."""

    table: str
    row: Any


@dataclass
class Node:
    """A trie node: words (English) or characters (Chinese) onwards, and the senses of what ends here."""

    onward: dict[str, Node] = field(default_factory=dict)
    senses: list[Sense] = field(default_factory=list)


class Lexicon(Document):
    """Every table, by name."""

    tables: dict[str, tuple[Row, ...]]
    templates: tuple[Template, ...]
    endings: tuple[Ending, ...]
    defaults: tuple[SetDefaults, ...]

    @model_validator(mode="after")
    def _no_word_is_two_rows(self) -> Lexicon:
        for table, rows in self.tables.items():
            for language in ("en", "zh"):
                seen: dict[str, str] = {}
                for row in rows:
                    for word in getattr(row, language):
                        if word.lower() in seen:
                            raise ValueError(
                                f"{table}: {word!r} is listed in {seen[word.lower()]} and {row.id}; keep one"
                            )
                        seen[word.lower()] = row.id
        return self

    def row(self, table: str, name: str) -> Any:
        """The row of that id. KeyError if there is none."""
        return _by_id(table)[name]

    def senses(self) -> Iterator[Sense]:
        """Every row with its table."""
        for table, rows in self.tables.items():
            for row in rows:
                yield Sense(table, row)


def read_table(file: str) -> Any:
    """One YAML file of the director's data folder, parsed."""
    text = (files("kinema.director") / "data" / f"{file}.yaml").read_text(encoding="utf-8")
    return parsed(text)


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once. ValidationError names the row that is wrong."""
    documents = {file: read_table(file) for file, _ in TABLES.values()}
    tables: dict[str, tuple[Row, ...]] = {}
    for table, (file, model) in TABLES.items():
        document = documents[file]
        rows = document[table] if isinstance(document, dict) else document
        tables[table] = tuple(model.model_validate(row) for row in rows)
    story = documents["story"]
    return Lexicon(
        tables=tables,
        templates=tuple(Template.model_validate(row) for row in story["templates"]),
        endings=tuple(Ending.model_validate(row) for row in story["endings"]),
        defaults=tuple(SetDefaults.model_validate(row) for row in documents["places"]["defaults"]),
    )


@cache
def _by_id(table: str) -> dict[str, Row]:
    return {row.id: row for row in lexicon().tables[table]}


@cache
def trie(language: str) -> Node:
    """All phrases of a language as one trie, over words for English and over characters for Chinese."""
    root = Node()
    for sense in lexicon().senses():
        for phrase in getattr(sense.row, language):
            steps = phrase.lower().replace("-", " ").split() if language == "en" else phrase.lower()
            node = root
            for step in steps:
                node = node.onward.setdefault(step, Node())
            node.senses.append(sense)
    return root
