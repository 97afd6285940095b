"""All textures of a frame as one flat array of bytes with mip levels, so that one kernel reads any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, U8, Texture
from kinema.stage.raster.kernel import kernel

MAPS = ("albedo", "alpha", "height", "roughness", "emission")
COLOUR_MAPS = ("albedo", "emission")
ONE, TWO, HALF, BYTE = np.float32(1.0), np.float32(2.0), np.float32(0.5), np.float32(1.0 / 255.0)
LEVELS = 12  # entries of offset, width, height per map

_CODES = np.arange(256) / 255.0
LINEAR: F32 = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Atlas:
    """texels: every level of every map · cells: of the alpha maps, each texel with its three neighbours right and
    below, a byte each, so that a bilinear look-up reads once · levels (M, LEVELS, 3): offset into texels, or into cells
    for alpha maps, width, height ·
    rows: texture key -> (5,) map numbers in the order of MAPS, -1 for none."""

    texels: U8
    cells: NDArray[np.uint32]
    levels: NDArray[np.int64]
    rows: dict[str, tuple[int, ...]]


def encode(linear: F32) -> U8:
    """Linear light to sRGB bytes."""
    x = np.clip(linear, 0.0, 1.0)
    curve = np.where(x <= 0.0031308, x * 12.92, 1.055 * np.power(x, 1 / 2.4) - 0.055)
    return np.asarray(np.rint(curve * 255.0), np.uint8)


def mip_chain(image: U8, colour: bool) -> list[U8]:
    """Levels from the image down to one texel, each the mean of two by two of the one above, in linear light."""
    chain = [np.ascontiguousarray(image)]
    level = LINEAR[image] if colour else image.astype(np.float32)
    while max(level.shape[:2]) > 1 and len(chain) < LEVELS:
        level = _halved(_halved(level, 0), 1)
        chain.append(encode(level) if colour else np.rint(level).astype(np.uint8))
    return chain


def _halved(level: F32, axis: int) -> F32:
    size = level.shape[axis]
    if size == 1:
        return level
    even = np.take(level, np.arange(0, size - 1, 2), axis)
    odd = np.take(level, np.arange(1, size, 2), axis)
    return np.asarray((even + odd) * np.float32(0.5))


class TextureCache:
    """Mip chains by texture key, and the atlas of the set last asked for."""

    def __init__(self) -> None:
        self._chains: dict[str, list[list[U8] | None]] = {}
        self._atlas = _pack({})

    def atlas(self, textures: Iterable[Texture]) -> Atlas:
        """The atlas holding exactly these textures; rebuilt only when the set changes."""
        wanted = {texture.key: texture for texture in textures}
        if set(wanted) != set(self._atlas.rows):
            for key, texture in wanted.items():
                if key not in self._chains:
                    self._chains[key] = _chains(texture)
            self._chains = {key: self._chains[key] for key in wanted}
            self._atlas = _pack(self._chains)
        return self._atlas


def _chains(texture: Texture) -> list[list[U8] | None]:
    images = [getattr(texture, name) for name in MAPS]
    return [
        None if image is None else mip_chain(image, name in COLOUR_MAPS)
        for name, image in zip(MAPS, images, strict=True)
    ]


def _pack(chains: dict[str, list[list[U8] | None]]) -> Atlas:
    pieces: list[U8] = [np.zeros(1, np.uint8)]
    cells: list[NDArray[np.uint32]] = [np.zeros(1, np.uint32)]
    levels: list[NDArray[np.int64]] = []
    rows: dict[str, tuple[int, ...]] = {}
    offset, cell = 1, 1
    for key in sorted(chains):
        row = []
        for name, chain in zip(MAPS, chains[key], strict=True):
            if chain is None:
                row.append(-1)
                continue
            row.append(len(levels))
            if name == "alpha":
                levels.append(_level_table(chain, cell))
                cells.extend(_cells(level).reshape(-1) for level in chain)
                cell += sum(level.size for level in chain)
            else:
                levels.append(_level_table(chain, offset))
                pieces.extend(level.reshape(-1) for level in chain)
                offset += sum(level.size for level in chain)
        rows[key] = tuple(row)
    stacked = np.stack(levels) if levels else np.zeros((1, LEVELS, 3), np.int64)
    return Atlas(np.concatenate(pieces), np.concatenate(cells), stacked, rows)


def _level_table(chain: list[U8], offset: int) -> NDArray[np.int64]:
    """(LEVELS, 3) offset, width, height of a map's levels, the last one repeated."""
    table = np.zeros((LEVELS, 3), np.int64)
    for number, level in enumerate(chain):
        table[number:] = offset, level.shape[1], level.shape[0]
        offset += level.size
    return table


def _cells(level: U8) -> NDArray[np.uint32]:
    right, below = np.roll(level, -1, 1), np.roll(level, -1, 0)
    both = np.roll(below, -1, 1)
    return np.asarray(level.astype(np.uint32) | right.astype(np.uint32) << 8 | below.astype(np.uint32) << 16
                      | both.astype(np.uint32) << 24, np.uint32)  # fmt: skip


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


@kernel
def fraction(x, size):  # type: ignore[no-untyped-def]
    """A repeating coordinate as texel number, from -1 up, and what is left of it."""
    x = (x - np.floor(x)) * np.float32(size) - HALF
    whole = np.floor(x)
    return np.int64(whole), np.float32(x - whole)


@kernel
def wrapped(x, size):  # type: ignore[no-untyped-def]
    """A texel number up to two beyond the map's ends, brought back: far cheaper than a division."""
    x = x + size if x < 0 else x - size if x >= size else x
    return min(max(x, 0), size - 1)


@kernel
def level_of(area, width):  # type: ignore[no-untyped-def]
    """The level whose texel is nearest to a footprint: area is its side in the map's own unit, squared."""
    across = np.float32(width)
    return min(11, max(0, (np.float32(area * TWO * across * across).view(np.int32) >> 23) - 127 >> 1))


@kernel
def sample_grey(texels, levels, number, level, u, v):  # type: ignore[no-untyped-def]
    """Bilinear value in [0, 1] of a one-channel map. Repeats; v runs up."""
    offset, width, height = levels[number, level, 0], levels[number, level, 1], levels[number, level, 2]
    x, fx = fraction(u, width)
    y, fy = fraction(-v, height)
    xa, xb, ya, yb = wrapped(x, width), wrapped(x + 1, width), wrapped(y, height), wrapped(y + 1, height)
    upper, lower = offset + ya * width, offset + yb * width
    a, b = np.float32(texels[np.uint64(upper + xa)]), np.float32(texels[np.uint64(upper + xb)])
    c, d = np.float32(texels[np.uint64(lower + xa)]), np.float32(texels[np.uint64(lower + xb)])
    top, low = a + (b - a) * fx, c + (d - c) * fx
    return (top + (low - top) * fy) * BYTE


@kernel
def slope_row(texels, row, columns, fx):  # type: ignore[no-untyped-def]
    """Of a row of texels: the value between the middle two, and twice its change along the row."""
    a, b = np.float32(texels[np.uint64(row + columns[0])]), np.float32(texels[np.uint64(row + columns[1])])
    c, d = np.float32(texels[np.uint64(row + columns[2])]), np.float32(texels[np.uint64(row + columns[3])])
    return b + (c - b) * fx, (c - a) + ((d - b) - (c - a)) * fx


@kernel
def sample_slope(texels, levels, number, level, u, v):  # type: ignore[no-untyped-def]
    """Change of a height map by u and by v, in map values, as the difference of its bilinear values a texel either way."""
    offset, width, height = levels[number, level, 0], levels[number, level, 1], levels[number, level, 2]
    x, fx = fraction(u, width)
    y, fy = fraction(-v, height)
    columns = wrapped(x - 1, width), wrapped(x, width), wrapped(x + 1, width), wrapped(x + 2, width)
    above, along_above = slope_row(texels, offset + wrapped(y - 1, height) * width, columns, fx)
    upper, along_upper = slope_row(texels, offset + wrapped(y, height) * width, columns, fx)
    lower, along_lower = slope_row(texels, offset + wrapped(y + 1, height) * width, columns, fx)
    below, along_below = slope_row(texels, offset + wrapped(y + 2, height) * width, columns, fx)
    along = along_upper + (along_lower - along_upper) * fy
    down = (lower - above) + ((below - upper) - (lower - above)) * fy
    return along * (HALF * BYTE) * np.float32(width), -down * (HALF * BYTE) * np.float32(height)


@kernel
def sample_colour(texels, levels, linear, number, level, u, v):  # type: ignore[no-untyped-def]
    """Bilinear linear-light colour of a three-channel sRGB map. Repeats; v runs up."""
    offset, width, height = levels[number, level, 0], levels[number, level, 1], levels[number, level, 2]
    x, fx = fraction(u, width)
    y, fy = fraction(-v, height)
    xa, xb, ya, yb = wrapped(x, width), wrapped(x + 1, width), wrapped(y, height), wrapped(y + 1, height)
    a, b = np.uint64(offset + 3 * (ya * width + xa)), np.uint64(offset + 3 * (ya * width + xb))
    c, d = np.uint64(offset + 3 * (yb * width + xa)), np.uint64(offset + 3 * (yb * width + xb))
    wd = fx * fy
    wb, wc = fx - wd, fy - wd
    wa = ONE - fx - wc
    red = linear[texels[a]] * wa + linear[texels[b]] * wb + linear[texels[c]] * wc + linear[texels[d]] * wd
    one = np.uint64(1)
    a, b, c, d = a + one, b + one, c + one, d + one
    green = linear[texels[a]] * wa + linear[texels[b]] * wb + linear[texels[c]] * wc + linear[texels[d]] * wd
    a, b, c, d = a + one, b + one, c + one, d + one
    blue = linear[texels[a]] * wa + linear[texels[b]] * wb + linear[texels[c]] * wc + linear[texels[d]] * wd
    return red, green, blue
