"""Casting: blocked parts to actors, each by the family that performs its concept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

import numpy as np
from pydantic import TypeAdapter

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64, Lamp, Particles, Surface
from kinema.schema.storyboard import Garment, Place, Scene, Storyboard, Subject
from kinema.schema.tables import parsed
from kinema.stage import actor, families
from kinema.stage.actor import Actor, Region
from kinema.stage.blocking.block import block
from kinema.stage.blocking.crowd import occasion, peopled
from kinema.stage.blocking.roles import CROWD, Body, Part, Role, passers, roles
from kinema.stage.blocking.rules import rule_of, rules
from kinema.stage.bodies.people.appearance import garment_row, table
from kinema.stage.colours import colour
from kinema.stage.cue import Cue, Mark
from kinema.stage.setting import Setting
from kinema.stage.world import Member, World

MOODS = {"festive": "joyful"}  # how a crowd feels whose storyboard does not say, by what it is dressed for
ORDER = {"person": 0, "prop": 1}  # in which partners are performed once more


def bodies() -> dict[str, Body]:
    """The table casting.yaml: concept -> body."""
    text = resources.files("kinema.stage").joinpath("casting.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Body]).validate_python(parsed(text))


def refuse_unknown(storyboard: Storyboard) -> None:
    """Raises: UnknownConcept for the first set, body, action, garment or colour that the stage lacks: before anything
    is built or written."""
    for scene in storyboard.scenes:
        families.known_set(scene.place)
    cast = {role.subject.id: role for role in roles(storyboard, bodies())}
    for role in cast.values():
        _refuse_unknown_looks(role)
    for beat in storyboard.beats:
        if cast[beat.subject].family != "prop":  # nobody asks a thing what it does
            rule_of(rules(), cast[beat.subject], beat.action)


def _refuse_unknown_looks(role: Role) -> None:
    """Raises: UnknownConcept for a garment or a colour that nobody has; hair has colours of its own."""
    dressed = role.subject.garments if role.family == "person" else ()
    painted = () if role.family == "person" else role.subject.colours.values()
    for garment in dressed:
        garment_row(garment.kind)
    for name in (*painted, *(garment.colour for garment in dressed if garment.colour)):
        colour(name)


def build_world(storyboard: Storyboard, scene: Scene, seed: int, aspect: float | None = None) -> World:
    """Build a scene's setting, block its beats and cast its actors. aspect: see World.

    Raises: UnknownConcept when the stage lacks a set, a body or an action that the storyboard names.
    """
    return cast_in(families.build_setting(scene.place, seed), storyboard, scene, seed, aspect)


def cast_in(setting: Setting, storyboard: Storyboard, scene: Scene, seed: int, aspect: float | None = None) -> World:
    """Block a scene's beats in a setting and cast its actors.

    Actors look at, reach for and touch each other; each is first performed with stand-ins at the others' marks, and
    those that have partners once more with the actors of the first round.

    Raises: UnknownConcept, as build_world.
    """
    storyboard = peopled(storyboard, scene, setting)
    cast = [role for role in roles(storyboard, bodies()) if _takes_part(role.subject.id, storyboard, scene)]
    parts, homes = block(storyboard, scene, setting, cast, seed)
    worn = {part.role.id: _worn(part, parts, scene.place) for part in parts}
    company: dict[str, Actor] = {name: StandIn(name, home.mark) for name, home in homes.items()}
    first = [_performed(part, worn[part.role.id], company, setting, seed) for part in parts]
    company |= {part.role.id: one for part, one in zip(parts, first, strict=True)}
    company |= {part.role.subject.id: one for part, one in reversed(list(zip(parts, first, strict=True)))}
    final = list(first)
    # people first: things go with their hands, and animals eat from there
    for k in sorted(range(len(parts)), key=lambda k: ORDER.get(parts[k].role.family, len(ORDER))):
        if parts[k].has_partners:
            final[k] = _performed(parts[k], worn[parts[k].role.id], company, setting, seed)
            company[parts[k].role.id] = final[k]
            if company[parts[k].role.subject.id] is first[k]:
                company[parts[k].role.subject.id] = final[k]
    numbers = {name: k + 1 for k, name in enumerate(passers(parts))}
    members = tuple(
        Member(
            part.role.subject.id, part.role.subject.concept, one, k + 1, part.entrance,
            numbers.get(part.role.id, numbers.get(part.targets[0] or "", 0) if part.role.family == "prop" else 0),
        )
        for k, (part, one) in enumerate(zip(parts, final, strict=True))
    )  # fmt: skip
    return World(setting, members, aspect)


class StandIn:
    """Holds an actor's place while the others are blocked: a point at its first mark."""

    def __init__(self, name: str, mark: Mark) -> None:
        self.id = name
        self.mark = mark

    def surfaces(self, time: float) -> list[Surface]:
        """Nothing to see."""
        return []

    def region(self, time: float, part: actor.Part) -> Region:
        """A metre around the mark."""
        return Region(self.mark.position, 1.0, 1.0)

    def anchor(self, time: float, name: str) -> F64:
        """The mark, whatever the name."""
        return np.array(self.mark.position, np.float64)

    def facing(self, time: float) -> float:
        """The mark's yaw."""
        return self.mark.yaw

    def particles(self, time: float) -> list[Particles]:
        """None."""
        return []

    def lamps(self, time: float) -> list[Lamp]:
        """None."""
        return []

    def events(self, start: float, end: float) -> list[Event]:
        """None."""
        return []


def _takes_part(subject: str, storyboard: Storyboard, scene: Scene) -> bool:
    """Whether a subject is named in a scene, or in none at all and so belongs to every one; inside a vehicle nobody is
    seen, unless a shot asks for it."""
    named: dict[str, set[str]] = {}
    for shot in storyboard.shots:
        for framing in (shot.framing, shot.to):
            for name in (framing.subject, *framing.also) if framing else ():
                named.setdefault(name, set()).add(shot.scene)
    if scene.id not in named.get(subject, ()) and _rides(subject, storyboard, scene):
        return False
    for beat in storyboard.beats:
        for one in (beat.subject, beat.target, beat.instrument):
            named.setdefault(one or "", set()).add(beat.scene)
    for relation in storyboard.relations:
        for name in (relation.subject, relation.object):
            named.setdefault(name, set()).add(relation.scene)
    return scene.id in named.get(subject, {scene.id})


def _rides(subject: str, storyboard: Storyboard, scene: Scene) -> bool:
    """Whether a subject is inside a vehicle during a scene."""
    vehicles = {role.subject.id for role in roles(storyboard, bodies()) if role.family == "vehicle"}
    return any(
        (r.subject, r.kind, r.scene) == (subject, "inside", scene.id) and r.object in vehicles
        for r in storyboard.relations
    )


def _performed(part: Part, worn: Subject, company: dict[str, Actor], setting: Setting, seed: int) -> Actor:
    role = part.role
    cues = _resolved(part, company)
    detail = "extra" if role.of >= CROWD else "hero"
    subject = worn.model_copy(update={"id": role.id.replace("#", "_")})
    return families.perform(role.family, subject, cues, setting.ground, seed, detail)


def _worn(part: Part, parts: Sequence[Part], place: Place) -> Subject:
    """A part's subject dressed for what it does first, for the weather and the day if one of a crowd, and with what it
    holds all the time, which shapes how an arm is carried."""
    subject = part.role.subject
    garments = subject.garments or _dressed_for(part)
    held = [one.role.subject.concept for one in parts if _holds(part, one)]
    garments += tuple(Garment(kind=kind) for kind in held if kind in table("wardrobe"))
    if not part.role.is_in_crowd:
        return subject.model_copy(update={"garments": garments})
    day = occasion(place)
    told = {"garments": garments, "traits": (*subject.traits, day), "feeling": subject.feeling or MOODS.get(day, "")}
    return subject.model_copy(update=told)


def _holds(part: Part, thing: Part) -> bool:
    """Whether a thing is in somebody's hand from the beginning on."""
    return thing.role.family == "prop" and thing.targets[0] == part.role.id and thing.cues[0].action == "held"


def _dressed_for(part: Part) -> tuple[Garment, ...]:
    """What someone given no clothes wears for what it does first: pyjamas in bed."""
    rule = rules()[part.role.family].get(part.cues[0].action)
    return (Garment(kind=rule.wears),) if rule and rule.wears else ()


def _resolved(part: Part, company: dict[str, Actor]) -> Sequence[Cue]:
    """The part's cues with their targets and instruments filled in."""
    return [
        replace(cue, target=company.get(target or ""), instrument=company.get(instrument or ""))
        for cue, target, instrument in zip(part.cues, part.targets, part.instruments, strict=True)
    ]
