"""Scenes: where a prompt goes to another place, another hour or another weather, and what is said of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from kinema.director.lexicon import Row
from kinema.director.reading import Fact, Reading, SetWord
from kinema.director.whereabouts import sets_of

CHANGING = ("hours", "weathers")  # tables whose rows may give way to one another within a film
ALIKE = ({"dawn", "morning"},)  # hours that a prompt may call by both names


@dataclass
class SceneWords:
    """The clause a scene begins with, the nouns that say where it is, and its hour and weather by table."""

    clause: int
    words: list[SetWord] = field(default_factory=list)
    said: dict[str, Row] = field(default_factory=dict)


def find_scenes(reading: Reading, acting: Collection[int]) -> list[SceneWords]:
    """The scenes of a reading. acting: the clauses in which somebody does something.

    A clause that acts in a set unlike the one before begins a scene; so does an hour or a weather that differs from the
    one before, or that comes up, between two deeds.
    """
    scenes = [SceneWords(0)]
    turned: set[str] = set()
    facts = [fact for fact in reading.facts if fact.table in CHANGING]
    marks: list[SetWord | Fact] = sorted((*facts, *reading.sets), key=lambda mark: mark.clause)
    for mark in marks:
        here = scenes[-1]
        if isinstance(mark, SetWord):
            if _moves(scenes, mark, acting, reading):
                scenes.append(SceneWords(mark.clause))
            scenes[-1].words.append(mark)
        else:
            if _changes(here, mark, acting):
                turned.add(mark.table)
                scenes.append(SceneWords(mark.clause))
            scenes[-1].said.setdefault(mark.table, mark.row)
    _inherit(scenes, turned, reading)
    return scenes


def _moves(scenes: list[SceneWords], word: SetWord, acting: Collection[int], reading: Reading) -> bool:
    """Somebody acts in a place unlike the one before, and no scene begins there anyway."""
    here = next((scene.words for scene in reversed(scenes) if scene.words), [])
    elsewhere = bool(here) and not _same_set(here, word, reading)
    return elsewhere and word.clause in acting and word.clause > max(here[-1].clause, scenes[-1].clause)


def _changes(here: SceneWords, fact: Fact, acting: Collection[int]) -> bool:
    """Something was done before it became so, and something is done after."""
    before = any(here.clause <= clause < fact.clause for clause in acting)
    after = any(clause >= fact.clause for clause in acting)
    said = here.said.get(fact.table)
    differs = said is not None and said.id != fact.row.id and {said.id, fact.row.id} not in ALIKE
    return before and after and (differs or (said is None and fact.turns))


def _inherit(scenes: list[SceneWords], turned: set[str], reading: Reading) -> None:
    """What is not said of a scene is as in the one before; what is said once and never changes holds for all."""
    for table in CHANGING:
        first = reading.first(table)
        if first is not None and table not in turned:
            scenes[0].said.setdefault(table, first)
    for before, scene in pairwise(scenes):
        scene.words = scene.words or list(before.words)
        scene.said = before.said | scene.said


def _same_set(here: list[SetWord], word: SetWord, reading: Reading) -> bool:
    """A mountain and the road over it are one place, and so are a street and the festival in it."""
    return any(_kind(sets_of(other, reading)) == _kind(sets_of(word, reading)) for other in here)


def _kind(name: str) -> str:
    return {"mountain_road": "mountain", "festival_street": "city_street"}.get(name, name)
