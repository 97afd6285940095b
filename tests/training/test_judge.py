"""The judge sees through the noise of its references."""

import numpy as np
import pytest

pytest.importorskip("torch")

from kinema.metrics.fidelity import shown
from kinema.training.clips import Footage
from kinema.training.judge import Score, Verdict, flicker, psnr

SIZE = (3, 64, 96, 3)
TRUTH = np.full(SIZE, 0.3, np.float32)


def noisy(seed, amount=0.1):
    return TRUTH + np.random.default_rng(seed).normal(0.0, amount, SIZE).astype(np.float32)


def clip(halves):
    still, sure = np.zeros((*SIZE[:3], 2), np.float32), np.ones(SIZE[:3], np.float32)
    guides = np.zeros((3, 20, 64, 96), np.float16)
    return Footage("still", guides, guides[:, :3], sure, still, sure, TRUTH, halves, TRUTH)


def test_noise_of_the_reference_is_no_error():
    reference = clip(np.stack([noisy(1), noisy(2)]))
    wrong = TRUTH + np.float32(0.05)
    clean = -10.0 * np.log10(((shown(wrong) - shown(TRUTH)) ** 2).mean())
    assert psnr(wrong, reference) == pytest.approx(clean, abs=0.5)
    assert psnr(TRUTH, reference) > clean + 8.0


def test_flicker_is_unrest_of_the_picture_alone():
    reference = clip(np.stack([noisy(1), noisy(2)]))
    unrest = TRUTH.copy()
    unrest[1] *= 1.2
    step = float((shown(unrest[1]) - shown(TRUTH[1])).mean())
    assert flicker(unrest, reference) == pytest.approx(step, rel=0.15)
    assert flicker(TRUTH, reference) < 0.2 * step


def verdict(psnrs, flickers):
    return Verdict(
        (Score("a", 20.0, 0.6, 0.03),), tuple(Score("a", p, 0.6, f) for p, f in zip(psnrs, flickers, strict=True))
    )


def test_a_painter_must_be_nearer_and_as_steady():
    assert verdict([20.5], [0.03]).passed
    assert not verdict([19.9], [0.03]).passed
    assert not verdict([20.5], [0.031]).passed
