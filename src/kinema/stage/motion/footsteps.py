"""Footsteps: where and when each foot stands, planned from the track ahead, and how it travels between.

A foot that stands is fixed to its print: it comes down on the heel, lies flat, rolls over the ball and leaves by the
toes. Prints are where the hips will be in the middle of the stance, so starting, stopping and turning need no rules of
their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.easing import bump, smooth
from kinema.stage.motion.gait import COLUMN, cadence_at
from kinema.stage.motion.itinerary import RATE, Track
from kinema.stage.motion.rotations import about_x, about_y, about_z, apply, straightened

Ground = Callable[[F64], F64]
Indices = NDArray[np.intp]
MOVING = 0.05  # m/s: slower than this nobody steps
TURNING = 0.2  # rad/s
PAUSE = 0.35  # seconds: shorter rests between two walks are no rest
SAME = 0.015  # metres: a foot already this near its next print stays
ASKEW = 4.0  # rad per share of the leg by which a foot stands ahead that it is turned out
NEVER = 1e9  # seconds
ROLL = 2.0  # how late in its roll over the ball a foot rises most: 1 evenly, 2 twice as fast at the end


@dataclass(frozen=True)
class Sole:
    """A foot at rest, from the ankle's own place on the ground: heights and lengths in metres, forward positive."""

    ankle: float  # height of the ankle joint
    ball: float  # from ankle forward to the toe joint
    ball_height: float
    heel: float  # from ankle back to the heel's edge
    toe: float  # from the toe joint forward to the tip


@dataclass(frozen=True, eq=False)
class Prints:
    """One foot's footprints, K of them in order of time.

    land, lift (K,) s · places (K, 3): ground under the ankle · yaws (K,) unwrapped · tilts (K, 3, 3): of the
    ground · turns (K, 3, 3): of a foot lying flat there ·
    strike, off (K,) rad: toes up on landing, toes down on leaving · clearance (K,) m of the swing that ends here ·
    wide (K,) m: how far outward that swing passes
    """

    land: F64
    lift: F64
    places: F64
    yaws: F64
    tilts: F64
    turns: F64
    strike: F64
    off: F64
    clearance: F64
    wide: F64


@dataclass(frozen=True, eq=False)
class FootMotion:
    """A foot over time: ankles (T, 3), turns (T, 3, 3), toes (T,) rad up, planted (T,) bool."""

    ankles: F64
    turns: F64
    toes: F64
    planted: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Stepping:
    """Both feet's prints (left, right) and the phase (N,) in steps on the track's own samples.

    The phase passes an even number when the left foot lands and an odd one when the right does.
    """

    prints: tuple[Prints, Prints]
    phase: F64


def plan(track: Track, sole: Sole, leg: float, ground: Ground, offset: float) -> Stepping:
    """Plans every footstep of a track for legs of that length (m, hip to sole).

    offset: 0 to 2 steps, where in the stride the person is at first; from standing it only picks the foot.
    """
    times = track.times
    natural = np.sqrt(track.styles[:, COLUMN["froude"]] * 9.81 * leg)
    cadence = cadence_at(track.speeds, track.styles[:, COLUMN["cadence"]], natural, leg)
    turning = np.abs(np.gradient(track.yaws)) * RATE
    turning_pace = track.styles[:, COLUMN["cadence"]] * 1.15 * np.clip(turning, 0.0, 1.0)
    cadence = np.where(track.beats > 0, track.beats, np.maximum(cadence, turning_pace))
    phase = np.zeros(len(times))
    landings: list[list[tuple[float, float, float]]] = [[], []]  # by foot: landing, mid-stance, seconds of its swing
    count = offset - 1.0
    for begin, end in _walks(track):
        count = count if begin == 0 else float(np.floor(count))
        if track.beats[begin] > 0:
            count = 2.0 * np.floor(count / 2.0)  # dances begin with the right foot
        # the last steps bring the feet together after the hips have come to rest
        stop = min(end + int(1.6 / cadence[end] * RATE), len(times) - 1)
        steps = count + np.concatenate([[0.0], np.cumsum(cadence[begin:stop]) / RATE])
        numbers = np.arange(np.floor(count) + 1, np.floor(steps[-1]) + 1)
        lands = np.interp(numbers, steps, times[begin : stop + 1])
        if len(numbers) == 0:
            continue
        phase[begin : stop + 1] = steps
        phase[stop + 1 :] = numbers[-1]
        phase[begin : stop + 1] = np.minimum(phase[begin : stop + 1], numbers[-1])
        for number, land in zip(numbers, lands, strict=True):
            k = min(int((land - track.first) * RATE), len(times) - 1)
            stride = 2.0 / cadence[k]
            duty = track.styles[k, COLUMN["duty"]]
            swing = (1.0 - duty) * stride
            landings[int(number) % 2].append((float(land), float(land + 0.5 * duty * stride), float(swing)))
        count = float(numbers[-1])
    prints = [_prints(track, foot, landings[foot], sole, leg, ground) for foot in (0, 1)]
    return Stepping((prints[0], prints[1]), phase)


def _walks(track: Track) -> list[tuple[int, int]]:
    """Spans [begin, end] of samples in which the feet have to move."""
    turning = np.abs(np.gradient(track.yaws)) * RATE
    busy = (track.speeds > MOVING) | (turning > TURNING) | (track.beats > 0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], busy.astype(int), [0]])))
    spans = [(int(a), int(b) - 1) for a, b in edges.reshape(-1, 2)]
    merged: list[tuple[int, int]] = []
    for span in spans:
        if merged and span[0] - merged[-1][1] < (PAUSE + 0.9) * RATE:
            merged[-1] = (merged[-1][0], span[1])
        else:
            merged.append(span)
    return merged


def _at(track: Track, values: F64, times: F64) -> F64:
    """Samples of a track (N, ...) read at times (K,)."""
    position = np.clip((times - track.first) * RATE, 0, len(values) - 1.0001)
    index = position.astype(int)
    share = (position - index).reshape(-1, *([1] * (values.ndim - 1)))
    result: F64 = values[index] * (1 - share) + values[index + 1] * share
    return result


def _prints(
    track: Track, foot: int, landings: list[tuple[float, float, float]], sole: Sole, leg: float, ground: Ground
) -> Prints:
    side = -1.0 if foot == 0 else 1.0
    table = np.array([(track.first - 10.0, track.first, 0.3), *landings])  # (K, 3), the first print was always there
    land, middle, swing = table.T
    # landings and leavings fall on samples, so that between two samples a foot either stands or does not
    land = np.round(land * RATE) / RATE
    style, yaw = _at(track, track.styles, middle), _at(track, track.yaws, middle)
    right = np.stack([np.cos(yaw), np.sin(yaw)], -1)
    # the middle of the foot, not the ankle, is under the hips in mid-stance of a stride
    pace = _at(track, track.speeds, middle) / np.sqrt(style[:, COLUMN["froude"]] * 9.81 * leg)
    pace = np.clip(pace, 0.0, 1.0)
    behind = style[:, COLUMN["behind"]] * leg * pace
    # whoever stands, stands wider than a narrow stride
    width = leg * np.maximum(style[:, COLUMN["width"]], style[:, COLUMN["stance"]] * (1.0 - pace))
    ahead = np.stack([-np.sin(yaw), np.cos(yaw)], -1)
    stays = np.clip(1.0 - 4.0 * pace, 0.0, 1.0) * (_at(track, track.beats, middle) == 0)
    before = 0.5 * side * style[:, COLUMN["stagger"]] * stays  # of the leg
    places = _at(track, track.places, middle) + side * width[:, None] * right
    places += (before * leg - behind)[:, None] * ahead
    yaws = yaw - side * (np.radians(style[:, COLUMN["toe_out"]]) + ASKEW * np.maximum(before, 0.0))
    # a foot that is already there does not step
    kept = [0]
    for k in range(1, len(land)):
        near = np.linalg.norm(places[k] - places[kept[-1]]) < SAME and abs(yaws[k] - yaws[kept[-1]]) < 0.05
        if not near or _at(track, track.beats, land[k : k + 1])[0] > 0:
            kept.append(k)
    land, swing, places, yaws, style = land[kept], swing[kept], places[kept], yaws[kept], style[kept]
    width = width[kept]
    lift = np.append(np.round(np.maximum(land[1:] - swing[1:], land[:-1] + 0.05) * RATE) / RATE, NEVER)
    length = np.concatenate([[0.0], np.linalg.norm(np.diff(places, axis=0), axis=1)])
    # long strides land on the heel and roll; small steps are set down flat
    stride = 2.0 * np.sqrt(style[:, COLUMN["froude"]] * 9.81 * leg) / style[:, COLUMN["cadence"]]
    big = np.clip(length / stride, 0.0, 1.1)
    leaving = np.append(big[1:], 0.0)
    heights = ground(places)
    tilts = _slopes(places, ground)
    return Prints(
        land,
        lift,
        np.concatenate([places, heights[:, None]], -1),
        yaws,
        tilts,
        tilts @ about_z(yaws),
        np.radians(style[:, COLUMN["strike"]]) * big**1.5,
        np.radians(style[:, COLUMN["leave"]]) * smooth(0.15 + 0.85 * leaving),
        style[:, COLUMN["clearance"]] * leg + 0.035 * (1.0 - np.minimum(big, 1.0)),
        side * np.maximum(0.05 - width, 0.0) * big,
    )


def _slopes(places: F64, ground: Ground) -> F64:
    """Turns (K, 3, 3) that lay a flat foot on the ground at places (K, 2)."""
    reach = 0.08
    east, north = np.array([reach, 0.0]), np.array([0.0, reach])
    x = (ground(places + east) - ground(places - east)) / (2.0 * reach)
    y = (ground(places + north) - ground(places - north)) / (2.0 * reach)
    return about_x(np.arctan(y)) @ about_y(-np.arctan(x))


def foot_motion(prints: Prints, sole: Sole, times: F64) -> FootMotion:
    """A foot at times (T,): fixed on heel, sole or ball while it stands, on an arc between prints while not."""
    k = np.clip(np.searchsorted(prints.land, times, "right") - 1, 0, len(prints.land) - 1)
    standing = times < prints.lift[k]
    pitch = _stance_pitch(prints, k, np.minimum(times, prints.lift[k]))
    turns, ankles, toes = _planted(prints, sole, k, pitch)
    moving = np.flatnonzero(~standing)
    if len(moving):
        turns[moving], ankles[moving], toes[moving] = _swing(prints, sole, k[moving], times[moving])
    return FootMotion(ankles, turns, toes, standing)


def _roll_times(prints: Prints, k: Indices) -> tuple[F64, F64]:
    """Seconds for which a foot comes down from the heel, and rolls off over the ball."""
    stance = np.minimum(prints.lift[k] - prints.land[k], 1.2)
    return 0.2 * stance, 0.5 * np.minimum(stance, 0.9)


def _stance_pitch(prints: Prints, k: Indices, times: F64) -> F64:
    """Pitch (T,) rad, toes down positive, of a standing foot."""
    down, roll = _roll_times(prints, k)
    heel = np.clip(1.0 - (times - prints.land[k]) / np.maximum(down, 1e-3), 0.0, 1.0)
    ball = np.clip(1.0 - (prints.lift[k] - times) / np.maximum(roll, 1e-3), 0.0, 1.0)
    pitch: F64 = -prints.strike[k] * heel**1.5 + prints.off[k] * ball**ROLL
    return pitch


def _planted(prints: Prints, sole: Sole, k: Indices, pitch: F64) -> tuple[F64, F64, F64]:
    """Turns, ankles and toes of feet pitched about the heel's edge or the toe joint, both fixed to the print."""
    flat = prints.turns[k]
    pivot = np.zeros((len(k), 3))
    on_ball = pitch > 0
    pivot[:, 1] = np.where(on_ball, sole.ball, -sole.heel)
    pivot[:, 2] = np.where(on_ball, sole.ball_height, 0.0)
    arm = np.array([0.0, 0.0, sole.ankle]) - pivot
    tip = about_x(-pitch)
    ankles = prints.places[k] + apply(flat, pivot + apply(tip, arm))
    return flat @ tip, ankles, np.maximum(pitch, 0.0)


def _swing(prints: Prints, sole: Sole, k: Indices, times: F64) -> tuple[F64, F64, F64]:
    """A foot in the air between print k and the next."""
    seconds = prints.land[k + 1] - prints.lift[k]
    u = (times - prints.lift[k]) / seconds
    _, roll = _roll_times(prints, k)
    turn_rate = ROLL * prints.off[k] / np.maximum(roll, 1e-3) * seconds  # rad per swing, as it leaves
    _, start, toes = _planted(prints, sole, k, prints.off[k])
    _, end, _ = _planted(prints, sole, k + 1, -prints.strike[k + 1])
    arm = np.zeros((len(k), 3))
    arm[:, 1], arm[:, 2] = -sole.ball, sole.ankle - sole.ball_height
    arm = apply(about_x(-prints.off[k]), arm)
    leaving = np.stack([np.zeros(len(k)), arm[:, 2], -arm[:, 1]], -1) * turn_rate[:, None]
    leaving = apply(prints.turns[k], leaving)
    arriving = np.zeros_like(end)  # it waits for the body to come down with it
    arriving[:, 2] = -2.0 * prints.clearance[k + 1]
    path = _hermite(u[:, None], start, leaving, end, arriving)
    pitch = _hermite(u, prints.off[k], 0.7 * turn_rate, -prints.strike[k + 1], -0.2 * prints.strike[k + 1])
    share = smooth(u)
    tilt = straightened(prints.tilts[k] + share[:, None, None] * (prints.tilts[k + 1] - prints.tilts[k]))
    flat = tilt @ about_z(prints.yaws[k] + share * (prints.yaws[k + 1] - prints.yaws[k]))
    hill = 6.75 * u * (1.0 - u) ** 2  # highest a third of the way
    path[:, 2] += prints.clearance[k + 1] * hill
    path += flat[:, :, 0] * (prints.wide[k + 1] * bump(u))[:, None]
    turns = flat @ about_x(-pitch)
    floor = prints.places[k, 2] * (1.0 - share) + prints.places[k + 1, 2] * share
    _clear(path, turns, sole, floor + 0.012 * bump(share), flat[:, 2, 1])
    return turns, path, toes * (1.0 - smooth(2.0 * u))


def _clear(path: F64, turns: F64, sole: Sole, floor: F64, slope: F64) -> None:
    """Lifts swinging ankles, in place, so that neither toe nor heel cuts the ground between the prints.

    floor (T,): height under an ankle (m) · slope (T,): how much the ground rises along the foot
    """
    ankle = path[:, 2] - turns[:, 2, 2] * sole.ankle - floor
    ball = ankle + (turns[:, 2, 1] - slope) * sole.ball
    heel = ankle - (turns[:, 2, 1] - slope) * sole.heel
    path[:, 2] += np.maximum(-np.minimum(ball, heel), 0.0)


def _hermite(u: F64, start: F64, leaving: F64, end: F64, arriving: F64) -> F64:
    """Cubic from start to end over u in 0..1 with given derivatives at both."""
    square, cube = u * u, u * u * u
    result: F64 = (
        (2 * cube - 3 * square + 1) * start
        + (cube - 2 * square + u) * leaving
        + (3 * square - 2 * cube) * end
        + (cube - square) * arriving
    )
    return result
