"""Which of a word's senses is meant here: "her" before a noun, "dance" after an article, "light" as a verb."""

from __future__ import annotations

from kinema.director.lexicon import Sense
from kinema.director.terms import Term

THINGS = ("concepts", "garments", "parts", "sets", "features", "hours", "weathers", "seasons", "occasions", "media")
QUALITIES = ("colours", "materials", "lengths", "sizes", "traits", "sexes", "feelings", "manners", "grades",
             "palettes", "moods")  # fmt: skip
LAST = ("ignored", "others")  # senses to take only when there is no better one
OPENERS = ("determiners", "possessives")
DE = "的"


def choose(terms: list[Term], place: int, before: Sense | None) -> Sense | None:
    """The sense meant at that place, given the sense chosen just before it. None for unknown words and punctuation."""
    term = terms[place]
    if term.passes and (fact := term.sense("hours", "weathers", "seasons")):
        return fact  # winter turns to spring: nobody jumps
    if sex := term.sense("sexes"):
        own = term.sense("concepts")
        return own if (own and is_de(terms, place + 1)) or not _noun_ends(terms, place + 1) else sex
    if len(term.senses) < 2:
        return term.senses[0] if term.senses else None
    if possessive := term.sense("possessives"):
        owns = _opens_noun(terms, place + 1) or _counts_noun(terms, place + 1, before)
        return possessive if owns else term.sense("pronouns")
    if term.sense("relations") and term.sense("connectives"):
        return _joining(terms, place, before)
    if term.sense("pronouns") and term.sense("determiners"):
        return term.sense("determiners" if _opens_noun(terms, place + 1) else "pronouns")
    if (company := term.sense("relations")) and company.row.role == "companion" and term.sense("actions"):
        return company if _somebody_follows(terms, place + 1) else term.sense("actions")
    if term.sense("relations") and (crossing := term.sense("actions")):
        goes = _goes_otherwise(terms, place) if crossing.row.travel else _light_verb_follows(terms, place + 1)
        return term.sense("relations") if goes else crossing
    thing, verb = term.sense(*THINGS, *QUALITIES), term.sense("actions") or _unshown(term)
    if thing and verb:
        return thing if _is_noun_here(terms, place, before) else verb
    return min(term.senses, key=lambda sense: LAST.index(sense.table) if sense.table in LAST else -1)


def has(terms: list[Term], place: int, *tables: str) -> bool:
    """The term there exists and may be of one of the tables."""
    return 0 <= place < len(terms) and terms[place].sense(*tables) is not None


def is_de(terms: list[Term], place: int) -> bool:
    """There stands 的."""
    return 0 <= place < len(terms) and terms[place].text == DE


def _past(terms: list[Term], place: int, *tables: str) -> int:
    """The first place from there on that is none of the tables, nor 的, nor a word that says nothing."""
    while place < len(terms) and (
        has(terms, place, *tables) or is_de(terms, place) or (terms[place].kind == "known" and not terms[place].senses)
    ):
        place += 1
    return place


def _noun(terms: list[Term], place: int) -> Sense | None:
    """Somebody or something that is named there, be it only a word for what cannot be shown."""
    found = terms[place].sense("concepts", "others") if place < len(terms) else None
    return found if found is not None and (found.table == "concepts" or found.row.noun) else None


def _noun_ends(terms: list[Term], place: int) -> bool:
    """A noun ends the run of qualities: a female slow dancer, and not: a female slowly dances."""
    return _noun(terms, _past(terms, place, *QUALITIES)) is not None


def _opens_noun(terms: list[Term], place: int) -> bool:
    return has(terms, place, *THINGS, *QUALITIES) or (
        has(terms, place, "actions") and has(terms, place + 1, *THINGS, *QUALITIES)
    )


def _counts_noun(terms: list[Term], place: int, before: Sense | None) -> bool:
    """Her two cats; but: gives her two treats."""
    number = terms[place].sense("determiners") if place < len(terms) else None
    given = before is not None and before.table == "actions" and before.row.object == "instrument"
    return number is not None and number.row.number > 1 and not given and _opens_noun(terms, place + 1)


def _unshown(term: Term) -> Sense | None:
    """A deed that the stage cannot show: a chef cooks."""
    return next((sense for sense in term.senses if sense.table == "others" and not sense.row.noun), None)


def _joining(terms: list[Term], place: int, before: Sense | None) -> Sense | None:
    """A word that may be preposition or conjunction: "to hold", "和"."""
    term = terms[place]
    if has(terms, place + 1, "actions") and not has(terms, place + 1, "determiners", *THINGS):
        return term.sense("connectives")
    companion = term.sense("relations")
    if companion and companion.row.id == "together_with" and before and before.table in (*THINGS, *QUALITIES):
        return term.sense("connectives")
    return companion


def _somebody_follows(terms: list[Term], place: int) -> bool:
    """带着枕头和三只小狗: who is brought along, and be it with things, goes along; things alone are carried."""
    place = _past(terms, place, *OPENERS, *QUALITIES, "pronouns")
    while found := _noun(terms, place):
        owns = is_de(terms, place + 1)
        if not owns and found.row.family in ("person", "quadruped"):
            return True
        if not owns and not has(terms, place + 1, "connectives") and not _is_list(terms, place + 1):
            return False
        place = _past(terms, place + 2, *OPENERS, *QUALITIES, "pronouns")
    return has(terms, place - 1, "pronouns")


def _is_list(terms: list[Term], place: int) -> bool:
    return place < len(terms) and terms[place].kind == "list"


def _light_verb_follows(terms: list[Term], place: int) -> bool:
    """给…投射: the word here is a preposition to a verb of light, not a verb of its own."""
    while place < len(terms) and terms[place].kind == "known":
        verb = terms[place].sense("actions")
        if verb is not None:
            return bool(verb.row.kind == "light")
        place += 1
    return False


def _goes_otherwise(terms: list[Term], place: int) -> bool:
    """穿过 with a verb of its own, before it or behind, or with no subject beside it in the clause: a preposition."""
    begin, end = place, place + 1
    while begin and terms[begin - 1].kind == "known":
        begin -= 1
    while end < len(terms) and terms[end].kind == "known":
        end += 1
    before = [term for term in terms[begin:place] if not term.sense("ignored", "connectives", "manners")]
    named = not before or any(term.sense("concepts", "pronouns") for term in before)
    return not named or any(term.sense("actions") for term in (*terms[begin:place], *terms[place + 1 : end]))


def _is_noun_here(terms: list[Term], place: int, before: Sense | None) -> bool:
    if before is not None and before.table == "connectives" and has(terms, place + 1, *OPENERS, "pronouns"):
        return False
    if terms[place].form in ("ing", "ed"):
        return before is not None and before.table in OPENERS
    if before is None:
        return not has(terms, place + 1, *OPENERS)
    if before.table in (*OPENERS, *QUALITIES, "relations", "negations"):
        return True
    if before.table == "features" and terms[place].sense("features"):  # steep bends
        return True
    return before.table not in (*THINGS, "pronouns", "ignored")
