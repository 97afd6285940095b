"""A load on a string: how what hangs from a hand or an arm swings when that moves, and turns when that turns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.compiled import kernel
from kinema.buffers.scene_frame import F64

STEPS = 4  # a sample
GRAVITY = 9.81
LENGTH = 0.30  # metres from where it is held to its middle, as far as its swing goes
GIVE = 6.5  # 1/s: how fast its swing dies away, for a handle does not turn freely
MOST = 0.22  # of its length that it swings out to a side
FOLLOWS, MOST_TURN = 0.3, 0.2  # how far it turns with what holds it, and at most (rad): two handles hold it in line
TWIST, CALMS = 6.0, 0.6  # rad/s at which it would turn to and fro by itself, and how soon that dies away (ratio)


def swinging(held: F64, afresh: NDArray[np.bool_], state: F64, seconds: float) -> tuple[F64, F64]:
    """The way up (T, 3) from a load to where it is held (T, 3), at samples so many seconds apart, and its state after.

    afresh (T,): it hangs straight down there · state (3, 2): sideways distance and speed at the first sample, and the
    speed of where it is held; not read where that is afresh.
    """
    out, after = np.empty_like(held), state.copy()
    _swinging(held, afresh, seconds, after, out)
    return out, after


def turning(yaws: F64, afresh: NDArray[np.bool_], state: F64, seconds: float) -> tuple[F64, F64]:
    """The yaw (T,) of a load held by what has that yaw (T,), both rad from the way ahead, and its state (2,) after: yaw
    and turn a second, as `swinging` has its own."""
    out, after = np.empty_like(yaws), state.copy()
    _turning(MOST_TURN * np.tanh(FOLLOWS * yaws / MOST_TURN), afresh, seconds, after, out)
    return out, after


@kernel
def _turning(asked, afresh, seconds, state, out):  # type: ignore[no-untyped-def]
    dt = seconds / STEPS
    for i in range(len(asked)):
        if afresh[i]:
            state[0], state[1] = asked[i], 0.0
        elif i > 0:
            for _ in range(STEPS):
                state[1] += TWIST * (TWIST * (asked[i] - state[0]) - 2.0 * CALMS * state[1]) * dt
                state[0] += state[1] * dt
        out[i] = state[0]


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
