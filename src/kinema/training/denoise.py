"""Intel Open Image Denoise over a path-traced picture, guided by the raster's albedo and normals."""

from __future__ import annotations

import numpy as np
import pyoidn

from kinema.buffers.scene_frame import F32
from kinema.training.guides import Guides


def denoised(picture: F32, guides: Guides) -> F32:
    """Radiance (H, W, 3) without its noise."""
    clean = pyoidn.denoise(picture, albedo=guides.albedo, normal=guides.normal, hdr=True)
    return np.maximum(np.asarray(clean, np.float32), 0.0)
