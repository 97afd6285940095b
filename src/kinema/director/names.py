"""Names: who is called by a name, and whom the name tells: Maria is a woman, Rex whoever was said to be called so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kinema.director.english import base_forms
from kinema.director.lexicon import Node, Sense, lexicon, read_table, trie
from kinema.director.rows import Concept
from kinema.schema.storyboard import Language

ALSO_ACTS = frozenset({"is", "was", "has", "who", "doesn't", "isn't", "never", "slowly", "quietly", "suddenly"})
COUNTED = "个只条辆件朵盏顶匹穿戴"  # behind these stands a thing: 一辆小红车 is a small red car
SEXES = {"woman": "female", "girl": "female", "man": "male", "boy": "male"}


def introduced(text: str) -> str:
    """English: whoever is introduced with a name is named by the noun alone, from then on as well: Rex is the dog."""
    for said, pattern in _introductions().items():
        for match in [*pattern.finditer(text)]:
            name = match["name"]
            if said != "named" and _senses(name.lower()) and name.lower() not in _listed("en"):
                continue  # the woman, Tokyo
            noun = _sexed(match["noun"], match["head"], name)
            noun = re.sub(r"^the\b", "a", noun) if said == "the dog" else noun
            text = text.replace(match[0], noun, 1)
            names = "|".join(re.escape(part) for part in (name, match["surname"]) if part)
            text = re.sub(rf"\b(?:{names})\b", f"the {match['head']}", text)
    return text


@cache
def _introductions() -> dict[str, re.Pattern[str]]:
    """What tells a noun and the name it goes by."""
    rows = [row for row in lexicon().tables["concepts"] if isinstance(row, Concept) and row.stage and not row.crowd]
    heads = "|".join(sorted((word for row in rows for word in row.en if word.isalpha()), key=len, reverse=True))
    name = r"(?P<name>[A-Z][a-z'’]+)(?:\s(?P<surname>[A-Z][a-z'’]+))?"
    head = rf"(?:[a-z-]+\s+){{0,4}}?(?P<head>{heads})"
    noun = rf"(?P<noun>\b(?i:an?|the|one|his|her|their|my|our)\s+{head})"
    return {
        "named": re.compile(rf"{noun},?\s+(?:named|called|by the name of|whose name is)\s+{name}"),
        "in apposition": re.compile(rf"\b{name},\s+{noun}\b"),
        "the dog": re.compile(rf"\b{name}\s(?P<noun>the\s{head})\b"),
        "beside it": re.compile(rf"{noun}\s{name}\b"),
    }


def _sexed(noun: str, head: str, name: str) -> str:
    """The noun with the sex that the name tells, where the noun tells none."""
    sex = SEXES.get(_listed("en").get(name.lower(), ""), "")
    row = next(sense.row for sense in _senses(head) if sense.table == "concepts")
    telling = row.family != "person" or row.crowd or (row.gender and not row.assumed)
    return noun if not sex or telling else f"{noun.removesuffix(head)}{sex} {head}"


def named(text: str, language: Language) -> tuple[str, dict[str, Sense]]:
    """The text without titles and surnames, and what each name in it stands for, by the name in lower case."""
    if language == "zh":
        listed = _listed("zh").items()
        return text, {name: _person(shown) for name, shown in listed if re.search(f"(?<![{COUNTED}]){name}", text)}
    found: dict[str, Sense] = {}
    text = _without_titles(text, found)
    surnames: list[str] = []
    before = None  # the name just before
    for match in re.finditer(r"\b[A-Za-z][A-Za-z'’]+\b", text):
        name = re.sub(r"['’]s$", "", match[0].lower())
        capital = match[0][0].isupper() and not match[0].isupper()
        shown = _listed("en").get(name)
        if before and capital and text[before.end() : match.start()] == " " and not _senses(name):
            surnames.append(match[0])  # Tom Smith is Tom
        elif shown is not None and name not in _ambiguous():
            found.setdefault(name, _person(shown))
        elif capital and (shown or not _senses(name)) and _acts(text, match):
            found.setdefault(name, _person(shown or "person"))
        before = match if name in found else None
    for name in surnames:
        text = re.sub(rf"(?<=\w)\s{name}\b", "", text)
    return text, found


def _without_titles(text: str, found: dict[str, Sense]) -> str:
    for shown, titles in read_table("names")["titles"].items():
        for match in re.finditer(rf"\b({'|'.join(titles)})\b\.?\s([A-Z][a-z]+)", text):
            if not _senses(match[1].lower()) or shown != "person":
                found[match[2].lower()] = _person(shown)
                text = text.replace(match[0], match[2])
    return text


def _acts(text: str, match: re.Match[str]) -> bool:
    """Whether the word is followed by what it does, or follows what is done to it."""
    after = re.match(r"(?:\s+[A-Z][a-z]+)?\s+([a-z']+)", text[match.end() :])
    before = re.search(r"([a-z]+)\s+$", text[: match.start()].lower())
    if after and (after[1] in ALSO_ACTS or any(_is_verb(after[1]))):
        return not (before and before[1] in ("in", "at", "of", "the", "a", "an", "to", "from", "through", "near"))
    return before is not None and (before[1] == "with" or any(_is_done_to(before[1])))


def _is_verb(word: str) -> Iterator[bool]:
    return (sense.table == "actions" and word.endswith(("s", "ed")) for sense in _senses(word))


def _is_done_to(word: str) -> Iterator[bool]:
    return (sense.table == "actions" and sense.row.object == "target" for sense in _senses(word))


def _senses(word: str) -> list[Sense]:
    """What a word alone may mean, in any of its forms."""
    nodes = (trie("en").onward.get(base, Node()) for base, _ in base_forms(word))
    return [sense for node in nodes for sense in node.senses]


def _person(shown: str) -> Sense:
    """Somebody of that concept who goes by a name of their own."""
    row: Concept = lexicon().row("concepts", shown)
    return Sense("concepts", row.model_copy(update={"assumed": True, "named": True, "sexed": bool(row.gender)}))


@cache
def _listed(language: Language) -> dict[str, str]:
    table = read_table("names")
    return {name: row["shown"] for row in (*table["people"], *table["words"]) for name in row.get(language, ())}


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(name for row in read_table("names")["words"] for name in row["en"])
