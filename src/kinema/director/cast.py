"""The cast as it is read: nouns become entities, are found again, dressed and described."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from kinema.director.lexicon import Sense, lexicon
from kinema.director.reading import Entity, Reading
from kinema.director.rows import Concept, Family, GarmentRow, Part
from kinema.schema.storyboard import Garment, Note

STRANGER = Concept(id="stranger", family="stranger", home="city_street")
TELLING = ("colours", "sizes", "traits")  # what tells one of several from the others
Qualities = Sequence[tuple[Sense, str]]  # each with the word for it
CHILDREN = ("girl", "boy", "child")
SHORT = "short"  # a length of clothes, and a trait of people
OPEN = ("person",)  # concepts of people of whom a further noun may tell more
BARE_PLURAL = 3  # how many "cats" are when nobody counts them


class CastList:
    """Finds and makes the entities of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def note(self, kind: str, text: str, words: str) -> None:
        """Write down an assumption, or words that were not understood."""
        self.reading.notes.append(Note(kind=kind, text=text, words=words))

    def find_or_add(
        self,
        row: Concept,
        word: str,
        plural: bool,
        determiner: Sense | None,
        owner: Entity | None,
        said: Qualities = (),
    ) -> Entity:
        """The entity a noun phrase means: one met before, or a new one. said: the qualities beside the noun."""
        if row.kin and owner is not None and owner.family == "quadruped":
            row, plural = owner.row.model_copy(update={"size": "medium"}), False
            determiner = Sense("determiners", lexicon().row("determiners", "another"))
        if row.beside_child and any(e.row.stage in CHILDREN for e in ([owner] if owner else self.reading.entities)):
            row = lexicon().row("concepts", row.beside_child)
        indefinite = determiner is not None and not determiner.row.definite
        known = self._topic(row) if indefinite else self._known(row, word, plural, said, owner)
        if known is None and determiner is not None and determiner.row.definite:
            known = self._by_sex(word)
        known = known or (None if owner else self._now_named(row, word, plural))
        if known is not None:
            return known
        if row.stage is None and not row.group:
            return self._stand_in(row, word)
        entity = Entity(
            self._member(row, owner), gender=row.gender, traits=list(row.traits), size=row.size, owner=owner, word=word
        )
        entity.plural = plural or row.group or row.crowd
        entity.count = self._count(row, plural, determiner)
        if row.assumed:
            self.note("assumed", f"shown as {row.stage}", word)
        self.reading.entities.append(entity)
        return entity

    def stranger(self, word: str, family: Family | None, unheard: bool) -> Entity:
        """A place in the sentence for something that cannot be shown. unheard: no table has a word for it."""
        entity = Entity(STRANGER, word=word, like=family, unheard=unheard)
        self.reading.entities.append(entity)
        return entity

    def _topic(self, row: Concept) -> Entity | None:
        """What the film was said to be about, and is named now: a car commercial, a black sedan."""
        for entity in self.reading.entities:
            if entity.topic and (is_one(entity, row) or entity.row.id in row.is_a):
                entity.row, entity.topic = row, False
                return entity
        return None

    def _known(self, row: Concept, word: str, plural: bool, said: Qualities, owner: Entity | None) -> Entity | None:
        """The last that may be meant, who is not their own owner. With a sex: one of that sex, else one of which
        none was said; not many. Of several that are alike: one of which all that was said already, and none of
        which something else was."""
        sex = next((quality.row.id for quality, _ in said if quality.table == "sexes"), "")
        others = (e for e in reversed(self.reading.entities) if e is not owner)
        met = [e for e in others if is_one(e, row) and (not plural or e.plural)]
        if row.named:
            met = [e for e in met if e.word == word]
        elif row.assumed and row.family == "person":  # a thief is no policeman, though one row shows both
            met = [e for e in met if e.row.id != row.id or e.word.removesuffix("s") == word.removesuffix("s")]
        if sex:
            single = [e for e in met if plural or e.count == 1 or e.row.crowd]
            unsaid = [e for e in single if not e.gender or (not e.sexed and e.word == word)]
            met = [*[e for e in single if e.gender == sex], *unsaid]
        marks = {(sense.table, sense.row.id) for sense, _ in said if sense.table in TELLING}
        marks |= {("sizes", row.size)} if row.size != "medium" else set()
        met = [e for e in met if not _denies(e, marks)]
        return max(met, key=lambda e: len(marks & told_of(e)), default=None)

    def _by_sex(self, word: str) -> Entity | None:
        """Whom "the male" means, when it need not be a man: the last of whom that was said."""
        sex = next((row.id for row in lexicon().tables["sexes"] if word in (*row.en, *row.zh)), None)
        met = (e for e in reversed(self.reading.entities) if e.sexed and e.gender == sex)
        return next((e for e in met if e.family in ("person", "quadruped")), None)

    def _stand_in(self, row: Concept, word: str) -> Entity:
        """A word too general to cast ("the animal") means the last of its family."""
        for entity in reversed(self.reading.entities):
            if entity.family == row.family:
                return entity
        other = next(
            r for r in lexicon().tables["concepts"] if isinstance(r, Concept) and r.family == row.family and r.stage
        )
        self.note("assumed", f"shown as a {other.id}", word)
        entity = Entity(other)
        self.reading.entities.append(entity)
        return entity

    def _member(self, row: Concept, owner: Entity | None) -> Concept:
        """What a pack is a pack of: its owner's kind, else the kind the row names."""
        if not row.group:
            return row
        kind = owner.row if owner is not None and owner.family == row.family else None
        if kind is None:
            last = next((e.row for e in reversed(self.reading.entities) if e.family == row.family), None)
            member = next((e.row for e in self.reading.entities if row.member in (e.row.id, *e.row.is_a)), None)
            kind = member or last or lexicon().row("concepts", row.member or "")
        return row.model_copy(update={"stage": kind.stage, "is_a": (*row.is_a, kind.id)})

    def _count(self, row: Concept, plural: bool, determiner: Sense | None) -> int:
        number = determiner.row.number if determiner is not None else 0
        if row.group:
            return max(row.count, number)
        if determiner is not None and determiner.row.many and row.crowd:
            return max(row.count, number)
        if row.food:
            return 1  # a handful, however many
        if number > 1 or (number and row.count == 1):
            return number
        return row.count if row.count > 1 else BARE_PLURAL if plural else 1

    def antecedent(self, gender: str, subjects: list[Entity], but: Collection[Entity] = ()) -> Entity | None:
        """Whom a pronoun means: the subject if it fits, else the last entity that does, else an animal.

        but: who is meant only if nobody else can be: a subject does not do things to itself.
        """
        named = [e for e in self.reading.entities[:-1] if e.family != "stranger"]
        pool = [*subjects, *reversed([*named, *self.reading.entities[-1:]])]  # what cannot be shown is soon forgotten
        candidates = [e for e in pool if _fits(e, gender)]
        if not candidates and gender in ("female", "male"):
            candidates = [e for e in pool if e.family == "quadruped"]  # his dog: he wags his tail
        found = next((e for e in candidates if e not in but), candidates[0] if candidates else None)
        if found is not None and found.row.pair and found.count > 1 and gender in ("female", "male"):
            self.sex_pair(found, gender)
        elif found is not None and gender in ("female", "male") and found.family == "person":
            self._sex(found, gender)
        return found

    def unnamed(self, gender: str, word: str) -> Entity | None:
        """Whom a pronoun means that nobody was named for: somebody of that sex, or two, until a noun tells more."""
        name = {"female": "woman", "male": "man", "plural": "couple"}.get(gender)
        if name is None or any(_may_be(e, gender) for e in self.reading.entities):
            return None
        row: Concept = lexicon().row("concepts", name)
        entity = Entity(row, count=row.count, plural=row.count > 1, gender=row.gender, word=word, vague=True)
        self.note("assumed", f"nobody was named before; shown as {row.stage}", word)
        self.reading.entities.append(entity)
        return entity

    def somebody(self, word: str) -> Entity:
        """Whoever wears what is told to move: somebody, until a noun tells more."""
        entity = Entity(lexicon().row("concepts", "person"), word=word, vague=True)
        self.note("assumed", "nobody is named who wears it; somebody is shown", word)
        self.reading.entities.append(entity)
        return entity

    def _now_named(self, row: Concept, word: str, plural: bool) -> Entity | None:
        """Somebody who was only a pronoun so far, and may be meant by the noun: as she walks, a girl smiles."""
        for entity in self.reading.entities:
            if entity.vague and row.family == "person" and row.stage and not row.crowd and plural == entity.plural:
                sexless = not row.gender or (row.assumed and not row.sexed) or not entity.gender
                if row.gender == entity.gender or sexless:
                    self.reading.notes = [n for n in self.reading.notes if n.words != entity.word]
                    sex, entity.vague, entity.word = entity.gender, False, word
                    entity.row = of_sex(row, sex) if sex else row
                    entity.traits, entity.gender = [*entity.traits, *row.traits], sex or row.gender
                    if row.assumed:
                        self.note("assumed", f"shown as {entity.row.stage}", word)
                    return entity
        return None

    def is_more_of(self, entity: Entity, row: Concept) -> bool:
        """Whether a noun may only tell more of somebody: an owner, who is a man, or a man, who is a cook."""
        alike = entity.family == row.family == "person" and not (entity.plural or entity.row.crowd or row.crowd)
        sexes = {row.gender, entity.gender or entity.row.gender} - {""}
        return alike and row.count == 1 and len(sexes) < 2 and (entity.row.stage in OPEN or row.assumed)

    def tell_more(self, entity: Entity, row: Concept) -> None:
        """Show somebody as the noun that tells more; what was said of them stays."""
        if entity.row.stage in OPEN:
            entity.row = of_sex(row, entity.gender) if entity.gender else row
            entity.gender = entity.gender or row.gender
        entity.traits += [trait for trait in row.traits if trait not in entity.traits]

    def several(self, found: Entity) -> list[Entity]:
        """Whom "they" means: one that is many, else everyone of that family."""
        if found.plural or found.count > 1:
            return [found]
        return [e for e in self.reading.entities if e.family in ("person", "quadruped") and not e.row.crowd] or [found]

    def many(self) -> Entity | None:
        """The last of the cast who are several, and can be told apart."""
        met = reversed(self.reading.entities)
        return next((e for e in met if e.count > 1 and e.family not in ("prop", "stranger") and not e.row.crowd), None)

    def described(self, qualities: list[tuple[Sense, str]]) -> Entity | None:
        """Whom "the black one" means: the last of whom all that was said, when something is."""
        said = {(sense.table, sense.row.id) for sense, _ in qualities}
        return next((e for e in reversed(self.reading.entities) if said and said <= told_of(e)), None)

    def divide(self, one: Entity, count: int = 1) -> Entity:
        """Take so many out of many: these stay, and the others are a new entity that does and did the same."""
        others = replace(
            one, count=one.count - count, plural=one.count - count > 1, garments=list(one.garments),
            traits=list(one.traits),
            colours=dict(one.colours), manners=list(one.manners),
        )  # fmt: skip
        one.count, one.plural = count, count > 1
        self.reading.entities.insert(self.reading.entities.index(one) + 1, others)
        for event in self.reading.events:
            for group in (event.subjects, event.targets):
                if one in group:
                    group.insert(group.index(one) + 1, others)
        return others

    def sex_pair(self, pair: Entity, gender: str) -> None:
        """Part a couple of whom one is said to be she, or he: the other is a man, or a woman."""
        other = self.divide(pair)
        self._sex(pair, gender)
        self._sex(other, "male" if gender == "female" else "female")

    def qualify(self, entity: Entity, quality: Sense) -> bool:
        """Give an entity a colour, size, trait, sex, feeling or material. False if it cannot have it."""
        table, name = quality.table, quality.row.id
        if table == "colours":
            entity.colours["body"] = name
        elif table == "sizes":
            entity.size = name
        elif table == "traits" and name not in entity.traits:
            entity.traits.append(name)
        elif table == "feelings":
            entity.feeling = name
        elif table == "materials":
            entity.material = name
        elif table == "sexes":
            return self._sex(entity, name)
        elif table == "lengths":
            if entity.family != "person" or name != SHORT:
                return False
            entity.traits.append(SHORT)
        return True

    def colour_part(self, entity: Entity, row: Part, colour: str, word: str) -> None:
        """Give a part of it a colour; a part that is worn is put on."""
        if row.garment:
            self.dress(entity, Garment(kind=row.garment, colour=colour), word)
        elif row.family in (None, entity.family):
            entity.colours[row.id] = colour

    def _sex(self, entity: Entity, sex: str) -> bool:
        """Make it of that sex, and tell how it is shown, unless another was said; a crowd stays as it is."""
        if entity.row.crowd or entity.sexed:
            return entity.row.crowd or entity.gender == sex
        if entity.family not in ("person", "quadruped", "stranger"):
            return False
        shown = entity.row.stage
        entity.row, entity.gender, entity.sexed = of_sex(entity.row, sex), sex, True
        told = Note(kind="assumed", text=f"shown as {shown}", words=entity.word)
        if told in self.reading.notes:
            place = len(self.reading.notes) - 1 - self.reading.notes[::-1].index(told)
            self.reading.notes[place] = told.model_copy(update={"text": f"shown as {entity.row.stage}"})
        return True

    def garment(self, row: GarmentRow, qualities: Qualities) -> Garment:
        """A garment with the colour, material and length said of it; other qualities are noted."""
        said: dict[str, str] = {}
        for quality, text in qualities:
            key = {"colours": "colour", "materials": "material", "lengths": "length"}.get(quality.table)
            if key in said and said[key] != quality.row.id:
                self.note("not_understood", f"only one {key} of a {row.id} is shown", text)
            elif key and getattr(quality.row, "worn", True):
                said[key] = quality.row.id
            else:
                self.note("not_understood", f"a {row.id} cannot be this", text)
        kind = row.id if row.worn_by else row.kind or row.id
        return Garment.model_validate({"kind": kind, "length": row.length, "material": row.material, **said})

    def dress(self, entity: Entity, garment: Garment, word: str) -> None:
        """Put it on; saying it twice adds what was missing. Clothes are what the wearer's sex wears."""
        if entity.family != "person" and not entity.unheard and entity.like != "person":
            self.note("not_understood", f"a {entity.row.id} cannot wear this", word)
            return
        garment = garment.model_copy(update={"kind": _worn_by(garment.kind, entity)})
        for k, worn in enumerate(entity.garments):
            if worn.kind == garment.kind:
                said = {key: value for key, value in garment.model_dump().items() if value}
                entity.garments[k] = worn.model_copy(update=said)
                return
        entity.garments.append(garment)


def told_of(entity: Entity) -> set[tuple[str, str]]:
    """What was said of it, as pairs of a table and a row's id."""
    told = {("colours", colour) for colour in entity.colours.values()} | {("sizes", entity.size)}
    told |= {("traits", trait) for trait in entity.traits} | {("feelings", entity.feeling)}
    return told | {("sexes", entity.gender)}


def _denies(entity: Entity, marks: Collection[tuple[str, str]]) -> bool:
    """Whether it was said to be of another colour or size than marked: the white dog is not the black one."""
    colours = {name for table, name in marks if table == "colours"}
    sizes = {name for table, name in marks if table == "sizes"}
    body = entity.colours.get("body")
    other_colour = bool(colours) and body is not None and body not in colours
    return other_colour or (bool(sizes) and entity.size != "medium" and entity.size not in sizes)


def _worn_by(kind: str, entity: Entity) -> str:
    """What a kind of garment is on somebody of that sex."""
    rows = (row for row in lexicon().tables["garments"] if isinstance(row, GarmentRow) and row.id == kind)
    row = next(rows, None)
    if row is None or not row.worn_by:
        return kind
    sex = entity.row.gender or entity.gender
    return next((name for one, name in row.worn_by.items() if one == sex), row.kind or kind)


def of_sex(row: Concept, sex: str) -> Concept:
    """The row, or what is like it and of that sex."""
    like = lexicon().row("concepts", row.stage) if row.family == "person" and row.stage and not row.crowd else row
    other = next((name for one, name in like.sexes.items() if one == sex), None)
    if other is None or row.gender == sex:
        return row
    is_a = (other, *lexicon().row("concepts", other).is_a)
    return row.model_copy(update={"stage": other, "called": other, "gender": sex, "is_a": is_a})


def is_one(entity: Entity, row: Concept) -> bool:
    """Whether a noun of that row may mean the entity."""
    wider = entity.row.id in row.is_a and row.family != "person"
    return entity.row.id == row.id or row.id in entity.row.is_a or wider


def _may_be(entity: Entity, gender: str) -> bool:
    """Whether a pronoun of that gender may mean this person, be it one of several."""
    sexed = gender in ("female", "male") and entity.gender not in ("", gender) and not entity.row.assumed
    return entity.family == "person" and not entity.row.crowd and not sexed


def _fits(entity: Entity, gender: str) -> bool:
    if gender == "plural":
        return entity.family != "prop"
    if gender == "neuter":
        return entity.family in ("quadruped", "vehicle", "dragon", "stranger")
    told = entity.sexed or entity.row.sexed or not entity.row.assumed  # a teacher may be a she, a fireman may not
    open_to = entity.gender in ("", gender) or not told
    return entity.family == "person" and not entity.row.crowd and open_to
