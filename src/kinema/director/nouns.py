"""Nouns: what the grammar makes of who and what is named, worn, owned and stood in."""

from __future__ import annotations

from kinema.director import ahead
from kinema.director.cast import Qualities
from kinema.director.lexicon import Sense, lexicon
from kinema.director.reading import UNKNOWN_ACT, Bond, Entity, Event, SetWord
from kinema.director.roles import WORN, Phrase
from kinema.director.rows import Concept, Feature
from kinema.director.senses import QUALITIES, has
from kinema.director.terms import Term
from kinema.director.verbs import manner
from kinema.director.walk import Walk
from kinema.schema.storyboard import Garment


def concept(walk: Walk, term: Term, sense: Sense) -> None:
    """Somebody or something of the cast: found again or added, described, dressed and given its role."""
    phrase, walk.phrase = walk.phrase, Phrase()
    clause = walk.clause
    if ahead.names_kind(walk.terms, walk.place, sense.row):  # a corgi puppy
        walk.phrase = phrase
        return
    if phrase.likened:  # struts like a model
        if phrase.likened == "disguise" and sense.row.family != "person":
            walk.cast.note("not_understood", "disguises are not shown", term.text)
        return
    if phrase.negated:
        walk.phrase.negated = has(walk.terms, walk.place + 1, "connectives")  # no cars or vehicles
        return
    if clause.wished:
        walk.cast.note("assumed", "wished for, not shown", term.text)
        return
    if sense.row.feature and clause.role != "with" and not (clause.holding or _holds(walk)):
        feature(walk, lexicon().row("features", sense.row.feature))
        return
    plural = term.plural or (walk.place + 1 < len(walk.terms) and walk.terms[walk.place + 1].text == "们")
    entity = _apposed(walk, sense.row, phrase) or walk.told_apart(sense.row, phrase)
    if entity is None:
        known = len(walk.reading.entities)
        entity = walk.cast.find_or_add(sense.row, term.text, plural, phrase.determiner, phrase.owner, phrase.qualities)
        if len(walk.reading.entities) > known:
            entity.clause, entity.topic = clause.number, ahead.names_film(walk.terms, walk.place)
    if clause.holding and entity.family == "prop":
        _describe(walk, entity, phrase)
        walk.phrase = Phrase(determiner=phrase.determiner, garments=phrase.garments, held=[*phrase.held, entity])
        return
    walk.reading.bonds += [Bond(entity, "carries", thing, clause.number) for thing in phrase.held]
    clause.holding = False
    _describe(walk, entity, phrase)
    for worn, word in phrase.garments:
        walk.cast.dress(entity, worn, word)
    if phrase.verb is not None:
        phrase.verb.subjects = [entity]
        walk.reading.events.append(phrase.verb)
    walk.place_noun([entity], entity)
    if walk.partitive:
        walk.part(entity)


def _apposed(walk: Walk, row: Concept, phrase: Phrase) -> Entity | None:
    """Who was named before the comma and is told more of behind it: its owner, an old man in pyjamas."""
    entity, determiner = walk.clause.last, phrase.determiner
    indefinite = determiner is not None and determiner.row.number == 1 and not determiner.row.other
    if entity is None or not indefinite or walk.clause.event is not None or walk.clause.named:
        return None
    if not ahead.in_apposition(walk.terms, walk.place) or not walk.cast.is_more_of(entity, row):
        return None
    walk.cast.tell_more(entity, row)
    if entity in walk.clause.subjects:  # a dog and its owner, a girl, run: so do both
        walk.clause.named = walk.clause.listing = True
    return entity


def _describe(walk: Walk, entity: Entity, phrase: Phrase) -> None:
    for quality, text in phrase.qualities:
        if not walk.cast.qualify(entity, quality):
            walk.cast.note("not_understood", f"a {entity.row.id} cannot be this", text)
    entity.colours |= phrase.parts


def _holds(walk: Walk) -> bool:
    event = walk.clause.event
    return event is not None and event.row.kind in ("carry", "act") and not walk.clause.role


def other(walk: Walk, term: Term, sense: Sense) -> None:
    """What the stage cannot show: a noun keeps its place in the sentence, a verb keeps its objects."""
    phrase, walk.phrase = walk.phrase, Phrase()
    if phrase.negated:
        walk.phrase.negated = has(walk.terms, walk.place + 1, "connectives")
        return
    unheard = sense.row.id.startswith("unknown")
    if not unheard:
        walk.cast.note("not_understood", "cannot be shown yet", term.text)
    if sense.row.noun and term.form == "ed":  # a hooded cloak
        walk.phrase = phrase
    elif sense.row.noun:
        entity = walk.cast.stranger(term.text, sense.row.family, unheard)
        entity.count = phrase.determiner.row.number or 1 if phrase.determiner else 1
        for quality, _ in phrase.qualities:
            walk.cast.qualify(entity, quality)
        for worn, word in phrase.garments:
            walk.cast.dress(entity, worn, word)
        walk.place_noun([entity], entity)
    else:
        walk.clause.event = Event(UNKNOWN_ACT, list(walk.clause.subjects), clause=walk.clause.number)
        walk.reading.events.append(walk.clause.event)
        walk.clause.role, walk.clause.waiting = "", {}


# ---- what is worn, and parts


def garment(walk: Walk, term: Term, sense: Sense) -> None:
    """Something worn, put on whoever wears it, or kept for the noun it stands before."""
    phrase, walk.phrase = walk.phrase, Phrase()
    if phrase.negated or (walk.clause.wished and not walk.clause.role):  # is not wearing a hat
        return
    wearer = _wearer(walk, phrase.owner)
    if wearer is not None and _dress_each(walk, wearer, term, sense, phrase.qualities):
        return
    made = walk.cast.garment(sense.row, phrase.qualities)
    if ahead.belongs_forward(walk.terms, walk.place + 1) or wearer is None:
        garments = [*phrase.garments, (made, term.text)]
        walk.phrase = Phrase(determiner=phrase.determiner, garments=garments, parts=phrase.parts, held=phrase.held)
        return
    walk.cast.dress(wearer, made, term.text)
    if phrase.owner is not None and ahead.is_copula(walk.terms, walk.place + 1):
        walk.new_clause()  # she walks and her hat is red
    walk.clause.listing = False
    if walk.clause.role == "where":
        walk.clause.role = WORN
    elif phrase.owner is not None and walk.clause.event is None:
        walk.clause.topic = (wearer, sense.row, term.text)


def _dress_each(walk: Walk, wearer: Entity, term: Term, sense: Sense, qualities: Qualities) -> bool:
    """Three girls in red, yellow and blue dresses: each wears one. False when they are not as many as the colours."""
    colours = [pair for pair in qualities if pair[0].table == "colours"]
    if not 1 < len(colours) == wearer.count:
        return False
    same = [pair for pair in qualities if pair not in colours]
    each = [wearer]
    while each[-1].count > 1:
        each.append(walk.cast.divide(each[-1]))
    for entity, colour in zip(each, colours, strict=True):
        walk.cast.dress(entity, walk.cast.garment(sense.row, [*same, colour]), term.text)
    walk.clause.listing = False
    if wearer in walk.clause.subjects:
        at = walk.clause.subjects.index(wearer)
        walk.clause.subjects[at : at + 1] = each
    return True


def _wearer(walk: Walk, owner: Entity | None) -> Entity | None:
    if owner is not None:
        return owner
    clause = walk.clause
    event = clause.event
    if event is not None and event.row.kind in ("wear", "carry") and event.subjects:
        return event.subjects[0]
    last, subjects = clause.last, clause.subjects
    named = last is not None and (last.family != "stranger" or last in subjects or not subjects)
    if clause.role in ("with", "where", WORN) and named:
        return last
    return subjects[0] if subjects else last


def part(walk: Walk, term: Term, sense: Sense) -> None:
    """A part of somebody: its colour is kept, and it may be what the camera frames."""
    phrase, walk.phrase = walk.phrase, Phrase()
    if phrase.negated:
        return
    if has(walk.terms, walk.place + 1, "garments"):  # striped pyjamas
        walk.cast.note("not_understood", "patterns of clothes are not shown", term.text)
        walk.phrase = phrase
        return
    row = sense.row
    colour = next((quality.row.id for quality, _ in phrase.qualities if quality.table == "colours"), "")
    if ahead.belongs_forward(walk.terms, walk.place + 1) or ahead.compounds(walk.terms, walk.place):
        worn = [(Garment(kind=row.garment, colour=colour), term.text)] if row.garment and colour else []
        parts = phrase.parts | ({row.id: colour} if colour and not worn else {})
        rest = [(quality, text) for quality, text in phrase.qualities if quality.table != "colours"]
        walk.phrase = Phrase(rest, phrase.determiner, garments=[*phrase.garments, *worn], parts=parts)
        return
    owner = phrase.owner or walk.clause.last or (walk.clause.subjects[0] if walk.clause.subjects else None)
    if owner is None:
        return
    if walk.camera_waits:
        walk.frame(owner)
    _touched(walk, phrase.owner)
    if row.family and owner.family != row.family:
        return
    if colour:
        walk.cast.colour_part(owner, row, colour, term.text)
    elif phrase.owner is not None and walk.clause.event is None:
        walk.clause.topic = (owner, row, term.text)


def _touched(walk: Walk, owner: Entity | None) -> None:
    """What is done to a part of somebody is done to them: it taps his cheek."""
    event = walk.clause.event
    if (
        owner is None
        or event is None
        or event.row.object != "target"
        or walk.clause.role not in ("", "target", "object")
    ):
        return
    if owner not in (*event.subjects, *event.targets):
        event.targets.append(owner)


# ---- where


def setting(walk: Walk, term: Term, sense: Sense) -> None:
    """A noun that speaks for a set, or something a set is dressed with."""
    phrase, walk.phrase = walk.phrase, Phrase(qualities=[])
    if phrase.likened:
        return
    if ahead.noun_follows(walk.terms, walk.place + 1) and has(walk.terms, walk.place + 1, "concepts", *QUALITIES):
        phrase.qualities, walk.phrase.qualities = [], phrase.qualities  # an old Chinese man
    if not phrase.negated:
        colours = getattr(sense.row, "colours", ())
        for quality, text in phrase.qualities:
            if quality.row.id not in colours and quality.table not in ("sizes", "lengths"):
                walk.cast.note("not_understood", f"a {sense.row.id} cannot be this", text)
        if sense.table == "sets":
            walk.reading.sets.append(SetWord(sense.row, walk.clause.number))
        else:
            feature(walk, sense.row)
    walk.phrase.garments, walk.phrase.parts, walk.phrase.verb = phrase.garments, phrase.parts, phrase.verb
    walk.phrase.determiner = phrase.determiner if term.sense("features") else None
    walk.clause.role = ""


def feature(walk: Walk, row: Feature) -> None:
    """Dress the set with it, or have a deed done towards it: howls at the moon."""
    walk.reading.features.append(row)
    event = walk.clause.event
    if ahead.is_postposition(walk.terms, walk.place + 1):
        return
    towards = walk.clause.role in ("target", "") and (event is None or event.row.object == "target")
    if row.manner and towards:
        manner(walk, row.manner)
