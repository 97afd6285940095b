"""Light of the edges' extra samples: that of a pixel next to them which shows the same surface."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.edges import Samples
from kinema.stage.raster.kernel import disjoint, inlined, over
from kinema.stage.raster.triangles import Triangles

GRAIN = 8192  # samples in one piece of work
LEAST = np.float32(0.5)  # cosine between the planes of one surface


@inlined
def beside(row, column, k, height, width):  # type: ignore[no-untyped-def]
    """The k-th of nine pixels around one, in reading order; beyond the picture's rim, one on it."""
    y = min(max(row + k // 3 - 1, 0), height - 1)
    return y, min(max(column + k % 3 - 1, 0), width - 1)


@inlined
def own_pixel(row, column, own, shown):  # type: ignore[no-untyped-def]
    """Row and column of the first pixel around (row, column) that shows record own, -1, -1 if there is none. Asked
    without branches, here and below: what waits for one neighbour's triangle then looks up the next one's meanwhile."""
    height, width = shown.shape
    at_y, at_x = -1, -1
    for k in range(8, -1, -1):
        y, x = beside(row, column, k, height, width)
        same = shown[np.uint64(y), np.uint64(x)] == own
        at_y, at_x = y if same else at_y, x if same else at_x
    return at_y, at_x


@inlined
def kindred(row, column, own, shown, planes, where):  # type: ignore[no-untyped-def]
    """Row and column of the pixel around (row, column) of record own's surface whose plane is most like its own, -1, -1
    if there is none."""
    height, width = shown.shape
    me = np.uint64(own)
    surface, material = where[me, 6], where[me, 7]
    nx, ny, nz = planes[me, 12], planes[me, 13], planes[me, 14]
    best, at_y, at_x = LEAST, -1, -1
    for k in range(9):
        y, x = beside(row, column, k, height, width)
        other = shown[np.uint64(y), np.uint64(x)]
        its = np.uint64(max(other, 0))
        same = planes[its, 12] * nx + planes[its, 13] * ny + planes[its, 14] * nz
        of_it = ((where[its, 6] ^ surface) | (where[its, 7] ^ material)) == 0
        better = (other >= 0) & of_it & (same > best)
        best, at_y, at_x = same if better else best, y if better else at_y, x if better else at_x
    return at_y, at_x


@disjoint
def borrow(pixel, seen, start, end, shown, planes, where, preview, light, lost):  # type: ignore[no-untyped-def]
    """Fill light (3, E) of samples [start, end) from preview (H, W, 3), whose pixels show the records shown (H, W);
    returns how many found no pixel of their surface around theirs, their numbers in lost (E,) from start on."""
    width, missing = shown.shape[1], 0
    row = np.int64(pixel[start]) // width if end > start else 0
    for e in range(np.uint64(start), np.uint64(end)):
        own = seen[e]
        while pixel[e] >= (row + 1) * width:  # pixels come in reading order; a division each would cost as much as this
            row += 1
        column = pixel[e] - row * width
        at_y, at_x = own_pixel(row, column, own, shown)
        if at_y < 0 and own >= 0:
            at_y, at_x = kindred(row, column, own, shown, planes, where)
        if at_y < 0:
            lost[np.uint64(start + missing)] = e
            missing += 1
            continue
        for c in range(3):
            light[c, e] = preview[np.uint64(at_y), np.uint64(at_x), c]
    return missing


def borrowed(samples: Samples, shown: I32, triangles: Triangles, preview: F32) -> tuple[F32, I32]:
    """Light (3, E) of the samples, and the numbers (K,) of those that have to be shaded for themselves; shown (H, W):
    records at the pixels' middles, preview (H, W, 3): their light."""
    count = len(samples.record)
    light, lost = np.empty((3, count), np.float32), np.empty(count, np.int32)

    def work(start: int, end: int) -> I32:
        missing = borrow(
            samples.pixel, samples.record, start, end, shown, triangles.planes, triangles.where, preview, light, lost,
        )  # fmt: skip
        return lost[start : start + missing]

    return light, np.concatenate([np.zeros(0, np.int32), *over(count, GRAIN, work)])
