"""Hair as clumps: a curtain of it cut lengthwise into tresses that are round across and run out to a point each.

Side by side at the roots they are one smooth surface; further down they gather, each to its own middle, and end at
lengths of their own. Where two meet, both dip, so that they cross in a groove along them and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Material
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.curtain import (
    APART,
    SHEET_TILE,
    along_paths,
    depth_shade,
    facing,
    hair_weights,
    lengthwise,
    strip_faces,
    tipped,
)
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.tresses import Tresses

OVERLAP = 1.14  # of its share of the curtain that a clump is broad
BULGE, DIP = 0.15, 0.0012  # of its half breadth that its middle stands off the curtain; metres that its sides sink
LAYERS = 0.0036  # metres by which clumps lie higher or lower than each other
ROUND = 0.3  # how far what it is to face turns aside at its sides
OWN = 0.2  # how far its normals are that, and not its own: where they disagree it is lit through
GATHERED = 0.30  # of its breadth at its tip
SHORTER = 0.14  # of the length by which the shortest ends sooner
GROOVE = 0.40  # of the light that is lost between two
TIPPED, RAGGED = 0.16, 0.10  # radians by which they shine at different heights, and each at its own places
TOGETHER = 0.030  # metres that neighbours on the curtain may be apart before a clump is drawn to one of them


@dataclass(frozen=True, eq=False)
class _Plan:
    """K clumps: the columns of the curtain (K,) at which each is bounded, where the curtain parts so close by that none
    may reach over it (K, 2), and each one's lots (K,), 0 to 1, for how it differs."""

    left: F64
    right: F64
    limits: F64
    lots: dict[str, F64]


def clumps(
    body: Body, tresses: Tresses, count: int, columns: int, look: Material, generator: np.random.Generator
) -> Piece:
    """A curtain (N, P) as about so many clumps, each of so many columns of points."""
    plan = _planned(tresses.paths, count, generator)
    across, run = np.linspace(-1.0, 1.0, columns), lengthwise(tresses.paths)
    rows = np.interp(run - SHORTER * plan.lots["length"][:, None] ** 2 * run**3, run, np.arange(len(run)))  # (K, P)
    place = _places(plan, across, run)
    flat = Tresses(*(_sampled(part, tresses.paths, place, rows) for part in (tresses.paths, tresses.outward)))
    aside = flat.paths[:, -1] - flat.paths[:, 0]  # (K, P, 3)
    wide = np.linalg.norm(aside, axis=2)
    aside = (aside / np.maximum(wide, 1e-9)[..., None])[:, None]
    rise = 0.5 * BULGE * wide[:, None] * (1.0 - across**2)[:, None] - DIP * (across**2)[:, None]
    rise = (rise + LAYERS * (plan.lots["layer"] - 0.3)[:, None, None]) * np.clip(run / 0.15, 0.0, 1.0)
    paths = flat.paths + flat.outward * rise[..., None]
    outward = flat.outward + ROUND * across[:, None, None] * aside
    return _piece(body, Tresses(paths, outward), plan, run, look)


def _planned(paths: F64, count: int, generator: np.random.Generator) -> _Plan:
    """Clumps of uneven breadth, bounded wherever the curtain parts."""
    width = np.linalg.norm(np.diff(paths, axis=0), axis=2)  # (N - 1, P)
    metres = np.concatenate([[0.0], np.cumsum(np.median(width, 1))])
    cuts = np.cumsum(np.concatenate([[0.0], generator.uniform(0.6, 1.4, count)]))
    even = np.interp(cuts / cuts[-1] * metres[-1], metres, np.arange(len(metres)))
    parted = np.flatnonzero(width.max(1) > APART) + 0.5
    ends = np.concatenate([[0.0], parted, [len(paths) - 1.0]])
    clear = np.abs(even[:, None] - ends).min(1) > 0.4
    bounds = np.sort(np.concatenate([even[clear], ends]))
    left, right = bounds[:-1], bounds[1:]
    number = np.searchsorted(ends, left, side="right")
    limits = np.stack([ends[number - 1] + 0.01, ends[number] - 0.01], 1)
    lots = {name: generator.random(len(left)) for name in ("layer", "length", "gather", "tone", "warmth", "tip")}
    return _Plan(left, right, limits, lots)


def _places(plan: _Plan, across: F64, run: F64) -> F64:
    """The curtain's columns (K, C, P) at which clumps have their points: all of their breadth at the roots, little at
    the tips."""
    begins = (0.45 + 0.3 * plan.lots["gather"])[:, None]
    t = np.clip((run - begins) / (1.0 - begins), 0.0, 1.0)
    breadth = OVERLAP - (OVERLAP - GATHERED) * t**3  # (K, P)
    middle, half = (plan.left + plan.right) / 2, (plan.right - plan.left) / 2
    place = middle[:, None, None] + half[:, None, None] * across[:, None] * breadth[:, None]
    return np.clip(place, plan.limits[:, :1, None], plan.limits[:, 1:, None])


def _sampled(values: F64, paths: F64, place: F64, rows: F64) -> F64:
    """Values (N, P, 3) of the curtain read at columns (K, C, P) and rows (K, P), between its own.

    Between columns that part ways what is read stays with the nearer one."""
    column = np.minimum(place.astype(np.int64), len(values) - 2)
    row = np.minimum(rows.astype(np.int64), values.shape[1] - 2)[:, None]
    share, down = place - column, (rows - rows.astype(np.int64).clip(0, values.shape[1] - 2))[:, None, :, None]
    apart = np.linalg.norm(paths[column + 1, row] - paths[column, row], axis=-1)
    squeezed = np.minimum(TOGETHER / np.maximum(apart, 1e-9), 1.0)
    share = np.where(share < 0.5, share * squeezed, 1.0 - (1.0 - share) * squeezed)[..., None]
    near, far = (values[column, row + k] * (1.0 - share) + values[column + 1, row + k] * share for k in (0, 1))
    return np.asarray(near * (1.0 - down) + far * down)


def _piece(body: Body, made: Tresses, plan: _Plan, run: F64, look: Material) -> Piece:
    """Clumps (K, C, P, 3) with strands that gather as they do, dark between them, each of its own tone."""
    count, columns, points = made.paths.shape[:3]
    place = np.swapaxes(made.paths, 1, 2).reshape(-1, 3).astype(np.float32)
    faces = strip_faces(count, points, columns)
    faces, normals = facing(place, faces, np.swapaxes(made.outward, 1, 2).reshape(-1, 3), OWN)
    across = np.linspace(-1.0, 1.0, columns)
    breadth = np.linalg.norm(np.diff(made.paths, axis=1), axis=3).sum(1).max(1)  # (K,)
    u = (plan.lots["tone"] * 7.0)[:, None] + 0.5 * across * breadth[:, None] / SHEET_TILE
    uv = np.stack(np.broadcast_arrays(u[:, None], 0.998 - 0.996 * run[:, None]), -1)
    tone = (0.84 + 0.30 * plan.lots["tone"])[:, None, None] * depth_shade(run)[:, None]
    tone = tone * (1.0 - GROOVE * np.abs(across) ** 3)
    warmth = 0.08 * (plan.lots["warmth"] - 0.5)[:, None, None, None] * np.array([1.0, 0.0, -1.0])
    colours = tone[..., None] * (1.0 + warmth)
    way = along_paths(made.paths.reshape(-1, points, 3)).reshape(made.paths.shape)
    turns = np.sin(9.0 * plan.lots["layer"][:, None, None] + 2.6 * across + 23.0 * run[:, None])  # (K, P, C)
    tips = (TIPPED * 2.0 * (plan.lots["tip"] - 0.5)[:, None, None] + RAGGED * turns)[..., None]
    faced = normals.astype(np.float64).reshape(count, points, columns, 3)
    normal, along = tipped(faced, np.swapaxes(way, 1, 2), tips)
    return Piece(
        "locks", place, faces, hair_weights(body, place), look, uv=uv.reshape(-1, 2).astype(np.float32),
        colours=colours.reshape(-1, 3).astype(np.float32), normals=normal.reshape(-1, 3).astype(np.float32),
        along=along.reshape(-1, 3).astype(np.float32),
    )  # fmt: skip
