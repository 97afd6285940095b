"""How near a picture comes to the truth, judged as it is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

F32 = NDArray[np.float32]


def shown(light: F32) -> F32:
    """Linear light to display values 0 to 1: a plain shoulder (Reinhard et al. 2002), then the sRGB curve."""
    x = np.maximum(light, 0.0)
    x = x / (1.0 + x)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(x, 1.0 / 2.4) - 0.055).astype(np.float32)


def psnr(picture: F32, truth: F32) -> float:
    """Peak signal to noise ratio in decibels of linear light, same shapes; 99 when there is no difference."""
    error = float(np.mean((shown(picture).astype(np.float64) - shown(truth)) ** 2))
    return min(99.0, -10.0 * float(np.log10(max(error, 1e-12))))


def ssim(picture: F32, truth: F32) -> float:
    """Structural similarity (Wang et al. 2004) of linear light (H, W, 3); 1 is the same picture."""
    return float(structural_similarity(shown(picture), shown(truth), channel_axis=2, data_range=1.0))
