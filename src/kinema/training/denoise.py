"""Intel Open Image Denoise over a path-traced picture, guided by the raster's albedo and normals."""

from __future__ import annotations

import numpy as np
import pyoidn

from kinema.buffers.scene_frame import F32


def denoised(picture: F32, albedo: F32, normal: F32) -> F32:
    """Radiance (H, W, 3) without its noise. albedo (H, W, 3): linear · normal (H, W, 3): world space."""
    clean = pyoidn.denoise(picture, albedo=albedo, normal=normal, hdr=True)
    return np.maximum(np.asarray(clean, np.float32), 0.0)
