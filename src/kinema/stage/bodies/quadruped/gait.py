"""Gaits: phase oscillators driven by the distance travelled, with footprints fixed in the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.pose import Pose, neutral
from kinema.stage.bodies.quadruped.rig import Rig
from kinema.stage.cue import Path

Ground = Callable[[F64], F64]
GaitName = Literal["walk", "trot", "run"]


@dataclass(frozen=True)
class Pattern:
    """How a gait is timed and how much of everything it has.

    duty: share of a stride each foot stands · offsets: when in the stride each foot lands (fore left, fore right, hind
    left, hind right) · lift: of swinging feet, share of hip height · fold (fore, hind), degrees · bob: share of hip
    height, beats: bobs a stride · flex: spine's bending, degrees · narrow: how far the tracks close under the body
    """

    duty: float
    offsets: tuple[float, float, float, float]
    lift: float
    fold: tuple[float, float]
    bob: float
    beats: int
    flex: float
    narrow: float
    neck: float


# Footfall orders after Muybridge and Hildebrand (1965): lateral-sequence walk, diagonal trot, transverse gallop.
PATTERNS: dict[GaitName, Pattern] = {
    "walk": Pattern(0.62, (0.25, 0.75, 0.0, 0.5), 0.10, (-52.0, -12.0), 0.010, 2, 0.0, 0.75, -6.0),
    "trot": Pattern(0.40, (0.0, 0.5, 0.5, 0.0), 0.17, (-78.0, -14.0), 0.026, 2, 1.5, 0.55, -10.0),
    "run": Pattern(0.26, (0.46, 0.60, 0.0, 0.13), 0.26, (-95.0, -6.0), 0.055, 1, 13.0, 0.55, -20.0),
}


_STREAM = np.array([16.0, 14.0, 8.0, 4.0, 2.0])
# How the tail is carried (degrees a joint, root first): dogs let it stream behind, cats walk with it raised and hooked.
TAIL_LIFTS = {
    **{(temper, gait): _STREAM * share for temper in ("canine", "ungulate") for gait, share in
       (("walk", 0.25), ("trot", 1.1), ("run", 2.1))},
    ("feline", "walk"): np.array([34.0, 30.0, 16.0, 0.0, -22.0]),
    ("feline", "trot"): np.array([30.0, 26.0, 10.0, -4.0, -12.0]),
    ("feline", "run"): _STREAM * 1.2,
}  # fmt: skip

# Hind feet swing lower than fore feet, or the knee would stand above the back.
HIND_LIFT = 0.6
# A path or mark this much (m) above the ground lies on something else: a bed, a bridge.
ABOVE = 0.25


class Track:
    """A path on the ground made smooth and endless: straight on beyond both its ends."""

    STEP = 0.05

    def __init__(self, path: Path, ground: Ground, width: float) -> None:
        self.length, self.ground = path.length, ground
        marks = np.arange(0.0, max(self.length, self.STEP) + self.STEP / 2, self.STEP)
        lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path.points, axis=0), axis=1))])
        points = np.stack([np.interp(marks, lengths, path.points[:, k]) for k in range(3)], 1)
        ends = [points[-1] - points[-2], points[1] - points[0]]
        far = np.arange(1, int(6.0 / self.STEP))[:, None]
        points = np.concatenate([points[0] - far[::-1] * ends[1], points, points[-1] + far * ends[0]])
        self.marks = np.concatenate([-far[::-1, 0] * self.STEP, marks, marks[-1] + far[:, 0] * self.STEP])
        half = max(1, round(width / self.STEP))
        kernel = np.hanning(2 * half + 3)[1:-1]
        kernel /= kernel.sum()
        padded = np.concatenate([points[0] - far[half - 1 :: -1] * ends[1], points, points[-1] + far[:half] * ends[0]])
        self.points = np.stack([np.convolve(padded[:, k], kernel, mode="valid") for k in range(3)], 1)
        self.raised = float(np.median(path.points[:, 2] - ground(path.points[:, :2]))) > ABOVE
        slope = np.gradient(self.points, axis=0)
        self.yaws = np.unwrap(np.arctan2(-slope[:, 0], slope[:, 1]))

    def place(self, distance: float | F64) -> tuple[F64, F64]:
        """Places (..., 3) on the track after distances (...), and yaws (...)."""
        place = np.stack([np.interp(distance, self.marks, self.points[:, k]) for k in range(3)], -1)
        return place, np.asarray(np.interp(distance, self.marks, self.yaws))

    def onto(self, points: F64) -> F64:
        """Points (N, 3) put on the ground, or left at the track's height where that is no ground (a bed)."""
        height = points[:, 2] if self.raised else np.asarray(self.ground(points[:, :2]), float)
        return np.concatenate([points[:, :2], height[:, None]], 1)


@dataclass(frozen=True, eq=False)
class Progress:
    """Distance along the track (m) against time: samples of a speed profile, already integrated."""

    times: F64
    distances: F64

    def at(self, time: float) -> float:
        """Metres along the track."""
        return float(np.interp(time, self.times, self.distances))

    def speed(self, time: float) -> float:
        """Metres a second."""
        return (self.at(time + 0.02) - self.at(time - 0.02)) / 0.04


def progress(
    start: float, end: float, begin: float, distance: float, ease: tuple[bool, bool], pauses: F64 | None = None
) -> Progress:
    """A run of distance metres from begin within [start, end]; ease in, out; pauses (N, 2): times to stand still."""
    times = np.arange(0.0, end - start + 1 / 240, 1 / 120) + start
    fade = min(0.7, (end - start) / 3.0)
    speed = np.ones(len(times))
    if ease[0]:
        speed *= np.clip((times - start) / fade, 0.0, 1.0)
    if ease[1]:
        speed *= np.clip((end - times) / fade, 0.0, 1.0)
    for low, high in pauses if pauses is not None else ():
        speed *= np.clip(np.maximum(low - times, times - high) / 0.5 + 1.0, 0.0, 1.0)
    gone = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
    return Progress(times, begin + distance * gone / max(float(gone[-1]), 1e-9))


@dataclass(frozen=True, eq=False)
class Locomotion:
    """A gait going along a track: pose(time) is a pure function."""

    rig: Rig
    gait: GaitName
    track: Track
    progress: Progress
    stride: float
    full: float

    def phase(self, time: float) -> float:
        """Strides since the track's beginning."""
        return self.progress.at(time) / self.stride

    def steps(self, time: float) -> tuple[F64, F64, F64]:
        """Feet (4, 3) on or above the ground, their yaws (4,), and how far each is through its swing (4,)."""
        pattern = PATTERNS[self.gait]
        cycle = self.phase(time) - np.array(pattern.offsets)
        count = np.floor(cycle)
        part = cycle - count
        u = np.clip((part - pattern.duty) / (1.0 - pattern.duty), 0.0, 1.0)
        rest = rest_feet(self.rig)
        here = (count + np.array(pattern.offsets) + pattern.duty / 2) * self.stride + rest[:, 1]
        here[:2] += 0.035 * hip_height(self.rig)
        ease = u * u * (3.0 - 2.0 * u)
        distances = np.concatenate([here, here + self.stride])
        places, yaws = self.track.place(distances)
        side = np.stack([np.cos(yaws), np.sin(yaws), 0 * yaws], 1) * (np.tile(rest[:, 0], 2) * pattern.narrow)[:, None]
        prints = self.track.onto(places + side)
        feet = prints[:4] + (prints[4:] - prints[:4]) * ease[:, None]
        vigour = min(1.0, abs(self.progress.speed(time)) / max(0.3 * self.full, 1e-6))
        lift = pattern.lift * np.array([1.0, 1.0, HIND_LIFT, HIND_LIFT])
        feet[:, 2] += lift * hip_height(self.rig) * np.sin(np.pi * u) ** 1.2 * vigour
        return feet, yaws[:4] + (yaws[4:] - yaws[:4]) * ease, u

    def pose(self, time: float) -> Pose:
        """The whole animal."""
        pattern, phase = PATTERNS[self.gait], self.phase(time)
        gone = self.progress.at(time)
        vigour = min(1.0, abs(self.progress.speed(time)) / max(self.full, 1e-6))
        root, yaw, slope, bend = self._stand(gone)
        feet, turn, u = self.steps(time)
        wave = 2 * np.pi * phase
        height = hip_height(self.rig)
        swing = np.sin(np.pi * u) * (0.4 + 0.6 * vigour)
        pose = neutral(root, yaw, feet)
        bob = pattern.bob * height * vigour * np.cos(pattern.beats * wave - (2.2 if self.gait != "run" else 5.4))
        flex = pattern.flex * vigour * np.cos(wave - 5.34)
        early = np.sin(np.pi * np.clip(u, 0, 1) ** 0.75) * (0.4 + 0.6 * vigour)
        fold = np.array([pattern.fold[0], pattern.fold[0], pattern.fold[1], pattern.fold[1]]) * early
        sway = np.sin(wave + 0.6)
        gallop = self.gait == "run"
        trunk = np.array(
            [
                slope + flex + (3.0 * vigour * np.sin(wave - 0.9) if gallop else 0.0),
                0.0,
                (1.2 if gallop else 2.2) * vigour * sway,
            ]
        )
        dip = -0.10 if gallop else -0.035
        nod = (0.0 if gallop else 2.0) * vigour * np.cos(2 * wave - 1.0)
        tail = np.zeros((5, 2))
        lag = np.sin(wave - 0.5 * np.arange(5) - 0.6)
        tail[:, 0] = TAIL_LIFTS[self.rig.species.temper, self.gait] * np.sqrt(vigour)
        tail[:, 1] = 4.5 * vigour * lag - 0.5 * bend
        return replace(
            pose,
            turn=turn,
            shift=np.array([0.006 * height * vigour * sway, 0.0, bob + (dip * vigour - 0.003 * abs(slope)) * height]),
            trunk=trunk,
            loin=np.array([-1.35 * flex, 0.5 * bend]),
            chest=np.array([-0.55 * flex - 0.6 * (trunk[0] - flex - slope), 0.5 * bend]),
            neck_low=np.array([pattern.neck * vigour + 0.35 * flex - 0.3 * slope + nod, 0.4 * bend]),
            neck_high=np.array([0.6 * pattern.neck * vigour + 0.2 * flex - 0.3 * slope + nod, 0.3 * bend]),
            head=np.array([-1.5 * pattern.neck * vigour + 0.3 * flex - 0.4 * slope - 2 * nod, 0.2 * bend, 0.0]),
            ears=np.tile([16.0 if gallop else 3.0, 0.0], (2, 1)) * vigour,
            tail=tail,
            cannon=fold,
            paw=-48.0 * swing,
            jaw=np.array([7.0 * vigour if gallop else 0.0]),
        )

    def _stand(self, gone: float) -> tuple[F64, float, float, float]:
        """Root on the ground, yaw of the trunk, slope under it and bend of the track ahead (degrees)."""
        base = wheelbase(self.rig)
        places, yaws = self.track.place(np.array([gone, gone - base / 2, gone + base / 2]))
        on = self.track.onto(places)
        slope = float(np.degrees(np.arctan2(on[2, 2] - on[1, 2], base)))
        root = np.array([places[0, 0], places[0, 1], (on[1, 2] + on[2, 2]) / 2])
        bend = float(np.degrees(yaws[2] - yaws[1]))
        return root, float(yaws[1] * 0.5 + yaws[0] * 0.5), slope, float(np.clip(bend, -40, 40))

    def landings(self, start: float, end: float) -> list[tuple[float, int, F64]]:
        """When and where feet come down in [start, end): (time, foot, place (3,))."""
        pattern, found = PATTERNS[self.gait], []
        times, phases = self.progress.times, self.progress.distances / self.stride
        for foot, offset in enumerate(pattern.offsets):
            first, last = int(np.ceil(phases[0] - offset)), int(np.floor(phases[-1] - offset))
            for n in range(first, last + 1):
                time = float(np.interp(n + offset, phases, times))
                if start <= time < end and n + offset > phases[0]:
                    found.append((time, foot, self.steps(time + 1e-4)[0][foot]))
        return sorted(found, key=lambda step: step[0])


def rest_feet(rig: Rig) -> F64:
    """Where the balls of the feet stand in the rest pose: (4, 3), z = 0."""
    skeleton = rig.skeleton
    balls = [skeleton[f"{which}_cannon_{side}"].tail for which in ("fore", "hind") for side in ("left", "right")]
    return np.asarray(np.array(balls) * np.array([1.0, 1.0, 0.0]) * rig.size)


def hip_height(rig: Rig) -> float:
    """Metres from the ground to the hip joint."""
    return float(rig.skeleton["hind_upper_left"].head[2]) * rig.size


def wheelbase(rig: Rig) -> float:
    """Metres between fore and hind footprints."""
    feet = rest_feet(rig)
    return float(feet[0, 1] - feet[2, 1])


def locomotion(rig: Rig, gait: GaitName, track: Track, moves: Progress, speed: float) -> Locomotion:
    """A gait at a speed (m/s): strides lengthen with speed, less than in proportion, as animals' do."""
    natural, stride = getattr(rig.species.gait, gait)
    ratio = float(np.clip(speed / (natural * rig.size), 0.35, 2.0))
    return Locomotion(rig, gait, track, moves, stride * rig.size * ratio**0.5, speed)
