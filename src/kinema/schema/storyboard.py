"""The storyboard: the one editable document a film is made from."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kinema.schema.document import Document
from kinema.schema.format import Format
from kinema.schema.times import Seconds

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Medium = Literal["natural", "silhouette", "film"]
Language = Literal["en", "zh"]
Size = Literal["wide", "full", "medium", "close", "extreme"]
Side = Literal["front", "front_left", "left", "back_left", "back", "back_right", "right", "front_right"]
Angle = Literal["low", "eye", "high", "top"]
Move = Literal["static", "pan", "push", "pull", "orbit", "follow", "truck", "crane"]
RelationKind = Literal["left_of", "right_of", "in_front_of", "behind", "on", "under", "inside", "near", "carries"]


LONGEST_FILM = 600  # seconds
LONGEST_SCENE = 3600  # seconds: where a crowd walks is known for every moment of it
LONGEST_TRANSITION = 4  # seconds: the outgoing shot's frames under it are held in memory


class Look(Document):
    """Everything about appearance that is not a thing."""

    medium: Medium = "natural"
    palette: tuple[str, ...] = ()
    mood: str = ""
    grade: Literal["neutral", "warm", "cool"] = "neutral"


class Place(Document):
    """Where and when a scene happens."""

    set: Name
    hour: Literal["dawn", "morning", "day", "evening", "night"] = "day"
    weather: Literal["clear", "cloudy", "rain", "snow", "fog"] = "clear"
    season: Literal["spring", "summer", "autumn", "winter"] = "summer"
    features: tuple[Name, ...] = Field((), description="what the set is dressed with: neon, wet, lanterns, moon ...")


class Scene(Document):
    """A place with a clock; its beats run from 0 to duration."""

    id: Name
    place: Place
    duration: Seconds


class Garment(Document):
    """One thing worn, carried or painted on: kind names a row of the stage's wardrobe."""

    kind: Name
    colour: str = ""
    material: str = ""
    length: Literal["", "short", "long"] = ""


class Subject(Document):
    """One member of the cast, or a crowd of them: a person, an animal, a vehicle, a prop."""

    id: Name
    concept: Name
    count: int = Field(1, ge=1, le=400)
    colours: dict[Name, str] = Field({}, description="colour by part; 'body' is the whole of it")
    size: Literal["small", "medium", "large"] = "medium"
    material: str = ""
    garments: tuple[Garment, ...] = ()
    traits: tuple[Name, ...] = Field((), description="vintage, beautiful, old, stylish ...")
    feeling: str = ""


class Relation(Document):
    """How two subjects stand to each other on a scene's clock."""

    subject: Name
    kind: RelationKind
    object: Name
    scene: Name
    start: Seconds = Fraction(0)
    end: Seconds | None = None


class Beat(Document):
    """One action on a scene's clock: who does what, to whom, with what, how, because of what."""

    id: Name
    scene: Name
    subject: Name
    action: Name
    start: Seconds
    end: Seconds
    target: Name | None = None
    instrument: Name | None = None
    manner: tuple[Name, ...] = ()
    because: Name | None = None


class Framing(Document):
    """What the picture holds: which subject, how large, seen from where."""

    subject: Name
    size: Size = "full"
    side: Side = "front"
    angle: Angle = "eye"
    also: tuple[Name, ...] = Field((), description="subjects that must be in the picture too")


class Shot(Document):
    """A window of film time on a scene's clock, and the camera that sees it.

    Film time t of the shot shows scene time offset + (t - start) * speed.
    """

    id: Name
    scene: Name
    start: Seconds
    duration: Seconds
    offset: Seconds = Fraction(0)
    speed: Seconds = Fraction(1)
    framing: Framing
    move: Move = "static"
    to: Framing | None = Field(None, description="where push, pull, orbit, truck and crane end")
    turn: float = Field(0.0, description="degrees an orbit travels, counter-clockwise from above")
    transition: Literal["cut", "dissolve", "fade"] = "cut"
    transition_duration: Seconds = Fraction(0)


class Note(Document):
    """What was assumed, and what was not understood."""

    kind: Literal["assumed", "not_understood"]
    text: str
    words: str = ""


class Storyboard(Document):
    """A film is a pure function of this, a seed, a size, a rate, the painter's weights and the version."""

    version: Literal[1] = 1
    title: str
    prompt: str = ""
    language: Language = "en"
    look: Look = Look()
    format: Format | None = Field(None, description="the size and rate wished for; a request that names its own wins")
    scenes: tuple[Scene, ...] = Field(min_length=1)
    cast: tuple[Subject, ...] = Field(min_length=1)
    relations: tuple[Relation, ...] = ()
    beats: tuple[Beat, ...] = ()
    shots: tuple[Shot, ...] = Field(min_length=1)
    notes: tuple[Note, ...] = ()

    @property
    def seconds(self) -> Fraction:
        """The film's length."""
        return max(shot.start + shot.duration for shot in self.shots)

    @model_validator(mode="after")
    def _names_are_defined(self) -> Self:
        cast = _unique("cast", (subject.id for subject in self.cast))
        scenes = _unique("scenes", (scene.id for scene in self.scenes))
        _unique("shots", (shot.id for shot in self.shots))
        beats = _unique("beats", (beat.id for beat in self.beats))
        for beat in self.beats:
            _require(f"beat {beat.id}", "subject", (beat.subject, beat.target, beat.instrument), cast)
            _require(f"beat {beat.id}", "scene", (beat.scene,), scenes)
            _require(f"beat {beat.id}", "beat", (beat.because,), beats)
        for relation in self.relations:
            _require(f"relation {relation.kind}", "subject", (relation.subject, relation.object), cast)
            _require(f"relation {relation.kind}", "scene", (relation.scene,), scenes)
        for shot in self.shots:
            framings = [framing for framing in (shot.framing, shot.to) if framing]
            named = [name for framing in framings for name in (framing.subject, *framing.also)]
            _require(f"shot {shot.id}", "subject", named, cast)
            _require(f"shot {shot.id}", "scene", (shot.scene,), scenes)
        return self

    @model_validator(mode="after")
    def _scenes_last(self) -> Self:
        for scene in self.scenes:
            if scene.duration <= 0:
                raise ValueError(f"scene {scene.id}: duration must be above 0 (got {scene.duration})")
            if scene.duration > LONGEST_SCENE:
                raise ValueError(
                    f"scene {scene.id}: lasts at most {LONGEST_SCENE} s (got {float(scene.duration):g}); divide it"
                )
        return self

    @model_validator(mode="after")
    def _beats_follow(self) -> Self:
        lengths = {scene.id: scene.duration for scene in self.scenes}
        until: dict[tuple[str, str], Fraction] = {}
        for beat in sorted(self.beats, key=lambda beat: beat.start):
            if not 0 <= beat.start < beat.end:
                raise ValueError(f"beat {beat.id}: needs 0 <= start < end (got {beat.start} to {beat.end})")
            if beat.start < until.get((beat.scene, beat.subject), 0):
                raise ValueError(
                    f"beat {beat.id}: {beat.subject} is still at another beat at {beat.start}; start it later"
                )
            until[beat.scene, beat.subject] = beat.end
            if beat.end > lengths[beat.scene]:
                raise ValueError(
                    f"beat {beat.id}: must end within its scene, by {lengths[beat.scene]} (got {beat.end})"
                )
        return self

    @model_validator(mode="after")
    def _shots_follow(self) -> Self:
        lengths = {scene.id: scene.duration for scene in self.scenes}
        expected = Fraction(0)
        for shot in self.shots:
            if shot.duration <= 0 or shot.speed <= 0:
                raise ValueError(
                    f"shot {shot.id}: duration and speed must be above 0 (got {shot.duration} and {shot.speed})"
                )
            if shot.start != expected:
                raise ValueError(
                    f"shot {shot.id}: must start where the one before ends, at {expected} (got {shot.start})"
                )
            if not 0 <= shot.transition_duration <= shot.duration:
                raise ValueError(
                    f"shot {shot.id}: its transition must not be longer than the shot, {shot.duration}"
                    f" (got {shot.transition_duration})"
                )
            if shot.offset < 0 or shot.offset + shot.duration * shot.speed > lengths[shot.scene]:
                raise ValueError(f"shot {shot.id}: must show its scene between 0 and {lengths[shot.scene]}")
            if shot.transition_duration > LONGEST_TRANSITION:
                raise ValueError(f"shot {shot.id}: a transition lasts at most {LONGEST_TRANSITION} s")
            expected = shot.start + shot.duration
        if expected > LONGEST_FILM:
            raise ValueError(f"a film lasts at most {LONGEST_FILM} s (got {float(expected):g}); cut it shorter")
        return self


def _unique(what: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what}: the id {name!r} is used twice; give each its own")
        seen.add(name)
    return seen


def _require(where: str, what: str, names: Iterable[str | None], known: set[str]) -> None:
    for name in names:
        if name is not None and name not in known:
            raise ValueError(f"{where}: no {what} is called {name!r}; known: {', '.join(sorted(known))}")
