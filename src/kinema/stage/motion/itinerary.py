"""Where a body goes: cues made one continuous track of place and heading over time, per stretch without a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinema.buffers.scene_frame import F64
from kinema.stage.cue import Mark, Path
from kinema.stage.motion.trail import trail_along

RATE = 48  # samples per second of every track; frames of 24 and 48 a second fall on them
MARGIN = 1.5  # seconds a track goes on before its first and after its last cue
EASE = 0.22  # seconds (standard deviation) over which speed changes
TURN_EASE = 0.2  # the same of heading
FASTEST_TURN = 1.9  # rad/s
NEAR = 0.35  # metres: a mark nearer than this is where one already is
FAR = 3.0  # metres: farther than this from the end of one cue to the start of the next is a cut, not a walk
HURRY = 2.5  # m/s: to reach a mark faster than this would be a cut too


@dataclass(frozen=True, eq=False)
class Errand:
    """One cue as the itinerary sees it: stay at a mark, or go along a path at a speed (m/s)."""

    start: float
    end: float
    mark: Mark
    style: F64
    path: Path | None = None
    path_start: float = 0.0
    speed: float = 1.3
    beat: float = 0.0  # seconds between steps of one who dances on the spot
    side: float = 0.0  # metres the dance goes to each side


@dataclass(frozen=True, eq=False)
class Track:
    """A stretch of time afoot, sampled RATE times a second from `first`.

    places (N, 2) m · yaws (N,) unwrapped · speeds (N,) m/s · styles (N, G): rows of Gait mixed over time ·
    beats (N,): steps per second forced by a dance, 0 where free
    """

    first: float
    start: float
    end: float
    places: F64
    yaws: F64
    speeds: F64
    styles: F64
    beats: F64

    @cached_property
    def times(self) -> F64:
        """(N,) seconds."""
        return self.first + np.arange(len(self.yaws)) / RATE


@dataclass
class _Run:
    """Travel without a stop, while it is put together.

    knots: (s, m along the points) · asked: from when (s) it sets the heading
    """

    points: list[F64]
    knots: list[tuple[float, float]]
    asked: float

    def add(self, points: F64, stop: float) -> None:
        self.points.extend(points[1:])
        self.knots.append((stop, self.knots[-1][1] + _length(points)))


def tracks(errands: Sequence[Errand]) -> list[Track]:
    """Joins errands into stretches, cutting where the next place cannot be reached on foot."""
    stretches: list[list[Errand]] = []
    here: F64 | None = None
    for errand in errands:
        there, end = _ends(errand, here)
        if here is None or _cut(errand, here, there):
            stretches.append([])
            there, end = _ends(errand, None)
        stretches[-1].append(errand)
        here = end
    return [_track(stretch) for stretch in stretches]


def _ends(errand: Errand, here: F64 | None) -> tuple[F64, F64]:
    """Where an errand wants to begin, and where it ends, (2,) each."""
    if errand.path is None:
        place = np.array(errand.mark.position[:2], float)
        stays = here is not None and np.linalg.norm(place - here) < NEAR
        return (here, here) if stays and here is not None else (place, place)
    stop = errand.path_start + errand.speed * (errand.end - errand.start)
    return errand.path.at(errand.path_start)[0][:2], errand.path.at(stop)[0][:2]


def _cut(errand: Errand, here: F64, there: F64) -> bool:
    gap = float(np.linalg.norm(there - here))
    if errand.path is not None:
        return gap > FAR
    return gap > HURRY * 0.8 * (errand.end - errand.start)


def _length(points: F64) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def _yaw(points: F64) -> float:
    step = points[-1] - points[0]
    return float(np.arctan2(-step[0], step[1]))


def _route(errand: Errand, here: F64) -> F64:
    """The points (M, 2) from here through an errand; one point where there is nowhere to go."""
    if errand.path is None:
        there = np.array(errand.mark.position[:2], float)
        return here[None] if np.linalg.norm(there - here) < NEAR else np.stack([here, there])
    path = errand.path
    stop = min(errand.path_start + errand.speed * (errand.end - errand.start), path.length)
    corners = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path.points, axis=0), axis=1))])
    inside = path.points[(corners > errand.path_start + 0.01) & (corners < stop - 0.01), :2]
    ends = [path.at(distance)[0][:2] for distance in (errand.path_start, stop)]
    points: F64 = np.concatenate([[here], ends[:1], inside, ends[1:]])
    return np.asarray(points[np.concatenate([[True], np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-3])])


def _runs(errands: Sequence[Errand], here: F64) -> list[_Run]:
    """The travels of a stretch that begins here (2,)."""
    runs: list[_Run] = []
    run: _Run | None = None
    heading = errands[0].mark.yaw
    for errand in errands:
        points = _route(errand, here)
        if len(points) < 2:
            run, heading = None, errand.mark.yaw
            continue
        entering = errand is errands[0] and errand.path is not None
        begin = errand.start
        if run is None and not entering:
            away = abs((_yaw(points[:2]) - heading + np.pi) % (2.0 * np.pi) - np.pi)
            begin += min(0.3 * away, 0.4 * (errand.end - begin)) if away > 0.8 else 0.0
        stop = min(
            errand.end if errand.path else errand.end - 0.2 * (errand.end - begin),
            begin + _length(points) / errand.speed,
        )
        if (
            errand.path is not None
            and errand.path_start + errand.speed * (errand.end - errand.start) <= errand.path.length
        ):
            stop = errand.end
        pace = _length(points) / (stop - begin)
        if run is None:
            knots = [(begin - 2.0 * MARGIN, -2.0 * MARGIN * pace)] if entering else []
            run = _Run([points[0]], [*knots, (begin, 0.0)], errand.start - entering * 2.0 * MARGIN)
            runs.append(run)
        run.add(points, stop)
        here, heading = points[-1], _yaw(points[-2:])
        if errand.path is None or stop < errand.end:
            run = None
        elif errand is errands[-1]:
            run.knots.append((stop + 2.0 * MARGIN, run.knots[-1][1] + 2.0 * MARGIN * pace))
    return runs


def _track(errands: list[Errand]) -> Track:
    start, end = errands[0].start, errands[-1].end
    pad = int(RATE)  # filtered beyond the margins, then cut off, so that the ends are not bent
    first = np.floor((start - MARGIN) * RATE) / RATE
    times = first + np.arange(-pad, int(np.ceil((end + MARGIN - first) * RATE)) + pad + 1) / RATE
    here = _ends(errands[0], None)[0]
    places, yaws = np.tile(here, (len(times), 1)), np.full(len(times), np.nan)
    for run in _runs(errands, here):
        trail = trail_along(np.array(run.points))
        knots = np.array(run.knots)
        progress = gaussian_filter1d(np.interp(times, knots[:, 0], knots[:, 1]), EASE * RATE, mode="nearest")
        at, heading = trail.at(progress)
        places += at - trail.at(np.array(0.0))[0]
        busy = (times >= run.asked) & (times <= knots[-1, 0])
        yaws[busy] = heading[busy]
    yaws = gaussian_filter1d(_headings(errands, times, yaws), TURN_EASE * RATE, mode="nearest")
    sideways, beats = _dance(errands, times)
    places += sideways[:, None] * np.stack([np.cos(yaws), np.sin(yaws)], -1)
    speeds = np.linalg.norm(np.gradient(places, axis=0), axis=1) * RATE
    keep = slice(pad, len(times) - pad)
    styles = _styles(errands, times)
    return Track(first, start, end, places[keep], yaws[keep], speeds[keep], styles[keep], beats[keep])


def _headings(errands: list[Errand], times: F64, yaws: F64) -> F64:
    """Fills the headings (N,) of those who stand with their marks' (or the last), and unwraps them."""
    for errand in errands:
        if errand.path is None:
            stays = np.isnan(yaws) & (times >= errand.start) & (times < errand.end)
            yaws[stays] = errand.mark.yaw
        elif errand is errands[0]:  # whoever is at the path's end already looks along it
            yaws[0] = errand.path.at(errand.path_start)[1] if np.isnan(yaws[0]) else yaws[0]
    known = np.flatnonzero(~np.isnan(yaws))
    last = np.searchsorted(known, np.arange(len(yaws)), "right") - 1
    wanted = np.unwrap(yaws[known[np.maximum(last, 0)]])
    most = FASTEST_TURN / RATE
    now = float(wanted[0])
    for k, yaw in enumerate(wanted.tolist()):  # nobody spins on the spot: as many steps as a turn needs
        now += min(max(yaw - now, -most), most)
        wanted[k] = now
    return wanted


def _styles(errands: list[Errand], times: F64) -> F64:
    rows = np.array([errand.style for errand in errands])
    index = np.searchsorted([errand.start for errand in errands], times, "right") - 1
    smooth: F64 = gaussian_filter1d(rows[np.maximum(index, 0)], EASE * RATE, axis=0, mode="nearest")
    return smooth


def _dance(errands: list[Errand], times: F64) -> tuple[F64, F64]:
    """Steps to the side and back: metres to the right (N,), and steps per second (N,)."""
    sideways, beats = np.zeros_like(times), np.zeros_like(times)
    for errand in errands:
        if errand.beat > 0.0:
            inside = (times >= errand.start) & (times <= errand.end)
            # three steps there and three back, so that the outer foot leads; a triangle that the filter rounds,
            # late by the time from a foot's landing to the middle of its stance
            bar = np.maximum((times - errand.start) / errand.beat - 0.62, 0.0) / 6.0 % 1.0
            sideways += np.where(inside, errand.side * (1.0 - np.abs(2.0 * bar - 1.0)), 0.0)
            beats += np.where(inside, 1.0 / errand.beat, 0.0)
    return gaussian_filter1d(sideways, 0.08 * RATE), beats
