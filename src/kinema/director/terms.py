"""Terms: a prompt cut into the phrases the lexicon knows, words it does not know, and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kinema.director.english import Form, base_forms
from kinema.director.lexicon import Node, Sense, trie
from kinema.director.rows import Determiner
from kinema.schema.storyboard import Language

SHOT = "¶"  # ends a sentence, and a further shot of a list begins
STOPS = frozenset(".!?;:。！？；：¶")  # end a sentence
PAUSES = frozenset(",，—–")  # end a clause, or part items of a list
MEASURES = frozenset("个只位名辆条头匹")  # stand between a Chinese number and its noun
LISTS = frozenset("、")  # part items of a list, never clauses
PARTICLES = frozenset({"up", "off", "out", "quiet"})  # may stand after the object: hold the cat off
SHORTENED = re.compile(r"\b(you|we|they|he|she|it|I)['’](re|s|m|ll|ve|d)\b", re.IGNORECASE)
IN_FULL = {"re": "are", "s": "is", "m": "am", "ll": "will", "ve": "", "d": "would"}
PARTICLE_REACH = 5  # words between a verb and its particle
MANY = 400  # the most of anybody that can be cast
Names = Mapping[str, Sense]
UNKNOWN_COST, TERM_COST = 10, 1  # cutting Chinese: a character left over weighs more than a further term


@dataclass(frozen=True)
class Term:
    """A phrase of the prompt. senses is empty for unknown words and punctuation."""

    text: str
    kind: Literal["known", "unknown", "stop", "pause", "list"]
    senses: tuple[Sense, ...] = ()
    form: Form = "base"
    passes: bool = False  # an hour or weather that the one before it gives way to

    @property
    def plural(self) -> bool:
        """Written as a plural."""
        return self.form == "s"

    def sense(self, *tables: str) -> Sense | None:
        """The first sense that belongs to one of these tables."""
        return next((sense for table in tables for sense in self.senses if sense.table == table), None)


def language_of(text: str) -> Language:
    """Chinese when at least a fifth of the letters are Chinese characters, English otherwise."""
    letters = [c for c in text if c.isalpha()]
    chinese = sum("一" <= c <= "鿿" for c in letters)
    return "zh" if letters and chinese * 5 >= len(letters) else "en"


def cut(text: str, language: Language, names: Names = MappingProxyType({})) -> list[Term]:
    """The terms of a prompt, in order. names: what words stand for that are names in this prompt, in lower case."""
    return list(_cut_chinese(text, names)) if language == "zh" else _cut_english(text, names)


def _number(digits: str) -> Term:
    """Digits: a number of somebody or something."""
    number = min(int(digits), MANY)
    row = Determiner(id="number", number=number)
    return Term(digits, "known", (Sense("determiners", row),))


def _mark(text: str) -> Term:
    kind: Literal["stop", "pause", "list"] = "stop" if text in STOPS else "pause" if text in PAUSES else "list"
    return Term(text, kind)


def _cut_english(text: str, names: Names) -> list[Term]:
    text = SHORTENED.sub(lambda match: f"{match[1]} {IN_FULL[match[2].lower()]}", text)
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d+(?:mm\b|d\b)?|[^\sa-z0-9'\"()\-]", text.lower().replace("’", "'"))
    terms: list[Term] = []
    taken: set[int] = set()  # particles already read with their verb
    i = 0
    while i < len(words):
        word = words[i]
        if i in taken:
            i += 1
        elif not word[0].isalnum():
            terms.append(_mark(word) if word in STOPS | PAUSES | LISTS else Term(word, "pause"))
            i += 1
        elif word.isdigit():
            terms.append(_number(word))
            i += 1
        else:
            term, length = _longest_english(words, i)
            if length == 1 and (named := names.get(word.removesuffix("'s"))) is not None:
                term = Term(word.removesuffix("'s"), "known", (named,))
            if length == 1 and (particle := _later_particle(words, i)) is not None:
                verb, taken = particle[0], taken | {particle[1]}
                term = verb
            terms.append(term)
            i += length
    return terms


def _longest_english(words: list[str], start: int) -> tuple[Term, int]:
    """The longest phrase from there, with every sense it has, and how many words it takes."""
    states: list[tuple[Node, Form]] = [(trie("en"), "base")]
    best = (Term(words[start].removesuffix("'s"), "unknown"), 1)
    for length, word in enumerate(words[start : start + 8], 1):
        states = list(_onward(states, word))
        if not states:
            break
        senses = [sense for node, _ in states for sense in node.senses]
        if senses:
            form = next(form for node, form in states if node.senses)
            unique = tuple(dict.fromkeys((sense.table, sense.row.id) for sense in senses))
            kept = tuple(next(s for s in senses if (s.table, s.row.id) == key) for key in unique)
            best = (Term(" ".join(words[start : start + length]), "known", kept, form), length)
    return _without_verb(words, start, best)


def _without_verb(words: list[str], start: int, found: tuple[Term, int]) -> tuple[Term, int]:
    """A dragon dances: the plural of a noun of two words may be a shorter noun and its verb."""
    term, length = found
    if length == 1 or not (term.plural and term.sense("concepts")):
        return found
    last, _ = _longest_english(words[start + length - 1 : start + length], 0)
    shorter, taken = _longest_english(words[start : start + length - 1], 0)
    return (shorter, taken) if last.sense("actions") and taken == length - 1 and shorter.sense("concepts") else found


def _onward(states: list[tuple[Node, Form]], word: str) -> Iterator[tuple[Node, Form]]:
    """The nodes a word leads to. The form kept is the one that tells most: an ending over none."""
    bases = base_forms(word.removesuffix("'s") if word not in trie("en").onward else word)
    for node, form in states:
        for base, ending in bases:
            if base in node.onward:
                yield node.onward[base], (form if ending == "base" else ending)


def _later_particle(words: list[str], verb: int) -> tuple[Term, int] | None:
    """The phrasal verb whose particle comes after its object (hold the cat off), and the particle's place."""
    for place in range(verb + 2, min(verb + 2 + PARTICLE_REACH, len(words))):
        if not words[place][0].isalnum() or (
            words[place] in {"and", "to", "the"} and place == verb + 2 + PARTICLE_REACH
        ):
            return None
        if words[place] in PARTICLES:
            phrase, length = _longest_english([words[verb], words[place]], 0)
            return (phrase, place) if length == 2 and phrase.sense("actions") else None
    return None


def _cut_chinese(text: str, names: Names) -> Iterator[Term]:
    """The cheapest way through: fewest characters left over, then fewest terms."""
    text = re.sub(r"\s+", "", text)
    lower = text.lower()
    best: list[tuple[int, int]] = [(0, 0)] * (
        len(text) + 1
    )  # (cost from here, length of the first piece; 0: left over)
    for i in range(len(text) - 1, -1, -1):
        best[i] = (best[i + 1][0] + UNKNOWN_COST, 0)
        for length in (*_chinese_lengths(lower, i), *(len(name) for name in names if lower.startswith(name, i))):
            best[i] = min(best[i], (best[i + length][0] + TERM_COST, length), key=lambda piece: (piece[0], -piece[1]))
    i, unknown = 0, ""
    while i < len(text):
        if not unknown and (digits := re.match(r"\d+", text[i:])):
            yield _number(digits[0])
            i += len(digits[0])
            i += text[i : i + 1] in MEASURES
            continue
        length = best[i][1]
        if text[i].isalnum() and (not length or (length == 1 and _in_strange_word(lower, i, best, unknown))):
            unknown += text[i]
        else:
            if unknown:
                yield Term(unknown, "unknown")
                unknown = ""
            if length:
                phrase = lower[i : i + length]
                named = names.get(phrase)
                senses = (named,) if named else tuple(_chinese_node(phrase).senses)
                yield Term(text[i : i + length], "known", senses)
            else:
                yield _mark(text[i]) if text[i] in STOPS | PAUSES | LISTS else Term(text[i], "list")
        i += length or 1
    if unknown:
        yield Term(unknown, "unknown")


def _in_strange_word(text: str, i: int, best: list[tuple[int, int]], unknown: str) -> bool:
    """A character that says a sex, but in a word nobody knows: 雄伟, 英雄."""
    if any(sense.table != "sexes" for sense in _chinese_node(text[i]).senses):
        return False
    length = best[i + 1][1] if i + 1 < len(text) else 0
    if not length:
        return bool(unknown) or (i + 1 < len(text) and text[i + 1].isalnum())
    onward = _chinese_node(text[i + 1 : i + 1 + length]).senses
    return bool(unknown) and not any(sense.table in ("concepts", "others") for sense in onward)


def _chinese_lengths(text: str, start: int) -> Iterator[int]:
    node = trie("zh")
    for length, character in enumerate(text[start:], 1):
        if character not in node.onward:
            return
        node = node.onward[character]
        if node.senses:
            yield length


def _chinese_node(phrase: str) -> Node:
    node = trie("zh")
    for character in phrase:
        node = node.onward[character]
    return node
