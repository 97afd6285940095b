"""English word forms: which base forms a word may have, by suffix rules and a table of irregular ones."""

from __future__ import annotations

from functools import cache
from typing import Literal

from kinema.director.lexicon import read_table

Form = Literal["base", "s", "ing", "ed", "er"]
VOWELS = "aeiou"


@cache
def _irregular() -> dict[str, tuple[str, Form]]:
    table: dict[str, tuple[str, Form]] = {}
    document = read_table("english")
    for base, forms in document["plurals"].items():
        table |= dict.fromkeys(forms, (base, "s"))
    for base, forms in document["verbs"].items():
        for form in forms:
            table[form] = (base, "ing" if form.endswith("ing") else "s" if form.endswith("s") else "ed")
    return table


def base_forms(word: str) -> list[tuple[str, Form]]:
    """The base forms a lower-case word may have, itself first, each with the form that leads there."""
    found: list[tuple[str, Form]] = [(word, "base")]
    if word in _irregular():
        found.append(_irregular()[word])
    if len(word) > 3:
        found += _by_suffix(word)
    return found


def _by_suffix(word: str) -> list[tuple[str, Form]]:
    found: list[tuple[str, Form]] = []
    if word.endswith("ies"):
        found.append((word[:-3] + "y", "s"))
    if word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        found.append((word[:-2], "s"))
    if word.endswith("s") and not word.endswith("ss"):
        found.append((word[:-1], "s"))
    if word.endswith("ied"):
        found.append((word[:-3] + "y", "ed"))
    if word.endswith("ed"):
        found += [(base, "ed") for base in _stems(word[:-2])]
    if word.endswith("ing") and len(word) > 4:
        found += [(base, "ing") for base in _stems(word[:-3])]
    return found


def _stems(stem: str) -> list[str]:
    """The verbs a stem may belong to: walk-, lin(e)-, run(n)-."""
    stems = [stem, stem + "e"]
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in VOWELS:
        stems.append(stem[:-1])
    return stems
