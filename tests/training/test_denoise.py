"""Denoising must not smear light over what is dark beside it."""

import numpy as np
import pytest

pytest.importorskip("pyoidn")

from kinema.training.denoise import denoised


def test_dark_strands_on_a_bright_wall_stay_dark():
    albedo = np.full((48, 64, 3), 0.8, np.float32)
    albedo[:, 30:33] = 0.02
    normal = np.zeros((48, 64, 3), np.float32)
    normal[..., 1] = -1.0
    lot = np.random.default_rng(4)
    light = 0.5 * albedo
    noisy = light * lot.gamma(1.0, 1.0, (48, 64, 1)).astype(np.float32)
    clean = denoised(noisy, albedo, normal, light * np.float32(1.2))
    assert clean[4:-4, 31].mean() < 0.03
    assert clean[4:-4, 8:24].mean() == pytest.approx(0.4, rel=0.1)
    assert clean[4:-4, 8:24].std() < 0.1 * noisy[4:-4, 8:24].std()
