"""Grammar: terms of either language to a reading, in one pass over the sentence.

Both languages put subject before verb before object, so one walk serves them. What differs is small: English hangs
what belongs to a noun behind it (a man in a coat), Chinese before it with 的 (穿大衣的男人), and Chinese names the
place and the one acted towards before the verb. So roles that have no verb yet wait for it, and garments that have no
wearer yet wait too.
"""

from __future__ import annotations

from kinema.director import ahead, nouns, verbs
from kinema.director.lexicon import Sense, lexicon
from kinema.director.reading import Bond, CameraWord, Reading
from kinema.director.roles import Phrase
from kinema.director.senses import QUALITIES, choose, is_de
from kinema.director.terms import SHOT, Term
from kinema.director.walk import Walk

FACTS = ("hours", "weathers", "seasons", "media", "moods")
WHEREABOUTS = ("sets", "features", "hours", "weathers", "seasons")  # senses that do not exclude each other


class Grammar:
    """Reads one prompt; make one for each."""

    def __init__(self, terms: list[Term]) -> None:
        self.walk = Walk(terms)

    def read(self) -> Reading:
        """The reading of all terms."""
        walk = self.walk
        before: Sense | None = None
        for place, term in enumerate(walk.terms):
            walk.place = place
            if term.kind in ("stop", "pause"):
                walk.pause(stop=term.kind == "stop")
                if term.text == SHOT:
                    walk.reading.listed.append(walk.clause.number)
                before = None
                continue
            sense = choose(walk.terms, place, before)
            if sense is not None:
                self._take(term, sense, before)
                self._take_also(term, sense)
                before = sense if sense.table != "ignored" or before is None else before
        walk.pause(stop=True)
        return _tied(walk.reading)

    def _take(self, term: Term, sense: Sense, before: Sense | None) -> None:
        walk, table, row = self.walk, sense.table, sense.row
        if table in QUALITIES:
            self._quality(term, sense, before)
        elif table in FACTS:
            self._fact(sense)
        elif table == "concepts":
            nouns.concept(walk, term, sense)
        elif table == "garments":
            nouns.garment(walk, term, sense)
        elif table == "parts":
            nouns.part(walk, term, sense)
        elif table in ("sets", "features"):
            nouns.setting(walk, term, sense)
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
            walk.phrase.owner = walk.cast.antecedent(row.gender, walk.clause.subjects)
        elif table == "negations":
            walk.phrase.negated = True
        elif table == "occasions":
            walk.reading.occasions.append(row)
            walk.phrase = Phrase()
        elif table == "camera":
            self._camera(sense)
        elif table == "others":
            nouns.other(walk, term, sense)
        elif row.id == "turning":
            walk.clause.turns = True
        elif row.id in ("likeness", "disguise"):
            walk.settle_qualities()
            walk.phrase.likened = row.id

    def _take_also(self, term: Term, sense: Sense) -> None:
        """A rainy night is a weather and an hour, a snowy peak a mountain and its snow: a word may say both."""
        if sense.table in WHEREABOUTS:
            for other in term.senses:
                if other.table in WHEREABOUTS and other.table != sense.table:
                    self._take(term, other, None)

    def _verb(self, term: Term, sense: Sense, before: Sense | None) -> None:
        """A verb; at the beginning of a sentence "follow" is asked of the camera."""
        walk = self.walk
        asked = sense.row.asks_camera and term.form == "base" and term.text.isascii()
        if asked and before is None and not walk.clause.subjects:
            row = lexicon().row("camera", sense.row.asks_camera)
            walk.reading.camera.append(CameraWord(row, walk.clause.number))
            walk.camera_waits = True
            return
        verbs.verb(walk, term, sense, before)

    def _quality(self, term: Term, sense: Sense, before: Sense | None) -> None:
        if sense.table == "manners" and before is not None and before.table == "camera":
            return  # the camera pushes in slowly: nobody else is slow
        verbs.quality(self.walk, term, sense)

    def _fact(self, sense: Sense) -> None:
        walk = self.walk
        if not walk.phrase.negated:
            walk.state(sense.table, sense.row, walk.terms[walk.place].passes)
        walk.phrase.negated = False
        if sense.table != "media":
            walk.clause.role = ""
        else:  # a beautiful animation: said of the picture, not of anyone in it
            walk.phrase = Phrase()

    def _camera(self, sense: Sense) -> None:
        walk, row = self.walk, sense.row
        if walk.phrase.negated:  # no camera movement
            walk.phrase = Phrase()
            return
        walk.settle_qualities()
        walk.phrase = Phrase()
        if ahead.follows_manner(walk.terms, walk.place):
            walk.clause.waiting_manners = walk.clause.waiting_manners[:-1]
        walk.reading.camera.append(CameraWord(row, walk.clause.number))
        walk.camera_waits = row.holds or row.move is not None

    def _connect(self, sense: Sense) -> None:
        walk, row = self.walk, sense.row
        walk.settle_qualities(keep_open=row.list)
        if row.list:
            if walk.clause.event is not None and ahead.opens_clause(walk.terms, walk.place + 1):
                walk.new_clause()
            else:
                walk.clause.listing = True
            return
        wished = walk.clause.wished and row.id == "because"  # wants to
        walk.new_clause()
        walk.clause.wished = wished
        if row.sequence or row.parallel:
            walk.connective = sense

    def _relation(self, sense: Sense) -> None:
        walk, row = self.walk, sense.row
        if row.role == "de":
            self._de()
            return
        passive = walk.clause.event is not None and walk.terms[walk.place - 1].form == "ed"
        if walk.terms[walk.place].text == "by" and not passive:
            return
        walk.settle_qualities()
        if row.role == "cause":
            walk.new_clause()
        walk.clause.role, walk.clause.relation = row.role, row.id

    def _de(self) -> None:
        """的 after a noun, with another noun to come: the first owns the second."""
        walk, clause = self.walk, self.walk.clause
        before = clause.last
        previous = walk.terms[walk.place - 1]
        if before is not None and previous.sense("concepts") and not walk.phrase.qualities:
            walk.phrase.owner = before
            if clause.event is None and clause.subjects == [before]:
                clause.named = False
            elif clause.event is None and clause.relation == "together_with" and clause.subjects:
                clause.subjects, clause.role = clause.subjects[:-1], "companion"  # his, not he

    def _pronoun(self, sense: Sense) -> None:
        walk = self.walk
        if sense.row.gender == "relative":
            self._relative(sense.row.id)
            return
        clause, word = walk.clause, walk.terms[walk.place].text
        done = clause.event is not None and not word.endswith(("self", "selves"))
        found = walk.cast.antecedent(sense.row.gender, clause.subjects, clause.subjects if done else ())
        oblique = word in ahead.OBLIQUE or (clause.event is not None and not word.isascii())
        found = found or (None if oblique else walk.cast.unnamed(sense.row.gender, word))
        if found is not None and is_de(walk.terms, walk.place + 1):
            walk.phrase.owner = found
        elif found is not None and not (walk.clause.share and walk.clause.role == "of"):  # one of them
            if sense.row.gender == "plural":
                walk.place_noun(walk.cast.several(found), found)
            else:
                walk.place_noun([found], found)

    def _relative(self, name: str) -> None:
        """Who, which, whose: a clause about the noun before it."""
        walk = self.walk
        about = walk.clause.last
        if about is not None:
            walk.new_clause()
            walk.clause.subjects = [about]
            walk.phrase.owner = about if name == "whose" else None

    def _determiner(self, sense: Sense) -> None:
        walk = self.walk
        several = ahead.of_several(walk.terms, walk.place) if sense.row.number else ""
        if several == "named":
            walk.partitive = sense.row.number
            return
        alone = sense.row.number == 1 and ahead.stands_alone(walk.terms, walk.place)
        if (alone or several) and self._share(sense):
            return
        if ahead.lists_on(walk.terms, walk.place) and walk.clause.event is None:
            walk.clause.listing = True
        first = walk.phrase.determiner
        anew = walk.terms[walk.place].text in ahead.ARTICLES  # at 7 a man walks
        if first is None or not first.row.number or sense.row.number > 1 or anew:
            walk.phrase.determiner = sense

    def _share(self, sense: Sense) -> bool:
        """ "One", then "the other": what follows is said of one of several. False when there are not several."""
        walk = self.walk
        if walk.clause.share and not walk.terms[walk.place].text.isascii():
            walk.settle_qualities()  # 一个高一个矮
        phrase = walk.phrase
        met = walk.cast.described(phrase.qualities) if phrase.determiner and phrase.determiner.row.definite else None
        one = met or walk.share(sense.row.other, max(sense.row.number, 1))
        if one is None:
            return False
        said, walk.phrase = ([] if met else phrase.qualities), Phrase()
        for quality, _ in said:  # a black one
            walk.cast.qualify(one, quality)
        if walk.clause.event is not None or walk.clause.share:
            walk.new_clause()
        clause = walk.clause
        clause.subjects, clause.last, clause.named, clause.share = [one], one, True, True
        clause.role, clause.listing, walk.apart = "", False, True
        return True


def _tied(reading: Reading) -> Reading:
    """The reading with what only the whole prompt tells."""
    reading.bonds += [
        Bond(thing, "under", event.source, event.clause)
        for event in reading.events
        for thing in event.things
        if event.source is not None
    ]
    for bond in reading.bonds:
        if bond.kind == "carries" and bond.subject.count > 1:
            bond.object.count = bond.subject.count  # one for each
    return reading
