"""The canvas a face is painted on: where each texel of its map lies on the unmorphed head, and fixed noises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter, zoom
from scipy.spatial import cKDTree

from kinema.buffers.compiled import kernel
from kinema.buffers.scene_frame import F32, F64
from kinema.stage.bodies.people.body import archive, body_count
from kinema.stage.bodies.people.lashes import lash_curves
from kinema.stage.bodies.people.maps import drawn_out
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.cache import kept
from kinema.stage.chance import chance

COARSE = 256  # places along a side at which a part of the canvas is looked for
FAR = 0.02  # metres from a lid at which nothing is painted for it
AHEAD = 0.03  # metres on the base mesh from where the face begins


@dataclass(frozen=True, eq=False)
class Window:
    """The face's texels: which body corners they lie between, and where that is on the unmorphed base mesh.

    inside (S, S): texel belongs to the face · base (S, S, 3) metres · lips, eyelids (S, S) 0 to 1 ·
    lid (S, S): metres to the nearest lash root · near: 0 at the lips' parting
    """

    inside: NDArray[np.bool_]
    base: F32
    lips: F32
    lid: F32
    lower_lid: F32


@dataclass(frozen=True, eq=False)
class Canvas:
    """What paint goes by, for a whole map or for a row of its texels: arrays of one shape, places (..., 3).

    base, lips, lid, lower_lid: as in the window · noises: name -> (...) of unit deviation · hairs (S, S): a whole image
    """

    base: F32
    lips: F32
    lid: F32
    lower_lid: F32
    noises: dict[str, F32]
    hairs: F32

    def around(self, wide: float, low: float, high: float) -> tuple[slice, slice]:
        """The rows and columns that hold all places of the face so far from the midline and between such heights."""
        return self.holding(lambda x, y, z: (np.abs(x) < wide) & (z > low) & (z < high) & (y > AHEAD))

    def holding(self, wanted: Callable[[F32, F32, F32], NDArray[np.bool_]]) -> tuple[slice, slice]:
        """The rows and columns that hold all wanted places, given as their coordinates."""
        step = max(len(self.base) // COARSE, 1)
        base = self.base[::step, ::step]
        there = wanted(base[..., 0], base[..., 1], base[..., 2])
        edges = []
        for axis in (1, 0):
            found = np.flatnonzero(there.any(axis))
            edges.append(slice(max(int(found[0]) - 1, 0) * step, (int(found[-1]) + 2) * step))
        return edges[0], edges[1]

    def at(self, rows: slice, columns: slice) -> Canvas:
        """Only some texels."""
        base, lips, lid, lower = (part[rows, columns] for part in (self.base, self.lips, self.lid, self.lower_lid))
        noises = {name: image[rows, columns] for name, image in self.noises.items()}
        return Canvas(base, lips, lid, lower, noises, self.hairs)


def face_quads() -> NDArray[np.bool_]:
    """(Q,) of the body's quads: those whose uv lie in the face's window."""
    baked = archive()
    low, high = baked.face_window[:2], baked.face_window[2:]
    uv = baked.uv[baked.group("body")]
    return np.asarray(((uv >= low) & (uv <= high)).all((1, 2)))


def window_uv(uv: F32) -> F32:
    """From the whole layout of uv (V, 2) to the face's own texture."""
    low, high = archive().face_window[:2], archive().face_window[2:]
    return np.asarray((uv - low) / (high - low), np.float32)


@cache
def _window(size: int) -> Window:
    return kept("face window", size, lambda: _charted(size))


def _charted(size: int) -> Window:
    baked = archive()
    rows = triangles(baked.group("body")[face_quads()])
    base = baked.points[: body_count()]
    texels = window_uv(baked.uv) * (size, -size) + (0, size)
    inside = np.zeros((size, size), bool)
    place = np.zeros((size, size, 3), np.float32)
    _fill(texels[rows].astype(np.float64), base[baked.corners[rows]].astype(np.float64), inside, place)
    place = _grown(inside, place)
    upper, lower = (np.concatenate([baked.points[curve.roots] for curve in curves]) for curves in lash_curves())
    lid, lower_lid = (_away(place, x) for x in (upper, lower))
    mask = zoom(baked.masks["lips"].astype(np.float32) / 255, size / len(baked.masks["lips"]), order=1)
    return Window(inside, place, gaussian_filter(mask, size / 512), lid, lower_lid)


def _away(place: F32, curves: F32) -> F32:
    """Metres (S, S) from places (S, S, 3) to two curves, FAR at most."""
    curve = _dense_curve(curves)
    near = ((place > curve.min(0) - FAR) & (place < curve.max(0) + FAR)).all(2)
    found = np.full(place.shape[:2], FAR, np.float32)
    found[near] = np.minimum(cKDTree(curve).query(place[near], distance_upper_bound=FAR)[0], FAR)
    return found


def _dense_curve(points: F32) -> F32:
    half = len(points) // 2
    steps = np.linspace(0, 1, 8)[:, None, None]
    runs = [points[:half], points[half:]]
    return np.concatenate([(run[:-1] * (1 - steps) + run[1:] * steps).reshape(-1, 3) for run in runs]).astype(
        np.float32
    )


@kernel
def _fill(texels: F64, places: F64, inside: NDArray[np.bool_], place: F32) -> None:
    """Writes the interpolated places (F, 3, 3) of triangles (F, 3, 2) into the map; slack closes the seams."""
    size = len(inside)
    for f in range(len(texels)):
        (x0, y0), (x1, y1), (x2, y2) = texels[f, 0], texels[f, 1], texels[f, 2]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        for row in range(max(int(min(y0, y1, y2)), 0), min(int(max(y0, y1, y2)) + 2, size)):
            for column in range(max(int(min(x0, x1, x2)), 0), min(int(max(x0, x1, x2)) + 2, size)):
                x, y = column + 0.5, row + 0.5
                first = ((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)) / area
                second = ((x2 - x) * (y0 - y) - (x0 - x) * (y2 - y)) / area
                third = 1.0 - first - second
                if first > -0.02 and second > -0.02 and third > -0.02:
                    inside[row, column] = True
                    a, b, c = places[f]
                    for k in range(3):
                        place[row, column, k] = first * a[k] + second * b[k] + third * c[k]


def _grown(inside: NDArray[np.bool_], place: F32) -> F32:
    """Fills texels outside the face with the nearest inside, so that filtering never reads a hole."""
    rows, columns = distance_transform_edt(~inside, return_distances=False, return_indices=True)
    return np.asarray(place[rows, columns], np.float32)


def _noise(key: str, sigma: float, size: int) -> F32:
    """A fixed noise image (S, S) of unit deviation; sigma is in texels of a texture of 1024."""
    image = chance(0, "face", key).standard_normal((size, size)).astype(np.float32)
    return drawn_out(image, sigma * size / 1024, sigma * size / 1024)


@cache
def _noises(size: int) -> dict[str, F32]:
    return kept("face noises", size, lambda: _drawn(size))


def _drawn(size: int) -> dict[str, F32]:
    return {
        "pores": _noise("pores", 1.1, size),
        "patch": _noise("patch", 40.0, size),
        "blotch": _noise("blotch", 14.0, size),
        "blotch_fine": _noise("blotch_fine", 4.0, size),
        "freckles": _noise("freckles", 2.2, size),
        "lip_lines": _noise("lip_lines", 1.3, size),
        "hairs": _noise("hairs", 0.9, size),
    }


@cache
def canvas(size: int) -> Canvas:
    """The whole face at so many texels a side."""
    window, noises = _window(size), _noises(size)
    return Canvas(window.base, window.lips, window.lid, window.lower_lid, noises, noises["hairs"])
