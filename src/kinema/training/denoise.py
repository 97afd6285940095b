"""Intel Open Image Denoise over a path-traced picture, guided by what the paths met first."""

from __future__ import annotations

import numpy as np
import pyoidn

from kinema.buffers.scene_frame import F32
from kinema.painter.pathtrace import Traced


def denoised(traced: Traced) -> F32:
    """Radiance (H, W, 3) without its noise."""
    clean = pyoidn.denoise(traced.radiance, albedo=np.clip(traced.albedo, 0.0, 1.0), normal=traced.normal, hdr=True)
    return np.maximum(np.asarray(clean, np.float32), 0.0)
