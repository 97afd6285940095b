"""Depth maps of what stands still, carried along: where the map moves or the world changes only that part is drawn.

The depth of a texel depends on nothing but the surfaces over it, so a map that was carried along holds the very bytes
of one drawn at once, whatever was drawn before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.shadow import Slab, Window, cast, extents, touching

WORTH = 0.6  # share of a map from which it is drawn anew


@dataclass(frozen=True, eq=False)
class StillMap:
    """depth (size, size): metres along the light, inf where nothing stands · places (K,), bounds (K, 4): the surfaces
    that may cast into it."""

    slab: Slab
    depth: F32
    places: I32
    bounds: F32


def still_map(before: StillMap | None, slab: Slab, geometry: Geometry, still: NDArray[np.bool_]) -> StillMap:
    """The map of the still surfaces (S,), from one drawn before where there is one that shares texels with it."""
    chosen = still & touching(slab, geometry.bounds)
    now = StillMap(slab, np.empty((slab.size, slab.size), np.float32), geometry.places[chosen], geometry.bounds[chosen])
    windows = [slab.whole]
    if before is not None and _same_grid(before.slab, slab):
        if before.slab.corner == slab.corner and np.array_equal(before.places, now.places):
            return before
        windows = _joined([*_uncovered(before.slab, slab), *_changed(before, now)])
        if sum(map(_area, windows)) > WORTH * slab.size * slab.size:
            windows = [slab.whole]
        elif windows != [slab.whole]:
            _carry(before, now)
    for window in windows:
        left, right, top, bottom = window
        now.depth[top:bottom, left:right] = np.inf
        cast(geometry, chosen, slab, now.depth, window)
    return now


def _same_grid(a: Slab, b: Slab) -> bool:
    return a.texel == b.texel and a.size == b.size and np.array_equal(a.matrix[:, :3], b.matrix[:, :3])


def _shift(old: Slab, new: Slab) -> tuple[int, int]:
    return new.corner[0] - old.corner[0], new.corner[1] - old.corner[1]


def _overlap(old: Slab, new: Slab) -> Window:
    """The part of the new map that the old one showed."""
    (right, down), size = _shift(old, new), new.size
    return max(0, -right), min(size, size - right), max(0, -down), min(size, size - down)


def _carry(before: StillMap, now: StillMap) -> None:
    """Copy what both maps show."""
    right, down = _shift(before.slab, now.slab)
    x0, x1, y0, y1 = _overlap(before.slab, now.slab)
    now.depth[y0:y1, x0:x1] = before.depth[y0 + down : y1 + down, x0 + right : x1 + right]


def _uncovered(old: Slab, new: Slab) -> list[Window]:
    """What the new map shows beyond the old one: whole columns, and what is left of rows."""
    x0, x1, y0, y1 = _overlap(old, new)
    if x0 >= x1 or y0 >= y1:
        return [new.whole]
    size = new.size
    strips = [(0, x0, 0, size), (x1, size, 0, size), (x0, x1, 0, y0), (x0, x1, y1, size)]
    return [strip for strip in strips if _area(strip) > 0]


def _changed(before: StillMap, now: StillMap) -> list[Window]:
    """Where surfaces stand that came or went, within what both maps show."""
    gone = before.bounds[~np.isin(before.places, now.places)]
    come = now.bounds[~np.isin(now.places, before.places)]
    limits = _overlap(before.slab, now.slab)
    windows = []
    for x0, x1, y0, y1 in extents(now.slab, np.concatenate([gone, come])).tolist():
        window = max(x0, limits[0]), min(x1, limits[1]), max(y0, limits[2]), min(y1, limits[3])
        if window[0] < window[1] and window[2] < window[3]:
            windows.append(window)
    return windows


def _area(window: Window) -> int:
    return (window[1] - window[0]) * (window[3] - window[2])


def _joined(windows: list[Window]) -> list[Window]:
    """Windows that share texels put together, so that none is drawn twice."""
    apart: list[Window] = []
    for window in windows:
        while others := [one for one in apart if _meet(one, window)]:
            apart = [one for one in apart if one not in others]
            x0, x1, y0, y1 = zip(window, *others, strict=True)
            window = min(x0), max(x1), min(y0), max(y1)
        apart.append(window)
    return apart


def _meet(a: Window, b: Window) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]
