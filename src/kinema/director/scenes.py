"""Scenes: where a prompt goes to another place, another hour or another weather, and what is said of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from kinema.director.lexicon import lexicon
from kinema.director.passages import CHANGING
from kinema.director.reading import Fact, Reading, SetWord
from kinema.director.rows import Row
from kinema.director.whereabouts import sets_of

ALIKE = ({"dawn", "morning"},)  # hours that a prompt may call by both names


@dataclass
class SceneWords:
    """The clause a scene begins with, the nouns that say where it is, and its hour and weather by table.

    goes_on: it is the place of the one before, and whatever went on there still does.
    """

    clause: int
    words: list[SetWord] = field(default_factory=list)
    said: dict[str, Row] = field(default_factory=dict)
    goes_on: bool = False


def find_scenes(reading: Reading, acting: Collection[int], cuts: Collection[int] = ()) -> list[SceneWords]:
    """The scenes of a reading. acting: the clauses in which somebody does something; cuts: those that begin a scene.

    A clause that acts in a set unlike the one before begins a scene; so does an hour or a weather that differs from the
    one before, or that comes up, between two deeds, or gives way to another while something is done.
    """
    scenes = [SceneWords(0)]
    turned: set[str] = set()
    facts = [fact for fact in reading.facts if fact.table in CHANGING]
    words = [SetWord(word.row, _told(word.clause, acting, reading)) for word in (*reading.sets, *_led(reading, acting))]
    marks: list[SetWord | Fact | int] = sorted((*facts, *words, *cuts), key=_clause)
    for mark in marks:
        here = scenes[-1]
        if isinstance(mark, int):
            if mark > here.clause:
                scenes.append(SceneWords(mark, goes_on=True))
        elif isinstance(mark, SetWord):
            if _moves(scenes, mark, acting, reading):
                scenes.append(SceneWords(mark.clause))
            scenes[-1].words.append(mark)
        else:
            passes = mark.passes or _falls(here, mark, acting, reading)
            if passes or _changes(here, mark, acting):
                turned.add(mark.table)
                begins = _after(mark.clause, acting) if passes else mark.clause
                scenes.append(SceneWords(max(begins, here.clause), goes_on=passes))
            scenes[-1].said.setdefault(mark.table, mark.row)
    _inherit(scenes, turned, reading)
    return scenes


def _clause(mark: SetWord | Fact | int) -> int:
    return mark if isinstance(mark, int) else mark.clause


def _told(clause: int, acting: Collection[int], reading: Reading) -> int:
    """The clause that a place is said of: in the kitchen, he eats. A heading is said of what comes next."""
    sentence = _sentence(clause, reading)
    if clause in acting or any(c <= clause and _sentence(c, reading) == sentence for c in acting):
        return clause
    told = {event.clause for event in reading.events}
    heading = not any(_sentence(c, reading) == sentence for c in told) and any(c < clause for c in acting)
    ahead = [c for c in acting if c > clause and (heading or _sentence(c, reading) == sentence)]
    return min(ahead, default=clause)


def _led(reading: Reading, acting: Collection[int]) -> list[SetWord]:
    """The places that deeds lead to: who goes home does at home what comes next, unless that names a place."""
    named = {word.clause for word in reading.sets}
    led = []
    for event in reading.events:
        following = min((c for c in acting if c > event.clause), default=None)
        if event.row.leads and following is not None and following not in named:
            led.append(SetWord(lexicon().row("sets", event.row.leads), following))
    return led


def _sentence(clause: int, reading: Reading) -> int:
    return reading.sentences[clause] if clause < len(reading.sentences) else -1


def _moves(scenes: list[SceneWords], word: SetWord, acting: Collection[int], reading: Reading) -> bool:
    """Somebody acts in a place unlike the one before, and no scene begins there anyway."""
    here = next((scene.words for scene in reversed(scenes) if scene.words), [])
    if here:
        elsewhere = not _same_set(here, word, reading)
        return elsewhere and word.clause in acting and word.clause > max(here[-1].clause, scenes[-1].clause)
    begun = [clause for clause in acting if clause < word.clause]
    implied = _implied(reading, word.clause)
    elsewhere = implied is not None and _kind(implied) != _kind(sets_of(word, reading))
    return bool(begun) and elsewhere and word.clause in acting and word.clause > scenes[-1].clause


def _implied(reading: Reading, before: int) -> str | None:
    """The set of what was done before a clause, where no noun names one: a street in London, a bed for who sleeps."""
    homes = (event.row.home for event in reading.events if event.clause < before)
    return next((home for home in homes if home), None) or next((f.set for f in reading.features if f.set), None)


def _differs(here: SceneWords, fact: Fact) -> bool:
    said = here.said.get(fact.table)
    return said is not None and said.id != fact.row.id and {said.id, fact.row.id} not in ALIKE


def _changes(here: SceneWords, fact: Fact, acting: Collection[int]) -> bool:
    """Something was done before it became so, and something is done after."""
    before = any(here.clause <= clause < fact.clause for clause in acting)
    after = any(clause >= fact.clause for clause in acting)
    said = here.said.get(fact.table)
    return before and after and (_differs(here, fact) or (said is None and fact.turns))


def _falls(here: SceneWords, fact: Fact, acting: Collection[int], reading: Reading) -> bool:
    """Night falls when all is done that is told: another hour, in a sentence of its own."""
    before = [clause for clause in acting if clause < fact.clause]
    later = bool(before) and not any(clause >= fact.clause for clause in acting)
    own = later and _sentence(fact.clause, reading) != _sentence(max(before), reading)
    return fact.table == "hours" and own and _differs(here, fact)


def _after(clause: int, acting: Collection[int]) -> int:
    """The clause behind what is done while an hour gives way to another."""
    done = [c for c in acting if c <= clause]
    return max(clause, min(acting, default=clause) if not done else clause) + 1


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
