"""Lettering: words as coverage masks, across or downwards, and as outlines for neon tubes; Latin, Japanese and Chinese.

The faces are subsets (fonts/SOURCES.md) that hold printable ASCII and the characters of words.yaml.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kinema.buffers.scene_frame import F64, U8
from kinema.schema.tables import parsed
from kinema.stage.cache import kept

HERE = Path(__file__).parent
TURNED = set("ー〜-")  # signs that lie down when the line runs downwards


@cache
def words() -> dict[str, dict[str, list[Any]]]:
    """words.yaml: style -> list name -> words."""
    loaded: dict[str, dict[str, list[Any]]] = parsed((HERE / "words.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def font(face: str, pixels: int) -> ImageFont.FreeTypeFont:
    """A face of fonts/ at a size in pixels."""
    return ImageFont.truetype(str(HERE / "fonts" / f"{face}.ttf"), pixels)


def write(text: str, face: str, size: tuple[int, int], downwards: bool = False, spread: float = 0.0) -> U8:
    """The text as coverage (H, W), as large as fits in size (width, height), centred.

    downwards sets one character under another; spread is extra room between characters, in their heights.
    """
    width, height = size
    line = _column(text, face, spread) if downwards else _row(text, face, spread)
    scale = min(width / line.width, height / line.height)
    fitted = line.resize((max(1, int(line.width * scale)), max(1, int(line.height * scale))), Image.Resampling.LANCZOS)
    page = Image.new("L", (width, height))
    page.paste(fitted, ((width - fitted.width) // 2, (height - fitted.height) // 2))
    return np.asarray(page)


def _row(text: str, face: str, spread: float) -> Image.Image:
    pen = font(face, 96)
    gap = spread * 96
    advance = [pen.getlength(letter) for letter in text]
    page = Image.new("L", (int(sum(advance) + gap * len(text)) + 120, 180))
    draw, x = ImageDraw.Draw(page), 60.0
    if gap:
        for letter, step in zip(text, advance, strict=True):
            draw.text((x, 20), letter, 255, pen)
            x += step + gap
    else:
        draw.text((x, 20), text, 255, pen)
    return page.crop(page.getbbox() or (0, 0, 1, 1))


def _column(text: str, face: str, spread: float) -> Image.Image:
    pen = font(face, 96)
    pitch = int(99 * (1.0 + spread))
    page = Image.new("L", (120, pitch * len(text) + 16))
    for k, letter in enumerate(text):
        cell = Image.new("L", (120, 120))
        ImageDraw.Draw(cell).text((60, 60), letter, 255, pen, anchor="mm")
        if letter in TURNED:
            cell = cell.transpose(Image.Transpose.ROTATE_270)
        page.paste(255, (0, 8 + k * pitch - 10), cell)
    left, top, right, bottom = page.getbbox() or (0, 0, 1, 1)
    return page.crop((min(left, 12), top, max(right, 108), bottom))


def outlines(text: str, face: str, height: float, downwards: bool = False, tolerance: float = 0.7) -> list[F64]:
    """The text's contours as closed polylines (N, 2) in metres, centred, text height (or letter height) as given."""
    inputs = (text, face, height, downwards, tolerance)
    return kept("outlines", inputs, lambda: _traced(*inputs))


def _traced(text: str, face: str, height: float, downwards: bool, tolerance: float) -> list[F64]:
    from skimage.measure import find_contours  # what it loads is mostly spared by the cache

    across = int(96 * (1 if downwards else 1.4 * len(text)))
    size = (across, 110 * len(text)) if downwards else (across, 96)
    mask = np.pad(write(text, face, size, downwards), 4)
    rows, columns = np.nonzero(mask > 127)
    middle = np.array([(rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2])
    extent = (rows.max() - rows.min()) / (len(text) if downwards else 1)
    loops = [straighter(loop, tolerance) for loop in find_contours(mask / 255.0, 0.5) if len(loop) > 12]
    return [((loop[:-1] - middle) * (-1.0, 1.0))[:, ::-1] * (height / extent) for loop in loops if len(loop) > 4]


def straighter(line: F64, tolerance: float) -> F64:
    """Those points of a line (N, 2) without which it would stray by more than the tolerance (Ramer 1972, Douglas and
    Peucker 1973)."""
    needed = np.zeros(len(line), bool)
    needed[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        from_first, way = line[first + 1 : last] - line[first], line[last] - line[first]
        share = np.clip(from_first @ way / max(float(way @ way), 1e-12), 0.0, 1.0)
        off = np.hypot(*(from_first - share[:, None] * way).T)
        farthest = first + 1 + int(off.argmax())
        if off.max() > tolerance:
            needed[farthest] = True
            spans += [(first, farthest), (farthest, last)]
    return line[needed]


def blend(page: NDArray[Any], mask: U8, colour: tuple[int, int, int], at: tuple[int, int]) -> None:
    """Lay colour over page (H, W, 3), in place, where the mask (h, w) covers, its upper left corner at (x, y)."""
    x, y = at
    height, width = mask.shape
    part = page[y : y + height, x : x + width]
    cover = mask[: part.shape[0], : part.shape[1], None] / 255.0
    part[:] = part * (1.0 - cover) + np.array(colour) * cover
