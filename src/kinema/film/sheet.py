"""Sheets: one PNG of sampled frames, in reading order."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from kinema.buffers.chunk import U8

GUTTER = 6  # pixels between frames
PAPER = 16  # its grey


def sheet(frames: Sequence[U8], columns: int = 4, width: int = 400) -> U8:
    """Frames (H, W, 3), scaled to a width in pixels and laid out in rows: (rows, columns, 3)."""
    height = round(frames[0].shape[0] * width / frames[0].shape[1])
    rows = -(-len(frames) // columns)
    columns = min(columns, len(frames))
    page = np.full((rows * (height + GUTTER) + GUTTER, columns * (width + GUTTER) + GUTTER, 3), PAPER, np.uint8)
    for k, frame in enumerate(frames):
        y, x = GUTTER + (k // columns) * (height + GUTTER), GUTTER + (k % columns) * (width + GUTTER)
        page[y : y + height, x : x + width] = np.asarray(
            Image.fromarray(frame).resize((width, height), Image.Resampling.LANCZOS)
        )
    return page


def png(picture: U8) -> bytes:
    """Picture (H, W, 3) as a PNG file's bytes."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def spread(total: int, count: int) -> list[int]:
    """At most count frame numbers, spread evenly over a film of total frames."""
    count = min(count, total)
    return [int((k + 0.5) * total / count) for k in range(count)]
