"""Camera moves: a shot to an exact camera for every instant of it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F64, Camera
from kinema.schema.storyboard import Framing, Shot
from kinema.stage.actor import Actor, has_anchor
from kinema.stage.cameras.framing import (
    PICTURE_MM,
    View,
    between,
    framed_regions,
    holding,
    kept_points,
    looking_ahead,
    view,
)
from kinema.stage.cameras.group import beside, handful
from kinema.stage.cameras.horizon import against_sky
from kinema.stage.cameras.station import Moment, above_ground, find_station
from kinema.stage.setting import Setting

STATION_SAMPLES = 6  # moments of a shot at which its camera must be free
INSTANT = 1 / 48  # seconds within the bounds of a shot
ARM = 1.0  # metres about a touch within which bodies are looked at
EYEBALL, IN_HEAD = (
    0.013,
    0.08,
)  # metres from the middle of an eye to its front, and from a face to the middle of its head
LONG = 3.0  # metres from which on a body stands in the way in more than one place
PASSING = 10.0  # seconds of a travelling shot from which on people pass by rather than stand in the way
VISTA_PULL = 0.6  # share of the way a camera turns to have the setting's vista behind its subject
ROAM, RISE = 0.24, 0.15  # radians by which a long take's following camera goes to either side, and up
CLOSER = 0.16  # of the distance, that it comes nearer on the way back
CALM = 1.0  # seconds before and after within which a following camera evens out its subject's motion
CALM_STEP = 0.2  # seconds between the moments looked at; they stand still on the clock, so frames share them
NEARER = {"wide": "full", "full": "medium", "medium": "close", "close": "extreme", "extreme": "extreme"}
FARTHER = {"extreme": "close", "close": "medium", "medium": "full", "full": "wide", "wide": "wide"}
USUAL = (16 / 9, 4 / 3, 3 / 2, 1.0, 2 / 3, 3 / 4, 9 / 16, 1.85, 2.39)  # width over height of pictures
ALIKE = 0.01  # share by which pictures' shapes may differ, and be one
TRACKING = ("follow", "push", "pull", "orbit", "truck", "crane")


class Operator:
    """Films one shot: knows its cast and its setting, and gives the camera at any scene time."""

    def __init__(
        self, shot: Shot, cast: dict[str, list[Actor]], setting: Setting, width: int, height: int,
        aspect: float | None = None,
    ) -> None:  # fmt: skip
        """width, height: of the picture in pixels · aspect: width over height that it is framed for, if not its own."""
        self.shot, self.setting = shot, setting
        self.width, self.height = width, height
        self.aspect = shape(width, height) if aspect is None else aspect
        self.begin = float(shot.offset)
        self.end = float(shot.offset + shot.duration * shot.speed)
        middle = 0.5 * (self.begin + self.end)
        self.cast = handful(cast, shot.framing, middle, setting)
        self.first = shot.framing
        self.last = _destination(shot)
        if self.last.size == self.first.size:
            self.cast = beside(self.cast, self.first, middle)
        self._seen: dict[tuple[Framing, int], View] = {}
        self._standing: tuple[View, bool] | None = None  # and whether it turns
        moments = self._moments()
        others = self._others([one for who in cast.values() for one in who])
        self.station = find_station([self._moment(float(time), others) for time in moments], setting, self.aspect)

    def sized(self, width: int, height: int) -> Operator:
        """The same operator for pictures of another size but the same shape: what was seen is known to both."""
        other = copy(self)
        other.width, other.height = width, height
        return other

    def camera(self, time: float) -> Camera:
        """The camera at a scene time in seconds."""
        where = above_ground(self.station.applied(self._view(time)), self.setting)
        eye = where.eye()
        focal = where.lens / PICTURE_MM * self.height
        turned = looking(eye, where.target)
        focus = max(float(np.linalg.norm(where.target - eye)) - where.depth, 0.2)
        if where.aperture > 0.0:
            focus = self._on_the_eyes(time, eye, turned[2], focus)
        return Camera(self.width, self.height, focal, eye, turned, where.stopped, focus)

    def _on_the_eyes(self, time: float, eye: F64, ahead: F64, focus: float) -> float:
        """The distance of the nearer eye of whoever is filmed alone, unless it looks away; else the focus as it is."""
        filmed = self.cast[self.first.subject]
        others = self.first.also or self.last.also or self.last.subject != self.first.subject
        if len(filmed) > 1 or others or not has_anchor(filmed[0], time, "eye_left"):
            return focus
        near = min(float((filmed[0].anchor(time, name) - eye) @ ahead) for name in ("eye_left", "eye_right"))
        return float(np.clip(near - EYEBALL, max(focus - IN_HEAD, 0.2), focus + IN_HEAD))

    def _moment(self, time: float, others: Sequence[F64]) -> Moment:
        """What choosing a station must know of an instant."""
        framing = self.last if self.shot.move in TRACKING and time > 0.5 * (self.begin + self.end) else self.first
        seen = [one for name in (framing.subject, *framing.also) for one in self.cast[name]]
        touches = _touches(seen, time) if framing.also else []
        near = [one for who in self.cast.values() for one in who if touches and _is_near(one, touches, time)]
        bodies = [surface for one in near for surface in one.surfaces(time)]
        if touches:
            bodies += self.setting.soft(time, near)
        faces = [one.facing(time) for one in seen if touches and has_anchor(one, time, "eyes")]
        heads, ends = kept_points(framing, self.cast, time)
        strays = [self._stray(who[0], time) for name, who in self.cast.items() if len(who) == 1 and who[0] not in seen]
        regions = framed_regions(framing, self.cast, time)
        facing = self._shown(framing, time)
        return Moment(time, self._view(time), regions, others, touches, bodies, faces, heads, ends, strays, facing)

    def _shown(self, framing: Framing, time: float) -> float | None:
        """The yaw of a subject that is to be seen from no matter where but behind; None where a luminary decides."""
        subject = self.cast[framing.subject]
        if len(subject) > 1 or framing.side.startswith("back") or self.setting.luminary is not None:
            return None
        return subject[0].facing(time)

    def _stray(self, one: Actor, time: float) -> F64:
        """Points (N, 3) from the head to the end of somebody who is not framed, to be in the picture whole or not."""
        head = np.array(one.region(time, "head").centre)
        return np.array([head, *_feet(one, time)])

    def _others(self, everyone: Sequence[Actor]) -> list[F64]:
        """Where those stand, halfway through the shot, whom it does not frame; nobody where the camera travels long."""
        if self.shot.move in TRACKING and self.end - self.begin > PASSING:
            return []
        names = {name for framing in (self.first, self.last) for name in (framing.subject, *framing.also)}
        framed = {id(one) for name in names for one in self.cast[name]}
        middle = 0.5 * (self.begin + self.end)
        return [place for one in everyone if id(one) not in framed for place in _feet(one, middle)]

    def _view(self, time: float) -> View:
        share = (time - self.begin) / max(self.end - self.begin, 1e-6)
        shot = self.shot
        if shot.move not in TRACKING:
            return self._stood(time)
        eased = _eased(share)
        first = self._followed(self.first, time)
        if shot.move == "follow":
            lasting = self.end - self.begin > PASSING
            aimed = self.setting.luminary is not None
            roomy = _with_room(first, 0.5 - 0.5 * float(np.cos(2 * np.pi * share)) if lasting else 0.0, aimed)
            return self._steadied(_roaming(roomy, share) if lasting and not aimed else roomy, time)
        last = self._followed(self.last, time)
        turn = np.radians(shot.turn) if shot.move == "orbit" else 0.0
        moved = between(first, last, eased, turn)
        if shot.move == "truck":
            moved = replace(moved, azimuth=moved.azimuth + (eased - 0.5) * 0.7)
        if shot.move == "crane":
            moved = replace(moved, elevation=moved.elevation + eased * 0.35)
        return self._steadied(moved, time)

    def _moments(self) -> F64:
        """The moments looked at (STATION_SAMPLES,): at its bounds a subject may be where another shot has it."""
        return np.linspace(self.begin + INSTANT, self.end - INSTANT, STATION_SAMPLES)

    def _stood(self, time: float) -> View:
        """A camera that stays where it is: it frames the middle of its shot and holds all of it. It turns when it was
        told to, or in the open when its subject would run out of the picture."""
        if self._standing is None:
            regions = [region for at in self._moments() for region in framed_regions(self.first, self.cast, float(at))]
            middle = self._framed(self.first, 0.5 * (self.begin + self.end))
            told = self.shot.move == "pan"
            held = None if told else holding(middle, regions, self.aspect)
            # not away from what is in the sky, nor about a room
            free = self.setting.luminary is None and not self.setting.room
            self._standing = held or middle, told or (held is None and free)
        where, turns = self._standing
        return self._panned(where, time) if turns else where

    def _framed(self, framing: Framing, time: float) -> View:
        facing = self.cast[framing.subject][0].facing(time)
        ceiling = max((box.high[2] for box in self.setting.room), default=np.inf)
        framed = view(framing, self.cast, time, facing, self.aspect, ceiling)
        if self.setting.luminary is not None:
            regions = framed_regions(framing, self.cast, time)
            return against_sky(framed, framing, regions, facing, self.setting.luminary, self.aspect)
        if self.setting.vista is None:
            return framed
        off = (self.setting.vista + np.pi - framed.azimuth + np.pi) % (2 * np.pi) - np.pi
        return replace(framed, azimuth=framed.azimuth + VISTA_PULL * off)

    def _followed(self, framing: Framing, time: float) -> View:
        """The framing, evened out over a while so that steps and turns do not shake it; size is kept constant."""
        ticks = np.arange(np.ceil((time - CALM) / CALM_STEP), np.floor((time + CALM) / CALM_STEP) + 1)
        views = [self._at_tick(framing, int(tick)) for tick in ticks]
        weights = 1.0 + np.cos(np.pi * (ticks * CALM_STEP - time) / CALM)  # a Hann window's sum is the same everywhere
        weights /= weights.sum()
        target = sum(w * v.target for w, v in zip(weights, views, strict=True))
        heading = sum(w * np.exp(1j * v.azimuth) for w, v in zip(weights, views, strict=True))
        distance = sum(w * v.distance for w, v in zip(weights, views, strict=True))
        return replace(views[0], target=target, azimuth=float(np.angle(heading)), distance=float(distance))

    def _at_tick(self, framing: Framing, tick: int) -> View:
        if (framing, tick) not in self._seen:
            time = min(max(tick * CALM_STEP, self.begin), self.end - INSTANT)  # not what is before or after a cut
            where = self._framed(framing, time)
            if self.shot.move == "follow":
                where = looking_ahead(where, self.cast[framing.subject][0].facing(time), self.aspect)
            self._seen[framing, tick] = where
        return self._seen[framing, tick]

    def _panned(self, fixed: View, time: float) -> View:
        """Turn a standing camera towards where the subject is now."""
        eye = fixed.eye()
        out = eye - self._followed(self.first, time).target
        distance = float(np.linalg.norm(out))
        target = eye - out
        return View(
            target, distance, float(np.arctan2(-out[0], out[1])), float(np.arcsin(out[2] / distance)),
            fixed.lens, fixed.aperture, fixed.depth,
        )  # fmt: skip

    def _steadied(self, where: View, time: float) -> View:
        """A hand's breath: slow sway of a few millimetres a metre, so that a moving camera feels carried."""
        sway = 0.004 * np.array([np.sin(1.7 * time) + np.sin(0.9 * time + 1.0), 0.7 * np.sin(1.3 * time + 2.0)])
        return replace(where, azimuth=where.azimuth + sway[0], elevation=where.elevation + sway[1])


def shape(width: int, height: int) -> float:
    """Width over height; that of a usual picture where it is within ALIKE of one, as pixels come whole: films of one
    shape are filmed alike whatever their size."""
    aspect = width / height
    return next((usual for usual in USUAL if abs(aspect / usual - 1.0) < ALIKE), aspect)


def looking(eye: F64, target: F64) -> F64:
    """Rotation (3, 3) with rows right, down, forward of a level camera at eye looking at target."""
    ahead = target - eye
    ahead = ahead / np.linalg.norm(ahead)
    side = np.cross(ahead, [0.0, 0.0, 1.0])
    if np.linalg.norm(side) < 1e-6:  # straight up or down: keep +X to the right
        side = np.array([1.0, 0.0, 0.0])
    side = side / np.linalg.norm(side)
    return np.stack([side, np.cross(ahead, side), ahead])


def _touches(seen: Sequence[Actor], time: float) -> list[F64]:
    """Where those in the picture touch what they act upon (3,), of those who do."""
    found = []
    for one in seen:
        try:
            found.append(one.anchor(time, "touch"))
        except KeyError:
            continue
    return found


def _is_near(one: Actor, touches: Sequence[F64], time: float) -> bool:
    """Whether a body is so near to a touch that it may hide it."""
    region = one.region(time, "whole")
    reach = 0.5 * max(region.height, region.width) + ARM
    return any(float(np.linalg.norm(place - np.array(region.centre))) < reach for place in touches)


def _feet(one: Actor, time: float) -> list[F64]:
    """Where somebody stands who may stand in the way, a long body in several places; none for what has no feet."""
    try:
        places = [one.anchor(time, "feet")]
    except KeyError:
        return []
    for name in ("head", "tail"):
        try:
            places.append(one.anchor(time, name))
        except KeyError:
            continue
    if len(places) < 3 or float(np.ptp(np.array(places)[:, :2], axis=0).max()) < LONG:
        return places[:1]
    middle, head, tail = places
    line = [a + share * (b - a) for a, b in ((head, middle), (middle, tail)) for share in np.linspace(0.0, 1.0, 7)]
    return [np.array([x, y, z]) for x, y, _ in line for z in (middle[2], head[2] - 1.0)]


def _destination(shot: Shot) -> Framing:
    if shot.to is not None:
        return shot.to
    if shot.move == "push":
        return shot.framing.model_copy(update={"size": NEARER[shot.framing.size]})
    if shot.move == "pull":
        return shot.framing.model_copy(update={"size": FARTHER[shot.framing.size]})
    return shot.framing


def _with_room(where: View, swell: float, aimed: bool) -> View:
    """A following camera stays back and a little above, so that the way ahead is seen too.

    swell: 0 to 1, how far a long take has opened up: farther back and higher, looking up, so that hills and sky show ·
    aimed: the view is aimed at something in the sky, and keeps its tilt
    """
    target = where.target + np.array([0.0, 0.0, (0.09 + 0.10 * swell) * where.distance])
    distance = (1.5 + 0.75 * swell) * where.distance
    tilt = 0.0 if aimed else 0.04 - 0.15 * swell
    return replace(where, target=target, distance=distance, elevation=where.elevation + tilt)


def _roaming(where: View, share: float) -> View:
    """A long take's following camera roams behind its subject: to the one side and to the other, rising on the way
    there and sinking in the middle and at the ends, where it is as it was. share: of the take, 0 to 1."""
    aside, rise = np.sin(2 * np.pi * share), np.sin(2 * np.pi * share) ** 2
    return replace(
        where,
        azimuth=where.azimuth + ROAM * float(aside),
        elevation=where.elevation + RISE * float(rise),
        distance=where.distance * (1.0 - CLOSER * float(rise) * float(share > 0.5)),
    )


def _eased(share: float) -> float:
    """Start and stop softly: 0 to 1 with a constant middle (a cosine ramp over the first and last fifth)."""
    s, ramp = min(max(share, 0.0), 1.0), 0.2
    if s > 0.5:
        return 1.0 - _eased(1.0 - s)
    speed = 1.0 / (1.0 - ramp)
    if s >= ramp:
        return speed * (s - ramp / 2)
    return speed * (s / 2 - ramp / (2 * np.pi) * float(np.sin(np.pi * s / ramp)))
