"""Light of the edges' extra samples: that of a pixel next to them which shows the same surface."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.edges import Samples
from kinema.stage.raster.kernel import inlined, kernel, over
from kinema.stage.raster.triangles import Triangles

GRAIN = 8192  # samples in one piece of work
LEAST = np.float32(0.5)  # cosine between the planes of one surface


@inlined
def kindred(row, column, own, shown, planes, where):  # type: ignore[no-untyped-def]
    """Row and column of the pixel around (row, column) of record own's surface whose plane is most like its own, -1, -1
    if there is none."""
    height, width = shown.shape
    surface, material = where[own, 6], where[own, 7]
    nx, ny, nz = planes[own, 12], planes[own, 13], planes[own, 14]
    best, at_y, at_x = LEAST, -1, -1
    for y in range(max(row - 1, 0), min(row + 2, height)):
        for x in range(max(column - 1, 0), min(column + 2, width)):
            other = shown[y, x]
            if other < 0 or where[other, 6] != surface or where[other, 7] != material:
                continue
            same = planes[other, 12] * nx + planes[other, 13] * ny + planes[other, 14] * nz
            if same > best:
                best, at_y, at_x = same, y, x
    return at_y, at_x


@kernel
def borrow(pixel, seen, start, end, shown, planes, where, preview, light, lost):  # type: ignore[no-untyped-def]
    """Fill light (3, E) of samples [start, end) from preview (H, W, 3), whose pixels show the records shown (H, W);
    returns how many found no pixel of their surface around theirs, their numbers in lost (E,) from start on."""
    height, width = shown.shape
    missing = 0
    row = np.int64(pixel[start]) // width if end > start else 0
    for e in range(start, end):
        own = seen[e]
        while pixel[e] >= (row + 1) * width:  # pixels come in reading order; a division each would cost as much as this
            row += 1
        column = pixel[e] - row * width
        at_y, at_x = -1, -1
        for y in range(max(row - 1, 0), min(row + 2, height)):
            for x in range(max(column - 1, 0), min(column + 2, width)):
                if shown[y, x] == own:
                    at_y, at_x = y, x
                    break
            if at_y >= 0:
                break
        if at_y < 0 and own >= 0:
            at_y, at_x = kindred(row, column, own, shown, planes, where)
        if at_y < 0:
            lost[start + missing] = e
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
