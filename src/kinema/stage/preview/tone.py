"""A neutral filmic curve, only for looking at the stage; the film's own grade lives in film."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, U8
from kinema.stage.colours import encoded


def developed(radiance: F32) -> U8:
    """Linear radiance (..., 3) to sRGB bytes: straight up to mid grey, a soft shoulder that whitens bright colours."""
    x = np.maximum(radiance.astype(np.float32), 0.0)
    peak = x.max(-1, keepdims=True)
    mapped = np.where(peak < 0.4, peak, 0.4 + 0.6 * (1.0 - np.exp(-(peak - 0.4) / 0.6)))
    scaled = x * (mapped / np.maximum(peak, 1e-6))
    whiten = np.clip((peak - 1.0) / 12.0, 0.0, 0.6)
    return encoded(np.asarray(scaled + (mapped - scaled) * whiten, np.float32))
