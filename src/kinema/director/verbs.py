"""Verbs: what is done, by whom it is meant, and how."""

from __future__ import annotations

from kinema.director import ahead
from kinema.director.lexicon import Sense, lexicon
from kinema.director.reading import Entity, Event
from kinema.director.roles import collect
from kinema.director.rows import Action, Connective
from kinema.director.terms import Term
from kinema.director.walk import Walk


def verb(walk: Walk, term: Term, sense: Sense, before: Sense | None) -> None:
    """A verb of the clause: an event with the roles known so far, or what describes the noun beside it."""
    row, clause = sense.row, walk.clause
    if ahead.describes_next(walk.terms, walk.place, before, clause):
        if row.kind == "act":
            walk.phrase.verb = Event(row, present=True, word=term.text, clause=clause.number)
        return
    if (
        row.kind in ("wear", "carry")
        and (clause.listing or not clause.named)
        and ahead.head_follows(walk.terms, walk.place + 1)
    ):
        clause.holding = row.kind == "carry"
        return  # 穿蓝衣的男孩: the garment waits for its wearer
    if walk.phrase.negated and walk.phrase.qualities:  # who is not tall runs
        walk.settle_qualities()
    nothing = walk.place + 1 < len(walk.terms) and walk.terms[walk.place + 1].text == "nothing"
    negated, walk.phrase.negated = walk.phrase.negated or nothing, False
    walk.settle_qualities()
    walk.phrase.determiner = None
    if clause.denied and not negated and term.form == "s":  # who does not smile walks
        walk.new_clause()
        clause = walk.clause
    if _parts(walk, row):  # he gets in and drives off
        walk.new_clause()
        clause = walk.clause
    if negated and row.denied and not clause.wished:  # will not wake
        row, negated = lexicon().row("actions", row.denied), False
    if negated or clause.wished:
        walk.cast.note("assumed", "not shown: it is denied or only wished for", term.text)
        clause.wished, clause.denied = True, clause.denied or negated
        return
    if clause.listing and clause.event is not None and not clause.named:
        clause.listing = False
    if row.feature:
        walk.reading.features.append(lexicon().row("features", row.feature))
    if ahead.describes_object(walk.terms, walk.place, row, clause):
        state = Event(row, [clause.last] if clause.last else [], present=True, word=term.text, clause=clause.number)
        walk.reading.events.append(state)
        clause.event = state
        return
    event = Event(row, _actors(walk), connective=_connective(walk), word=term.text, clause=clause.number)
    collect(clause, event)
    clause.event, clause.role, clause.listing = event, "", False
    if term.text.endswith("在"):  # 躺在, 站在: the noun to come is where
        clause.role, clause.relation = "where", "place"
    clause.wished = row.kind == "want"
    walk.reading.events.append(event)


def _parts(walk: Walk, row: Action) -> bool:
    """Whether a deed is seen elsewhere than the one before it in its clause, or without its doer."""
    before = walk.clause.event
    if before is None or before.row.kind != "act":
        return False
    wheel = "person" not in row.stage and "vehicle" in row.stage and any(e.family == "person" for e in before.subjects)
    return bool(before.row.leads or before.row.boards or row.alights or wheel)


def _actors(walk: Walk) -> list[Entity]:
    """The subject, unless the verb stands in a relative clause whose noun is still to come. Clothes are moved by
    somebody who is named later, or never."""
    if not walk.clause.named and ahead.head_follows(walk.terms, walk.place + 1):
        return []
    if not walk.clause.subjects and walk.phrase.garments:
        somebody = walk.cast.somebody(walk.phrase.garments[0][1])
        for worn, word in walk.phrase.garments:
            walk.cast.dress(somebody, worn, word)
        walk.phrase.garments = []
        walk.place_noun([somebody], somebody)
    return list(walk.clause.subjects)


def _connective(walk: Walk) -> Connective | None:
    sense, walk.connective = walk.connective, None
    return sense.row if sense else None


def quality(walk: Walk, term: Term, sense: Sense) -> None:
    """A quality waits for its noun; one of the picture, or of a deed, does not."""
    if sense.table in ("grades", "palettes", "moods"):
        walk.state(sense.table, sense.row)
    elif sense.table == "manners":
        manner(walk, sense.row.id)
    else:
        walk.phrase.qualities.append((sense, term.text))


def manner(walk: Walk, name: str) -> None:
    """How something is done: said of the verb of this clause, or of the one to come."""
    event = walk.clause.event
    if event is not None and event.row.kind == "light":
        return
    if event is not None and event.row.kind in ("act", "find"):
        event.manners.append(name)
    else:
        walk.clause.waiting_manners.append(name)
