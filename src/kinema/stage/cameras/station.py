"""Where a camera can really stand: in the room, out of walls, nothing before its subject and little before itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F64, Surface
from kinema.stage.actor import Region
from kinema.stage.cameras.framing import PICTURE_MM, View, rightward
from kinema.stage.cameras.sight import Obstacles, filled_by, obstacles, posts
from kinema.stage.setting import Box, Setting

CLEARANCE = 0.35  # metres a camera keeps from walls, furniture and ground
SWINGS = tuple(np.radians([0, 8, -8, 16, -16, 28, -28, 42, -42, 60, -60, 80, -80, 105, -105, 140, -140, 180]))
LIFTS = tuple(np.radians([0, 5, 12, 22]))
SHARES = (1.0, 0.86, 0.72, 0.58, 0.44, 0.32)
SKIN = 0.4  # metres before a subject that do not count: what it lies in or holds does not hide it
BEFORE_LENS = (0.8, 4.0)  # metres at least and at most before the camera that should be empty
EMPTY = 0.4  # share of the distance that should be empty
ACROSS, UP = 7, 5  # lines of sight over the picture
PERSON = (0.28, 1.8)  # metres: radius and height of somebody who stands in the way
HIDDEN, CLUTTERED, OUTSIDE = 5.0, 8.0, 12.0  # costs of all the subject hidden, all the picture full, no place to stand
UNTOLD = 6.0  # and of not seeing where two touch
LIMB, TOUCH = 0.06, 0.16  # metres: cubes that bodies are cut into, and how near the touch they do not count
BEHEADED, TRIMMED, SLICED = 10.0, 3.0, 1.5  # costs of heads, of ends and of a stray that the edge cuts
BEHIND = 4.0  # and of seeing the back of whom the framing does not wish to see so
BEHIND_ONE, AROUND = 1.2, 0.12  # of an eyecatcher right behind one of those framed, and its margin in their sizes
PROFILE = 2.0  # and of seeing the backs of heads where one touches another, half of that from beside them
LOST = 3.0  # what it costs to turn away from where a setting's luminary stands well in the picture
REAR = -0.35  # cosine of the angle from the way it looks beyond which a subject is seen from behind
GROUND_SAMPLES = 10  # of a line of sight


@dataclass(frozen=True)
class Station:
    """How far a camera departs from where framing alone would put it: angles in radians, share of the distance."""

    swing: float = 0.0
    lift: float = 0.0
    share: float = 1.0

    def applied(self, where: View) -> View:
        """The view from the station."""
        return replace(
            where,
            azimuth=where.azimuth + self.swing,
            elevation=where.elevation + self.lift,
            distance=where.distance * self.share,
        )

    @property
    def cost(self) -> float:
        """How much of the wish is given up: height costs most, then coming closer, then going a little round."""
        return abs(self.swing) / 1.2 + self.lift / 0.45 + abs(float(np.log(self.share))) * 1.1


STATIONS = sorted((Station(*parts) for parts in product(SWINGS, LIFTS, SHARES)), key=lambda station: station.cost)


@dataclass(frozen=True, eq=False)
class Moment:
    """One instant of a shot: the view that framing wishes, what it frames, and where everybody else stands (3,).

    touches: places (3,) where one of those framed touches another · bodies: those about it, who may hide it ·
    faces: yaws that the heads of those framed look along, where they touch · heads, ends: points (N, 3) of those framed
    that belong in the picture · strays: of each not framed, head first, points (N, 3) that belong there all or none ·
    facing: yaw that the subject looks along, unless its back is wished for
    """

    time: float
    wish: View
    framed: Sequence[Region]
    others: Sequence[F64]
    touches: Sequence[F64] = ()
    bodies: Sequence[Surface] = ()
    faces: Sequence[float] = ()
    heads: F64 | tuple[()] = ()
    ends: F64 | tuple[()] = ()
    strays: Sequence[F64] = ()
    facing: float | None = None


def find_station(moments: Sequence[Moment], setting: Setting, aspect: float) -> Station:
    """The station that costs least over all moments of a shot, itself and what it hides; one, so it is steady."""
    space = _space(moments, setting)
    around = obstacles(setting, moments[0].time, moments[0].wish.eye(), space)
    limbs = [
        filled_by(moment.bodies, _about(moment.touches), LIMB) if len(moment.touches) else None for moment in moments
    ]
    best, least = Station(), np.inf
    for station in STATIONS:
        if station.cost >= least:
            break
        turned = LOST if setting.luminary is not None and (station.swing or station.lift) else 0.0
        total = worst = 0.0
        for moment, bodies in zip(moments, limbs, strict=True):
            if turned < BEHIND and _turns_behind(moment, station):
                turned += BEHIND
            where = above_ground(station.applied(moment.wish), setting)
            trouble = cut_off(where, moment, aspect) + crowded(where, moment, setting.eyecatchers)
            trouble += PROFILE * _averted(where, moment.faces)
            if station.cost + turned + 0.5 * (total + trouble / len(moments) + max(worst, trouble)) >= least:
                break  # no sight is tried where enough is cut off
            trouble += _trouble(where, moment, setting, around, aspect)
            trouble += _untold(where, moment, bodies)
            total, worst = total + trouble / len(moments), max(worst, trouble)
            cost = station.cost + turned + 0.5 * (total + worst)
            if cost >= least:
                break
        else:
            best, least = station, cost
    return best


def above_ground(where: View, setting: Setting) -> View:
    """A view whose camera is lifted out of the ground."""
    eye = where.eye()
    lift = float(setting.ground(eye[None, :2])[0]) + CLEARANCE - eye[2]
    if lift <= 0.0:
        return where
    out = eye + np.array([0.0, 0.0, lift]) - where.target
    distance = float(np.linalg.norm(out))
    return replace(where, distance=distance, elevation=float(np.arcsin(out[2] / distance)))


def _trouble(where: View, moment: Moment, setting: Setting, around: Obstacles, aspect: float) -> float:
    """What a view costs: no place for the camera, the subject hidden, the picture full of what stands before it."""
    eye = where.eye()
    if not _has_place(eye, setting):
        return OUTSIDE
    spots = _spots(moment.framed, where.azimuth)
    eyes = np.broadcast_to(eye, spots.shape)
    hidden = around.between(eyes, spots, SKIN) | posts(moment.others, eyes, spots, *PERSON)
    hidden |= _behind_hills(eyes, spots, setting)
    rays = _rays(where, aspect)
    starts = np.broadcast_to(eye, rays.shape)
    full = around.between(starts, rays) | posts(moment.others, starts, rays, *PERSON)
    return HIDDEN * float(hidden.mean()) + CLUTTERED * float(full.mean() ** 1.5)  # a leaf at the edge hurts nobody


def _turns_behind(moment: Moment, station: Station) -> bool:
    """Whether a subject not wished to be seen from behind is seen so there."""
    if moment.facing is None:
        return False
    return bool(np.cos(moment.wish.azimuth + station.swing - moment.facing) < REAR)


def _averted(where: View, faces: Sequence[float]) -> float:
    """How far heads are turned from a camera: 0 all to it, 1 all away from it."""
    return float(np.mean(0.5 - 0.5 * np.cos(where.azimuth - np.array(faces)))) if len(faces) else 0.0


def cut_off(where: View, moment: Moment, aspect: float) -> float:
    """What a view costs whose edges cut heads or ends of bodies off, or somebody who is not framed in two."""
    cost = 0.0
    for points, price in ((moment.heads, BEHEADED), (moment.ends, TRIMMED)):
        cost += price * float(1.0 - _inside(where, np.asarray(points), aspect).mean()) if len(points) else 0.0
    for stray in moment.strays:
        inside = _inside(where, stray, aspect)
        share = float(inside[1:].mean()) if len(inside) > 1 else float(inside[0])
        cost += SLICED * (4.0 * share * (1.0 - share) if inside[0] else min(1.0, 4.0 * share))
    return cost


def crowded(where: View, moment: Moment, eyecatchers: Sequence[Box]) -> float:
    """What a view costs that has eyecatchers behind those framed, or touching their outlines."""
    if not eyecatchers:
        return 0.0
    corners = np.array([corner for box in eyecatchers for corner in product(*zip(box.low, box.high, strict=True))])
    seen, away = _pictured(where, np.concatenate([corners, [region.centre for region in moment.framed]]))
    boxes, far = seen[: len(corners)].reshape(-1, 8, 2), away[: len(corners)].reshape(-1, 8).min(1)
    low, high = boxes.min(1), boxes.max(1)  # (B, 2)
    cost = 0.0
    for region, middle, near in zip(moment.framed, seen[len(corners) :], away[len(corners) :], strict=True):
        half = (0.5 + AROUND) * np.array([region.width, region.height]) / max(near, 1e-3)
        shared = np.minimum(high, middle + half) - np.maximum(low, middle - half)
        behind = (far > near) & (near > 0.0) & (shared > 0.0).all(1)
        cost += BEHIND_ONE * float((shared[behind] / (high - low)[behind]).prod(1).sum()) / len(moment.framed)
    return cost


def _pictured(where: View, points: F64) -> tuple[F64, F64]:
    """Where points (N, 3) are seen, across and up at one metre (N, 2), and how far ahead of the camera (N,)."""
    eye = where.eye()
    ahead = (where.target - eye) / max(where.distance, 1e-6)
    right = rightward(where.azimuth)
    away = points - eye
    depth = away @ ahead
    flat = np.stack([away @ right, away @ np.cross(right, ahead)], 1) / np.maximum(depth, 1e-3)[:, None]
    return flat, np.asarray(depth)


def _inside(where: View, points: F64, aspect: float) -> NDArray[np.bool_]:
    """Which points (N, 3) are in the picture."""
    flat, depth = _pictured(where, points)
    half = 0.5 * PICTURE_MM / where.lens * np.array([aspect, 1.0])
    return np.asarray((depth > 0.0) & (np.abs(flat) <= half).all(axis=1), np.bool_)


def _untold(where: View, moment: Moment, bodies: Obstacles | None) -> float:
    """What a view costs from which the bodies themselves hide where they touch."""
    if bodies is None:
        return 0.0
    ends = np.array(moment.touches)
    return UNTOLD * float(bodies.between(np.broadcast_to(where.eye(), ends.shape), ends, TOUCH).mean())


def _about(touches: Sequence[F64]) -> Box:
    """The space in which a body may hide a touch: an arm's length around all of them."""
    (x, y, z), (u, v, w) = np.min(touches, axis=0) - 0.9, np.max(touches, axis=0) + 0.9
    return Box((float(x), float(y), float(z)), (float(u), float(v), float(w)))


def _space(moments: Sequence[Moment], setting: Setting) -> Box:
    """All that lies between any station and what it sees; no more than the setting's rooms where there are any."""
    targets = np.array([moment.wish.target for moment in moments])
    reach = np.array([moment.wish.distance + 1.0 for moment in moments])
    high = (targets + reach[:, None]).max(axis=0)
    low = (targets - reach[:, None]).min(axis=0)
    rise = np.sin([min(moment.wish.elevation + LIFTS[-1], 1.5) for moment in moments])
    low[2], high[2] = targets[:, 2].min() - 2.0, (targets[:, 2] + reach * np.maximum(rise, 0.1)).max()
    if setting.room:
        low = np.maximum(low, np.min([box.low for box in setting.room], axis=0))
        high = np.minimum(high, np.max([box.high for box in setting.room], axis=0))
    high = np.maximum(high, low + 0.5)
    return Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))


def _has_place(eye: F64, setting: Setting) -> bool:
    if setting.room and not any(_holds(box, eye, -CLEARANCE) for box in setting.room):
        return False
    return not any(_holds(box, eye, CLEARANCE) for box in setting.solids)


def _holds(box: Box, point: F64, margin: float) -> bool:
    """Whether a point (3,) is in a box grown by a margin."""
    low, high = np.array(box.low) - margin, np.array(box.high) + margin
    return bool(((point > low) & (point < high)).all())


def _spots(regions: Sequence[Region], azimuth: float) -> F64:
    """Points (N, 3) of what is framed that ought to be seen: middle, above, below and to both sides of each."""
    side = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    spots = []
    for region in regions:
        middle, tall, broad = np.array(region.centre), 0.4 * region.height * up, 0.3 * region.width * side
        spots += [middle, middle + tall, middle - tall, middle + broad, middle - broad]
    return np.array(spots)


def _rays(where: View, aspect: float) -> F64:
    """Ends (UP * ACROSS, 3) of lines that fan out over the picture, as long as the space before the lens."""
    eye = where.eye()
    ahead = (where.target - eye) / max(where.distance, 1e-6)
    right = np.array([ahead[1], -ahead[0], 0.0])
    right /= max(float(np.linalg.norm(right)), 1e-6)
    above = np.cross(right, ahead)
    half = 0.46 * PICTURE_MM / where.lens
    u, v = np.meshgrid(np.linspace(-half * aspect, half * aspect, ACROSS), np.linspace(-half, half, UP))
    reach = float(np.clip(EMPTY * where.distance, *BEFORE_LENS))
    ends: F64 = eye + reach * (ahead + u.ravel()[:, None] * right + v.ravel()[:, None] * above)
    return ends


def _behind_hills(eyes: F64, spots: F64, setting: Setting) -> NDArray[np.bool_]:
    """Which lines (N, 3) to (N, 3) run through the ground."""
    share = np.linspace(0.05, 0.9, GROUND_SAMPLES)[:, None, None]
    points = eyes + share * (spots - eyes)  # (G, N, 3)
    heights = setting.ground(points.reshape(-1, 3)[:, :2]).reshape(points.shape[:2])
    return np.asarray((points[..., 2] < heights - 0.05).any(axis=0), np.bool_)
