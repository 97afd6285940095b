"""Spelling: slips of the finger in English words, mended when only one word of the lexicon is a slip away."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from string import ascii_lowercase

from kinema.director.english import base_forms
from kinema.director.lexicon import Node, trie
from kinema.director.strangers import is_common
from kinema.schema.storyboard import Note

SHORTEST = 4  # letters: shorter words have too many neighbours


def mended(text: str, names: Collection[str] = ()) -> tuple[str, list[Note]]:
    """The text with every slip corrected, and a note for each. names: words that are right as they are."""
    notes: list[Note] = []
    for word in dict.fromkeys(re.findall(r"(?<!['’])\b[a-z]+\b(?!['’])", text.lower())):
        right = _right(word) if len(word) >= SHORTEST and not (word in names or _is_known(word)) else None
        if right is not None:
            text = re.sub(rf"\b{word}\b", right, text, flags=re.IGNORECASE)
            notes.append(Note(kind="assumed", text=f"read as {right}", words=word))
    return text, notes


def _right(word: str) -> str | None:
    """The one word it may be meant for; None when there are none or several, or it is a word of its own."""
    for slips in (_swapped(word), _doubled(word), _missing(word), _others(word)):
        found = [(slip, base) for slip in dict.fromkeys(slips) if slip[:1] == word[0] for base in _bases(slip)]
        if found:
            one = 1 in (len({slip for slip, _ in found}), len({base for _, base in found}))
            return found[0][0] if one and not is_common(word) else None
    return None


def _swapped(word: str) -> Iterator[str]:
    """Two letters in the wrong order."""
    for k in range(len(word) - 1):
        yield word[:k] + word[k + 1] + word[k] + word[k + 2 :]


def _doubled(word: str) -> Iterator[str]:
    """A letter written once instead of twice, or twice instead of once."""
    for k, letter in enumerate(word):
        yield word[:k] + letter + word[k:]
        if k and letter == word[k - 1]:
            yield word[:k] + word[k + 1 :]


def _missing(word: str) -> Iterator[str]:
    """A letter left out."""
    return (word[:k] + letter + word[k:] for k in range(len(word) + 1) for letter in ascii_lowercase)


def _others(word: str) -> Iterator[str]:
    """A letter too many, or another one."""
    for k in range(len(word)):
        yield word[:k] + word[k + 1 :]
        yield from (word[:k] + letter + word[k + 1 :] for letter in ascii_lowercase)


def _is_known(word: str) -> bool:
    return bool(_bases(word)) or any(
        base in trie("en").onward for base, form in base_forms(word) if form in ("base", "s")
    )


def _bases(word: str) -> list[str]:
    """The words of the lexicon that it is a form of."""
    forms = base_forms(word)
    return [base for base, form in forms if base in _vocabulary() and (form in ("base", "s") or _is_verb(base))]


def _is_verb(base: str) -> bool:
    """Only a verb has an -ing or an -ed: nobody is stoutting."""
    node = trie("en").onward.get(base, Node())
    return any(sense.table in ("actions", "others") for one in (node, *node.onward.values()) for sense in one.senses)


@cache
def _vocabulary() -> frozenset[str]:
    words: set[str] = set()
    nodes: list[Node] = [trie("en")]
    while nodes:
        node = nodes.pop()
        words |= {word for word in node.onward if word.isalpha() and len(word) >= SHORTEST}
        nodes += node.onward.values()
    return frozenset(words)
