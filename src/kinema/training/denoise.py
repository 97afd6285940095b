"""Intel Open Image Denoise over a path-traced picture, guided by the raster's albedo, normals and preview."""

from __future__ import annotations

import numpy as np
import pyoidn

from kinema.buffers.scene_frame import F32
from kinema.painter.features import DARK


def denoised(picture: F32, albedo: F32, normal: F32, preview: F32) -> F32:
    """Radiance (H, W, 3) without its noise. albedo (H, W, 3): linear · normal (H, W, 3): world space · preview
    (H, W, 3): the same picture as the stage shades it, without fog.

    Half of it is cleaned as it is, half as a ratio to the preview: so that what both renderers show alike (strands, the
    outline of a head) keeps its edges, and no light is smeared over what is dark beside it.
    """

    def clean(image: F32) -> F32:
        return np.asarray(pyoidn.denoise(image, albedo=albedo, normal=normal, hdr=True, clean_aux=True), np.float32)

    base = preview + np.float32(DARK)
    ratio = clean((picture + np.float32(DARK)) / base) * base - np.float32(DARK)
    mixed: F32 = np.maximum(0.5 * (clean(picture) + ratio), 0.0)
    return mixed
