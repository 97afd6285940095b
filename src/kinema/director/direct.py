"""The director: a prompt becomes a storyboard.

    from kinema.director.direct import direct
    from kinema.schema.request import FilmRequest

    board = direct(FilmRequest(prompt="A cat wakes its sleeping owner."))

Words are looked up in bilingual tables (`data/*.yaml`), a grammar shared by English and Chinese finds who does what, a
plotter turns verbs into beats, and a planner covers them with shots. Everything is data but the grammar itself, and
every word that could not be used is noted on the storyboard.

    asides -> script -> terms -> (spelling, strangers) -> grammar -> reading -> plot -> timing -> coverage -> storyboard
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kinema.director.asides import put_plainly
from kinema.director.coverage import Coverage
from kinema.director.grammar import Grammar
from kinema.director.names import named
from kinema.director.passages import passages
from kinema.director.plot import plot
from kinema.director.reading import Entity, Reading
from kinema.director.script import script
from kinema.director.spelling import mended
from kinema.director.steps import Move, Plot
from kinema.director.strangers import dismiss, settle
from kinema.director.terms import cut, language_of
from kinema.director.timing import SceneTimes, lay_out, natural_seconds, span_of
from kinema.director.whereabouts import place_of, populate
from kinema.schema.errors import InvalidRequest
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Beat, Language, Look, Note, Relation, Scene, Storyboard, Subject

RELATIONS = {
    "under": "under",
    "on": "on",
    "behind": "behind",
    "in_front": "in_front_of",
    "carries": "carries",
    "place": "near",
    "in": "inside",
}
TITLE_WORDS = 60  # characters of the prompt that make the title


def direct(request: FilmRequest) -> Storyboard:
    """The storyboard for a request; a request that brings its own keeps it.

    InvalidRequest when the prompt names nothing that can be staged.
    """
    if request.storyboard is not None:
        return request.storyboard
    prompt = request.prompt or ""
    language = language_of(prompt)
    plain, asides = put_plainly(prompt, language)
    told = script(plain, language)
    reading = read(told.text, language)
    reading.notes += [*asides, *told.notes]
    if not any(entity.family != "prop" for entity in reading.entities):
        populate(reading)
    story = plot(reading)
    if not story.steps:
        raise InvalidRequest(
            "the prompt names nobody and nothing this version can stage; try a person, a cat, a dog, a wolf, a car "
            "or a Chinese dragon doing something"
        )
    seconds = request.seconds or told.seconds or natural_seconds(story)
    speed = min((word.row.speed for word in reading.camera), default=Fraction(1))
    scenes = lay_out(story, seconds * speed)
    lead = _lead(story, reading)
    names = _names(reading.entities)
    places = [place_of(reading, scene.words, lead, len(scenes) == 1, scene.said) for scene in story.scenes]
    return Storyboard(
        title=_title(prompt),
        prompt=prompt,
        language=language,
        look=_look(request, reading, lead),
        format=told.format,
        scenes=tuple(
            Scene(id=f"scene_{k + 1}", place=places[k][0], duration=scene.duration) for k, scene in enumerate(scenes)
        ),
        cast=tuple(_subject(entity, names) for entity in reading.entities),
        relations=_relations(reading, story, names),
        beats=_beats(story, scenes, names),
        shots=Coverage(reading, scenes, lead, names, story.inside).shots(),
        notes=tuple(dict.fromkeys((*reading.notes, *(note for _, notes in places for note in notes)))),
    )


def read(prompt: str, language: Language) -> Reading:
    """What a prompt says, with the words nobody knows settled or noted."""
    prompt, names = named(prompt, language)
    terms = cut(prompt, language, names)
    notes: list[Note] = []
    if language == "en" and any(term.kind == "unknown" for term in terms):
        prompt, notes = mended(prompt, names)
        terms = cut(prompt, language, names) if notes else terms
    if any(term.kind == "unknown" for term in terms):
        terms, unheard = settle(terms, language)
        notes += unheard
    reading = Grammar(passages(terms)).read()
    reading.notes[:0] = notes
    if any(entity.family == "stranger" for entity in reading.entities):
        dismiss(reading)
    return reading


def _title(prompt: str) -> str:
    first = prompt.replace("。", ".").split(".")[0].strip()
    return first if len(first) <= TITLE_WORDS else first[:TITLE_WORDS].rsplit(" ", 1)[0] + " …"


def _lead(story: Plot, reading: Reading) -> Entity:
    """The one the film is about: the first of the cast that acts and is no crowd."""
    acting = {id(move.subject) for step in story.steps for move in step.moves if not move.present}
    for entity in reading.entities:
        if id(entity) in acting and not entity.row.crowd:
            return entity
    return story.steps[0].moves[0].subject


def _names(entities: list[Entity]) -> dict[int, str]:
    names: dict[int, str] = {}
    seen: dict[str, int] = {}
    for entity in entities:
        base = entity.row.called or entity.row.id
        seen[base] = seen.get(base, 0) + 1
        names[id(entity)] = base if seen[base] == 1 else f"{base}_{seen[base]}"
    return names


def _subject(entity: Entity, names: dict[int, str]) -> Subject:
    concept = entity.row.stage or ""
    if entity.row.id == "owner" and entity.gender:
        concept = "woman" if entity.gender == "female" else "man"
    return Subject(
        id=names[id(entity)],
        concept=concept,
        count=entity.count,
        colours=entity.colours,
        size=entity.size,
        material=entity.material,
        garments=tuple(entity.garments),
        traits=tuple(entity.traits),
        feeling=entity.feeling,
    )


def _relations(reading: Reading, story: Plot, names: dict[int, str]) -> tuple[Relation, ...]:
    told = {(id(b.subject), b.kind, id(b.object)): b for b in reading.bonds if b.kind in RELATIONS}
    stated = [
        Relation(
            subject=names[id(bond.subject)], kind=RELATIONS[bond.kind], object=names[id(bond.object)], scene="scene_1"
        )
        for bond in told.values()
        if not (bond.kind == "in" and bond.object.family == "vehicle")
    ]
    riding = [
        Relation(subject=names[rider], kind="inside", object=names[id(vehicle)], scene=f"scene_{place + 1}")
        for place, held in story.inside.items()
        for rider, vehicle in held.items()
    ]
    return (*stated, *riding)


Row = tuple[Move, str, Fraction, Fraction]  # what, in which scene, from when to when


def _one_at_a_time(rows: list[Row]) -> list[Row]:
    """A body does one thing at a time: what comes later ends what it did, and of two that begin together the first is
    done."""
    kept: list[Row] = []
    for move, scene, start, end in rows:
        before = next((k for k, row in reversed([*enumerate(kept)]) if row[0].subject is move.subject), None)
        if before is not None and kept[before][1] == scene and kept[before][3] > start:
            if kept[before][2] == start:
                continue
            kept[before] = (*kept[before][:3], start)
        kept.append((move, scene, start, end))
    return kept


def _beats(story: Plot, scenes: list[SceneTimes], names: dict[int, str]) -> tuple[Beat, ...]:
    ids: dict[int, str] = {}
    rows: list[Row] = []
    for number, scene in enumerate(scenes, 1):
        rows += [
            (move, f"scene_{number}", Fraction(0), scene.duration) for move in story.ambient if move.place == number - 1
        ]
        for slot in scene.slots:
            rows += [(move, f"scene_{number}", *span_of(move, slot, scene)) for move in slot.step.moves]
    rows = _one_at_a_time(sorted(rows, key=lambda row: (row[1], row[2])))
    for number, (move, *_) in enumerate(rows, 1):
        ids.setdefault(id(move), f"beat_{number}")
    beats = []
    for number, (move, scene_id, start, end) in enumerate(rows, 1):
        beats.append(
            Beat(
                id=f"beat_{number}",
                scene=scene_id,
                subject=names[id(move.subject)],
                action=move.action,
                start=start,
                end=end,
                target=names[id(move.target)] if move.target else None,
                instrument=names[id(move.instrument)] if move.instrument else None,
                manner=tuple(dict.fromkeys(move.manners)),
                because=ids.get(id(move.because)) if move.because else None,
            )
        )
    return tuple(beats)


def _look(request: FilmRequest, reading: Reading, lead: Entity) -> Look:
    medium, mood, grade = reading.first("media"), reading.first("moods"), reading.first("grades")
    occasion = next((o.mood for o in reading.occasions if o.mood), "")
    look: dict[str, Any] = {
        "medium": request.look or (medium.id if medium else "natural"),
        "palette": tuple(dict.fromkeys(fact.row.id for fact in reading.facts if fact.table == "palettes")),
        "mood": mood.id if mood else occasion or lead.feeling,
        "grade": (getattr(grade, "grade", None) or grade.id) if grade else "neutral",
    }
    return Look.model_validate(look)
