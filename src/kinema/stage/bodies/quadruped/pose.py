"""Poses: what a quadruped's joints do at one instant, in numbers that can be blended."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from kinema.buffers.scene_frame import F64

TAIL = 5


def _zeros(*shape: int) -> F64:
    return np.zeros(shape)


@dataclass(frozen=True, eq=False)
class Pose:
    """Degrees where not said otherwise; every angle is 0 in the rest pose.

    root (3,) world metres under the body's middle · yaw (rad) · shift (3,) metres of the trunk, sideways, ahead, up ·
    trunk (3,) pitch, yaw, roll about the hips · loin, chest, neck_low, neck_high (2,) pitch, yaw ·
    head (3,) pitch, yaw, roll · jaw: opening · lids: 0 open to 1 shut · ears (2, 2) left and right: back, out ·
    tail (5, 2) lift, swing · feet (4, 3) world metres of the ground under each ball of the foot ·
    cannon (4,) extra fold of the lowest leg segment · paw (4,) pitch of the toes · turn (4,) yaw (rad) of each foot
    """

    root: F64
    yaw: float
    feet: F64
    turn: F64
    shift: F64
    trunk: F64
    loin: F64
    chest: F64
    neck_low: F64
    neck_high: F64
    head: F64
    jaw: F64
    lids: F64
    ears: F64
    tail: F64
    cannon: F64
    paw: F64


def neutral(root: F64, yaw: float, feet: F64) -> Pose:
    """The rest pose at a place, its feet (4, 3) already in the world."""
    return Pose(
        root,
        yaw,
        feet,
        np.full(4, yaw),
        _zeros(3),
        _zeros(3),
        _zeros(2),
        _zeros(2),
        _zeros(2),
        _zeros(2),
        _zeros(3),
        _zeros(1),
        _zeros(1),
        _zeros(2, 2),
        _zeros(TAIL, 2),
        _zeros(4),
        _zeros(4),
    )


BLENDED = tuple(f.name for f in fields(Pose) if f.name not in ("yaw", "turn", "feet"))


def unwound(angle: float, near: float) -> float:
    """The angle (rad), by whole turns, closest to another."""
    return float(angle + 2 * np.pi * np.round((near - angle) / (2 * np.pi)))


def smooth(t: float) -> float:
    """0 to 1 with no speed at either end; clamped."""
    t = min(max(t, 0.0), 1.0)
    return t * t * t * (t * (6.0 * t - 15.0) + 10.0)


# When in a change of place each foot moves: diagonal pairs follow each other.
WINDOWS = np.array([[0.0, 0.55], [0.35, 0.90], [0.45, 1.0], [0.10, 0.65]])


def blend(old: Pose, new: Pose, t: float, stepping: bool) -> Pose:
    """From old at t = 0 to new at t = 1. stepping: feet that must move lift and step one after another."""
    w = smooth(t)
    if w >= 1.0:
        return new
    values = {name: (1 - w) * getattr(old, name) + w * getattr(new, name) for name in BLENDED}
    yaw = old.yaw + w * (unwound(new.yaw, old.yaw) - old.yaw)
    feet, turn = np.empty((4, 3)), np.empty(4)
    for k in range(4):
        low, high = WINDOWS[k] if stepping else (0.0, 1.0)
        u = min(max((t - low) / (high - low), 0.0), 1.0)
        v = smooth(u)
        feet[k] = (1 - v) * old.feet[k] + v * new.feet[k]
        turn[k] = old.turn[k] + v * (unwound(float(new.turn[k]), float(old.turn[k])) - old.turn[k])
        far = float(np.linalg.norm(new.feet[k] - old.feet[k]))
        if stepping and far > 0.004:
            feet[k, 2] += min(0.35 * far, 0.07) * np.sin(np.pi * v)
    return replace(new, yaw=yaw, feet=feet, turn=turn, **values)
