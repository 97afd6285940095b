"""Which columns of a picture are shaded pixel by pixel, band by band; the others, blurred by the lens, by fours."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.preview.shading import ROWS


def whole_spans(height: int, width: int) -> I32:
    """All columns of every band: (B, 2) first column, and the one after the last."""
    return np.tile(np.array([0, width], np.int32), (-(-height // ROWS), 1))


def no_spans(height: int) -> I32:
    """No column of any band."""
    return np.zeros((-(-height // ROWS), 2), np.int32)


def sharp_spans(nearness: F32, dim: float) -> I32:
    """Of every band of ROWS rows the columns between which all lie that are nearer than inverse depth dim: (B, 2) first
    column, which is even, and the one after the last, odd or the picture's end; none where a band has no such pixel.
    nearness (H, W): inverse depth.

    What the lens spreads over a disc many pixels wide is not missed when three of four pixels repeat the fourth.
    """
    height, width = nearness.shape
    spans = whole_spans(height, width)
    if dim > 0.0:
        sharp = np.logical_or.reduceat(nearness > dim, np.arange(0, height, ROWS), axis=0)  # (B, W)
        last = width - 1 - sharp[:, ::-1].argmax(1)
        spans[:, 0], spans[:, 1] = sharp.argmax(1) & ~1, np.minimum((last & ~1) + 3, width)
        spans[~sharp.any(1)] = 0
    return spans
