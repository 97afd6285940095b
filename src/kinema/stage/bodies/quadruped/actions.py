"""Actions: what an animal does in place, each a pure function from a moment of its cue to a pose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.actor import Actor
from kinema.stage.bodies.quadruped.gait import hip_height, wheelbase
from kinema.stage.bodies.quadruped.gaze import bent, look_at, reach
from kinema.stage.bodies.quadruped.pawing import pawed
from kinema.stage.bodies.quadruped.pose import Pose, smooth
from kinema.stage.bodies.quadruped.posture import PostureName, Spot, posture
from kinema.stage.bodies.quadruped.rig import Rig, turned
from kinema.stage.chance import chance
from kinema.stage.cue import Cue

JOINING = 0.9  # seconds within which those who howl together begin
MOUTHFUL, CHEWS_UP = 2.7, 0.16  # seconds from one bite to the next, and how far up it chews (hip heights)
SINK = 0.18  # of the hip height: how deep a kneading paw goes


@dataclass(frozen=True, eq=False)
class Act:
    """One cue being performed at a spot.

    base: the still pose of its posture · flicks, blinks: times (N,) of little signs of life ·
    temper in [0, 1) sets phases
    """

    rig: Rig
    cue: Cue
    spot: Spot
    posture: PostureName
    base: Pose
    temper: float
    flicks: F64
    blinks: F64

    @property
    def height(self) -> float:
        """Hip height (m): what gestures are measured in."""
        return hip_height(self.rig)

    def since(self, time: float) -> float:
        """Seconds since the cue began."""
        return time - self.cue.start


def act(rig: Rig, cue: Cue, spot: Spot, base: PostureName, seed: int, subject: str) -> Act:
    """A cue ready to be performed; the small lively things are drawn from (seed, subject)."""
    random = chance(seed, subject, f"life {cue.start:.3f}")
    span = max(cue.end - cue.start, 0.1) + 3.0
    flicks = cue.start + np.cumsum(random.uniform(0.8, 4.0, int(span / 1.5) + 2))
    blinks = cue.start + np.cumsum(random.uniform(1.8, 5.5, int(span / 3.0) + 2))
    return Act(rig, cue, spot, base, posture(base, rig, spot), float(random.uniform()), flicks, blinks)


def alive(a: Act, pose: Pose, time: float, energy: float = 1.0) -> Pose:
    """The pose breathing, blinking, flicking an ear and swaying its tail."""
    calm = 0.26 if a.posture == "sleep" else 0.42
    breath = np.sin(2 * np.pi * (calm * time + a.temper))
    pulse = np.exp(-(((time - a.flicks) / 0.07) ** 2))
    # Ears listen each for itself.
    listening = 8.0 * energy * np.tanh(4.0 * np.sin(2 * np.pi * (0.07 * time + a.temper)))
    ears = pose.ears + np.outer([pulse[::2].sum(), pulse[1::2].sum()], [26.0, 22.0])
    ears = ears + np.array([[listening, 0.0], [-listening, 0.0]])
    blink = float(np.exp(-(((time - a.blinks) / 0.075) ** 4)).sum())
    phase = 2 * np.pi * (0.33 * time + a.temper) - 0.7 * np.arange(5)
    sway = 4.0 * energy * np.sin(phase)
    drift = np.sin(2 * np.pi * (0.11 * time + a.temper)) + 0.6 * np.sin(2 * np.pi * (0.23 * time + 2 * a.temper))
    breathing = 0.006 * a.height * breath
    return replace(
        pose,
        shift=pose.shift + np.array([0.0, 0.0, breathing]),
        chest=pose.chest + np.array([0.7 * breath, 0.0]),
        ears=ears,
        neck_low=pose.neck_low - np.array([0.5 * breath, 0.0]),
        lids=np.maximum(pose.lids, min(blink, 1.0)),
        tail=pose.tail + np.stack([0 * sway, sway], 1),
        head=pose.head + energy * np.array([1.2 * drift, 2.0 * drift, 0.8 * drift]),
    )


def wag(pose: Pose, time: float, amount: float, temper: float, lift: float = 14.0) -> Pose:
    """The tail lifted and beating from side to side."""
    beat = np.sin(2 * np.pi * (2.6 * time + temper) - 0.55 * np.arange(5))
    tail = pose.tail + amount * np.stack(
        [np.array([lift, lift * 0.8, 2, 0, 0.0]), np.array([13, 14, 13, 11, 9.0]) * beat], 1
    )
    return replace(
        pose,
        tail=tail,
        shift=pose.shift + np.array([0.004 * amount * beat[0], 0, 0]),
        loin=pose.loin + np.array([0, 2.0 * amount * beat[0]]),
    )


def aim(a: Act, pose: Pose, time: float, amount: float) -> Pose:
    """The face turned to the cue's target, if it has one."""
    if a.cue.target is None:
        return pose
    return look_at(a.rig, pose, point_of(a.cue.target, time, ("eyes", "head", "muzzle")), amount)


def point_of(actor: Actor, time: float, names: tuple[str, ...]) -> F64:
    """The first anchor (3,) the actor has, or the middle of it."""
    for name in names:
        try:
            return actor.anchor(time, name)
        except KeyError:
            continue
    return np.array(actor.region(time, "whole").centre)


# Where another animal may be touched; people are touched on the head.
TOUCHED = ("muzzle", "head", "neck", "hip")


def touching(target: Actor, time: float, here: F64) -> str:
    """The anchor of the target that is nearest to here (3,)."""
    gaps = {}
    for name in TOUCHED:
        try:
            gaps[name] = float(np.linalg.norm(target.anchor(time, name) - here))
        except KeyError:
            if name == "muzzle":
                return "head"
    return min(gaps, key=lambda name: gaps[name])


def still(a: Act, time: float) -> Pose:
    """Stand, sit, lie or sleep, and nothing else."""
    return alive(a, a.base, time, 0.15 if a.posture == "sleep" else 1.0)


def look(a: Act, time: float) -> Pose:
    """Gaze at the target; with none, scan from side to side."""
    pose = still(a, time)
    since = a.since(time)
    ease = smooth(since / 0.6)
    pose = replace(pose, neck_low=pose.neck_low + ease * np.array([6.0, 0.0]), ears=pose.ears * 0.4)
    if a.cue.target is not None:
        return aim(a, pose, time, ease)
    return bent(pose, 3.0 * ease, 42.0 * ease * np.sin(2 * np.pi * (0.17 * since + a.temper)))


def howl(a: Act, time: float) -> Pose:
    """Breathe in with a dip of the head, throw it back, hold the note, let it sink; and again."""
    period = 5.6
    late = JOINING * a.temper if "together" in a.cue.manner else 0.0  # a pack does not begin with one voice
    since = max(a.since(time) - late, 0.0)
    turn, p = divmod(since, period)
    back = smooth((p - 0.45) / 0.9) * (1.0 - 0.7 * smooth((p - 4.5) / 0.9))
    if turn > 0:
        back = max(back, 0.3 * (1.0 - smooth((p - 0.1) / 0.5)))
    dip = np.sin(np.pi * min(p / 0.75, 1.0))
    voice = smooth((p - 0.95) / 0.35) * (1.0 - smooth((p - 4.2) / 0.5))
    quaver = voice * (0.8 * np.sin(2 * np.pi * 4.7 * time) + 1.2 * np.sin(2 * np.pi * 0.6 * time))
    side = 7.0 * np.sin(2.4 * turn + 6.3 * a.temper)
    pose = still(a, time)
    high = 0.72 + 0.18 * a.temper  # at what is in the sky, not straight up; and each its own way
    crouch = np.array([0.0, -0.03, -0.012]) * a.height * back
    return replace(
        pose,
        shift=pose.shift + crouch,
        chest=pose.chest + np.array([7.0 * back, 0.0]),
        neck_low=pose.neck_low + np.array([27.0 * high * back - 7.0 * dip, 0.3 * side * back]),
        neck_high=pose.neck_high + np.array([23.0 * high * back - 4.0 * dip + 0.4 * quaver, 0.3 * side * back]),
        head=pose.head + np.array([28.0 * high * back - 3.0 * dip + 0.6 * quaver, 0.4 * side * back, 0.0]),
        jaw=np.array([2.0 + 24.0 * voice + 0.5 * quaver]),
        ears=pose.ears * (1 - back) + back * np.array([[38.0, 8.0]]),
        lids=np.maximum(pose.lids, 0.55 * back),
        tail=pose.tail + back * np.array([[9.0, 0], [7, 0], [3, 0], [0, 0], [0, 0]]),
    )


def sniff(a: Act, time: float) -> Pose:
    """Searching on the spot: nose to the ground, sweeping, then up to look around."""
    p = a.since(time) % 5.2
    low = smooth(p / 0.8) * (1.0 - smooth((p - 3.0) / 0.7))
    return nosing(still(a, time), low, time)


def nosing(pose: Pose, low: float, time: float) -> Pose:
    """The head low (1) and sweeping, or high (0) and looking around."""
    sweep = np.sin(2 * np.pi * 0.55 * time)
    gaze = 48.0 * np.sin(2 * np.pi * 0.19 * time) * (1.0 - low)
    quick = low * np.sin(2 * np.pi * 3.4 * time)
    return replace(
        bent(pose, 4.0 * (1 - low), gaze),
        shift=pose.shift,
        jaw=pose.jaw + 0.8 * low,
        chest=pose.chest + np.array([-5.0 * low, 3 * sweep * low]),
        neck_low=pose.neck_low + np.array([-42.0 * low, 9 * sweep * low + 0.22 * gaze]),
        neck_high=pose.neck_high + np.array([-24.0 * low + 0.5 * quick, 9 * sweep * low + 0.30 * gaze]),
        head=pose.head + np.array([30.0 * low + 0.8 * quick, 6 * sweep * low + 0.48 * gaze, 0.0]),
        ears=pose.ears + np.array([[8.0 * low, 0.0]]),
    )


def knead(a: Act, time: float) -> Pose:
    """Sitting, the front paws lifted high and pressed deep in turn, shoulders rolling, eyes half shut."""
    pose, h = still(a, time), a.height
    ease = smooth(a.since(time) / 0.7)
    beat = 2 * np.pi * 0.8 * a.since(time)
    tread = np.array([np.sin(beat), -np.sin(beat)])
    up, down = np.clip(tread, 0.0, 1.0) ** 1.2, np.clip(-tread, 0.0, 1.0)
    feet = np.array(pose.feet)
    frame = turned(0, float(np.degrees(a.spot.yaw)))
    feet[:2] += ease * frame[:, 1] * (0.20 + 0.10 * tread[:, None]) * h
    feet[:2] += ease * frame[:, 0] * np.array([[-0.04], [0.04]]) * h
    raised = _raised(a, time)
    climb = float(np.degrees(np.arctan2(raised, wheelbase(a.rig))))
    feet[:2, 2] += ease * (raised + (0.36 * up - SINK * down) * h)
    rock = float(np.sin(beat))
    return replace(
        pose,
        feet=feet,
        shift=pose.shift + ease * np.array([-0.05 * rock, 0.04, -0.03 * abs(rock)]) * h,
        trunk=pose.trunk + ease * np.array([-9.0 + climb, 3.0 * rock, 5.0 * rock]),
        chest=pose.chest + ease * np.array([-3.0, 4.0 * rock]),
        neck_low=pose.neck_low + ease * np.array([-4.0 - 3.0 * abs(rock) - 0.5 * climb, -2.0 * rock]),
        neck_high=pose.neck_high + ease * np.array([-8.0, -2.0 * rock]),
        head=pose.head + ease * np.array([-4.0, -3.0 * rock, -6.0 * rock]),
        cannon=pose.cannon + ease * np.array([*(-34.0 * up), 0, 0]),
        lids=np.maximum(pose.lids, 0.45 * ease),
        paw=pose.paw + ease * np.array([*(-36.0 * up + 10.0 * down), 0, 0]),
    )


def _raised(a: Act, time: float) -> float:
    """How much higher than the animal's own feet the thing kneaded is, if it is near and low enough."""
    if a.cue.target is None:
        return 0.0
    top = point_of(a.cue.target, time, ("chest", "back"))
    flat = float(np.linalg.norm(top[:2] - a.spot.origin[:2]))
    return float(np.clip(top[2] - a.spot.origin[2], 0.0, 0.6 * a.height)) if flat < 3.0 * a.height else 0.0


def tap(a: Act, time: float) -> Pose:
    """One forepaw lifted to the target's shoulder or face: three soft pats, a rest, and again."""
    pose, h = aim(a, still(a, time), time, smooth(a.since(time) / 0.5)), a.height
    p = a.since(time) % 4.2
    up = smooth((p - 0.25) / 0.45) * (1.0 - smooth((p - 3.1) / 0.5))
    beat = 0.5 - 0.5 * np.cos(2 * np.pi * np.clip((p - 0.6) / 0.82, 0.0, 3.0))
    pat = smooth(3.2 * beat)  # it rests on what it touches, and is lifted only to come down again
    k = 1
    frame = turned(0, float(np.degrees(a.spot.yaw)))
    # The whole animal leans after its paw, more softly.
    lean = up * smooth(3.2 * p - 2.0)
    pose = replace(
        pose,
        shift=pose.shift + np.array([-0.05 * up, 0.19 * lean - 0.03 * up, -0.08 * lean]) * h,
        trunk=pose.trunk + np.array([2.0 * up - 6.0 * lean, 0, 4.0 * up]),
    )
    shoulder = a.rig.solve(pose).carry("fore_upper_right", a.rig.skeleton["fore_upper_right"].head)
    toward = frame @ np.array([-0.2, 1.0, 0.1])
    if a.cue.target is not None:
        toward = pawed(a.cue.target, time, shoulder) - shoulder
    length = float(np.linalg.norm(toward))
    ahead = toward / max(length, 1e-6)
    leg = a.rig.legs[k]
    # No farther than the leg is long, or the whole cat would sink after its paw.
    far = shoulder + ahead * min(length, 0.94 * (leg.reach + float(np.linalg.norm(leg.cannon))))
    # Before the face, to be seen over whatever lies there.
    ready = shoulder + (frame @ np.array([-0.05, 0.52, 0.12])) * h
    paw = ready + (far - ready) * pat
    feet = np.array(pose.feet)
    feet[k] += up * (paw - feet[k])
    cannon, paws = np.array(pose.cannon), np.array(pose.paw)
    cannon[k] += up * (-30.0 + 36.0 * pat)
    paws[k] += up * (-55.0 + 50.0 * pat)
    return replace(
        pose,
        feet=feet,
        cannon=cannon,
        paw=paws,
        head=pose.head + up * np.array([0, 0, 6.0]),
    )


def nuzzle(a: Act, time: float) -> Pose:
    """The muzzle brought to the other's, rubbing; dogs wag, cats lift the tail."""
    ease = smooth(a.since(time) / 0.9)
    pose, rub = still(a, time), 2 * np.pi * (0.55 * time + a.temper)
    if a.rig.species.temper == "canine":
        pose = wag(pose, time, ease, a.temper)
    else:
        pose = replace(
            pose, tail=pose.tail + ease * np.array([[46.0, 0], [26, 0], [10, 0], [-4, 0], [-14, 6 * np.sin(rub)]])
        )
    if a.cue.target is not None:
        point = point_of(a.cue.target, time, (touching(a.cue.target, a.cue.start, a.spot.origin), "head"))
        offset = 0.05 * a.height * np.array([np.cos(a.spot.yaw), np.sin(a.spot.yaw), 0.0]) * np.sin(rub)
        pose = reach(
            a.rig,
            pose,
            point + offset + [0, 0, a.height * (0.05 + 0.03 * np.cos(rub))],
            ease * (0.90 + 0.10 * np.sin(1.3 * rub)),
        )
    head = np.array([3.0 * np.cos(rub), 9.0 * np.sin(rub), 15.0 * np.sin(rub + 0.8)]) * ease
    return replace(
        pose,
        head=pose.head + head,
        ears=pose.ears + ease * np.array([[42.0 if a.rig.species.temper == "canine" else 20.0, 6.0]]),
        lids=np.maximum(pose.lids, 0.5 * ease),
    )


def meow(a: Act, time: float) -> Pose:
    """The mouth opens wide for most of a second, the head lifting; two calls, a pause."""
    p = a.since(time) % 4.6
    calls = [smooth((p - s) / 0.22) * (1.0 - smooth((p - s - 0.55) / 0.35)) for s in (0.35, 1.75)]
    call = max(calls)
    pose = aim(a, still(a, time), time, 0.9 * smooth(a.since(time) / 0.5))
    return replace(
        bent(pose, 9.0 * call, 0.0),
        jaw=pose.jaw + 17.0 * call,
        ears=pose.ears + np.array([[10.0 * call, 6.0 * call]]),
        lids=np.maximum(pose.lids, 0.35 * call),
        chest=pose.chest + np.array([2.0 * call, 0.0]),
    )


def eat(a: Act, time: float) -> Pose:
    """The mouth dips to the hand that holds something, or to the ground ahead, and comes up a little to chew."""
    ease = smooth(a.since(time) / 0.9)
    chew = np.sin(2 * np.pi * 2.7 * time)
    up = 0.5 - 0.5 * np.cos(2 * np.pi * np.clip((a.since(time) % MOUTHFUL - 1.3) / 1.4, 0.0, 1.0))
    food = _food(a, time) + np.array([0, 0, (0.02 * (1 + chew) + CHEWS_UP * up) * a.height])
    pose = reach(a.rig, still(a, time), food, ease)
    return replace(
        pose,
        jaw=pose.jaw + ease * (7.0 + 6.0 * chew),
        head=pose.head + ease * np.array([1.6 * chew, 0, 2.0 * np.sin(1.1 * time)]),
        lids=np.maximum(pose.lids, (0.30 + 0.25 * up) * ease),  # relished
        ears=pose.ears + ease * np.array([[2.0, 2.0]]),
    )


def _food(a: Act, time: float) -> F64:
    ground: F64 = a.spot.world(np.array([[0.0, 1.05, 0.04]]) * a.height)[0]
    for holder in (a.cue.instrument, a.cue.target):
        if holder is None:
            continue
        for name in ("hand_right", "hand_left", "top"):
            try:
                point = holder.anchor(time, name)
            except KeyError:
                continue
            if np.linalg.norm(point - a.spot.origin) < 2.4 * a.height:
                return point
    return ground


def stretch(a: Act, time: float) -> Pose:
    """Waking: forepaws out, chest down, rump up, a yawn; then standing."""
    pose, h = still(a, time), a.height
    p = a.since(time) - 0.5
    bow = smooth(p / 0.9) * (1.0 - smooth((p - 1.9) / 0.8))
    feet = np.array(pose.feet)
    feet[:2] += bow * turned(0, float(np.degrees(a.spot.yaw)))[:, 1] * 0.36 * h
    return replace(
        pose,
        feet=feet,
        shift=pose.shift + bow * np.array([0, -0.10, -0.02]) * h,
        trunk=pose.trunk + bow * np.array([-26.0, 0, 0]),
        loin=pose.loin + bow * np.array([10.0, 0]),
        chest=pose.chest + bow * np.array([6.0, 0]),
        neck_low=pose.neck_low + bow * np.array([12.0, 0]),
        head=pose.head + bow * np.array([8.0, 0, 0]),
        jaw=pose.jaw + 26.0 * smooth((p - 0.6) / 0.5) * (1 - smooth((p - 1.6) / 0.5)),
        lids=np.maximum(pose.lids, bow),
        tail=pose.tail + bow * np.array([[22.0, 0], [14, 0], [6, 0], [0, 0], [0, 0]]),
    )


# name -> the function, and the posture it needs (None: whichever the animal is in)
IN_PLACE: dict[str, tuple[Callable[[Act, float], Pose], PostureName | None]] = {
    "stand": (still, "stand"),
    "sit": (still, "sit"),
    "lie": (still, "lie"),
    "sleep": (still, "sleep"),
    "look": (look, None),
    "howl": (howl, None),
    "search": (sniff, "stand"),
    "knead": (knead, "sit"),
    "paw": (tap, "sit"),
    "nuzzle": (nuzzle, "stand"),
    "greet": (nuzzle, "stand"),
    "meow": (meow, None),
    "eat": (eat, "stand"),
    "wake": (stretch, "stand"),
}
