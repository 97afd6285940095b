"""Images of textures: bytes and linear light, and which texel holds a place of the uv."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, I32, U8


def texel(uv: F32, height: int, width: int) -> tuple[I32, I32]:
    """Row and column (V,) of the texel that holds each uv (V, 2) of a repeating image."""
    rows = np.clip(((1 - uv[:, 1] % 1) * height).astype(np.int32), 0, height - 1)
    columns = np.clip((uv[:, 0] % 1 * width).astype(np.int32), 0, width - 1)
    return rows, columns


def decoded(image: U8) -> F32:
    """Linear light of sRGB bytes."""
    encoded = image.astype(np.float32) / 255
    return np.asarray(np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4), np.float32)


def encoded(linear: F32) -> U8:
    """sRGB bytes of linear light."""
    clean = np.clip(linear, 0, 1)
    return eight_bit(np.where(clean <= 0.0031308, 12.92 * clean, 1.055 * clean ** (1 / 2.4) - 0.055))


def eight_bit(values: F32) -> U8:
    """Bytes of values from 0 to 1."""
    return np.asarray(np.clip(values, 0, 1) * 255 + 0.5, np.uint8)
