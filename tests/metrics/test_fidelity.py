import numpy as np
import pytest

from kinema.metrics.fidelity import psnr, shown, ssim

LIGHT = np.random.default_rng(0).random((24, 32, 3)).astype(np.float32)


def test_same_picture():
    assert psnr(LIGHT, LIGHT) == 99.0
    assert ssim(LIGHT, LIGHT) == pytest.approx(1.0)


def test_known_error():
    # radiance 1 is shown at one half of full linear display, 0.7354 after the sRGB curve; black at 0
    one, none = np.ones((8, 8, 3), np.float32), np.zeros((8, 8, 3), np.float32)
    assert shown(one)[0, 0, 0] == pytest.approx(0.7354, abs=1e-3)
    assert psnr(one, none) == pytest.approx(-20 * np.log10(0.7354), abs=0.01)


def test_worse_is_lower():
    noise = np.random.default_rng(1).normal(0.0, 1.0, LIGHT.shape).astype(np.float32)
    little, much = LIGHT + 0.05 * noise, LIGHT + 0.3 * noise
    assert psnr(little, LIGHT) > psnr(much, LIGHT) + 5.0
    assert ssim(little, LIGHT) > ssim(much, LIGHT)
