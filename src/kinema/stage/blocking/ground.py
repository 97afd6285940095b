"""Geometry of blocking: marks shifted and faced, lanes beside lanes, straight ways over the ground."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.actor import forward
from kinema.stage.cue import Mark, Path
from kinema.stage.setting import Setting

STEP_UP = 0.25  # metres: a higher step is a jump, and a mark that much above ground stands on something


def mark_at(place: F64, yaw: float) -> Mark:
    """A mark of a place (3,) and a yaw."""
    return Mark((float(place[0]), float(place[1]), float(place[2])), yaw)


def apart(first: Mark, second: Mark) -> float:
    """Metres between two marks on the map."""
    return float(np.hypot(first.position[0] - second.position[0], first.position[1] - second.position[1]))


def shifted(mark: Mark, sideways: float, ahead: float) -> Mark:
    """A mark moved to its right and forward, in metres."""
    front = forward(mark.yaw)
    right = np.array([front[1], -front[0], 0.0])
    return mark_at(np.array(mark.position) + sideways * right + ahead * front, mark.yaw)


def grounded(mark: Mark, setting: Setting) -> Mark:
    """A shifted mark laid on the ground, unless it stands on something higher."""
    x, y, z = mark.position
    height = float(setting.ground(np.array([[x, y]]))[0])
    return mark if z > height + STEP_UP else replace(mark, position=(x, y, height))


def beside(target: Mark, distance: float, here: Mark, setting: Setting) -> Mark:
    """A place that far from the target on this side of it, facing it."""
    there = np.array(target.position)
    out = (np.array(here.position) - there)[:2]
    norm = float(np.linalg.norm(out))
    out = out / norm if norm > 0.05 else forward(target.yaw)[:2]
    place = np.array([*(there[:2] + distance * out), there[2]])
    return grounded(mark_at(place, float(np.arctan2(out[0], -out[1]))), setting)


def sidestepped(path: Path, sideways: float) -> Path:
    """A lane beside a lane, that many metres to its right."""
    tangent = np.gradient(path.points, axis=0)
    right = np.stack([tangent[:, 1], -tangent[:, 0], np.zeros(len(tangent))], 1)
    right /= np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-9)
    return Path(path.points + sideways * right)


def places_along(path: Path) -> tuple[F64, F64]:
    """Places (N, 3) every half metre along a path, and their distances (N,)."""
    marks = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path.points, axis=0), axis=1))])
    distances = np.linspace(0.0, marks[-1], max(int(marks[-1] * 2), 2))
    return np.stack([np.interp(distances, marks, column) for column in path.points.T], axis=1), distances


def nearest(path: Path, point: F64) -> tuple[F64, float]:
    """The nearest of a path's places (3,) to a point, and its distance along; to half a metre."""
    places, distances = places_along(path)
    best = int(np.argmin(np.linalg.norm((places - point)[:, :2], axis=1)))
    return places[best], float(distances[best])


def straight_way(start: Mark, end: Mark, setting: Setting) -> Path:
    """A straight path on the ground with a point every metre; the ends are kept as they are."""
    points = np.array([start.position, end.position])
    line = np.linspace(points[0], points[1], max(int(np.linalg.norm(points[1] - points[0])), 1) + 1)
    line[1:-1, 2] = setting.ground(line[1:-1, :2])
    return Path(line)
