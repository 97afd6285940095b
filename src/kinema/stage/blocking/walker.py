"""A walker goes through one role's beats in order, keeping track of where it stands, and writes its cues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kinema.schema.storyboard import Beat, Shot
from kinema.stage.blocking.crowd import by_turns
from kinema.stage.blocking.ground import (
    STEP_UP,
    apart,
    beside,
    grounded,
    mark_at,
    nearest,
    shifted,
    sidestepped,
    straight_way,
)
from kinema.stage.blocking.homes import ABREAST, Home, in_file, named_path, pace, start_along
from kinema.stage.blocking.roles import Role
from kinema.stage.blocking.rules import Rule, Rules, rule_of
from kinema.stage.chance import chance
from kinema.stage.cue import Cue, Mark, Path
from kinema.stage.motion.actions.leisure import PASSING
from kinema.stage.setting import Setting

NEAR = 0.6  # metres: closer than this counts as being there
ARM = 1.6  # metres at which one who comes to somebody stops
ASIDE = (0.0, 0.6, -0.6)  # of ABREAST, by turns: how far beside a path each of a pack in file keeps, and
LOOSELY = 0.12  # by how much more or less, at most
AHEAD = 0.5  # of that, by which each of a pack abreast is ahead of the others or behind them, at most
COMES, ENTERS = 0.8, 0.75  # seconds before its first beat from which on one is seen coming, and at what speed (m/s)
ARRIVES = 0.02  # metres from a mark at which a path counts as leading there
HURRIES = 0.7  # share of the time for which something is held out that one may take to come for it
WAIT, LEAP = 0.5, 1.1  # seconds before a leap that is a beat, and that it takes


class Walker:
    """Builds one role's cues; `mark` is where it stands, `travelled` how far along `path`."""

    def __init__(
        self,
        role: Role,
        homes: dict[str, Home],
        setting: Setting,
        table: Rules,
        shots: list[Shot],
        seed: int,
        given: Mapping[str, Beat],
        held: str = "",
    ) -> None:
        self.role, self.homes, self.setting, self.table, self.seed = role, homes, setting, table, seed
        self.given = given  # props that somebody hands it, and the beat that does
        self.held = held  # the concept of what it holds all the time
        self.cuts = [float(shot.offset) for shot in shots]
        self.cues: list[Cue] = []
        self.targets: list[str | None] = []
        self.instruments: list[str | None] = []
        self.time = 0.0
        self.last: Beat | None = None
        self.came = False  # whether it is seen coming to where it begins
        self.then = {"vehicle": "park", "dragon": "dance"}.get(role.family, "stand")
        home = homes[role.id]
        self.mark, self.path, self.travelled, self.pace = home.mark, home.lane, home.along, home.pace
        self.mix = dict(home.mix)  # of one who stays where the others go
        self.lanes: dict[str, Path] = {}  # this one's own lane of every path it went along
        self.lead = 0.0  # metres by which the first of its file is ahead of it

    def act(self, beat: Beat) -> None:
        """Perform one beat, going to where it happens first."""
        start, end = float(beat.start), float(beat.end)
        rule = rule_of(self.table, self.role, beat.action)
        if self._begins:
            self._come_in(rule, start)
        if self.mix and rule.along:  # stays where the others go; does what else they do
            rule = rule.model_copy(update={"along": (), "mix": self.mix})
        if rule.along:
            self.rest_until(start)
            self._travel(beat, rule, start, end)
        else:
            where = self._place(beat, rule)
            self._come_for(beat, where)
            if beat.action == "jump" and self._climbs(where):
                self._leap(beat, where, start, end)
            elif rule.mix and self.role.has_own_mind:
                arrived = self._go(where, start, end)
                for action, since, until in by_turns(self.role, rule, arrived, end, self.seed, self.held):
                    self._cue(action, since, until, beat)
            else:
                self._cue(beat.action, self._go(where, start, end), end, beat)
        self.then, self.last = rule.then, beat

    def _come_in(self, rule: Rule, start: float) -> None:
        """Be on the way to where it begins, if one leads right there; it stays where that begins until it must go."""
        path = next((self.setting.paths[name] for name in rule.comes if name in self.setting.paths), None)
        if path is None or start < COMES or not np.allclose(path.points[-1], self.mark.position, atol=ARRIVES):
            return
        leave = max(start - path.length / ENTERS, 0.0)
        along = path.length - ENTERS * (start - leave)
        home, self.mark = self.mark, mark_at(*path.at(along))
        self.rest_until(leave)
        self._cue("walk", leave, start, path=path, along=along, speed=ENTERS)
        self.mark, self.path, self.came = home, None, True

    def _come_for(self, beat: Beat, where: Mark) -> None:
        """Go for what is handed to it as soon as that is held out, and keep an eye on it until the beat begins."""
        offer = self.given.get(beat.target or "")
        if offer is None or not self.time <= float(offer.start) < float(beat.start):
            return
        self.rest_until(float(offer.start))
        self._go(where, float(offer.start), float(beat.start), HURRIES)
        self._cue("look", self.time, float(beat.start), beat)

    def rest_until(self, time: float) -> None:
        """Fill with what the subject goes on doing between beats; the same action just lasts longer."""
        if time <= self.time + 1e-6:
            return
        last = self.cues[-1] if self.cues else None
        if last is not None and last.action == self.then and last.path is None and last.mark == self.mark:
            self.cues[-1], self.time = replace(last, end=time), time
        else:
            self._cue(self.then, self.time, time, self.last if self.then == "look" else None)

    def _travel(self, beat: Beat, rule: Rule, start: float, end: float) -> None:
        """Go along a path for the beat's time; a second such beat goes on where the first stopped."""
        path = self._way(beat, rule, rule.speed * (end - start), start)
        if path is not self.path:
            self._enter(path, beat, rule)
        speed = pace(rule, beat)
        if self.role.is_in_crowd:
            speed *= self.pace
            self.travelled = min(self.travelled, max(path.length - speed * (end - start) - 0.5, 0.0))
        speed = min(speed, max(path.length - self.travelled - self.lead, 0.1) / (end - start))
        self.mark = mark_at(*path.at(self.travelled))
        self._cue(beat.action, start, end, beat, path, self.travelled, speed)
        self.travelled += speed * (end - start)
        self.mark = mark_at(*path.at(self.travelled))

    def _enter(self, path: Path, beat: Beat, rule: Rule) -> None:
        """Begin a way: where it stands; for a pack that begins so, in file."""
        self.path, self.lead = path, 0.0
        in_pack = self.role.is_in_pack and beat.target not in self.homes
        if in_pack and self._begins:
            self.travelled, self.lead = in_file(self.role, rule, beat, path, self.seed)
            return
        self.travelled = self._progress(path, start_along(rule, beat, path))
        if in_pack:
            loose = float(chance(self.seed, self.role.id, "ahead").uniform(-AHEAD, AHEAD))
            self.travelled = max(self.travelled + ABREAST * self.role.scale * loose, 0.0)

    @property
    def _begins(self) -> bool:
        """Whether it has not acted yet."""
        return self.last is None

    def _way(self, beat: Beat, rule: Rule, reach: float, start: float) -> Path:
        """The path of a travelling beat: towards its target, on the crowd's lane, or one the setting names."""
        target = self.homes.get(beat.target or "")
        if self.role.is_in_crowd and self.path is not None:
            return self.path
        if target is None:
            return self._own_lane(named_path(rule, self.setting))
        self._skip_ahead(target.mark, reach, start)
        return straight_way(
            self.mark, beside(target.mark, ARM * self.role.scale, self.mark, self.setting), self.setting
        )

    def _skip_ahead(self, target: Mark, reach: float, start: float) -> None:
        """At a cut, a way too long for the beat is shortened to what can be walked: film's ellipsis."""
        distance = apart(self.mark, target)
        if distance < 1.5 * reach or not self._is_cut(start):
            return
        here, there = np.array(self.mark.position), np.array(target.position)
        self.mark = grounded(
            mark_at(there + (here - there) * (reach + ARM * self.role.scale) / distance, self.mark.yaw), self.setting
        )
        self.path = None

    def _own_lane(self, path: Path) -> Path:
        """A path, or beside it for one of several who go abreast; a pack that begins so goes in file, close to it."""
        ends = str(path.points[[0, -1]].tolist())
        if self.path is not None and self.path is self.lanes.get(ends):
            return self.path
        place, loose = self.role.index - (self.role.of - 1) / 2, 0.0
        if self.role.is_in_pack:
            place = ASIDE[self.role.index % len(ASIDE)] if self._begins else place
            loose = float(chance(self.seed, self.role.id, "aside").uniform(-LOOSELY, LOOSELY))
        sideways = ABREAST * self.role.scale * (place + loose)
        self.lanes[ends] = sidestepped(path, sideways) if sideways else path
        return self.lanes[ends]

    def _progress(self, path: Path, otherwise: float) -> float:
        """How far along a path the subject already stands, when it stands on it."""
        here = np.array(self.mark.position)
        place, distance = nearest(path, here)
        return distance if np.linalg.norm((place - here)[:2]) < 4.0 else otherwise

    def _place(self, beat: Beat, rule: Rule) -> Mark:
        """Where a beat that does not travel happens."""
        for name in rule.at:
            if name in self.setting.marks:
                return shifted(self.setting.marks[name], ABREAST * self.role.scale * self.role.index, 0.0)
        offer = self.given.get(beat.target or "")
        giver = self.homes.get(offer.subject) if offer else None
        if giver is not None:  # it is brought, or held out in bed
            bed = self.setting.marks.get("bed")
            near = rule.handed if bed is not None and apart(bed, giver.mark) < NEAR else ()
            marks = [self.setting.marks[name] for name in near if name in self.setting.marks]
            room = 0.9 * rule.beside * self.role.scale  # for its own length before the hand
            return next((mark for mark in marks if apart(mark, giver.mark) > room), (marks or [self.mark])[-1])
        target = self.homes.get(beat.target or "")
        distance = rule.beside * self.role.scale
        stays = self.role.is_in_crowd or self._is_in_bed()  # one place has no room for a crowd
        if not distance or target is None or stays or apart(self.mark, target.mark) < 1.6 * distance:
            return self.mark
        there = beside(target.mark, distance, self.mark, self.setting)
        return shifted(there, ABREAST * self.role.scale * self.role.index, 0.0)

    def _is_in_bed(self) -> bool:
        bed = self.setting.marks.get("bed")
        return bed is not None and apart(bed, self.mark) < NEAR and self.role.family == "person"

    def _is_cut(self, time: float) -> bool:
        return any(abs(cut - time) < 0.05 for cut in self.cuts)

    def _climbs(self, where: Mark) -> bool:
        return abs(self.mark.position[2] - where.position[2]) > STEP_UP

    def _leap(self, beat: Beat, where: Mark, start: float, end: float) -> None:
        """A jump that is the beat itself: a look up, then the leap, and there it is."""
        span = end - start
        leave = start + min(WAIT, 0.25 * span)
        self.rest_until(leave)
        way = Path(np.array([self.mark.position, where.position]))
        self.mark, self.path = where, None
        self._cue("jump", leave, min(leave + LEAP, end), beat, way)

    def _go(self, where: Mark, start: float, end: float, share: float = 0.4) -> float:
        """Move to a mark before start if there is time, else in a share of the beat from its beginning; when it
        arrives."""
        way = self._led(where)
        distance = float(np.linalg.norm(np.diff(way.points[:, :2], axis=0), axis=1).sum())
        climbs = self._climbs(where)
        needed = 0.7 + 0.2 * distance if climbs else distance / 1.1
        too_far = needed > 3.0 * (end - self.time) and self._is_cut(start)  # film's ellipsis
        if too_far or (distance < NEAR * self.role.scale and not climbs):
            self.rest_until(start)
            if too_far:
                self.mark, self.path = where, None
            return start
        leave = max(self.time, start - needed)
        arrive = max(start, leave + min(needed, share * (end - start)))
        self.rest_until(leave)
        if climbs and self.role.family == "quadruped":
            self.mark = where
            self._cue("jump", leave, arrive, path=way)
        else:
            self._cue("walk", leave, arrive, path=way, speed=max(way.length / (arrive - leave), 0.05))
        self.mark, self.path = where, None
        return arrive

    def _led(self, where: Mark) -> Path:
        """The way to a mark: the setting's own if it has one from here, else straight."""
        ends = np.array([self.mark.position, where.position])
        led = (path for path in self.setting.paths.values() if np.allclose(path.points[[0, -1]], ends, atol=ARRIVES))
        return next(led, Path(ends))

    def _cue(
        self,
        action: str,
        start: float,
        end: float,
        beat: Beat | None = None,
        path: Path | None = None,
        along: float = 0.0,
        speed: float | None = None,
    ) -> None:
        manner = (*(beat.manner if beat else ()), *((PASSING,) if self.role.is_in_crowd else ()))
        self.cues.append(Cue(action, start, end, self.mark, path, along, speed, manner=manner))
        self.targets.append(beat.target if beat else None)
        self.instruments.append(beat.instrument if beat else None)
        self.time = end
