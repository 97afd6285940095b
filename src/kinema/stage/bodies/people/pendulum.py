"""A load on a string: how what hangs from a hand or an arm swings when that moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.compiled import kernel
from kinema.buffers.scene_frame import F64

STEPS = 4  # a sample
GRAVITY = 9.81
LENGTH = 0.30  # metres from where it is held to its middle, as far as its swing goes
GIVE = 4.0  # 1/s: how fast its swing dies away, for a handle does not turn freely
MOST = 0.26  # of its length that it swings out to a side


def swinging(held: F64, afresh: NDArray[np.bool_], state: F64, seconds: float) -> tuple[F64, F64]:
    """The way up (T, 3) from a load to where it is held (T, 3), at samples so many seconds apart, and its state after.

    afresh (T,): it hangs straight down there · state (3, 2): sideways distance and speed at the first sample, and the
    speed of where it is held; not read where that is afresh.
    """
    out, after = np.empty_like(held), state.copy()
    _swinging(held, afresh, seconds, after, out)
    return out, after


@kernel
def _swinging(held, afresh, seconds, state, out):  # type: ignore[no-untyped-def]
    """The load's sideways distance and speed relative to where it is held, which gives its accelerations to it."""
    away, speed, last = state[0], state[1], state[2]
    dt = seconds / STEPS
    for i in range(len(held)):
        if afresh[i]:
            away[:], speed[:], last[:] = 0.0, 0.0, 0.0
            if i + 1 < len(held) and not afresh[i + 1]:
                last[:] = (held[i + 1, :2] - held[i, :2]) / seconds
        elif i > 0:
            for k in range(2):
                pace = (held[i, k] - held[i - 1, k]) / seconds
                push = (pace - last[k]) / seconds
                last[k] = pace
                for _ in range(STEPS):
                    speed[k] += (-push - GRAVITY / LENGTH * away[k] - GIVE * speed[k]) * dt
                    away[k] += speed[k] * dt
        for k in range(2):
            out[i, k] = -MOST * np.tanh(away[k] / (MOST * LENGTH))
        out[i, 2] = 1.0
