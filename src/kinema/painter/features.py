"""What the native painter sees: a frame's buffers at its working size, and its own last picture carried along.

Light is written as e(L) = log(1 + L / DARK) / RANGE, so that white is 1 and black 0. What the painter paints is the
difference of two such numbers, a ratio of light in which the surface's own colour cancels: that ratio, spread over the
full-size picture along its edges, keeps the preview's sharpness (demodulation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import RADIANCE_CEILING, Chunk
from kinema.buffers.scene_frame import F32
from kinema.painter import kernels

DARK = 0.03  # radiance below which differences matter no more
RANGE = float(np.log1p(1.0 / DARK))
GUIDES = 20  # channels, see kernels.gather
MOST = 0.6  # greatest ratio painted, as a difference of e: a factor of eight, on light well above DARK
LAMP, WET = 4.0, 10.0  # how much of e, of glow and of a mirror image, keeps the painter off: a quarter and a tenth
METAL = 4.0  # and how much of metal, from DULL on: hair has 0.45 of it
DULL = 0.1
LINES = 180  # height the painter works at, nearly


@dataclass(frozen=True, eq=False)
class Seen:
    """guides (GUIDES, h, w) · motion (h, w, 2) in its pixels · valid (h, w), both of the middle of each block."""

    guides: F32
    motion: F32
    valid: F32


def factor_for(height: int) -> int:
    """How many pixels a working pixel is wide."""
    return max(1, round(height / LINES))


def seen(chunk: Chunk, index: int, factor: int) -> Seen:
    """A frame of a chunk, averaged over blocks of factor by factor pixels."""
    _, height, width = chunk.shape
    h, w = -(-height // factor), -(-width // factor)
    found = Seen(np.empty((GUIDES, h, w), np.float32), np.empty((h, w, 2), np.float32), np.empty((h, w), np.float32))
    kernels.gather(
        *(_rows(array[index]) for array in (chunk.preview, chunk.depth, chunk.normal, chunk.albedo, chunk.roughness,
                                            chunk.metallic, chunk.emission, chunk.key_visibility, chunk.reflected)),
        chunk.motion[index], chunk.valid[index], np.float32(RADIANCE_CEILING), np.float32(1.0 / DARK),
        np.float32(1.0 / RANGE), factor, found.guides, found.motion, found.valid,
    )  # fmt: skip
    return found


def _rows(image: NDArray[Any]) -> NDArray[Any]:
    """(H, W) or (H, W, C) as (H, W * C)."""
    return image.reshape(len(image), -1)


def free(guides: Any) -> Any:
    """Where (B, 1, h, w) a painter may change the light, 1 to 0: not on the sky, on wet planes, whose mirror image is
    the stage's own, on what glows, and on metal and hair, which show what no buffer tells of. guides (B, GUIDES, h, w),
    an array or a tensor alike."""
    kept = guides[:, 10:11] + LAMP * guides[:, 13:16].sum(1)[:, None] + WET * guides[:, 17:20].sum(1)[:, None]
    kept = kept + METAL * (guides[:, 12:13] - DULL).clip(0.0, 1.0)
    return 1.0 - kept.clip(0.0, 1.0)


def remembered(ratio: F32, view: Seen) -> F32:
    """The last frame's ratio (h, w, 3) moved to where its surfaces are now, and where that is known: (4, h, w)."""
    out = np.empty((4, *view.valid.shape), np.float32)
    kernels.warp(ratio, view.motion, view.valid, out)
    return out


def spread(chunk: Chunk, index: int, view: Seen, ratio: F32, factor: int, out: F32) -> None:
    """Lay a working-size ratio (h, w, 3) over the frame's full-size preview, into out (H, W, 3)."""
    kernels.spread(
        np.clip(ratio, -MOST, MOST) * np.float32(RANGE), view.guides, chunk.preview[index], chunk.depth[index],
        chunk.normal[index], chunk.albedo[index], factor, np.float32(DARK), out,
    )  # fmt: skip


def encoded(light: F32) -> F32:
    """e of linear light, any shape."""
    return np.asarray(np.log1p(np.maximum(light, 0.0) / DARK) / RANGE, np.float32)


def decoded(code: F32) -> F32:
    """Linear light of e."""
    return np.asarray(np.expm1(code * RANGE) * DARK, np.float32)
