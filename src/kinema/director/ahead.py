"""Looking ahead: what the terms to come say about the one being read. Pure functions of the terms and a place."""

from __future__ import annotations

from kinema.director.lexicon import Sense
from kinema.director.roles import Clause
from kinema.director.rows import Action, Concept
from kinema.director.senses import OPENERS, QUALITIES, THINGS, choose, has, is_de
from kinema.director.terms import Term

ARTICLES = frozenset({"a", "an"})
OBLIQUE = frozenset({"her", "him", "them", "herself", "himself", "themselves", "hers"})
COPULAS = frozenset({"is", "are", "was", "were", "是"})


def noun_follows(terms: list[Term], place: int) -> bool:
    """Nothing but qualities stands between here and a noun."""
    return has(terms, _past(terms, place, *QUALITIES, "connectives"), *THINGS)


def lists_on(terms: list[Term], place: int) -> bool:
    """Chinese: a noun, and a further one with its number: 一男一女."""
    return not terms[place].text.isascii() and has(terms, place - 1, "concepts")


def lists_garment(terms: list[Term], place: int) -> bool:
    """A further garment of a list begins here."""
    while has(terms, place, *QUALITIES, *OPENERS, "connectives") and not has(terms, place, "actions"):
        place += 1
    return has(terms, place, "garments")


def opens_clause(terms: list[Term], place: int) -> bool:
    """From here on a noun phrase of its own is followed by its verb before the clause ends."""
    noun = False
    while place < len(terms) and terms[place].kind == "known":
        sense = choose(terms, place, None)
        if sense is None or sense.table == "connectives":
            return False
        if sense.table == "actions":
            return noun and not is_de(terms, place + 1)
        noun = noun or sense.table in ("concepts", "pronouns")
        place += 1
    return False


def belongs_forward(terms: list[Term], place: int) -> bool:
    """Chinese: a list of garments ends in 的 and a noun, which is what they belong to."""
    listed = False
    while (
        has(terms, place, "garments", "connectives", *QUALITIES, "parts", "determiners")
        or _wears(terms, place)
        or (place < len(terms) and terms[place].kind == "list")
        or (listed and (has(terms, place, "actions") or has(terms, place, "ignored")))
    ):
        listed = listed or terms[place].kind == "list"
        place += 1
    return is_de(terms, place) and _head(terms, place + 1, "concepts")


def _wears(terms: list[Term], place: int) -> bool:
    verb = terms[place].sense("actions") if place < len(terms) else None
    return verb is not None and verb.row.kind in ("wear", "carry")


def head_follows(terms: list[Term], place: int) -> bool:
    """Chinese: this verb stands in a relative clause, whose noun comes after 的."""
    while place < len(terms) and terms[place].kind in ("known", "list"):
        before = terms[place - 1].sense("concepts")
        held = before is not None and before.row.family == "prop"
        if is_de(terms, place) and (held or has(terms, place - 1, "actions", "garments", "parts", "sets", "others")):
            return _head(terms, place + 1, "concepts")
        place += 1
    return False


def is_postposition(terms: list[Term], place: int) -> bool:
    """Chinese: the noun before is a place: 月下."""
    relation = terms[place].sense("relations") if place < len(terms) and not terms[place].text.isascii() else None
    return relation is not None and relation.row.role == "where"


def describes_next(terms: list[Term], place: int, before: Sense | None, clause: Clause) -> bool:
    """A sleeping owner, 熟睡的主人: the verb here describes the noun behind it."""
    if is_de(terms, place + 1):
        return _head(terms, place + 2, "concepts", "garments")
    verb = terms[place].sense("actions")
    alone = verb is not None and not verb.row.object
    if verb is not None and verb.row.kind in ("wear", "carry"):  # they run about carrying lanterns
        return False
    if terms[place].form not in ("ing", "ed"):  # 拍打熟睡女人: a verb still waits for its object
        waits = clause.event is not None and clause.event.row.object == "target" and not clause.event.targets
        return (
            alone and waits and has(terms, place + 1, "concepts") and before is not None and before.table == "actions"
        )
    if before is None and clause.subjects:
        return False
    opened = before is None or before.table in (*OPENERS, *QUALITIES, "relations")
    opened = opened or (before is not None and before.table == "connectives" and alone)
    return opened and has(terms, _past(terms, place + 1, *QUALITIES), *THINGS)


def _past(terms: list[Term], place: int, *tables: str) -> int:
    """The first place from there on that is none of the tables."""
    while has(terms, place, *tables):
        place += 1
    return place


def _head(terms: list[Term], place: int, *tables: str) -> bool:
    return has(terms, _past(terms, place, *QUALITIES, "determiners"), *tables)


def describes_object(terms: list[Term], place: int, row: Action, clause: Clause) -> bool:
    """Whether the verb here is the state of the object, not a further deed of the subject: she waves at a cat sitting
    there."""
    event = clause.event
    if event is None or clause.last is None or clause.last in clause.subjects or not row.sustained:
        return False
    watched = event.row.object == "target" and event.row.sustained  # she watches it sleep
    return (terms[place].form == "ing" or watched) and has(terms, place - 1, "concepts")


def stands_alone(terms: list[Term], place: int) -> bool:
    """ "One", "the other", 一个: a number with no noun of its own, which means one of those named before."""
    if terms[place].text in ARTICLES:
        return False
    onward = _past(terms, place + 1, *QUALITIES, "materials", "lengths")
    if onward >= len(terms) or terms[onward].kind != "known":
        return onward >= len(terms) or terms[onward].kind in ("pause", "stop")
    if onward > place + 1 and (further := terms[onward].sense("determiners")) and further.row.number == 1:
        return True  # 一只大一只小
    if has(terms, onward, *THINGS, *OPENERS, "others", "connectives") and not has(terms, onward, "actions"):
        return onward > place + 1 and has(terms, onward, "connectives")
    return not (head_follows(terms, place + 1) or describes_next(terms, onward, terms[place].senses[0], Clause()))


def tells_apart(terms: list[Term], place: int) -> bool:
    """ "The other" is spoken of further on: one of several is meant here, and not one more."""
    onward = (sense for term in terms[place + 1 :] if (sense := term.sense("determiners")))
    return any(sense.row.other or sense.row.ordinal for sense in onward)


def comes_after(terms: list[Term], place: int) -> bool:
    """Chinese: an hour, and behind it a word for after: 天亮后."""
    onward = terms[place + 1] if place + 1 < len(terms) else None
    sense = onward.sense("connectives") if onward is not None and not onward.text.isascii() else None
    return sense is not None and sense.row.sequence


def of_several(terms: list[Term], place: int) -> str:
    """ "named" for one of the two men, "met" for two of them; empty when it is neither."""
    if not (place + 2 < len(terms) and terms[place + 1].text == "of"):
        return ""
    if has(terms, place + 2, "pronouns") and not has(terms, place + 3, "concepts"):
        return "met"
    onward = _past(terms, place + 2, *OPENERS, *QUALITIES)
    return "named" if onward > place + 2 and has(terms, onward, "concepts") else ""


def names_film(terms: list[Term], place: int) -> bool:
    """The noun only says what a film is about: a car commercial."""
    onward = terms[place + 1].senses if place + 1 < len(terms) else ()
    return terms[place].form == "base" and any(s.table == "ignored" and s.row.id == "wrapper" for s in onward)


def in_apposition(terms: list[Term], place: int) -> bool:
    """The noun phrase that ends here stands between a comma that follows a noun and no further member of a list."""
    before = place
    while before and terms[before - 1].kind != "pause":
        before -= 1
        if terms[before].kind == "stop" or (terms[before].sense("concepts") and before != place):
            return False
    while before and terms[before - 1].kind == "pause":
        before -= 1
    return has(terms, before - 1, "concepts") and not _last_of_list(terms, place + 1)


def lists_people(terms: list[Term], comma: int) -> bool:
    """A noun stands before this comma, and behind it come further ones, the last of them behind "and"."""
    place = comma
    if not has(terms, place - 1, "concepts"):
        return False
    while place < len(terms) and terms[place].kind == "pause":
        place = _past(terms, place + 1, *OPENERS, *QUALITIES)
        if not has(terms, place, "concepts"):
            return has(terms, place, "connectives") and _last_of_list(terms, place)
        place += 1
    return _last_of_list(terms, place)


def _last_of_list(terms: list[Term], place: int) -> bool:
    """Behind a noun phrase there are "and" and one noun more."""
    while place < len(terms) and terms[place].kind == "known" and not has(terms, place, "actions", "connectives"):
        place += 1
    joined = terms[place].sense("connectives") if place < len(terms) else None
    noun = _past(terms, place + 1, *OPENERS, *QUALITIES)
    return joined is not None and joined.row.list and has(terms, noun, "concepts")


def names_kind(terms: list[Term], place: int, row: Concept) -> bool:
    """A noun that only says of which kind the next one is: a corgi puppy."""
    head = terms[place + 1].sense("concepts") if place + 1 < len(terms) else None
    plural = terms[place].plural or terms[place].text.endswith("'s")
    return head is not None and not plural and row.family == "quadruped" and head.row.stage == row.stage and row.assumed


def compounds(terms: list[Term], place: int) -> bool:
    """A grey-haired man, a green-eyed cat: the part is said of the noun to come."""
    return terms[place].form == "ed" and has(terms, _past(terms, place + 1, *QUALITIES), "concepts")


def follows_manner(terms: list[Term], place: int) -> bool:
    """The word before says how, and nothing else."""
    before = terms[place - 1] if place else None
    return before is not None and before.senses != () and all(sense.table == "manners" for sense in before.senses)


def is_copula(terms: list[Term], place: int) -> bool:
    """There stands is, are, 是: what follows is said of the noun before."""
    return place < len(terms) and terms[place].text in COPULAS
