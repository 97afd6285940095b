"""Hands that rest: fingers nearer to each other than the source spreads them, and bent, the little one most.

The rig closes all fingers of a hand by one angle; what tells them apart is here, in the shape they have when that angle
is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, F64
from kinema.stage.bodies.people.skinning import SIDES, SKIN_JOINTS

if TYPE_CHECKING:
    from kinema.stage.bodies.people.body import Archive

Rows = NDArray[np.intp]
# degrees by which the knuckle, the middle and the last joint are bent: index, middle, ring and little finger
KNUCKLES, MIDDLES, LASTS = (np.radians(row) for row in ([4, 7, 10, 13], [8, 12, 17, 21], [7, 10, 12, 13]))
CLOSED = 0.55  # of its spread by which a finger comes nearer to the others
TIPS = 0.6  # share of the fingertips' joint from which on a point is beyond a finger's middle joint
LAST_AT = 0.46  # of the way from the middle joint to the tip: the last joint
SOFT = 0.005  # metres before and after the last joint over which it bends
END = 0.011  # metres of a finger, beyond the middle joint and before the tip, whose middles those are


@dataclass(frozen=True, eq=False)
class Hand:
    """The points of one hand's fingers. rows (N,) of the archive's points · near, far (N,): how much of each follows
    the fingers, and their tips · digits (N,): 0 the index to 3 the little finger."""

    rows: Rows
    near: F64
    far: F64
    digits: Rows


def relaxed(baked: Archive, points: F32, marks: Mapping[str, F64]) -> tuple[F32, dict[str, F64]]:
    """The points (K, 3) and landmarks of a body in the rest pose, its fingers straight before, with resting hands."""
    moved, placed = points.astype(np.float64), dict(marks)
    for side, sign in zip(SIDES, (-1.0, 1.0), strict=True):
        hand = _hand(baked, side)
        moved[hand.rows] = _bent(moved[hand.rows], hand, marks, side, sign)
        name = f"fingertips_{side}"
        knuckle = np.full(1, sign * float(KNUCKLES.mean()))
        placed[name] = _turned(marks[name][None], marks[f"fingers_{side}"][None], knuckle)[0]
    return moved.astype(np.float32), placed


def _bent(points: F64, hand: Hand, marks: Mapping[str, F64], side: str, sign: float) -> F64:
    """The fingers' points (N, 3) bent joint after joint, from the last to the knuckles, so that none has to follow."""
    along = marks[f"fingers_{side}"] - marks[f"hand_{side}"]
    along /= np.linalg.norm(along)
    out = points @ along
    knuckles = np.linspace(marks[f"knuckle_index_{side}"], marks[f"knuckle_little_{side}"], 4)
    middles, tips = _ends(points, out, hand)
    lasts = middles + LAST_AT * (tips - middles)
    beyond = hand.far > TIPS
    share = np.clip(0.5 + (out - (lasts @ along)[hand.digits]) / (2.0 * SOFT), 0.0, 1.0) * beyond
    which = _abreast(points, out, along, knuckles, middles)
    which = np.where(beyond, hand.digits, which)
    points = _turned(points, lasts[hand.digits], sign * share * LASTS[hand.digits])
    points = _turned(points, middles[hand.digits], sign * hand.far * MIDDLES[hand.digits])
    spread = np.arctan2((tips - knuckles)[:, 1], (tips - knuckles) @ along)
    points = _closed(points, _at(knuckles, which), along, CLOSED * hand.near * np.interp(which, range(4), spread))
    return _turned(points, _at(knuckles, which), sign * hand.near * np.interp(which, range(4), KNUCKLES))


def _ends(points: F64, out: F64, hand: Hand) -> tuple[F64, F64]:
    """The middle joint (4, 3) and the tip (4, 3) of every finger."""
    middles, tips = np.empty((4, 3)), np.empty((4, 3))
    for digit in range(4):
        own = (hand.digits == digit) & (hand.far > TIPS)
        middles[digit] = points[own & (out < out[own].min() + END)].mean(0)
        tips[digit] = points[own & (out > out[own].max() - END)].mean(0)
    return middles, tips


def _abreast(points: F64, out: F64, along: F64, knuckles: F64, middles: F64) -> F64:
    """Which finger (N,) points between knuckles and middle joints belong to, 0 to 3, the webs somewhere between."""
    share = np.clip((out[:, None] - knuckles @ along) / ((middles - knuckles) @ along), 0.0, 1.0)  # (N, 4)
    lines = knuckles[:, 1] + share * (middles - knuckles)[:, 1]
    return np.array([np.interp(-y, -line, np.arange(4.0)) for y, line in zip(points[:, 1], lines, strict=True)])


def _at(knuckles: F64, which: F64) -> F64:
    low = np.minimum(which.astype(int), 2)
    return np.asarray(knuckles[low] + (which - low)[:, None] * (knuckles[low + 1] - knuckles[low]))


def _turned(points: F64, pivots: F64, angles: F64) -> F64:
    """Points (N, 3) turned about the way ahead through pivots (N, 3); a positive angle closes the right hand."""
    x, z = (points - pivots)[:, 0], (points - pivots)[:, 2]
    c, s = np.cos(angles), np.sin(angles)
    return np.stack([pivots[:, 0] + c * x + s * z, points[:, 1], pivots[:, 2] - s * x + c * z], 1)


def _closed(points: F64, pivots: F64, along: F64, angles: F64) -> F64:
    """Points (N, 3) turned in the plane of the hand, from ahead backwards, about pivots (N, 3)."""
    way = points - pivots
    u, v = way @ along, way[:, 1]
    c, s = np.cos(angles), np.sin(angles)
    moved = points + ((c * u + s * v - u)[:, None] * along)
    moved[:, 1] = pivots[:, 1] - s * u + c * v
    return moved


@cache
def _hand(baked: Archive, side: str) -> Hand:

    def follows(joint: str) -> F64:
        own = baked.skin_indices == SKIN_JOINTS.index(f"{joint}_{side}")
        return np.asarray((baked.skin_weights * own).sum(1), np.float64)

    far = follows("fingertips")
    near = far + follows("fingers")
    rows = np.flatnonzero(near > 0.0)
    base = baked.points[: len(baked.skin_indices)].astype(np.float64)
    fingers = _fingers(baked, far > TIPS, base)
    digits = np.concatenate([np.full(len(finger), k) for k, finger in enumerate(fingers)])
    _, nearest = cKDTree(base[np.concatenate(fingers)]).query(base[rows])
    return Hand(rows, near[rows], far[rows], digits[nearest])


def _fingers(baked: Archive, beyond: NDArray[np.bool_], base: F64) -> list[Rows]:
    """The points of each finger beyond its middle joint, from the index on: what hangs together there."""
    quads = baked.corners[baked.group("body")]
    edges = np.concatenate([quads[:, [k, (k + 1) % 4]] for k in range(4)])
    edges = edges[beyond[edges].all(1)]
    links = coo_matrix((np.ones(len(edges)), edges.T), shape=(len(beyond), len(beyond)))
    _, labels = connected_components(links, directed=False)
    found = [np.flatnonzero(labels == label) for label in np.unique(labels[np.unique(edges)])]
    largest = sorted(found, key=len)[-4:]
    return sorted(largest, key=lambda rows: -float(base[rows, 1].mean()))  # the source's thumbs point ahead
