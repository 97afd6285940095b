"""The lexicon: the director's bilingual tables, read from YAML and checked row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import model_validator

from kinema.director.rows import (
    Action,
    CameraRow,
    Concept,
    Connective,
    Determiner,
    Ending,
    Feature,
    GarmentRow,
    GradeRow,
    Material,
    MediumRow,
    Occasion,
    Other,
    Part,
    Pronoun,
    RelationRow,
    Row,
    SetDefaults,
    SetRow,
    Template,
    Weather,
)
from kinema.schema.document import Document
from kinema.schema.tables import parsed

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
