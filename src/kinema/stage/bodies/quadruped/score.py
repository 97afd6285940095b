"""A score: a subject's cues turned into stretches of motion that follow each other without a jump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F64, Surface
from kinema.stage.actor import Actor
from kinema.stage.bodies.quadruped.actions import IN_PLACE, Act, act, nosing, point_of, touching
from kinema.stage.bodies.quadruped.gait import (
    ABOVE,
    GaitName,
    Ground,
    Locomotion,
    Track,
    hip_height,
    locomotion,
    progress,
)
from kinema.stage.bodies.quadruped.pawing import pawed
from kinema.stage.bodies.quadruped.pose import Pose, blend, smooth, unwound
from kinema.stage.bodies.quadruped.posture import PostureName, Spot, stand
from kinema.stage.bodies.quadruped.rig import Rig
from kinema.stage.chance import chance
from kinema.stage.cue import Cue, Path

GAITS: dict[str, GaitName] = {"walk": "walk", "stroll": "walk", "search": "walk", "trot": "trot", "run": "run"}
# Hip heights: about the middle and about a foot what may carry it, and how deep under the highest a foot may stand.
UNDER, FOOTING, DOWNHILL = 0.4, 0.22, 0.55
TOUCHING = frozenset({"nuzzle", "greet", "paw"})
ACTIONS = frozenset(IN_PLACE) | frozenset(GAITS) | {"jump"}
# Seconds a change of posture takes, by the lower of the two.
CHANGES: dict[PostureName, float] = {"stand": 0.7, "sit": 1.1, "lie": 1.4, "sleep": 2.0}


@dataclass(frozen=True, eq=False)
class Stretch:
    """One cue's motion: pose(time), the posture it is in, how long it takes to come in, and what it steps with."""

    cue: Cue
    pose: Callable[[float], Pose]
    posture: PostureName
    fade: float
    moving: Locomotion | None = None
    airborne: bool = False
    spot: Spot | None = None  # of one that stays in its place


def compose(rig: Rig, cues: Sequence[Cue], ground: Ground, seed: int, subject: str) -> tuple[Stretch, ...]:
    """Every cue as a stretch. Raises ValueError for an action no quadruped does, or for no cues at all."""
    if not cues:
        raise ValueError(f"{subject}: a performance needs at least one cue")
    stretches: list[Stretch] = []
    for k, cue in enumerate(cues):
        if cue.action not in ACTIONS:
            raise ValueError(f"{subject}: no quadruped does {cue.action!r}; known: {', '.join(sorted(ACTIONS))}")
        before = stretches[-1] if stretches else None
        after = cues[k + 1] if k + 1 < len(cues) else None
        if cue.action == "jump":
            stretches.append(_leap(rig, cue, before, ground))
        elif cue.action in GAITS and cue.path is not None:
            stretches.append(_going(rig, cue, before, after, ground, seed, subject))
        else:
            stretches.append(_staying(rig, cue, before, ground, seed, subject))
    return tuple(stretches)


def stretch_at(stretches: Sequence[Stretch], time: float) -> Stretch:
    """The stretch running at a time."""
    return stretches[_running(stretches, time)]


def _running(stretches: Sequence[Stretch], time: float) -> int:
    return max((i for i, stretch in enumerate(stretches) if stretch.cue.start <= time), default=0)


def pose_at(stretches: Sequence[Stretch], time: float) -> Pose:
    """The pose at a time: that of the running stretch, blended out of the one before while it comes in."""
    return _blended(stretches, _running(stretches, time), time)


def _blended(stretches: Sequence[Stretch], k: int, time: float) -> Pose:
    stretch = stretches[k]
    pose = stretch.pose(time)
    since = time - stretch.cue.start
    if k == 0 or since >= stretch.fade:
        return pose
    before = stretches[k - 1]
    stepping = not (stretch.airborne or before.airborne or (stretch.moving is not None and before.moving is not None))
    return blend(_blended(stretches, k - 1, time), pose, since / stretch.fade, stepping)


def spot_of(cue: Cue, ground: Ground) -> Spot:
    """The place of a cue's mark: on the ground, or at the mark's own height where that is something else (a bed)."""
    x, y, z = cue.mark.position
    height = float(np.asarray(ground(np.array([[x, y]])))[0])
    on_ground = z - height < ABOVE

    def onto(points: F64) -> F64:
        level = np.asarray(ground(points[:, :2]), float) if on_ground else np.full(len(points), z)
        return np.concatenate([points[:, :2], level[:, None]], 1)

    return Spot(np.array([x, y, height if on_ground else z]), cue.mark.yaw, onto)


def _staying(rig: Rig, cue: Cue, before: Stretch | None, ground: Ground, seed: int, subject: str) -> Stretch:
    name = cue.action if cue.action in IN_PLACE else "stand"
    perform, wanted = IN_PLACE[name]
    posture = wanted or _kept(cue, before)
    spot = spot_of(cue, ground)
    if before is not None and before.spot is not None and before.cue.mark == cue.mark:
        draws_back = before.cue.action == "paw" and cue.action == "meow" and cue.target is not None
        spot = spot if draws_back else before.spot  # whoever stepped nearer stays, but not to call to the one it woke
    performed: Act = act(rig, cue, _within_reach(rig, cue, spot), posture, seed, subject)
    fade = max(CHANGES[posture], CHANGES[before.posture] if before else 0.0)
    if before is not None and before.posture == posture and before.moving is None:
        fade = 0.6
    fade = min(fade, 0.8 * (cue.end - cue.start))
    return Stretch(cue, lambda time: perform(performed, time), posture, fade, spot=performed.spot)


def _within_reach(rig: Rig, cue: Cue, spot: Spot) -> Spot:
    """The spot stepped nearer to, or away from, what the cue's action must touch; facing it, and on top of it."""
    if cue.target is None or cue.action not in TOUCHING:
        return spot
    bones, h = rig.skeleton, hip_height(rig)
    middle = 0.5 * (cue.start + cue.end)  # by then whoever turns away has turned
    if cue.action == "paw":
        point = pawed(cue.target, middle, spot.origin + np.array([0.0, 0.0, 0.8 * h]))
        wanted, most = 0.5 * float(bones["fore_upper_left"].head[1]) * rig.size + 0.55 * h, 4.5 * h
    else:
        point = point_of(cue.target, cue.start, (touching(cue.target, cue.start, spot.origin), "head"))
        wanted, most = rig.size * float(bones["head"].tail[1]), 2.0 * h
    line = point[:2] - spot.origin[:2]
    gap = float(np.linalg.norm(line))
    if gap < 1e-3 or abs(gap - wanted) > most:
        return spot
    place = spot.onto((spot.origin + np.array([*(line / gap * (gap - wanted)), 0.0]))[None])[0]
    yaw = unwound(float(np.arctan2(-line[0], line[1])), spot.yaw)
    stepped = Spot(place, yaw, spot.onto)
    return _on_top(stepped, cue.target, middle, h) if cue.action == "paw" else stepped


def _on_top(spot: Spot, target: Actor, time: float, h: float) -> Spot:
    """The spot raised onto the target's body where that lies under it, no more than a step (h: hip height, m); every
    foot comes down to what is under it there, no deeper than it reaches."""
    body = np.concatenate([np.zeros((0, 3)), *(_placed(surface) for surface in target.surfaces(time))])
    body = body[np.linalg.norm(body[:, :2] - spot.origin[:2], axis=1) < 2.0 * h]

    def top(place: F64, about: float, lowest: float) -> float:
        under = body[np.linalg.norm(body[:, :2] - place[:2], axis=1) < about * h, 2]
        return float(under.max(initial=lowest))

    low = float(spot.origin[2])
    high = top(spot.origin, UNDER, low)
    if not 0.0 < high - low < 0.8 * h:
        return spot

    def onto(points: F64) -> F64:
        floor = np.maximum(spot.onto(points)[:, 2], high - DOWNHILL * h)
        levels = [min(top(place, FOOTING, float(least)), high) for place, least in zip(points, floor, strict=True)]
        return np.concatenate([points[:, :2], np.array(levels)[:, None]], 1)

    return Spot(np.array([*spot.origin[:2], high]), spot.yaw, onto)


def _placed(surface: Surface) -> F64:
    """A surface's places (V, 3) in the world."""
    local = surface.mesh.positions if surface.positions is None else surface.positions
    return np.asarray(local @ surface.transform[:3, :3].T + surface.transform[:3, 3])


def _kept(cue: Cue, before: Stretch | None) -> PostureName:
    """The posture an action is done in: as its manner says, else as before."""
    for word, posture in (("sitting", "sit"), ("lying", "lie"), ("standing", "stand")):
        if word in cue.manner:
            return posture  # type: ignore[return-value]
    if before is None or before.moving is not None or before.posture == "sleep":
        return "stand"
    return before.posture


def _continues(cue: Cue, other: Cue | None) -> bool:
    """Whether one goes on along the same path without stopping."""
    return other is not None and other.path is cue.path and other.action in GAITS and cue.path is not None


def _going(
    rig: Rig, cue: Cue, before: Stretch | None, after: Cue | None, ground: Ground, seed: int, subject: str
) -> Stretch:
    assert cue.path is not None
    gait = GAITS[cue.action]
    speed = cue.speed if cue.speed is not None else getattr(rig.species.gait, gait)[0] * rig.size
    distance = min(speed * (cue.end - cue.start), max(cue.path.length - cue.path_start, 0.0))
    seamless = _continues(cue, before.cue if before else None), _continues(cue, after)
    pauses = _pauses(cue, seed, subject) if cue.action == "search" else None
    # A search may stop and look; a path too short for its time is finished early and waited out.
    end = (
        cue.end
        if pauses is not None
        else cue.start + min(cue.end - cue.start, max(distance / max(speed, 1e-6) + 0.5, 0.5))
    )
    moves = progress(
        cue.start, end, cue.path_start, distance, (before is not None and not seamless[0], not seamless[1]), pauses
    )
    run = locomotion(rig, gait, Track(cue.path, ground, 0.8 * hip_height(rig)), moves, speed)

    def pose(time: float) -> Pose:
        if pauses is None:
            return run.pose(time)
        halt = max(
            (smooth((time - low + 0.3) / 0.6) * smooth((high + 0.3 - time) / 0.6) for low, high in pauses), default=0.0
        )
        return nosing(run.pose(time), 1.0 - halt, time)

    return Stretch(cue, pose, "stand", min(0.5, 0.5 * (cue.end - cue.start)), run)


def _pauses(cue: Cue, seed: int, subject: str) -> F64:
    """When a searcher stops to look around: (N, 2) times."""
    random = chance(seed, subject, f"search {cue.start:.3f}")
    times, at = [], cue.start + random.uniform(1.8, 2.8)
    while at + 1.8 < cue.end - 0.8:
        times.append((at, at + 1.6))
        at += 1.6 + random.uniform(2.2, 3.4)
    return np.array(times).reshape(-1, 2)


def _leap(rig: Rig, cue: Cue, before: Stretch | None, ground: Ground) -> Stretch:
    """Crouch, spring, fly and land: from where the animal was (or the path begins) to the mark (or the path's end)."""
    target = spot_of(cue, ground)
    start = target
    if cue.path is not None:
        start, end = _path_spot(cue.path, 0.0, cue, ground), _path_spot(cue.path, cue.path.length, cue, ground)
        # The mark says which way to face after landing, if it is where the path ends.
        target = target if np.linalg.norm(target.origin - end.origin) < 0.3 else end
    elif before is not None:
        last = before.pose(cue.start)
        start = Spot(last.root, last.yaw, target.onto)
    line = target.origin - start.origin
    flat = float(np.linalg.norm(line[:2]))
    yaw = float(np.arctan2(-line[0], line[1])) if flat > 0.05 else target.yaw
    span = min(max(cue.end - cue.start, 0.3), 1.7)
    first = stand(
        rig, Spot(start.origin, yaw, lambda p: np.concatenate([p[:, :2], np.full((len(p), 1), start.origin[2])], 1))
    )
    last = stand(rig, Spot(target.origin, yaw, target.onto))
    settled = stand(rig, target)

    def pose(time: float) -> Pose:
        part = (time - cue.start) / span
        flown = _flight(rig, first, last, part)
        return flown if part < 1.0 else blend(last, settled, (part - 1.0) * span / 0.6, True)

    return Stretch(cue, pose, "stand", min(0.2, 0.2 * span), airborne=True)


def _path_spot(path: Path, distance: float, cue: Cue, ground: Ground) -> Spot:
    place, yaw = path.at(distance)
    mark = replace(cue.mark, position=(float(place[0]), float(place[1]), float(place[2])), yaw=yaw)
    return spot_of(replace(cue, mark=mark), ground)


def _keyed(at: float, times: tuple[float, ...], values: tuple[float, ...]) -> float:
    """A value eased from key to key."""
    k = min(max(int(np.searchsorted(times, at)) - 1, 0), len(times) - 2)
    return values[k] + (values[k + 1] - values[k]) * smooth((at - times[k]) / (times[k + 1] - times[k]))


def _flight(rig: Rig, first: Pose, last: Pose, part: float) -> Pose:
    """A leap at part 0 to 1: a crouch to 0.34, flight to 0.74, landing to 1."""
    part = min(max(part, 0.0), 1.0)
    h = hip_height(rig)
    line = last.root - first.root
    crouch = smooth(part / 0.26) * (1 - smooth((part - 0.27) / 0.16))
    land = smooth((part - 0.68) / 0.10) * (1 - smooth((part - 0.78) / 0.22))
    u = min(max((part - 0.32) / 0.42, 0.0), 1.0)
    arc = 4 * u * (1 - u) * (0.10 * h + 0.22 * float(np.linalg.norm(line)) + 0.15 * max(float(line[2]), 0.0))
    root = first.root + line * u + np.array([0, 0, arc])
    climb = float(np.degrees(np.arctan2(line[2], max(float(np.linalg.norm(line[:2])), 0.3))))
    air = np.sin(np.pi * u)
    nose_up, level, nose_down = (float(np.clip(a + 0.5 * climb, -32, 42)) for a in (24, 0, -20))
    pitch = _keyed(part, (0.0, 0.22, 0.42, 0.58, 0.76, 1.0), (0.0, -6.0, nose_up, level, nose_down, 0.0))
    feet = np.empty((4, 3))
    # The forefeet leave first and land first; in between they hang under the body, tucked.
    windows = ((0.28, 0.66), (0.29, 0.68), (0.36, 0.76), (0.36, 0.77))
    ahead = np.array([-np.sin(first.yaw), np.cos(first.yaw), 0.0])
    tuck, cannon, paw = np.zeros(4), np.zeros(4), np.zeros(4)
    for k, (low, high) in enumerate(windows):
        v = min(max((part - low) / (high - low), 0.0), 1.0)
        tuck[k] = np.sin(np.pi * v)
        ease = v * v * (3 - 2 * v)
        reach = (0.34 if k < 2 else -0.42 * (1 - 2 * v)) * h
        feet[k] = (
            first.feet[k] * (1 - ease)
            + last.feet[k] * ease
            + np.array([0, 0, arc * (0 < v < 1)])
            + tuck[k] * (ahead * reach + [0, 0, 0.34 * h])
        )
        cannon[k], paw[k] = (-60.0 if k < 2 else -22.0) * tuck[k], -45.0 * tuck[k]
    shift = np.array([0.0, -0.05 * crouch, -0.24 * crouch - 0.18 * land]) * h
    flex = 12.0 * (land + 0.6 * crouch) - 8.0 * air
    return replace(
        first,
        root=root,
        feet=feet,
        shift=shift,
        trunk=np.array([pitch, 0, 0]),
        cannon=cannon,
        paw=paw,
        turn=last.turn,
        loin=np.array([-flex, 0]),
        chest=np.array([-0.4 * flex, 0]),
        neck_low=np.array([-0.4 * pitch + 4, 0]),
        head=np.array([-0.4 * pitch, 0, 0]),
        ears=np.tile([18.0 * air, 0.0], (2, 1)),
        tail=np.array([[20.0, 0], [12, 0], [4, 0], [0, 0], [0, 0]]) * (air + 0.2),
    )
