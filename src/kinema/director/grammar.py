"""Grammar: terms of either language to a reading, in one pass over the sentence.

Both languages put subject before verb before object, so one walk serves them. What differs is small: English hangs
what belongs to a noun behind it (a man in a coat), Chinese before it with 的 (穿大衣的男人), and Chinese names the
place and the one acted towards before the verb. So roles that have no verb yet wait for it, and garments that have no
wearer yet wait too.
"""

from __future__ import annotations

from kinema.director import ahead
from kinema.director.cast import CastList
from kinema.director.lexicon import Connective, Feature, Sense, lexicon
from kinema.director.reading import UNKNOWN_ACT, Bond, Entity, Event, Reading, SetWord
from kinema.director.roles import WORN, Clause, Phrase, collect, place_noun
from kinema.director.senses import QUALITIES, choose, has, is_de
from kinema.director.terms import Term
from kinema.schema.storyboard import Garment

FACTS = ("hours", "weathers", "seasons", "media", "moods")


class Grammar:
    """Reads one prompt; make one for each."""

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms
        self.reading = Reading()
        self.cast = CastList(self.reading)
        self.clause = Clause()
        self.phrase = Phrase()
        self.connective: Sense | None = None
        self.camera_waits = False
        self.place = 0

    def read(self) -> Reading:
        """The reading of all terms."""
        before: Sense | None = None
        for place, term in enumerate(self.terms):
            self.place = place
            if term.kind in ("stop", "pause"):
                self._pause(stop=term.kind == "stop")
                before = None
                continue
            sense = choose(self.terms, self.place, before)
            if sense is not None:
                self._take(term, sense, before)
                before = sense if sense.table != "ignored" or before is None else before
        self._pause(stop=True)
        self.reading.bonds += [
            Bond(thing, "under", event.source, event.clause)
            for event in self.reading.events
            for thing in event.things
            if event.source is not None
        ]
        for bond in self.reading.bonds:
            if bond.kind == "carries" and bond.subject.count > 1:
                bond.object.count = bond.subject.count  # one for each
        return self.reading

    def _take(self, term: Term, sense: Sense, before: Sense | None) -> None:
        table, row = sense.table, sense.row
        if table in QUALITIES:
            self._quality(term, sense)
        elif table in FACTS:
            self._fact(sense)
        elif table == "concepts":
            self._concept(term, sense)
        elif table == "garments":
            self._garment(term, sense)
        elif table == "parts":
            self._part(term, sense)
        elif table in ("sets", "features"):
            self._setting(sense)
        elif table == "actions":
            self._verb(term, sense, before)
        elif table == "relations":
            self._relation(sense)
        elif table == "connectives":
            self._connect(sense)
        elif table == "pronouns":
            self._pronoun(sense)
        elif table == "determiners":
            self._determiner(sense)
        elif table == "possessives":
            self.phrase.owner = self.cast.antecedent(row.gender, self.clause.subjects)
        elif table == "negations":
            self.phrase.negated = True
        elif table == "occasions":
            self.reading.occasions.append(row)
            self.phrase = Phrase()
        elif table == "camera":
            self._camera(sense)
        elif table == "others":
            self._other(term, sense)

    def _pause(self, stop: bool) -> None:
        self._settle_qualities()
        if not stop and self._dressing() and ahead.lists_garment(self.terms, self.place + 1):
            self.clause.listing = True
            return
        self._new_clause()
        if stop:
            self.connective = None
            self.camera_waits = False
            self.clause.last = None

    def _dressing(self) -> bool:
        event = self.clause.event
        return self.clause.role in ("with", WORN) or (event is not None and event.row.kind in ("wear", "carry"))

    def _new_clause(self) -> None:
        old = self.clause
        if old.waiting_manners and self.reading.events and self.reading.events[-1].subjects:
            self.reading.events[-1].manners += old.waiting_manners
        self.clause = Clause(number=old.number + 1, subjects=old.subjects, last=old.last)
        self.phrase = Phrase()

    def _connect(self, sense: Sense) -> None:
        row = sense.row
        self._settle_qualities(keep_open=row.list)
        if row.list:
            if self.clause.event is not None and ahead.opens_clause(self.terms, self.place + 1):
                self._new_clause()
            else:
                self.clause.listing = True
            return
        wished = self.clause.wished and row.id == "because"  # wants to
        self._new_clause()
        self.clause.wished = wished
        if row.sequence or row.parallel:
            self.connective = sense

    def _relation(self, sense: Sense) -> None:
        row = sense.row
        if row.role == "de":
            self._de()
            return
        passive = self.clause.event is not None and self.terms[self.place - 1].form == "ed"
        if self.terms[self.place].text == "by" and not passive:
            return
        self._settle_qualities()
        if row.role == "cause":
            self._new_clause()
        self.clause.role, self.clause.relation = row.role, row.id

    def _de(self) -> None:
        """的 after a noun, with another noun to come: the first owns the second."""
        before = self.clause.last
        previous = self.terms[self.place - 1]
        if before is not None and previous.sense("concepts") and not self.phrase.qualities:
            self.phrase.owner = before
            if self.clause.event is None and self.clause.subjects == [before]:
                self.clause.named = False
            elif self.clause.event is None and self.clause.relation == "together_with" and self.clause.subjects:
                self.clause.subjects, self.clause.role = self.clause.subjects[:-1], "companion"  # his, not he

    def _pronoun(self, sense: Sense) -> None:
        if sense.row.gender == "relative":
            if self.clause.last is not None:
                self._new_clause()
                self.clause.subjects = [self.clause.last] if self.clause.last else []
            return
        found = self.cast.antecedent(sense.row.gender, self.clause.subjects)
        if found is not None and is_de(self.terms, self.place + 1):
            self.phrase.owner = found
        elif found is not None:
            if sense.row.gender == "plural":
                self._place_noun(self.cast.several(found), found)
            else:
                self._place_noun([found], found)

    def _determiner(self, sense: Sense) -> None:
        if ahead.lists_on(self.terms, self.place) and self.clause.event is None:
            self.clause.listing = True
        first = self.phrase.determiner
        if first is None or not first.row.number or sense.row.number > 1:
            self.phrase.determiner = sense

    def _quality(self, term: Term, sense: Sense) -> None:
        if sense.table in ("grades", "palettes", "moods"):
            self.reading.facts.append((sense.table, sense.row))
        elif sense.table == "manners":
            self._manner(sense.row.id)
        else:
            self.phrase.qualities.append((sense, term.text))

    def _manner(self, name: str) -> None:
        if self.clause.event is not None and self.clause.event.row.kind == "light":
            return
        if self.clause.event is not None and self.clause.event.row.kind in ("act", "find"):
            self.clause.event.manners.append(name)
        else:
            self.clause.waiting_manners.append(name)

    def _settle_qualities(self, keep_open: bool = False) -> None:
        """Qualities with no noun behind them say something of the subject: she is beautiful, it feels lonely."""
        if not self.phrase.qualities or (keep_open and ahead.noun_follows(self.terms, self.place + 1)):
            return
        receivers = self.clause.subjects if self.clause.subjects else [self.clause.last] if self.clause.last else []
        for sense, text in self.phrase.qualities:
            if not any(self.cast.qualify(entity, sense) for entity in receivers):
                self.cast.note("not_understood", "nothing here can be this", text)
        self.phrase.qualities = []

    def _concept(self, term: Term, sense: Sense) -> None:
        phrase, self.phrase = self.phrase, Phrase()
        if phrase.negated:
            self.phrase.negated = has(self.terms, self.place + 1, "connectives")  # no cars or vehicles
            return
        if self.clause.wished:
            self.cast.note("assumed", "wished for, not shown", term.text)
            return
        holding = self.clause.holding or self._holding()
        if sense.row.feature and self.clause.role != "with" and not holding:
            self._feature(lexicon().row("features", sense.row.feature))
            return
        plural = term.plural or (self.place + 1 < len(self.terms) and self.terms[self.place + 1].text == "们")
        entity = self.cast.find_or_add(sense.row, term.text, plural, phrase.determiner, phrase.owner, phrase.sex)
        if self.clause.holding and entity.family == "prop":
            self.phrase = Phrase(determiner=phrase.determiner, garments=phrase.garments, held=[*phrase.held, entity])
            return
        self.reading.bonds += [Bond(entity, "carries", thing, self.clause.number) for thing in phrase.held]
        self.clause.holding = False
        for quality, text in phrase.qualities:
            if not self.cast.qualify(entity, quality):
                self.cast.note("not_understood", f"a {entity.row.id} cannot be this", text)
        for garment, word in phrase.garments:
            self.cast.dress(entity, garment, word)
        entity.colours |= phrase.parts
        if phrase.verb is not None:
            phrase.verb.subjects = [entity]
            self.reading.events.append(phrase.verb)
        self._place_noun([entity], entity)

    def _other(self, term: Term, sense: Sense) -> None:
        """What the stage cannot show: a noun keeps its place in the sentence, a verb keeps its objects."""
        phrase, self.phrase = self.phrase, Phrase()
        if phrase.negated:
            return
        unheard = sense.row.id.startswith("unknown")
        if not unheard:
            self.cast.note("not_understood", "cannot be shown yet", term.text)
        if sense.row.noun:
            entity = self.cast.stranger(term.text, sense.row.family, unheard)
            entity.count = phrase.determiner.row.number or 1 if phrase.determiner else 1
            for quality, _ in phrase.qualities:
                self.cast.qualify(entity, quality)
            for garment, word in phrase.garments:
                self.cast.dress(entity, garment, word)
            self._place_noun([entity], entity)
        else:
            self.clause.event = Event(UNKNOWN_ACT, list(self.clause.subjects), clause=self.clause.number)
            self.reading.events.append(self.clause.event)
            self.clause.role, self.clause.waiting = "", {}

    def _holding(self) -> bool:
        return self.clause.event is not None and self.clause.event.row.kind in ("carry", "act") and not self.clause.role

    def _place_noun(self, entities: list[Entity], entity: Entity) -> None:
        if self.camera_waits:
            self.reading.framed, self.camera_waits = entity, False
        place_noun(self.reading, self.clause, entities, entity, framed=self.reading.framed is entity)

    def _garment(self, term: Term, sense: Sense) -> None:
        phrase, self.phrase = self.phrase, Phrase()
        if phrase.negated:
            return
        garment = self.cast.garment(sense.row, phrase.qualities)
        wearer = self._wearer(phrase.owner)
        if ahead.belongs_forward(self.terms, self.place + 1) or wearer is None:
            garments = [*phrase.garments, (garment, term.text)]
            self.phrase = Phrase(determiner=phrase.determiner, garments=garments, parts=phrase.parts, held=phrase.held)
        else:
            self.cast.dress(wearer, garment, term.text)
            self.clause.listing = False
            if self.clause.role == "where":
                self.clause.role = WORN

    def _wearer(self, owner: Entity | None) -> Entity | None:
        if owner is not None:
            return owner
        event = self.clause.event
        if event is not None and event.row.kind in ("wear", "carry") and event.subjects:
            return event.subjects[0]
        last, subjects = self.clause.last, self.clause.subjects
        named = last is not None and (last.family != "stranger" or last in subjects or not subjects)
        if self.clause.role in ("with", "where", WORN) and named:
            return last
        return self.clause.subjects[0] if self.clause.subjects else self.clause.last

    def _part(self, term: Term, sense: Sense) -> None:
        phrase, self.phrase = self.phrase, Phrase()
        colour = next((quality.row.id for quality, _ in phrase.qualities if quality.table == "colours"), "")
        if phrase.negated:
            return
        row = sense.row
        if ahead.belongs_forward(self.terms, self.place + 1):
            worn = [(Garment(kind=row.garment, colour=colour), term.text)] if row.garment and colour else []
            parts = phrase.parts | ({row.id: colour} if colour and not worn else {})
            self.phrase = Phrase(determiner=phrase.determiner, garments=[*phrase.garments, *worn], parts=parts)
            return
        owner = phrase.owner or self.clause.last or (self.clause.subjects[0] if self.clause.subjects else None)
        if owner is None or (row.family and owner.family != row.family) or not colour:
            return
        if row.garment:
            self.cast.dress(owner, Garment(kind=row.garment, colour=colour), term.text)
        else:
            owner.colours[row.id] = colour

    def _setting(self, sense: Sense) -> None:
        phrase, self.phrase = self.phrase, Phrase(qualities=[])
        if not phrase.negated:
            colours = getattr(sense.row, "colours", ())
            for quality, text in phrase.qualities:
                if quality.row.id not in colours and quality.table not in ("sizes", "lengths"):
                    self.cast.note("not_understood", f"a {sense.row.id} cannot be this", text)
            if sense.table == "sets":
                self.reading.sets.append(SetWord(sense.row, self.clause.number))
            else:
                self._feature(sense.row)
        self.phrase.garments, self.phrase.parts, self.phrase.verb = phrase.garments, phrase.parts, phrase.verb
        self.phrase.determiner = phrase.determiner if self.terms[self.place].sense("features") else None
        self.clause.role = ""

    def _feature(self, feature: Feature) -> None:
        self.reading.features.append(feature)
        event = self.clause.event
        if ahead.is_postposition(self.terms, self.place + 1):
            return
        towards = self.clause.role in ("target", "") and (event is None or event.row.object == "target")
        if feature.manner and towards:
            self._manner(feature.manner)

    def _fact(self, sense: Sense) -> None:
        if not self.phrase.negated:
            self.reading.facts.append((sense.table, sense.row))
        self.phrase.negated = False
        if sense.table != "media":
            self.clause.role = ""
        else:  # a beautiful animation: said of the picture, not of anyone in it
            self.phrase = Phrase()

    def _camera(self, sense: Sense) -> None:
        row = sense.row
        self._settle_qualities()
        self.phrase = Phrase()
        self.reading.camera.append(row)
        self.camera_waits = row.holds or row.move is not None

    def _verb(self, term: Term, sense: Sense, before: Sense | None) -> None:
        row = sense.row
        if ahead.describes_next(self.terms, self.place, before, self.clause):
            if row.kind == "act":
                self.phrase.verb = Event(row, present=True, word=term.text, clause=self.clause.number)
            return
        if (
            row.kind in ("wear", "carry")
            and (self.clause.listing or not self.clause.named)
            and ahead.head_follows(self.terms, self.place + 1)
        ):
            self.clause.holding = row.kind == "carry"
            return  # 穿蓝衣的男孩: the garment waits for its wearer
        negated, self.phrase.negated = self.phrase.negated, False
        self._settle_qualities()
        self.phrase.determiner = None
        clause = self.clause
        if negated or clause.wished:
            self.cast.note("assumed", "not shown: it is denied or only wished for", term.text)
            clause.wished = clause.wished or negated
            return
        if clause.listing and clause.event is not None and not clause.named:
            clause.listing = False
        if row.feature:
            self.reading.features.append(lexicon().row("features", row.feature))
        if ahead.describes_object(self.terms, self.place, row, clause):
            state = Event(row, [clause.last] if clause.last else [], present=True, word=term.text, clause=clause.number)
            self.reading.events.append(state)
            clause.event = state
            return
        event = Event(row, self._actors(), connective=self._connective(), word=term.text, clause=clause.number)
        collect(self.clause, event)
        clause.event, clause.role, clause.listing = event, "", False
        if term.text.endswith("在"):  # 躺在, 站在: the noun to come is where
            clause.role, clause.relation = "where", "place"
        clause.wished = row.kind == "want"
        self.reading.events.append(event)

    def _actors(self) -> list[Entity]:
        """The subject, unless the verb stands in a relative clause whose noun is still to come."""
        if not self.clause.named and ahead.head_follows(self.terms, self.place + 1):
            return []
        return list(self.clause.subjects)

    def _connective(self) -> Connective | None:
        sense, self.connective = self.connective, None
        return sense.row if sense else None
