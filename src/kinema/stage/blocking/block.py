"""One scene blocked: every role's part, from the scene's beginning to a little past its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kinema.schema.storyboard import Beat, Relation, Scene, Shot, Storyboard
from kinema.stage.blocking.carriers import TAKING, find_carriers
from kinema.stage.blocking.crowd import Course, carried, course_of, held_by, lanes_of, rings, spectators, walkers
from kinema.stage.blocking.ground import mark_at, nearest
from kinema.stage.blocking.homes import Home, find_homes, in_ring
from kinema.stage.blocking.roles import Part, Role
from kinema.stage.blocking.rules import Rule, rule_of, rules
from kinema.stage.blocking.walker import Walker
from kinema.stage.cue import Cue
from kinema.stage.motion.actions.handling import TAKEN
from kinema.stage.setting import Setting

RUN_ON = 4.0  # seconds a scene goes on for dissolves after its last shot


def block(
    storyboard: Storyboard, scene: Scene, setting: Setting, cast: Sequence[Role], seed: int
) -> tuple[list[Part], dict[str, Home]]:
    """The parts of a scene's roles, and where everybody begins.

    Raises: UnknownConcept when a family cannot do what a beat asks of it.
    """
    beats = sorted((beat for beat in storyboard.beats if beat.scene == scene.id), key=lambda beat: beat.start)
    relations = [relation for relation in storyboard.relations if relation.scene == scene.id]
    shots = [shot for shot in storyboard.shots if shot.scene == scene.id]
    end = float(scene.duration) + RUN_ON
    carriers = find_carriers(cast, beats, relations)
    in_hand = {carriers[role.id]: role.subject.concept for role in cast if role.id in carriers}
    blocked = _Blocked(beats, relations, setting, shots, seed, end, scene.place.weather == "rain", carriers, in_hand)
    crowds = _crowds(cast) if lanes_of(setting) else []
    many = {role.id for group in crowds for role in group}
    homes = {group[0].subject.id: _meeting_place(setting) for group in crowds}
    homes |= find_homes([role for role in cast if role.id not in many], beats, relations, setting, rules(), seed)
    parts = {role.id: blocked.part(role, homes) for role in cast if role.id not in many}
    course = course_of(list(parts.values()), setting, end)
    for group in crowds:
        homes |= blocked.crowd_homes(group, course)
        parts |= {role.id: blocked.part(role, homes) for role in group}
    things = [thing for role in cast for thing in blocked.things(parts[role.id])]
    return [*(parts[role.id] for role in cast), *things], homes


@dataclass(frozen=True, eq=False)
class _Blocked:
    """What the parts of one scene are made from.

    carriers: role ids of who has a thing of the cast in the hand, by its own · in_hand: that thing's concept, by theirs
    """

    beats: Sequence[Beat]
    relations: Sequence[Relation]
    setting: Setting
    shots: list[Shot]
    seed: int
    end: float
    in_rain: bool
    carriers: Mapping[str, str]
    in_hand: Mapping[str, str]

    def part(self, role: Role, homes: dict[str, Home]) -> Part:
        """A role's part; it begins at its home."""
        if role.family == "prop":
            if role.id in self.carriers:
                held = Cue("held", 0.0, self.end, homes[role.id].mark)
                return Part(role, (held,), (self.carriers[role.id],), (None,), 0.0)
            hidden = any(r.subject == role.subject.id and r.kind in ("under", "inside") for r in self.relations)
            hidden = hidden or role.subject.concept in self.setting.marks
            return _prop(role, homes[role.id], self.beats, hidden, self.end)
        given = {
            b.instrument: b for b in self.beats if b.action == "give" and b.target == role.subject.id and b.instrument
        }
        walker = Walker(role, homes, self.setting, rules(), self.shots, self.seed, given, self.holding(role))
        own = self.own_beats(role)
        for beat in own:
            walker.act(beat)
        walker.rest_until(self.end)
        cues, targets, instruments = tuple(walker.cues), tuple(walker.targets), tuple(walker.instruments)
        return Part(role, cues, targets, instruments, 0.0 if walker.came else _entrance(role, own, self.shots))

    def own_beats(self, role: Role) -> list[Beat]:
        """The beats of a role's subject."""
        return [beat for beat in self.beats if beat.subject == role.subject.id]

    def crowd_homes(self, group: Sequence[Role], course: Course) -> dict[str, Home]:
        """Homes of a crowd by role id, and by subject id that of its first member."""
        own = self.own_beats(group[0])
        rule = rule_of(rules(), group[0], own[0].action) if own else Rule()
        if rule.along:
            homes = walkers(group, self.setting, course, rule.speed, self.end, self.seed)
        elif in_ring(group[0], own, rules()):
            homes = rings(group, self.setting, course, self.seed)
        else:
            homes = spectators(group, self.setting, course, self.seed)
        return {group[0].subject.id: homes[0]} | {role.id: home for role, home in zip(group, homes, strict=True)}

    def things(self, part: Part) -> list[Part]:
        """What a member of a crowd holds that is not of the cast."""
        concept = "" if part.role.id in self.in_hand else self.holding(part.role)
        return [held_by(part, concept, self.end, self.seed)] if concept else []

    def holding(self, role: Role) -> str:
        """The concept of what one holds all the time: what of the cast it carries, or, of a crowd, by what it does
        first; empty for nothing."""
        if role.id in self.in_hand:
            return self.in_hand[role.id]
        own = self.own_beats(role) if role.is_in_crowd else []
        return carried(role, rule_of(rules(), role, own[0].action), self.seed, self.in_rain) if own else ""


def _meeting_place(setting: Setting) -> Home:
    """Where others go who seek the crowd before it has its places."""
    place, _ = nearest(lanes_of(setting)[0], np.array(setting.marks["centre"].position))
    return Home(mark_at(place, 0.0))


def _crowds(cast: Sequence[Role]) -> list[list[Role]]:
    """The roles of every crowd."""
    names = dict.fromkeys(role.subject.id for role in cast if role.is_in_crowd)
    return [[role for role in cast if role.subject.id == name] for name in names]


def _entrance(role: Role, beats: Sequence[Beat], shots: Sequence[Shot]) -> float:
    """From when a role is there: the shot of its first beat, or the first that means to show it."""
    if not beats or beats[0].start <= 0:
        return 0.0
    begins = float(beats[0].start)
    shown = [float(s.offset) for s in shots if role.subject.id in (s.framing.subject, *s.framing.also)]
    around = [float(s.offset) for s in shots if float(s.offset) <= begins]
    return min([begins, *shown, *around[-1:]])


def _prop(role: Role, home: Home, beats: Sequence[Beat], hidden: bool, end: float) -> Part:
    """A prop rests at home (or is hidden there, or belongs to the set) until someone takes it; then it is held."""
    still = "hidden" if hidden else "rest"
    taken = next((b for b in beats if role.subject.id == b.instrument and b.action in TAKING), None)
    if taken is None:
        return Part(role, (Cue(still, 0.0, end, home.mark),), (None,), (None,), 0.0)
    share = TAKEN if taken.action == "reach" else 0.0
    at = max(float(taken.start) + share * float(taken.end - taken.start), 0.01)
    cues = (Cue(still, 0.0, at, home.mark), Cue("held", at, end, home.mark))
    return Part(role, cues, (None, taken.subject), (None, None), 0.0)
