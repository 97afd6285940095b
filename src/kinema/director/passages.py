"""Passages: day turns to night, from dawn till dusk, 从白天到夜晚: one hour, weather or season that becomes another."""

from __future__ import annotations

from dataclasses import replace

from kinema.director.terms import Term

CHANGING = ("hours", "weathers", "seasons")  # tables whose rows may give way to one another within a film
BECOMES = frozenset({
    "to", "into", "till", "until", "through", "becomes", "become", "becoming",
    "到", "至", "变", "转", "入", "变成", "变为", "转为", "转成", "渐渐变", "直到", "进入", "转入",
})  # fmt: skip
BETWEEN = ("relations", "connectives", "ignored", "determiners", "actions", "manners", "possessives")
FARTHEST = 5  # terms between the two


def passages(terms: list[Term]) -> list[Term]:
    """The terms without what stands between two such words, the second of which is marked to come after the first."""
    joined: list[Term] = []
    place = 0
    while place < len(terms):
        joined.append(terms[place])
        onward = _second(terms, place)
        if onward is not None:
            terms = [*terms[:onward], replace(terms[onward], passes=True), *terms[onward + 1 :]]
        place = onward or place + 1
    return joined


def _comes(text: str) -> bool:
    """春去秋来: the second season comes."""
    return text.endswith("来") and len(text) > 1


def _second(terms: list[Term], place: int) -> int | None:
    """Where the word stands that the one at this place gives way to."""
    first = terms[place].sense(*CHANGING)
    if first is None:
        return None
    becomes = False
    for onward in range(place + 1, min(place + 2 + FARTHEST, len(terms))):
        second = terms[onward].sense(first.table)
        if second is not None:
            becomes = becomes or _comes(terms[onward].text)
            return onward if becomes and second.row.id != first.row.id else None
        if terms[onward].kind != "known" or not (terms[onward].sense(*BETWEEN) or not terms[onward].senses):
            return None
        becomes = becomes or not BECOMES.isdisjoint(terms[onward].text.split())
    return None
