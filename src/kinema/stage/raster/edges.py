"""The samples worth shading beside the pixels' middles: at edges, whatever else the pixel's other samples see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.kernel import disjoint, inlined, over
from kinema.stage.raster.tiles import SAMPLES
from kinema.stage.raster.triangles import Triangles
from kinema.stage.raster.visibility import BAND, Visibility


@dataclass(frozen=True, eq=False)
class Samples:
    """What edges need beside the pixels' middles: x, y (E,) place on the screen (px) · record (E,) triangle seen, -1 is
    sky · pixel (E,) it belongs to, in reading order · weight (E,) its share of that pixel."""

    x: F32
    y: F32
    record: I32
    pixel: I32
    weight: F32


@inlined
def alike(a, b, x, y, planes, where):  # type: ignore[no-untyped-def]
    """Whether two triangles look like one surface around screen place (x, y)."""
    if a < 0 or b < 0 or where[a, 6] != where[b, 6] or where[a, 7] != where[b, 7]:
        return False
    dot = planes[a, 12] * planes[b, 12] + planes[a, 13] * planes[b, 13] + planes[a, 14] * planes[b, 14]
    if dot < 0.85:
        return False
    za = planes[a, 9] * (x - where[a, 1]) + planes[a, 10] * (y - where[a, 3]) + planes[a, 11]
    zb = planes[b, 9] * (x - where[b, 1]) + planes[b, 10] * (y - where[b, 3]) + planes[b, 11]
    return abs(za - zb) < 0.02 * abs(za)


@disjoint
def find_edges(  # type: ignore[no-untyped-def]
    ids, y0, y1, offsets, planes, where, mixed, pixel, place, record, weight
):
    """Fill the extra samples of rows [y0, y1); returns how many. mixed (W,): room for which pixels see several."""
    samples, _, width = ids.shape
    count = 0
    for y in range(y0, y1):
        for x in range(width):
            middle = ids[0, y, x]
            differ = (ids[1, y, x] ^ middle) | (ids[2, y, x] ^ middle) | (ids[3, y, x] ^ middle)
            mixed[x] = differ | (ids[4, y, x] ^ middle)
        for x in range(width):
            if mixed[x] == 0:
                continue
            middle = ids[0, y, x]
            first = count
            for s in range(1, samples):
                t = ids[s, y, x]
                if t == middle:
                    continue
                sx, sy = x + offsets[s, 0], y + offsets[s, 1]
                if alike(middle, t, sx, sy, planes, where):
                    continue
                share = -1
                for e in range(first, count):
                    if record[e] == t or alike(record[e], t, sx, sy, planes, where):
                        share = e
                        break
                if share >= 0:
                    weight[share] += 1.0 / samples
                    continue
                pixel[count] = y * width + x
                place[count, 0], place[count, 1] = sx, sy
                record[count] = t
                weight[count] = 1.0 / samples
                count += 1
    return count


def edge_samples(triangles: Triangles, visibility: Visibility) -> Samples:
    """The extra samples of every edge, in reading order."""
    count, height, width = visibility.triangle.shape

    def work(y0: int, y1: int) -> tuple[I32, F32, I32, F32]:
        room = (y1 - y0) * width * (count - 1)
        pixel, record = np.empty(room, np.int32), np.empty(room, np.int32)
        place, weight = np.empty((room, 2), np.float32), np.empty(room, np.float32)
        n = find_edges(
            visibility.triangle, y0, y1, SAMPLES, triangles.planes, triangles.where,
            np.empty(width, np.int32), pixel, place, record, weight,
        )  # fmt: skip
        return pixel[:n].copy(), place[:n].copy(), record[:n].copy(), weight[:n].copy()

    pieces = over(height, BAND, work)
    none = (np.zeros(0, np.int32), np.zeros((0, 2), np.float32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    pixel, place, record, weight = (np.concatenate(part) for part in zip(none, *pieces, strict=True))
    return Samples(np.ascontiguousarray(place[:, 0]), np.ascontiguousarray(place[:, 1]), record, pixel, weight)
