"""Walk: where the grammar is in a prompt, what it holds in its hands there, and the reading it has made so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kinema.director import ahead
from kinema.director.cast import CastList, is_one
from kinema.director.lexicon import Sense, lexicon
from kinema.director.reading import Entity, Event, Fact, Reading
from kinema.director.roles import WORN, Clause, Phrase, place_noun
from kinema.director.rows import Concept, Determiner, GarmentRow
from kinema.director.senses import has
from kinema.director.terms import Term


@dataclass
class Walk:
    """The terms of one prompt and the place reached in them."""

    terms: list[Term]
    reading: Reading = field(default_factory=Reading)
    clause: Clause = field(default_factory=Clause)
    phrase: Phrase = field(default_factory=Phrase)
    connective: Sense | None = None
    camera_waits: bool = False  # a camera phrase waits for whom it frames
    place: int = 0
    shares: list[Entity] = field(default_factory=list)  # who was told apart as "one" and "the other"
    rest: Entity | None = None  # ... and who is left of them
    apart: bool = False  # they are being told apart in this sentence
    partitive: int = 0  # how many of those named next are meant: one of the two men

    def __post_init__(self) -> None:
        self.cast = CastList(self.reading)

    def new_clause(self) -> None:
        """Begin a clause; its subject is that of the last one until another is named."""
        self._goes_on()
        old = self.clause
        if old.waiting_manners and self.reading.events and self.reading.events[-1].subjects:
            self.reading.events[-1].manners += old.waiting_manners
        subjects = [*self.shares, *([self.rest] if self.rest else [])] if self.apart else old.subjects
        self.clause = Clause(number=old.number + 1, sentence=old.sentence, subjects=subjects, last=old.last)
        self.phrase = Phrase()
        self.reading.sentences.append(old.sentence)

    def pause(self, stop: bool) -> None:
        """A comma, or with `stop` the end of a sentence."""
        if not stop and self._lists_on():
            return
        self.settle_qualities()
        if not stop and self.dressing() and ahead.lists_garment(self.terms, self.place + 1):
            self.clause.listing = True
            return
        self.new_clause()
        if stop:
            self.clause.sentence += 1
            self.reading.sentences[-1] += 1
            self.connective = None
            self.camera_waits = False
            self.clause.last = None
            self.apart = False

    def _lists_on(self) -> bool:
        """Whether the comma parts members of a list that is not over: red, yellow and blue dresses; a man, a boy and
        a girl run."""
        pending = any(sense.table == "colours" for sense, _ in self.phrase.qualities)
        if pending and has(self.terms, self.place + 1, "colours"):
            return True
        clause = self.clause
        if clause.event is not None or clause.role or not clause.named or self.phrase.qualities:
            return False
        clause.listing = clause.listing or ahead.lists_people(self.terms, self.place)
        return clause.listing

    def dressing(self) -> bool:
        """Whether clothes are being listed."""
        event = self.clause.event
        return self.clause.role in ("with", WORN) or (event is not None and event.row.kind in ("wear", "carry"))

    def state(self, table: str, row: Any, passes: bool = False) -> None:
        """Write down what is said of hour, weather, look or mood. passes: what was said before gives way to it."""
        turns = self.clause.turns or (self.connective is not None and self.connective.row.sequence)
        turns = turns or ahead.comes_after(self.terms, self.place)
        self.reading.facts.append(Fact(table, row, self.clause.number, turns, passes))

    def place_noun(self, entities: list[Entity], entity: Entity) -> None:
        """Give a noun its role in the clause."""
        if self.camera_waits:
            self.frame(entity)
        place_noun(self.reading, self.clause, entities, entity, framed=self.reading.framed is entity)

    def frame(self, entity: Entity) -> None:
        """The camera phrase that waited has found whom it frames."""
        self.camera_waits = False
        self.reading.framed = entity
        self.reading.camera[-1].framed = entity

    def share(self, last: bool, count: int = 1) -> Entity | None:
        """So many of several who are told apart, or with `last` all that are left of them. None when nobody is."""
        if self.rest is None:
            self.rest, self.shares = self.cast.many(), [] if self.cast.many() else self.shares
        one = self.rest
        if one is not None:
            self.rest = self.cast.divide(one, count) if one.count > count and not last else None
            self.shares.append(one)
        return one

    def told_apart(self, row: Concept, phrase: Phrase) -> Entity | None:
        """Which of several a noun means that they were named by before: the first wolf, one man, the other man."""
        determiner: Determiner | None = phrase.determiner.row if phrase.determiner else None
        many = self.rest or self.cast.many()
        if determiner is None or self.clause.listing or not (self.shares or many):
            return None
        if determiner.ordinal and determiner.ordinal <= len(self.shares) and is_one(self.shares[0], row):
            return self.shares[determiner.ordinal - 1]
        if many is None or not is_one(many, row):
            return None
        if determiner.ordinal or (determiner.number == 1 and ahead.tells_apart(self.terms, self.place)):
            return self.share(last=False)
        return self.share(last=True) if determiner.other and self.rest else None

    def part(self, entity: Entity) -> None:
        """One of the two men: what follows is said of so many of those just named, then of the others."""
        count, self.partitive = self.partitive, 0
        if entity.count > count:
            self.rest, self.shares, self.apart = self.cast.divide(entity, count), [entity], True
            self.clause.share = True

    def _goes_on(self) -> None:
        """Then over a mountain: who was on the way still is, in another place."""
        clause, events = self.clause, self.reading.events
        if clause.event or clause.named or not events or self.connective is None or not self.connective.row.sequence:
            return
        last = events[-1]
        told = self.reading.sentences[last.clause] == clause.sentence
        if told and last.row.travel and any(word.clause == clause.number for word in self.reading.sets):
            again = Event(last.row, list(last.subjects), word=last.word, clause=clause.number)
            again.connective, self.connective = self.connective.row, None
            events.append(again)

    def settle_qualities(self, keep_open: bool = False) -> None:
        """Qualities with no noun behind them say something of the subject: she is beautiful, it feels lonely."""
        if not self.phrase.qualities or (keep_open and ahead.noun_follows(self.terms, self.place + 1)):
            return
        if self.phrase.negated:  # she is not happy
            self.phrase.qualities, self.phrase.negated = [], False
            return
        self._settle_topic()
        self._settle_colour_worn()
        receivers = self.clause.subjects if self.clause.subjects else [self.clause.last] if self.clause.last else []
        for sense, text in self.phrase.qualities:
            if not any(self.cast.qualify(entity, sense) for entity in receivers):
                self.cast.note("not_understood", "nothing here can be this", text)
        self.phrase.qualities = []

    def _settle_colour_worn(self) -> None:
        """A woman in red, dressed in black: clothes of that colour."""
        dressed = self.clause.role == "where" and self.clause.relation == "in"
        event = self.clause.event
        wears = event is not None and event.row.kind == "wear" and not self.clause.role
        colours = [pair for pair in self.phrase.qualities if pair[0].table == "colours"]
        wearer = self.clause.last or next(iter(self.clause.subjects), None)
        if colours and (dressed or wears) and wearer is not None and wearer.family == "person":
            clothes = self.cast.garment(lexicon().row("garments", "clothes"), colours)
            self.cast.dress(wearer, clothes, colours[0][1])
            self.phrase.qualities = [pair for pair in self.phrase.qualities if pair not in colours]
            self.clause.role = "" if dressed else self.clause.role

    def _settle_topic(self) -> None:
        """Her hat is red, the fox's tail is white: said of the hat and of the tail."""
        if self.clause.topic is None or self.clause.event is not None:
            return
        owner, row, text = self.clause.topic
        self.clause.topic = None
        if isinstance(row, GarmentRow):
            self.cast.dress(owner, self.cast.garment(row, self.phrase.qualities), text)
        else:
            for sense, _ in self.phrase.qualities:
                if sense.table == "colours":
                    self.cast.colour_part(owner, row, sense.row.id, text)
        self.phrase.qualities = []
