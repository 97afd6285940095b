"""A staged world: a setting, the cast that moves in it, and what of both a camera sees at an instant."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from kinema.buffers.scene_frame import Camera, Lamp, Particles, SceneFrame, Surface
from kinema.schema.storyboard import Shot
from kinema.stage.actor import Actor, Graded, Passing, Prepared
from kinema.stage.beforehand import Order
from kinema.stage.cameras.clearing import LensWay, hangs_in_the_way, lens_way, only_a_head_shows, walks_into_the_lens
from kinema.stage.cameras.moves import Operator, shape
from kinema.stage.cameras.portrait import portrait_lamps
from kinema.stage.setting import Setting


@dataclass(frozen=True, eq=False)
class Member:
    """One actor of the cast. number: its instance id, from 1 · entrance: scene seconds from which it is there ·
    extra: number of the one in a crowd that it is or that holds it, 0 for all others."""

    subject: str
    concept: str
    actor: Actor
    number: int
    entrance: float = 0.0
    extra: int = 0

    @cached_property
    def graded(self) -> Graded | None:
        """The actor, if it has levels of detail: asked once, for looking a protocol up takes longer than a pose."""
        return self.actor if isinstance(self.actor, Graded) else None

    def seen(self, time: float, camera: Camera) -> list[Surface]:
        """Its posed surfaces, as fine as a camera can tell."""
        return self.graded.seen(time, camera) if self.graded else self.actor.surfaces(time)


@dataclass(frozen=True, eq=False)
class Way:
    """What a camera's way through a shot is cleared of: meshes of what hangs, by key, and extras, by number."""

    hung: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()


CLEAR = Way()
CLOSE_BY = 2  # levels of one of the cast that are for pictures from close by


@dataclass(frozen=True, eq=False)
class World:
    """Everything of one scene, as pure functions of its clock.

    aspect: width over height of the film, for which its stills and its staging are framed too, though whole pixels
    give them another; None frames each picture for its own
    """

    setting: Setting
    members: tuple[Member, ...]
    aspect: float | None = None
    by_subject: dict[str, list[Actor]] = field(default_factory=dict)
    _operators: dict[tuple[Shot, int, int], Operator] = field(default_factory=dict)
    _filming: dict[tuple[Shot, float], Operator] = field(default_factory=dict)
    _ways: dict[tuple[Shot, float], Way] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for member in self.members:
            self.by_subject.setdefault(member.subject, []).append(member.actor)

    def orders(self) -> list[Order]:
        """What another process can make of the cast beforehand: what a film's first pictures are likely to show, the
        last of a crowd first, for whoever films begins with the first; then what is only for close by."""
        soon, far, close, rest = [], [], [], []
        for member in self.members:
            orders = member.actor.orders() if isinstance(member.actor, Prepared) else []
            if member.extra:
                far += orders[-1:]
                rest += orders[:-1]
            else:
                soon += orders[CLOSE_BY:]
                close += orders[:CLOSE_BY]
        return [*soon, *reversed(far), *close, *rest]

    def shape(self, width: int, height: int) -> float:
        """Width over height that a picture of so many pixels is framed for."""
        return shape(width, height) if self.aspect is None else self.aspect

    def operator(self, shot: Shot, width: int, height: int) -> Operator:
        """Who films a shot at a size; found once for all of a shape, for a station takes up to seconds to choose."""
        key, alike = (shot, width, height), (shot, self.shape(width, height))
        if key not in self._operators:
            if alike not in self._filming:
                self._filming[alike] = Operator(shot, self.by_subject, self.setting, width, height, alike[1])
            self._operators[key] = self._filming[alike].sized(width, height)
        return self._operators[key]

    def way(self, shot: Shot, width: int, height: int) -> Way:
        """What a shot does without, so that nothing passes close before its lens."""
        key = (shot, self.shape(width, height))
        if key not in self._ways:
            operator = self.operator(shot, width, height)
            lens = lens_way(operator.camera, operator.begin, operator.end)
            shown = {name for one in (shot.framing, shot.to) if one for name in (one.subject, *one.also)}
            hung = self.setting.moving(operator.begin, lens.places[0]).hung
            framed = {id(one) for name in shown for one in operator.cast[name]}
            passers = [one for one in self.members if one.extra and id(one.actor) not in framed]
            self._ways[key] = Way(
                frozenset(one.mesh.key for one in hung if hangs_in_the_way(one, lens)),
                frozenset(one.extra for one in passers if _meets(one.actor, lens)),
            )
        return self._ways[key]

    def content(
        self, time: float, camera: Camera, way: Way = CLEAR
    ) -> tuple[list[Surface], list[Lamp], list[Particles]]:
        """Surfaces, lamps and particles at a scene time in seconds, for a camera.

        A crowd is posed first: who is close by takes longest to make, and may be under way in another process.
        """
        moving = self.setting.moving(time, camera.position)
        there = [one for one in self.members if time >= one.entrance and not (one.extra and one.extra in way.people)]
        soft = self.setting.soft(time, [member.actor for member in there])
        hung = [one for one in moving.hung if one.mesh.key not in way.hung]
        surfaces = [*self.setting.surfaces, *soft, *moving.surfaces, *hung]
        lamps = [*self.setting.lamps, *moving.lamps]
        particles = list(moving.particles)
        seen = {one.number: one.seen(time, camera) for one in sorted(there, key=lambda one: one.extra == 0)}
        for member in there:
            surfaces += _numbered(seen[member.number], member)
            lamps += member.actor.lamps(time)
            particles += member.actor.particles(time)
        return surfaces, lamps, particles


def _meets(actor: Actor, lens: LensWay) -> bool:
    if not isinstance(actor, Passing):
        return False
    places = [actor.place(float(t)) for t in lens.times]
    return walks_into_the_lens(places, lens) or only_a_head_shows(places, lens)


def concept_number(concept: str) -> int:
    """A stable id of a concept, 1 to 65535."""
    return zlib.crc32(concept.encode()) % 65535 + 1


def take(world: World, shot: Shot, frames: range, fps: int, width: int, height: int) -> Iterator[SceneFrame]:
    """The numbered frames of one shot, each knowing where everything was one frame before."""
    operator, way = world.operator(shot, width, height), world.way(shot, width, height)
    previous: dict[tuple[int, str, int], Surface] = {}
    previous_camera: Camera | None = None
    for k in frames:
        time = float(shot.offset + Fraction(k, fps) * shot.speed)
        camera = operator.camera(time)
        surfaces, lamps, particles = world.content(time, camera, way)
        paired, previous = _paired(surfaces, previous)
        yield SceneFrame(
            time=time,
            interval=float(shot.speed) / fps,
            camera=camera,
            previous_camera=previous_camera or camera,
            surfaces=tuple(paired),
            sky=world.setting.sky,
            key_light=world.setting.key_light,
            lamps=(*lamps, *portrait_lamps(camera, lamps, world.setting.key_light)),
            particles=tuple(particles),
            fog=world.setting.fog,
            mirror_height=world.setting.mirror_height,
            names={member.number: member.subject for member in world.members},
        )
        previous_camera = camera


def _numbered(surfaces: Sequence[Surface], member: Member) -> list[Surface]:
    concept = concept_number(member.concept)
    return [_changed(surface, {"instance": member.number, "concept": concept}) for surface in surfaces]


def _changed(surface: Surface, fields: dict[str, Any]) -> Surface:
    """The surface with other values in some fields: as dataclasses.replace, which takes ten times as long."""
    copy = object.__new__(Surface)
    vars(copy).update(vars(surface), **fields)
    return copy


def _paired(
    surfaces: Sequence[Surface], before: dict[tuple[int, str, int], Surface]
) -> tuple[list[Surface], dict[tuple[int, str, int], Surface]]:
    """Give every surface its pose of one frame ago: the same mesh of the same instance, in order of appearance."""
    paired: list[Surface] = []
    now: dict[tuple[int, str, int], Surface] = {}
    counts: dict[tuple[int, str], int] = {}
    for surface in surfaces:
        kind = (surface.instance, surface.mesh.key)
        ordinal = counts.get(kind, 0)
        counts[kind] = ordinal + 1
        now[(*kind, ordinal)] = surface
        old = before.get((*kind, ordinal))
        if old is None or old is surface:
            paired.append(surface)
        else:
            past = {"previous_transform": old.transform, "previous_positions": old.positions}
            paired.append(_changed(surface, past))
    return paired, now
