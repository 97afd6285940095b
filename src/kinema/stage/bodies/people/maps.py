"""Images of textures: bytes of values, and which texel holds a place of the uv."""

from __future__ import annotations

import numpy as np
from scipy.fft import irfft2, rfft2

from kinema.buffers.scene_frame import F32, I32, U8


def texel(uv: F32, height: int, width: int) -> tuple[I32, I32]:
    """Row and column (V,) of the texel that holds each uv (V, 2) of a repeating image."""
    rows = np.clip(((1 - uv[:, 1] % 1) * height).astype(np.int32), 0, height - 1)
    columns = np.clip((uv[:, 0] % 1 * width).astype(np.int32), 0, width - 1)
    return rows, columns


def eight_bit(values: F32) -> U8:
    """Bytes of values from 0 to 1."""
    return np.asarray(np.clip(values, 0, 1) * 255 + 0.5, np.uint8)


def drawn_out(image: F32, down: float, across: float) -> F32:
    """A repeating image (H, W) blurred by Gaussians of so many texels, brought to unit deviation.

    By its spectrum: blurs that reach across the whole image cost no more than small ones.
    """
    height, width = image.shape
    rows, columns = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    kept = np.exp(-2.0 * np.pi**2 * ((down * rows) ** 2 + (across * columns) ** 2)).astype(np.float32)
    blurred = irfft2(rfft2(image) * kept, s=image.shape)
    return np.asarray(blurred / blurred.std(), np.float32)
