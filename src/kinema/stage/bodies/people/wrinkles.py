"""Lines of a face: what smiling, frowning and years leave on skin, as depths at places on the unmorphed head.

A young face has them too, faintly: without any it is a mask.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kinema.buffers.scene_frame import F32

# metres on the base mesh; x from the midline, z up
BROW_LINES = ((0.7625, 0.8), (0.7700, 1.0), (0.7775, 0.7))  # height, depth
CORNER = (0.0465, 0.7262)  # of an eye, from which a crow's foot spreads
TOES = (-0.75, -0.25, 0.22, 0.68)  # radians: which way its lines run, up is more


def lines(base: F32, age: float) -> F32:
    """How deep (...) lines are at places (..., 3), 0 to about 1; age: 0 a child to 1 the old."""
    return np.asarray(np.max([part(base, age) for part, _ in PARTS], 0))


def _bell(distance: F32, width: float) -> F32:
    return np.asarray(np.exp(-((distance / np.float32(width)) ** 2)), np.float32)


def _between(value: F32, low: float, high: float, soft: float) -> F32:
    return np.asarray(np.clip(np.minimum(value - low, high - value) / soft + 0.5, 0, 1), np.float32)


def _apart(base: F32) -> tuple[F32, F32, F32]:
    """Distance from the midline and height, and 1 on the front of the head (...)."""
    return np.abs(base[..., 0]), base[..., 2], np.clip((base[..., 1] - 0.06) / 0.02, 0, 1)


def _across_forehead(base: F32, age: float) -> F32:
    far, z, front = _apart(base)
    x = base[..., 0]
    found = np.zeros(x.shape, np.float32)
    for number, (height, depth) in enumerate(BROW_LINES):
        way = height + 0.0011 * np.sin(95.0 * x + 2.1 * number) + 0.0006 * np.sin(260.0 * x + number) - 1.6 * x * x
        broken = 0.7 + 0.3 * np.sin(170.0 * x + 3.0 * number)
        found = np.maximum(found, depth * broken * _bell(z - way, 0.0007 + 0.0005 * age))
    return np.asarray(found * front * _between(far, -1.0, 0.040, 0.014) * (0.3 + 0.7 * age), np.float32)


def _frown(base: F32, _age: float) -> F32:
    """Two short upright lines between the brows."""
    x, z, front = _apart(base)
    return np.asarray(0.6 * front * _bell(x - 0.0062 - 0.12 * (z - 0.748), 0.0008) * _between(z, 0.743, 0.757, 0.005))


def _crows_feet(base: F32, age: float) -> F32:
    x, z, front = _apart(base)
    across, up = x - CORNER[0], z - CORNER[1]
    far, angle = np.hypot(across, up), np.arctan2(up, across)
    reach = _between(far, 0.0045, 0.010 + 0.008 * age, 0.004)
    found = np.zeros(x.shape, np.float32)
    for toe in TOES:
        found = np.maximum(found, _bell((angle - toe - 8.0 * far * np.sign(toe) * 0.5) * far, 0.0006 + 0.0003 * age))
    return np.asarray(found * reach * front * (0.35 + 0.5 * age), np.float32)


def _under_eye(base: F32, _age: float) -> F32:
    """The crease below the lower lid, and the one that leads from the eye's inner corner down the cheek."""
    x, z, front = _apart(base)
    lid = 0.7140 + 0.0030 * ((x - 0.029) / 0.012) ** 2
    crease = 0.7 * _bell(z - lid, 0.0007) * _between(x, 0.019, 0.041, 0.006)
    trough = 0.5 * _bell(z - (0.7175 - 0.62 * (x - 0.016)), 0.0013) * _between(x, 0.016, 0.031, 0.005)
    return np.asarray(front * np.maximum(crease, trough), np.float32)


def _folds(base: F32, age: float) -> F32:
    """From the nose to the corners of the mouth, and for the old from there down."""
    x, z, front = _apart(base)
    run = np.clip((0.6895 - z) / 0.033, 0, 1)
    cheek = _bell(x - (0.0185 + 0.0135 * run**1.3), 0.0013 + 0.0006 * age) * _between(z, 0.657, 0.6905, 0.006)
    mouth = _bell(x - (0.0275 + 0.10 * (0.657 - z)), 0.0012) * _between(z, 0.638, 0.658, 0.008) * age
    return np.asarray(front * np.maximum(cheek * (0.62 + 0.38 * age), 0.8 * mouth), np.float32)


# lines, and where they are: how far from the midline, from what height on to what height
PARTS: tuple[tuple[Callable[[F32, float], F32], tuple[float, float, float]], ...] = (
    (_across_forehead, (0.055, 0.755, 0.785)),
    (_frown, (0.014, 0.738, 0.762)),
    (_crows_feet, (0.072, 0.704, 0.748)),
    (_under_eye, (0.048, 0.702, 0.722)),
    (_folds, (0.042, 0.632, 0.696)),
)
