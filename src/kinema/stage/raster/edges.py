"""The samples worth shading beside the pixels' middles: at edges, whatever else the pixel's other samples see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32, Camera
from kinema.stage.raster.kernel import disjoint, inlined, over
from kinema.stage.raster.tiles import COUNT, SAMPLES
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


NOUGHT = np.float32(0.0)
SAME, CLOSE = np.float32(0.85), np.float32(0.02)  # cosine between planes of one surface; how far they part, of depth
SMEARED = 12.0  # pixels of a circle of confusion beyond which nobody misses the smoothing of edges
SHARE = np.float32(1.0 / COUNT)  # of a pixel, that a sample stands for
# rows of the room for a row's samples that differ from their pixel's middle: 8 column + sample, the middle's record,
# and theirs
PLACE, MIDDLE, OTHER = 1, 2, 3
ROOM = 4


@inlined
def alike(a, b, x, y, planes, where, dim):  # type: ignore[no-untyped-def]
    """Whether two triangles look like one surface around screen place (x, y), or lie no nearer than inverse depth dim.
    Asked without branches: what waits for one pair's triangles then looks up the next pair's meanwhile."""
    p, q = np.uint64(max(a, 0)), np.uint64(max(b, 0))
    dot = planes[p, 12] * planes[q, 12] + planes[p, 13] * planes[q, 13] + planes[p, 14] * planes[q, 14]
    ax, ay = x - np.float32(where[p, 1]), y - np.float32(where[p, 3])
    bx, by = x - np.float32(where[q, 1]), y - np.float32(where[q, 3])
    za = planes[p, 9] * ax + planes[p, 10] * ay + planes[p, 11]
    zb = planes[q, 9] * bx + planes[q, 10] * by + planes[q, 11]
    one = ((where[p, 6] ^ where[q, 6]) | (where[p, 7] ^ where[q, 7])) == 0
    smeared = max(za if a >= 0 else NOUGHT, zb if b >= 0 else NOUGHT) <= dim
    return smeared | ((min(a, b) >= 0) & one & (dot >= SAME) & (abs(za - zb) < CLOSE * abs(za)))


@inlined
def differing(ids, y, room):  # type: ignore[no-untyped-def]
    """Write the samples of row y that see another triangle than their pixel's middle; returns how many."""
    width = np.uint64(ids.shape[2])
    for x in range(width):
        middle = ids[0, y, x]
        room[0, x] = (
            (ids[1, y, x] ^ middle) | (ids[2, y, x] ^ middle) | (ids[3, y, x] ^ middle) | (ids[4, y, x] ^ middle)
        )
    mixed, count = 0, 0
    for x in range(width):  # no branch here and below: nothing foretells which pixels see several
        several = room[0, x] != 0
        room[0, np.uint64(mixed)] = np.int32(x)
        mixed += 1 if several else 0
    for n in range(np.uint64(mixed)):
        column = np.uint64(room[0, n])
        middle = ids[0, y, column]
        for sample in range(np.uint64(1), np.uint64(COUNT)):
            at, other = np.uint64(count), ids[sample, y, column]
            room[PLACE, at], room[MIDDLE, at], room[OTHER, at] = np.int32(np.uint64(8) * column + sample), middle, other
            count += 1 if other != middle else 0
    return count


@inlined
def apart(count, y, offsets, planes, where, dim, room):  # type: ignore[no-untyped-def]
    """Keep of a row's differing samples those that show another surface; returns how many."""
    kept = 0
    for n in range(np.uint64(count)):
        place, other, at = room[PLACE, n], room[OTHER, n], np.uint64(kept)
        x, sample = np.uint64(place >> 3), np.uint64(place & 7)
        sx, sy = np.float32(x) + offsets[sample, 0], np.float32(y) + offsets[sample, 1]
        same = alike(room[MIDDLE, n], other, sx, sy, planes, where, dim)
        room[PLACE, at], room[OTHER, at] = place, other
        kept += 0 if same else 1
    return kept


@disjoint
def find_edges(  # type: ignore[no-untyped-def]
    ids, y0, y1, offsets, planes, where, dim, room, pixel, place, record, weight
):
    """Fill the extra samples of rows [y0, y1); returns how many. dim: inverse depth up to which none are wanted · room
    (ROOM, 4 W + 1): for one row's."""
    width = ids.shape[2]
    count = 0
    for y in range(np.uint64(y0), np.uint64(y1)):
        others = apart(differing(ids, y, room), y, offsets, planes, where, dim, room)
        column, first = -1, count
        for n in range(np.uint64(others)):
            x, sample, t = room[PLACE, n] >> 3, np.uint64(room[PLACE, n] & 7), room[OTHER, n]
            if x != column:
                column, first = x, count
            sx, sy = np.float32(x) + offsets[sample, 0], np.float32(y) + offsets[sample, 1]
            share = -1
            for e in range(first, count):
                if record[e] == t or alike(record[e], t, sx, sy, planes, where, dim):
                    share = e
                    break
            if share >= 0:
                weight[share] += SHARE
                continue
            pixel[count] = np.int64(y) * width + x
            place[count, 0], place[count, 1] = sx, sy
            record[count], weight[count] = t, SHARE
            count += 1
    return count


def smeared_to(camera: Camera) -> float:
    """Inverse depth (1 / m) up to which the camera's lens blurs all edges away, below 0 where it blurs none."""
    strength = camera.aperture * camera.focal
    return 1.0 / camera.focus - SMEARED / strength if strength > 0.0 else -1.0


def edge_samples(triangles: Triangles, visibility: Visibility, camera: Camera) -> Samples:
    """The extra samples of every edge, in reading order, but for edges that the camera's lens blurs away."""
    count, height, width = visibility.triangle.shape
    dim = np.float32(smeared_to(camera))

    def work(y0: int, y1: int) -> tuple[I32, F32, I32, F32]:
        room = (y1 - y0) * width * (count - 1)
        pixel, record = np.empty(room, np.int32), np.empty(room, np.int32)
        place, weight = np.empty((room, 2), np.float32), np.empty(room, np.float32)
        n = find_edges(
            visibility.triangle, y0, y1, SAMPLES, triangles.planes, triangles.where, dim,
            np.empty((ROOM, (count - 1) * width + 1), np.int32), pixel, place, record, weight,
        )  # fmt: skip
        return pixel[:n].copy(), place[:n].copy(), record[:n].copy(), weight[:n].copy()

    pieces = over(height, BAND, work)
    none = (np.zeros(0, np.int32), np.zeros((0, 2), np.float32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    pixel, place, record, weight = (np.concatenate(part) for part in zip(none, *pieces, strict=True))
    return Samples(np.ascontiguousarray(place[:, 0]), np.ascontiguousarray(place[:, 1]), record, pixel, weight)
