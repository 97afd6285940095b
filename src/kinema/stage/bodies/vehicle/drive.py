"""How a vehicle moves: distance along its path by the clock, and the pose the ground and the speed give it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.vehicle.species import Species
from kinema.stage.chance import chance
from kinema.stage.cue import Cue
from kinema.stage.geometry.solids import rotation
from kinema.stage.motion.trail import Trail, trail_along

TICK = 1.0 / 120  # seconds between rows of a cue's table
CRUISE = 9.0  # metres per second when a cue names no speed
BEFORE = 6.0  # seconds a vehicle that begins under way is taken to have been driving
COMFORT = 2.6  # metres per second squared to pull away
SMOOTH = 0.15  # how much of a track's bumps a paved road has
LEVEL = 1e-3  # metres that a paved way may rise and fall: what is built is level, what grew is not
BRAKING = 4.0  # metres per second squared to stop
Ground = Callable[[F64], F64]


@dataclass(frozen=True, eq=False)
class Leg:
    """One cue as motion: seconds (M,), metres (M,) and metres per second (M,) along a trail."""

    start: float
    end: float
    trail: Trail
    times: F64
    distances: F64
    speeds: F64
    fast: bool


@dataclass(frozen=True, eq=False)
class Pose:
    """chassis (4, 4), and wheels front right, front left, rear right, rear left (4, 4, 4), outsides facing out."""

    chassis: F64
    wheels: F64
    yaw: float


@dataclass(frozen=True, eq=False)
class Drive:
    """A vehicle's whole motion on a scene's clock."""

    row: Species
    scale: float
    legs: tuple[Leg, ...]
    ground: Ground
    bumps: F64  # (3, K): metres per wave, phase, share
    paved: bool = False

    @property
    def driven(self) -> bool:
        """Whether it moves at any time."""
        return any(leg.speeds.any() for leg in self.legs)

    def leg(self, time: float) -> Leg:
        """The leg that holds at a time; the first and the last go on for ever."""
        for leg in self.legs:
            if time < leg.end:
                return leg
        return self.legs[-1]

    def along(self, leg: Leg, times: F64) -> tuple[F64, F64]:
        """Metres and metres per second along a leg's trail at times (N,)."""
        return np.interp(times, leg.times, leg.distances), np.interp(times, leg.times, leg.speeds)

    def pose(self, time: float) -> Pose:
        """The chassis fitted to the ground at four wheels, sprung, leaning; and the wheels rolled and steered."""
        leg = self.leg(time)
        travelled, speed = (float(v[0]) for v in self.along(leg, np.array([time])))
        size = self.row.wheel
        front, rear = size.front * self.scale, size.rear * self.scale
        axles, yaws = leg.trail.at(np.array([travelled + front, travelled + rear]))
        yaw = _yaw(axles[0] - axles[1])
        flat = np.array([[np.cos(yaw), np.sin(yaw)], [-np.sin(yaw), np.cos(yaw)]])  # rows: right and forward
        half = 0.5 * size.track * self.scale
        spots = np.array([[half, 0], [-half, 0]]) @ flat
        contacts = np.concatenate([axles[0] + spots, axles[1] + spots])  # (4, 2)
        heights = self._envelope(contacts, flat[1])
        chassis = self._chassis(leg, time, travelled, speed, axles, flat, heights)
        steer = float(np.clip(_wrapped(yaws[0] - yaw), -0.6, 0.6))
        return Pose(chassis, self._wheels(chassis, contacts, heights, travelled, steer), yaw)

    def _envelope(self, contacts: F64, forward: F64) -> F64:
        """Ground under each tyre (4,), over the length of its patch, as a tyre swallows small stones."""
        reach = np.array([-0.12, 0.0, 0.12])[:, None, None] * forward
        below = self.ground((contacts[None] + reach).reshape(-1, 2)).reshape(3, 4)
        return np.asarray(below.mean(axis=0))

    def _chassis(
        self, leg: Leg, time: float, travelled: float, speed: float, axles: F64, flat: F64, heights: F64
    ) -> F64:
        size = self.row.wheel
        wheelbase, track = (size.front - size.rear) * self.scale, size.track * self.scale
        pitch = (heights[:2].mean() - heights[2:].mean()) / wheelbase
        roll = (heights[[0, 2]].mean() - heights[[1, 3]].mean()) / track
        shake = self._bounce(travelled) * min(1.0, abs(speed) / 8.0)  # heave (m), pitch and roll (rad)
        gain = self._gain(leg, time)
        pitch += shake[1] + 0.5 * self.row.lean * np.clip(gain, -4, 4) * 0.25
        roll += shake[2] + self._lean(leg, travelled, speed)
        right, forward = (np.array([*axis, slope]) for axis, slope in zip(flat, (roll, pitch), strict=True))
        forward /= np.linalg.norm(forward)
        up = np.cross(right, forward)
        up /= np.linalg.norm(up)
        matrix = np.eye(4)
        matrix[:3, :3] = np.stack([np.cross(forward, up), forward, up], axis=1)
        share = -size.rear / (size.front - size.rear)
        matrix[:2, 3] = axles[1] + share * (axles[0] - axles[1])
        matrix[2, 3] = heights[2:].mean() + share * (heights[:2].mean() - heights[2:].mean()) + shake[0]
        matrix[:3, :3] *= self.scale
        return matrix

    def _bounce(self, travelled: float) -> F64:
        """Heave (m), pitch and roll (rad) of the springs from the road's own waves at a distance."""
        length, phase, share = self.bumps
        wave = share * np.sin(2 * np.pi * travelled / length + phase)
        third = len(wave) // 3
        heave, pitch, roll = (float(wave[k * third : (k + 1) * third].sum()) for k in range(3))
        return self.row.bounce * (SMOOTH if self.paved else 1.0) * np.array([heave, 0.7 * pitch, 0.8 * roll])

    def _gain(self, leg: Leg, time: float) -> float:
        """Acceleration (m/s2), over a third of a second as springs feel it."""
        late, early = self.along(leg, np.array([time + 0.17, time - 0.17]))[1]
        return float((late - early) / 0.34)

    def _lean(self, leg: Leg, travelled: float, speed: float) -> float:
        """Roll (rad) outwards in a bend."""
        yaws = leg.trail.at(np.array([travelled + 2.5, travelled - 2.5]))[1]
        sideways = float(np.clip((yaws[0] - yaws[1]) / 5.0 * speed**2, -6.0, 6.0))
        return self.row.lean * sideways / 3.0

    def _wheels(self, chassis: F64, contacts: F64, heights: F64, travelled: float, steer: float) -> F64:
        size = self.row.wheel
        frame = chassis[:3, :3]
        wheels = np.tile(np.eye(4), (4, 1, 1))
        rolled = rotation("x", -travelled / (size.radius * self.scale))
        for k in range(4):
            turned = frame @ rotation("z", steer if k < 2 else 0.0) @ rolled
            wheels[k, :3, :3] = turned @ rotation("z", np.pi) if k % 2 else turned
            wheels[k, :2, 3] = contacts[k]
            wheels[k, 2, 3] = heights[k] + size.radius * self.scale
        return wheels


def drive_of(row: Species, scale: float, subject: str, cues: Sequence[Cue], ground: Ground, seed: int) -> Drive:
    """The motion that the cues ask for. Raises ValueError when there are none."""
    if not cues:
        raise ValueError(f"{subject} needs at least one cue: park it somewhere, or give it a path to drive")
    legs: list[Leg] = []
    for cue in cues:
        before = legs[-1] if legs else None
        moving = before is not None and before.speeds[-1] > 0.1
        if cue.path is not None and cue.action != "park":
            legs.append(_driven(cue, before))
        elif before is not None and moving:
            legs.append(_stopping(cue, before))
        else:
            legs.append(_parked(cue) if before is None else _waiting(cue, before))
    rng = chance(seed, subject, "bumps")
    length = np.tile(np.geomspace(1.3, 9.0, 5), 3) * rng.uniform(0.85, 1.15, 15)
    bumps = np.stack([length, rng.uniform(0, 2 * np.pi, 15), 0.45 * np.sqrt(length / length.max())])
    return Drive(row, scale, tuple(legs), ground, bumps, paved(cues, ground))


def paved(cues: Sequence[Cue], ground: Ground) -> bool:
    """Whether the first 60 m of each way that the cues take lie on level ground."""
    ways = [cue.path for cue in cues if cue.path is not None]
    if not ways:
        return False
    places = [way.at(metre)[0][:2] for way in ways for metre in np.arange(0.0, min(way.length, 60.0) + 1.0)]
    return bool(np.ptp(ground(np.array(places))) < LEVEL)


def _driven(cue: Cue, before: Leg | None) -> Leg:
    """Along the path at the cue's speed: at once if it is the first cue, else pulling away from the speed it had."""
    assert cue.path is not None
    speed = CRUISE if cue.speed is None else cue.speed
    trail = trail_along(cue.path.points, rounding=1.5)
    times = np.arange(cue.start, cue.end + TICK, TICK)
    had = speed if before is None else float(before.speeds[-1])
    return _leg(
        cue, trail, times, np.minimum(speed, had + COMFORT * (times - cue.start)), cue.path_start, before is None
    )


def _stopping(cue: Cue, before: Leg) -> Leg:
    """Parking while still rolling: it brakes along the road it is on and stands where it comes to rest."""
    times = np.arange(cue.start, cue.end + TICK, TICK)
    profile = np.maximum(before.speeds[-1] - BRAKING * (times - cue.start), 0.0)
    return _leg(cue, before.trail, times, profile, float(before.distances[-1]), False)


def _waiting(cue: Cue, before: Leg) -> Leg:
    """Standing where the last leg came to rest."""
    times = np.array([cue.start, cue.end])
    return Leg(cue.start, cue.end, before.trail, times, np.full(2, before.distances[-1]), np.zeros(2), False)


def _parked(cue: Cue) -> Leg:
    """Standing on the mark, facing its yaw."""
    place = np.asarray(cue.mark.position, float)
    ahead = np.array([-np.sin(cue.mark.yaw), np.cos(cue.mark.yaw), 0.0])
    trail = trail_along(np.stack([place - 4 * ahead, place + 4 * ahead]))
    times = np.array([cue.start, cue.end])
    return Leg(cue.start, cue.end, trail, times, np.full(2, 4.0), np.zeros(2), False)


def _leg(cue: Cue, trail: Trail, times: F64, profile: F64, start: float, under_way: bool) -> Leg:
    """A leg from wished speeds (M,). A vehicle under way has come along the trail before the clock began."""
    distances = start + np.concatenate([[0.0], np.cumsum(profile[:-1]) * TICK])
    fast = "fast" in cue.manner
    if not under_way:
        return Leg(cue.start, cue.end, trail, times, distances, profile, fast)
    times = np.concatenate([[cue.start - BEFORE], times])
    distances = np.concatenate([[distances[0] - BEFORE * profile[0]], distances])
    return Leg(cue.start, cue.end, trail, times, distances, np.concatenate([profile[:1], profile]), fast)


def _yaw(ahead: F64) -> float:
    return float(np.arctan2(-ahead[0], ahead[1]))


def _wrapped(angle: float) -> float:
    return float((angle + np.pi) % (2 * np.pi) - np.pi)
