"""How the dragon goes: its road through the cues, the wave that runs down its body, its head after the pearl."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.cue import Cue, Path
from kinema.stage.geometry.solids import rotation
from kinema.stage.motion.trail import Trail, trail_along

Ground = Callable[[F64], F64]
PACE = 1.1  # metres per second when a cue names no speed
HEIGHT = 2.32  # metres from the ground to the middle of the body
WAVE, LONG, PERIOD = 0.24, 5.6, 2.1  # metres up and down, metres a wave, seconds a wave
WEAVE, WEAVE_LONG = 0.65, 11.0  # metres to each side that the road snakes, metres a turn
PEARL_AHEAD, PEARL_HIGH, PEARL_TOSS = 1.9, 2.62, 0.16  # metres: ahead of the head, over ground, and up and down
PEARL_ASIDE, PEARL_SWING = -0.62, 0.34  # metres to its right, and to either side: the face is filmed from the right


@dataclass(frozen=True, eq=False)
class Stretch:
    """One cue as a road. start_at: the head's metres along it as the cue starts · speed: metres per second."""

    cue: Cue
    road: Path
    trail: Trail
    start_at: float
    speed: float

    def head(self, time: float) -> float:
        """Metres along the road that the head has come."""
        return self.start_at + self.speed * (
            float(np.clip(time, self.cue.start - 4.0, self.cue.end + 4.0)) - self.cue.start
        )


@dataclass(frozen=True, eq=False)
class Stance:
    """An instant: the body's line (M, 3) from the head back, and frames (4, 4) of head, jaw hinge and pearl."""

    line: F64
    head: F64
    jaw: float
    pearl: F64
    yaw: float


def stretches(cues: Sequence[Cue], length: float) -> list[Stretch]:
    """The cues as roads that snake, long enough for the whole body before and after. Raises ValueError for no cues."""
    if not cues:
        raise ValueError("a dragon needs at least one cue: let it dance along a path or at a mark")
    done: list[Stretch] = []
    for cue in cues:
        if cue.path is None and done:
            last = done[-1]
            done.append(Stretch(cue, last.road, last.trail, last.head(last.cue.end), 0.0))
            continue
        points = _straight(cue, length) if cue.path is None else np.asarray(cue.path.points, float)
        road, before = snaked(points, length)
        own = 0.5 * length if cue.path is None else cue.path_start
        speed = 0.0 if cue.path is None else PACE if cue.speed is None else cue.speed
        # the middle of the body is where the cue says the dragon is
        done.append(Stretch(cue, road, trail_along(road.points, 0.8), before + own + 0.5 * length, speed))
    return done


def _straight(cue: Cue, length: float) -> F64:
    place, yaw = np.asarray(cue.mark.position, float), cue.mark.yaw
    ahead = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    return np.stack([place - 0.5 * length * ahead, place + 0.5 * length * ahead])


def snaked(points: F64, length: float) -> tuple[Path, float]:
    """A path drawn out by a body's length at both ends and bent from side to side; and the metres added before it."""
    first, last = points[0] - points[1], points[-1] - points[-2]
    reach = length + 3.0
    ends = [points[0] + reach * first / np.linalg.norm(first), points[-1] + reach * last / np.linalg.norm(last)]
    long = trail_along(np.concatenate([ends[:1], points, ends[1:]]), 1.0)
    marks = np.arange(0.0, long.length, 0.5)
    places, yaws = long.at(marks)
    sideways = WEAVE * np.sin(2 * np.pi * marks / WEAVE_LONG)
    places = places + sideways[:, None] * np.stack([np.cos(yaws), np.sin(yaws)], axis=1)
    snake = Path(
        np.column_stack([places, np.interp(marks, [0.0, reach, long.length], [points[0, 2]] * 2 + [points[-1, 2]])])
    )
    # weaving makes the road longer: keep the place, not the number
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(places, axis=0), axis=1))])
    return snake, float(np.interp(reach, marks, along))


@dataclass(frozen=True, eq=False)
class Dance:
    """The whole dance. behind (M,): metres behind the head where the body's line is sampled."""

    stretches: tuple[Stretch, ...]
    behind: F64
    ground: Ground
    phase: float

    def stretch(self, time: float) -> Stretch:
        """The stretch of road at a time."""
        for stretch in self.stretches:
            if time < stretch.cue.end:
                return stretch
        return self.stretches[-1]

    def stance(self, time: float) -> Stance:
        """Body, head and pearl at a time."""
        stretch = self.stretch(time)
        at = stretch.head(time)
        places, yaws = stretch.trail.at(at - self.behind)
        low = np.interp(self.behind, self.behind[::8], self.ground(places[::8]))
        line = np.column_stack([places, low + self.lift(time, self.behind)])
        right = np.array([np.cos(yaws[0]), np.sin(yaws[0]), 0.0])
        sway = 0.34 * np.sin(2 * np.pi * time / 3.1 + self.phase)
        # the neck follows the head's swing and loses it within a metre or so
        line += np.exp(-self.behind / 0.9)[:, None] * (sway * right + [0.0, 0.0, 0.10])
        pearl = self.pearl(time)
        return Stance(line, self._head(time, line, float(yaws[0]), pearl), self._jaw(time), pearl, float(yaws[0]))

    def places(self, time: float, behind: F64) -> F64:
        """Places (K, 2) on the road at metres behind the head."""
        stretch = self.stretch(time)
        return stretch.trail.at(stretch.head(time) - behind)[0]

    def lift(self, time: float, behind: F64) -> F64:
        """Height of the body's middle over the ground at metres behind the head."""
        wave = np.sin(2 * np.pi * (time / PERIOD - behind / LONG) + self.phase)
        return np.asarray(HEIGHT + WAVE * wave * np.clip(0.75 + behind / 8.0, 0.0, 1.0))

    def pearl(self, time: float) -> F64:
        """The pearl's frame (4, 4): before the head, swinging in loops, spinning."""
        stretch = self.stretch(time)
        place, yaw = stretch.trail.at(np.array(stretch.head(time) + PEARL_AHEAD))
        swing = PEARL_ASIDE + PEARL_SWING * np.sin(2 * np.pi * time / 3.1 + self.phase + 0.5)
        toss = PEARL_TOSS * np.sin(2 * np.pi * time / PERIOD + self.phase + 1.2)
        frame = np.eye(4)
        frame[:3, :3] = rotation("z", 3.0 * time)
        frame[:2, 3] = place + swing * np.array([np.cos(yaw), np.sin(yaw)])
        frame[2, 3] = float(self.ground(place[None])[0]) + PEARL_HIGH + toss
        return frame

    def _head(self, time: float, line: F64, yaw: float, pearl: F64) -> F64:
        """Looking most of the way towards the pearl, rocking."""
        to_pearl = pearl[:3, 3] - line[0]
        aside = (np.arctan2(-to_pearl[0], to_pearl[1]) - yaw + np.pi) % (2 * np.pi) - np.pi
        pitch = 0.5 * np.arctan2(to_pearl[2], np.hypot(to_pearl[0], to_pearl[1])) + 0.08
        rock = 0.16 * np.sin(2 * np.pi * time / 1.55 + self.phase)
        frame = np.eye(4)
        turned = rotation("z", yaw + float(np.clip(0.8 * aside, -0.9, 0.9)))
        frame[:3, :3] = turned @ rotation("x", float(np.clip(pitch, -0.35, 0.45))) @ rotation("y", rock)
        frame[:3, 3] = line[0]
        return frame

    def _jaw(self, time: float) -> float:
        """How far the jaw is open (rad): two snaps, then a long gape."""
        beat = 0.5 + 0.5 * np.sin(2 * np.pi * time / 0.8 + self.phase)
        long = 0.5 + 0.5 * np.sin(2 * np.pi * time / 3.7)
        return float(0.12 + 0.42 * max(beat * (1 - long), long))
