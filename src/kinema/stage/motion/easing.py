"""Curves of time: how movements begin, end, recur and drift. All take and give arrays."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64


def smooth(x: F64) -> F64:
    """0 to 1 with no jerk at either end (6x^5 - 15x^4 + 10x^3); clamped outside."""
    x = np.clip(x, 0.0, 1.0)
    return x * x * x * (x * (x * 6.0 - 15.0) + 10.0)


def ramp(time: F64, start: float, duration: float) -> F64:
    """0 before start, 1 after start + duration, smooth between."""
    return smooth((np.asarray(time, float) - start) / max(duration, 1e-6))


def window(time: F64, start: float, end: float, fade_in: float, fade_out: float) -> F64:
    """1 from start + fade_in to end - fade_out, smooth to 0 at start and end."""
    return np.minimum(ramp(time, start, fade_in), 1.0 - ramp(time, end - fade_out, fade_out))


def bump(x: F64) -> F64:
    """A hill over 0..1: 0 at both ends, 1 in the middle, flat at the ends; 0 outside."""
    x = np.clip(x, 0.0, 1.0)
    return 16.0 * (x * (1.0 - x)) ** 2


def spring(time: F64, frequency: float, damping: float) -> F64:
    """Step response of a mass on a spring: from 0 at time 0 to 1, overshooting while damping < 1 (Hz, ratio)."""
    t = np.maximum(time, 0.0)
    omega = 2.0 * np.pi * frequency
    ringing = omega * np.sqrt(max(1.0 - damping * damping, 1e-6))
    decay = np.exp(-damping * omega * t)
    result: F64 = 1.0 - decay * (np.cos(ringing * t) + damping * omega / ringing * np.sin(ringing * t))
    return result


def drift(time: F64, period: float, phases: F64) -> F64:
    """Slow irregular movement within about -1..1: three sines of unrelated periods with the given phases (3,)."""
    t = np.asarray(time, float)
    total = np.zeros_like(t)
    for ratio, share, phase in zip((1.0, 0.618, 0.377), (0.5, 0.3, 0.2), phases, strict=True):
        total = total + share * np.sin(2.0 * np.pi * (t / (period * ratio) + phase))
    return total
