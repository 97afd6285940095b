"""Wisps: thin locks that lie on a curtain of hair or stray from it, so that its outline is that of hair.

Each follows the curtain beneath for a part of its length, rises off it, and drifts aside towards its tip.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.people.tresses import Tresses, resampled


@dataclass(frozen=True)
class Straying:
    """How wisps leave their curtain.

    begins, spans: shares of the curtain's length at which they begin and over which they run, from and to · rise,
    aside: metres off it, and to either side by the tip · width: metres across one · points: down its length ·
    upright: on edge, or hairs that leave a head's outline would be seen from below it as loose dashes
    """

    begins: tuple[float, float]
    spans: tuple[float, float]
    rise: float
    aside: float
    width: float
    points: int
    upright: bool


LAID = Straying((0.05, 0.42), (0.45, 0.70), 0.0030, 0.010, 0.013, 8, False)
LOOSE = Straying((0.10, 0.60), (0.25, 0.50), 0.0012, 0.008, 0.009, 6, True)


def strayed(tresses: Tresses, count: int, straying: Straying, generator: np.random.Generator) -> Tresses:
    """So many wisps over a curtain (N, P), spread evenly by its breadth."""
    paths, last = tresses.paths, tresses.paths.shape[1] - 1
    width = np.median(np.linalg.norm(np.diff(paths, axis=0), axis=2), 1)
    metres = np.concatenate([[0.0], np.cumsum(width)])
    even = (np.arange(count) + generator.random(count)) / count
    column = np.rint(np.interp(even * metres[-1], metres, np.arange(len(metres)))).astype(np.int64)
    begin = generator.uniform(*straying.begins, count)
    end = np.minimum(begin + generator.uniform(*straying.spans, count), 1.0)
    t = np.linspace(0.0, 1.0, straying.points)
    at = last * (begin[:, None] + (end - begin)[:, None] * t)
    laid = resampled(Tresses(paths[column], tresses.outward[column]), at)
    side = np.cross(np.gradient(laid.paths, axis=1), laid.outward)
    side /= np.maximum(np.linalg.norm(side, axis=2, keepdims=True), 1e-9)
    off = straying.rise * generator.uniform(0.4, 1.2, (count, 1, 1)) * _rising(t)
    drift = straying.aside * generator.normal(0.0, 1.0, (count, 1, 1)) * (t**2)[:, None]
    return Tresses(laid.paths + off * laid.outward + drift * side, side if straying.upright else laid.outward)


def _rising(t: F64) -> F64:
    """How far off its curtain (P, 1) a wisp is: it leaves softly and comes half way back."""
    return np.asarray((np.clip(t / 0.35, 0, 1) ** 1.5 * (1.0 - 0.4 * t**2))[:, None])
