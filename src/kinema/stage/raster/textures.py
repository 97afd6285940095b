"""All textures of a frame as one flat array of bytes with mip levels, so that one kernel reads any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, I32, U8, Texture
from kinema.stage.colours import LINEAR
from kinema.stage.raster.kernel import inlined, kernel

MAPS = ("albedo", "alpha", "height", "roughness", "emission")
COLOUR_MAPS, CELL_MAPS = ("albedo", "emission"), ("alpha", "roughness")
NOUGHT, ONE, TWO, HALF, BYTE = (np.float32(x) for x in (0.0, 1.0, 2.0, 0.5, 1.0 / 255.0))
LEVELS = 12  # entries of offset, width, height per map
STRIDE = 3 * LEVELS
MIDDLE, SQUARED = np.float32(256.0), np.float32(1.0 / 1023.0**2)

U32 = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Atlas:
    """texels: every level of every colour and height map, a word each · cells: of the alpha and roughness maps, each
    texel with its three neighbours right and below, a byte each, so that a bilinear look-up reads once ·
    levels (M, LEVELS, 3): offset into texels or cells, width, height ·
    rows: texture key -> (5,) map numbers in the order of MAPS, -1 for none."""

    texels: NDArray[np.uint32]
    cells: NDArray[np.uint32]
    levels: I32
    rows: dict[str, tuple[int, ...]]


ROOTS = np.rint(np.sqrt(LINEAR) * 1023.0).astype(np.uint32)  # a colour map's byte as a part of a word


def mip_chain(level: F32) -> list[F32]:
    """Levels from the first down to one texel, each the mean of two by two of the one above."""
    chain = [level]
    while max(level.shape[:2]) > 1 and len(chain) < LEVELS:
        level = _halved(_halved(level, 0), 1)
        chain.append(level)
    return chain


def colour_words(level: F32) -> U32:
    """Linear light (H, W, 3) as words (H, W): the square root of each channel in ten bits, finer than sRGB's eight."""
    root = np.rint(np.sqrt(np.clip(level, 0.0, 1.0)) * 1023.0).astype(np.uint32)
    return np.asarray(root[..., 0] << 20 | root[..., 1] << 10 | root[..., 2], np.uint32)


def colour_chain(image: U8) -> list[U32]:
    """The words of a colour map's levels, from its own bytes down: means of linear light."""
    height, width = image.shape[:2]
    words = np.empty((height, width), np.uint32)
    half = np.empty((max(height // 2, 1), max(width // 2, 1), 3), np.float32)
    _first_level(image, LINEAR, ROOTS, words, half)
    below = mip_chain(half)[: LEVELS - 1] if max(height, width) > 1 else []
    return [words, *map(colour_words, below)]


@kernel
def _first_level(image, linear, roots, words, half):  # type: ignore[no-untyped-def]
    """A colour map's bytes as words, as colour_words has them, and the level below: most of a chain's work, in one
    pass."""
    height, width = words.shape
    for y in range(height):
        for x in range(width):
            words[y, x] = roots[image[y, x, 0]] << 20 | roots[image[y, x, 1]] << 10 | roots[image[y, x, 2]]
    down, right = int(height > 1), int(width > 1)
    for y in range(half.shape[0]):
        top, low = (down + 1) * y, (down + 1) * y + down
        for x in range(half.shape[1]):
            near, far = (right + 1) * x, (right + 1) * x + right
            for k in range(3):
                left = (linear[image[top, near, k]] + linear[image[low, near, k]]) * HALF
                other = (linear[image[top, far, k]] + linear[image[low, far, k]]) * HALF
                half[y, x, k] = (left + other) * HALF


def slope_words(level: F32) -> U32:
    """Heights (H, W), 0 to 255, as words: the difference of either neighbour along the row and down the column, in a
    half word each. A difference of bilinear heights is the bilinear difference."""
    height = np.rint(level).astype(np.int32)
    along = np.roll(height, -1, 1) - np.roll(height, 1, 1) + 256
    down = np.roll(height, -1, 0) - np.roll(height, 1, 0) + 256
    return np.asarray(along << 16 | down, np.uint32)


def cell_words(level: F32) -> U32:
    """Bytes (H, W) as words of the texel, the one right of it, below it, and below that."""
    own = np.rint(level).astype(np.uint32)
    right, below = np.roll(own, -1, 1), np.roll(own, -1, 0)
    return np.asarray(own | right << 8 | below << 16 | np.roll(below, -1, 1) << 24, np.uint32)


WORDS = {"height": slope_words, "alpha": cell_words, "roughness": cell_words}


def _halved(level: F32, axis: int) -> F32:
    size = level.shape[axis]
    if size == 1:
        return level
    even, odd = (level[0 : size - 1 : 2], level[1::2]) if axis == 0 else (level[:, 0 : size - 1 : 2], level[:, 1::2])
    return np.asarray((even + odd) * np.float32(0.5))


class TextureCache:
    """Mip chains by texture key, and the atlas of the set last asked for."""

    def __init__(self) -> None:
        self._chains: dict[str, list[list[U32] | None]] = {}
        self._atlas = _pack({})

    def atlas(self, textures: Iterable[Texture]) -> Atlas:
        """The atlas holding exactly these textures; rebuilt only when the set changes."""
        wanted = {texture.key: texture for texture in textures}
        if set(wanted) != set(self._atlas.rows):
            for key, texture in wanted.items():
                if key not in self._chains:
                    self._chains[key] = [_chain(name, getattr(texture, name)) for name in MAPS]
            self._chains = {key: self._chains[key] for key in wanted}
            self._atlas = _pack(self._chains)
        return self._atlas


def _chain(name: str, image: U8 | None) -> list[U32] | None:
    if image is None:
        return None
    if name in COLOUR_MAPS:
        return colour_chain(image)
    return [WORDS[name](level) for level in mip_chain(image.astype(np.float32))]


def _pack(chains: dict[str, list[list[U32] | None]]) -> Atlas:
    pieces: dict[bool, list[U32]] = {celled: [np.zeros(1, np.uint32)] for celled in (False, True)}
    offsets = {False: 1, True: 1}
    levels: list[I32] = []
    rows: dict[str, tuple[int, ...]] = {}
    for key in sorted(chains):
        row = []
        for name, chain in zip(MAPS, chains[key], strict=True):
            if chain is None:
                row.append(-1)
                continue
            row.append(len(levels))
            celled = name in CELL_MAPS
            levels.append(_level_table(chain, offsets[celled]))
            pieces[celled].extend(level.reshape(-1) for level in chain)
            offsets[celled] += sum(level.size for level in chain)
        rows[key] = tuple(row)
    stacked = np.stack(levels) if levels else np.zeros((1, LEVELS, 3), np.int32)
    return Atlas(np.concatenate(pieces[False]), np.concatenate(pieces[True]), stacked, rows)


def _level_table(chain: list[U32], offset: int) -> I32:
    """(LEVELS, 3) offset, width, height of a map's levels, the last one repeated."""
    table = np.zeros((LEVELS, 3), np.int32)
    for number, level in enumerate(chain):
        table[number:] = offset, level.shape[1], level.shape[0]
        offset += level.size
    return table


@kernel
def sample_cell(cells, levels, number, level, u, v):  # type: ignore[no-untyped-def]
    """Bilinear value in [0, 1] of an alpha map."""
    width, height = levels[number, level, 1], levels[number, level, 2]
    x, y = (u - np.floor(u)) * width - 0.5, (np.ceil(v) - v) * height - 0.5
    x0, y0 = int(np.floor(x)), int(np.floor(y))
    fx, fy = x - x0, y - y0
    column, line = x0 + width if x0 < 0 else x0, y0 + height if y0 < 0 else y0
    cell = cells[levels[number, level, 0] + line * width + column]
    top = (cell & 255) * (1.0 - fx) + ((cell >> 8) & 255) * fx
    low = ((cell >> 16) & 255) * (1.0 - fx) + (cell >> 24) * fx
    return (top * (1.0 - fy) + low * fy) / 255.0


@inlined
def corners(levels, number, area, u, v):  # type: ignore[no-untyped-def]
    """Where the four texels of a bilinear look-up lie, from the map's first, and how far between them the place is;
    then the level's size over twice a byte's range, for slopes. area: the footprint's side in the map's own unit,
    squared. Repeats; v runs up. Whatever u and v are, the places lie in the map. Within a level they are whole numbers
    in single precision."""
    across = np.float32(levels[np.uint64(number * STRIDE + 1)])
    # the level whose texel is nearest to the footprint
    power = (np.float32(area * TWO * across * across).view(np.int32) >> 23) - 127
    level = min(11, max(0, power >> 1))
    row = number * STRIDE + level + level + level
    offset = levels[np.uint64(row)] - levels[np.uint64(number * STRIDE)]
    width, height = np.float32(levels[np.uint64(row + 1)]), np.float32(levels[np.uint64(row + 2)])
    x = (u - np.floor(u)) * width - HALF
    y = (np.ceil(v) - v) * height - HALF
    left, above = np.floor(x), np.floor(y)
    xa, xb = wrapped(left, width), wrapped(left + ONE, width)
    ya, yb = wrapped(above, height) * width, wrapped(above + ONE, height) * width
    return (
        np.uint32(offset + np.int32(ya + xa)), np.uint32(offset + np.int32(ya + xb)),
        np.uint32(offset + np.int32(yb + xa)), np.uint32(offset + np.int32(yb + xb)), x - left, y - above,
        width * (HALF * BYTE), height * (HALF * BYTE),
    )  # fmt: skip


@inlined
def wrapped(x, size):  # type: ignore[no-untyped-def]
    """A texel number up to one beyond the map's ends, brought back; no number at all becomes 0."""
    x = x + size if x < NOUGHT else x
    x = x - size if x >= size else x
    x = x if x >= NOUGHT else NOUGHT
    return x if x < size else NOUGHT


@inlined
def grey_of(cells, place, fx, fy):  # type: ignore[no-untyped-def]
    """Bilinear value in [0, 1] of a map of cells."""
    word = np.int32(cells[place])
    a, b = np.float32(word & 255), np.float32((word >> 8) & 255)
    c, d = np.float32((word >> 16) & 255), np.float32((word >> 24) & 255)
    top, low = a + (b - a) * fx, c + (d - c) * fx
    return (top + (low - top) * fy) * BYTE


@inlined
def slope_of(texels, a, b, c, d, fx, fy):  # type: ignore[no-untyped-def]
    """Bilinear differences of a height map along its rows and down its columns, over two texels."""
    p, q, r, t = np.int32(texels[a]), np.int32(texels[b]), np.int32(texels[c]), np.int32(texels[d])
    pa, qa, ra, ta = np.float32(p >> 16), np.float32(q >> 16), np.float32(r >> 16), np.float32(t >> 16)
    pd, qd, rd, td = np.float32(p & 1023), np.float32(q & 1023), np.float32(r & 1023), np.float32(t & 1023)
    upper, lower = pa + (qa - pa) * fx, ra + (ta - ra) * fx
    above, below = pd + (qd - pd) * fx, rd + (td - rd) * fx
    return upper + (lower - upper) * fy - MIDDLE, above + (below - above) * fy - MIDDLE


@inlined
def channel(p, q, r, t, shift, wa, wb, wc, wd):  # type: ignore[no-untyped-def]
    """One channel of four texels' words, weighed, in linear light."""
    a, b = np.float32((p >> shift) & 1023), np.float32((q >> shift) & 1023)
    c, d = np.float32((r >> shift) & 1023), np.float32((t >> shift) & 1023)
    return (a * a * wa + b * b * wb + c * c * wc + d * d * wd) * SQUARED


@inlined
def colour_of(texels, a, b, c, d, fx, fy):  # type: ignore[no-untyped-def]
    """Bilinear linear-light colour."""
    p, q, r, t = np.int32(texels[a]), np.int32(texels[b]), np.int32(texels[c]), np.int32(texels[d])
    wd = fx * fy
    wb, wc = fx - wd, fy - wd
    wa = ONE - fx - wc
    return (
        channel(p, q, r, t, 20, wa, wb, wc, wd),
        channel(p, q, r, t, 10, wa, wb, wc, wd),
        channel(p, q, r, t, 0, wa, wb, wc, wd),
    )
