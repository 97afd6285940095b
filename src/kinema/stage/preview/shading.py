"""Shading from records to buffers without Python between: a strip of a picture, or a list of samples, in one call.

Everything here runs outside Python's lock. What the kernels are given comes in tuples, in the order in which the
kernels they are handed to take them: `world` and `room` are a Resolver's, `falling` is (lamps, matrices, texels, maps,
towards) of `light` and `lit`, `soft` goes to `soften`, `last` to `finish`, `paper` to `pack`.
"""

from __future__ import annotations

import numpy as np

from kinema.stage.preview.compose import finish
from kinema.stage.preview.key_shadow import lit
from kinema.stage.preview.lamps import light
from kinema.stage.preview.pack import pack
from kinema.stage.preview.soft import FIELDS as SOFT_FIELDS
from kinema.stage.preview.soft import soften
from kinema.stage.raster.kernel import disjoint, kernel, woven
from kinema.stage.raster.resolve import DEPTH, FIELDS, resolve

ROWS = 12  # of pixels carried through all of shading at once: what the second-level cache holds
_HALF, _ONE, _FOUR = np.float32(0.5), np.float32(1.0), np.float32(4.0)
ALL = np.arange(FIELDS)
GATHERED = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 16, 21])  # what of a surfel soft light asks for
_SKY = np.float32(400.0)  # metres: as deep as the sky is taken to be in the wet plane's image


@disjoint
def pick(values, surface, x, y, index, fields, into, its_surface, its_x, its_y):  # type: ignore[no-untyped-def]
    """Copy those fields of the surfels that index (M,) names, all its numbers >= 0."""
    for k in fields:
        for n in range(np.uint64(index.shape[0])):
            into[k, n] = values[k, np.uint64(index[n])]
    for n in range(np.uint64(index.shape[0])):
        at = np.uint64(index[n])
        its_surface[n], its_x[n], its_y[n] = surface[at], x[at], y[at]


@woven
def chosen(values, surface, x, y, index, fields):  # type: ignore[no-untyped-def]
    """Those fields of the surfels that index (M,) names."""
    count = index.shape[0]
    into, its_surface = np.empty((FIELDS, count), np.float32), np.empty(count, np.int32)
    its_x, its_y = np.empty(count, np.float32), np.empty(count, np.float32)
    pick(values, surface, x, y, index, fields, into, its_surface, its_x, its_y)
    return into, its_surface, its_x, its_y


@woven
def softly(values, surface, x, y, more, falling, soft):  # type: ignore[no-untyped-def]
    """The soft table (FIELDS, N + more) of surfels, its last columns empty."""
    lamps, matrices, texels, maps, towards = falling
    count = surface.shape[0]
    diffuse, gloss = np.zeros((3, count), np.float32), np.zeros((3, count), np.float32)
    pull, share = np.zeros((3, count), np.float32), np.zeros(count, np.float32)
    if lamps.shape[0] > 0:
        light(values, lamps, diffuse, gloss, pull)
    if maps.shape[0] > 0:
        lit(values, surface, matrices, texels, maps, towards, share)
    table = np.empty((SOFT_FIELDS, count + more), np.float32)
    soften(values, surface, x, y, diffuse, gloss, pull, share, *soft, table)
    return table


@disjoint
def repeat(radiance, mirrored, key, index, out, reflected, share):  # type: ignore[no-untyped-def]
    """Copy the light of the samples that index (M,) names, all its numbers >= 0."""
    for n in range(np.uint64(index.shape[0])):
        at = np.uint64(index[n])
        for c in range(np.uint64(3)):
            out[c, n], reflected[c, n] = radiance[c, at], mirrored[c, at]
        share[n] = key[at]


@woven
def gathered(values, surface, x, y, falling, soft, last):  # type: ignore[no-untyped-def]
    """Radiance, its matt part, what water reflects (3, N) and the share of the key light (N,) of surfels, everything
    gathered for each of them."""
    count = surface.shape[0]
    table = softly(values, surface, x, y, 0, falling, soft)
    out, matt = np.empty((3, count), np.float32), np.empty((3, count), np.float32)
    reflected, share = np.empty((3, count), np.float32), np.empty(count, np.float32)
    finish(
        values, surface, x, y, count, table, 0, *last, out, matt, reflected, share, np.empty(0, np.int32)
    )  # fmt: skip
    return out, matt, reflected, share


@woven
def resolved(record, first, rows, columns, world, room):  # type: ignore[no-untyped-def]
    """Surfels of some columns of rows from `first` on, record (H, W)."""
    wide = columns.shape[0]
    x, y = np.empty(rows * wide, np.float32), np.empty(rows * wide, np.float32)
    seen = np.empty(rows * wide, np.int32)
    for row in range(rows):
        for k in range(wide):
            n = row * wide + k
            x[n], y[n] = np.float32(columns[k]) + _HALF, np.float32(first + row) + _HALF
            seen[n] = record[first + row, columns[k]]
    values, surface = np.empty((FIELDS, rows * wide), np.float32), np.empty(rows * wide, np.int32)
    resolve(x, y, seen, _ONE, *world, *room, values, surface)
    return values, surface, x, y


@woven
def mend(values, surface, x, y, lost, falling, soft, last, out, matt, reflected, share):  # type: ignore[no-untyped-def]
    """Shade anew what lost (K,) names, everything gathered for each, into out, matt, reflected (3, N), share (N,)."""
    some, things, its_x, its_y = chosen(values, surface, x, y, lost, ALL)
    radiance, dull, mirrored, key = gathered(some, things, its_x, its_y, falling, soft, last)
    for k in range(lost.shape[0]):
        n = lost[k]
        for c in range(3):
            out[c, n], matt[c, n], reflected[c, n] = radiance[c, k], dull[c, k], mirrored[c, k]
        share[n] = key[k]


@woven
def mirrored(image, first, step, left, wide, count, values, radiance):  # type: ignore[no-untyped-def]
    """Write every step-th row, from the first on and `wide` columns from left on, of the wet plane's image (H, W, 4):
    radiance and depth of so many surfels."""
    for n in range(count):
        row, column = first + n // wide * step, left + n % wide
        for c in range(3):
            image[row, column, c] = radiance[c, n]
        image[row, column, 3] = min(values[DEPTH, n], _SKY)


@woven
def closely(record, top, rows, columns, evens, below, world, room, falling, soft, last):  # type: ignore[no-untyped-def]
    """Surfels of some columns of a band of rows and their light, soft light gathered for every second column `evens` of
    every second row only. below (SOFT_FIELDS, H): what was gathered for the row below the band, none if that is no row
    of the picture; given back for the band above."""
    wide, half = columns.shape[0], evens.shape[0]
    count = rows * wide
    values, surface, x, y = resolved(record, top, rows, columns, world, room)
    index = np.empty((rows + 1) // 2 * half, np.int32)
    for line in range((rows + 1) // 2):
        for k in range(half):
            index[line * half + k] = 2 * line * wide + evens[k] - columns[0]
    some, things, its_x, its_y = chosen(values, surface, x, y, index, GATHERED)
    table = softly(some, things, its_x, its_y, half, falling, soft)
    end = index.shape[0]
    table[:, end:] = below if below.shape[1] > 0 else table[:, end - half : end]
    out, matt = np.empty((3, count), np.float32), np.empty((3, count), np.float32)
    reflected, share = np.empty((3, count), np.float32), np.empty(count, np.float32)
    lost = np.empty(count, np.int32)
    missing = finish(values, surface, x, y, count, table, wide, *last, out, matt, reflected, share, lost)
    if missing > 0:
        mend(values, surface, x, y, lost[:missing], falling, soft, last, out, matt, reflected, share)
    return values, surface, out, share, reflected, table[:, :half].copy()


@woven
def coarsely(record, top, rows, start, end, world, room, falling, soft, last, paper, image):  # type: ignore[no-untyped-def]
    """Shade one of every four pixels of columns [start, end) of a band, and write it to all four. Which one of the four
    changes from column to column and from row to row, else upright and level edges would jump by two pixels; but not
    with `start`, else lights would twinkle as what is sharp moves."""
    half, wide, width, odd = (end - start + 1) // 2, end - start, record.shape[1], start >> 1
    lines = (rows + 1) // 2
    x, y = np.empty(lines * half, np.float32), np.empty(lines * half, np.float32)
    seen, index = np.empty(lines * half, np.int32), np.empty(lines * wide, np.int32)
    for line in range(lines):
        for k in range(half):
            n = line * half + k
            down = 2 * line + ((k + odd) & 1)
            column, row = min(start + 2 * k + (line & 1), end - 1), top + min(down, rows - 1)
            x[n], y[n], seen[n] = np.float32(column) + _HALF, np.float32(row) + _HALF, record[row, column]
        for k in range(wide):
            index[line * wide + k] = line * half + (k >> 1)
    few, things = np.empty((FIELDS, lines * half), np.float32), np.empty(lines * half, np.int32)
    resolve(x, y, seen, _FOUR, *world, *room, few, things)
    radiance, _, off_water, key = gathered(few, things, x, y, falling, soft, last)
    values, surface, _, _ = chosen(few, things, x, y, index, ALL)
    out, reflected = np.empty((3, lines * wide), np.float32), np.empty((3, lines * wide), np.float32)
    share = np.empty(lines * wide, np.float32)
    repeat(radiance, off_water, key, index, out, reflected, share)
    for below in range(2):  # the row itself and the one that takes after it
        lines = (rows + 1 - below) // 2
        if image.shape[0] > 0:
            mirrored(image, top + below, 2, start, wide, lines * wide, values, out)
        else:
            first = (top + below) * width + start
            pack(values, surface, out, share, reflected, first, 2 * width, lines, wide, *paper)


@woven
def strip(  # type: ignore[no-untyped-def]
    record, spans, y0, y1, every, second, world, room, falling, soft, last, paper, image
):  # fmt: skip
    """Shade the pixels of rows [y0, y1) of a picture, y0 a multiple of ROWS, from the lowest band of ROWS up: what was
    gathered for one band's first row serves the last row of the band above, where that shades the same columns.

    record (H, W): what they see, -1 is sky · spans (B, 2): the columns that are shaded pixel by pixel in each band,
    from an even one to before an odd one or the last; the others by fours · every (W,), second (W // 2 + 1,): numbers
    of all columns, and of every second one, the last one again at the end · image (H, W, 4) takes radiance and depth;
    where it is empty paper takes all there is.
    """
    height, width = record.shape
    below, below_left, below_right = np.empty((SOFT_FIELDS, 0), np.float32), -1, -1
    for top in range(y0 + (y1 - y0 - 1) // ROWS * ROWS, y0 - 1, -ROWS):
        rows = min(ROWS, y1 - top)
        left, right = spans[top // ROWS, 0], spans[top // ROWS, 1]
        if left < right:
            columns, evens = every[left:right], second[left >> 1 : (right >> 1) + 1]
            if top + rows < height and (left != below_left or right != below_right):
                values, surface, x, y = resolved(record, top + rows, 1, evens, world, room)
                below = softly(values, surface, x, y, 0, falling, soft)
            values, surface, out, share, reflected, below = closely(
                record, top, rows, columns, evens, below, world, room, falling, soft, last
            )  # fmt: skip
            if image.shape[0] > 0:
                mirrored(image, top, 1, left, right - left, out.shape[1], values, out)
            else:
                pack(values, surface, out, share, reflected, top * width + left, width, rows, right - left, *paper)
        below_left, below_right = left, right
        for side in range(2):
            start, end = (0, left) if side == 0 else (right, width)
            if start < end:
                coarsely(record, top, rows, start, end, world, room, falling, soft, last, paper, image)


@kernel
def shade(  # type: ignore[no-untyped-def]
    x, y, record, spans, y0, y1, every, second, world, room, falling, soft, last, paper, image, sheet
):  # fmt: skip
    """Either the samples at places x, y (N,) on the screen, whose records (1, N) are, into sheet: values (FIELDS, N),
    surface (N,), radiance, matt, reflected (3, N) and share of the key light (N,). Or, where there are no such places,
    rows of a picture, as `strip`. One kernel for both: the compiler goes through all of shading once."""
    if x.shape[0] == 0:
        strip(record, spans, y0, y1, every, second, world, room, falling, soft, last, paper, image)
        return
    values, surface, radiance, matt, reflected, share = sheet
    resolve(x, y, record[0], _ONE, *world, *room, values, surface)
    table = softly(values, surface, x, y, 0, falling, soft)
    none = np.empty(0, np.int32)
    finish(values, surface, x, y, x.shape[0], table, 0, *last, radiance, matt, reflected, share, none)
