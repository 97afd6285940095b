"""Where the head goes: looking at a point, and bringing the mouth to one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.pose import Pose
from kinema.stage.bodies.quadruped.rig import Bones, Rig

# How a turn of the head is shared out along the neck.
SHARES = {"neck_low": 0.22, "neck_high": 0.30, "head": 0.48}


def muzzle(bones: Bones) -> F64:
    """The end of the nose (3,), world."""
    rig = bones.rig
    return bones.carry("head", rig.skeleton["head"].tail)


def looks_along(bones: Bones) -> F64:
    """The unit direction (3,) the face points, world."""
    return np.asarray(bones.rotations[bones.rig.skeleton.index["head"]] @ bones.rig.skeleton.turn[:, 1])


def angles(direction: F64) -> tuple[float, float]:
    """Yaw and elevation of a direction in degrees."""
    flat = float(np.hypot(direction[0], direction[1]))
    return float(np.degrees(np.arctan2(-direction[0], direction[1]))), float(np.degrees(np.arctan2(direction[2], flat)))


def bent(pose: Pose, pitch: float, yaw: float) -> Pose:
    """The pose with its head turned by that much more, shared along the neck (degrees)."""
    changes: dict[str, Any] = {}
    for name, share in SHARES.items():
        value = np.array(getattr(pose, name))
        value[:2] += share * np.array([pitch, yaw])
        changes[name] = value
    return replace(pose, **changes)


def look_at(rig: Rig, pose: Pose, target: F64, amount: float) -> Pose:
    """The face turned towards a point (3,) by amount (0 to 1), as far as a neck goes."""
    if amount <= 0.0:
        return pose
    bones = rig.solve(pose)
    here = bones.carry("head", rig.skeleton["head"].head)
    yaw, rise = angles(looks_along(bones))
    to_yaw, to_rise = angles(target - here)
    side = (to_yaw - yaw + 180.0) % 360.0 - 180.0
    return bent(pose, amount * float(np.clip(to_rise - rise, -65, 60)), amount * float(np.clip(side, -95, 95)))


def reach(rig: Rig, pose: Pose, target: F64, amount: float) -> Pose:
    """The mouth brought to a point (3,) by amount (0 to 1): neck and head as two links, the trunk leaning."""
    if amount <= 0.0:
        return pose
    pose = _leant(rig, pose, target, amount)
    root, joint, nose = _links(rig.solve(pose))
    neck, head = float(np.linalg.norm(joint - root)), float(np.linalg.norm(nose - joint))
    yaw, rise = angles(target - root)
    near = float(np.clip(np.linalg.norm(target - root), abs(neck - head) * 1.15 + 1e-6, (neck + head) * 0.995))
    inner = np.degrees(np.arccos(np.clip((neck**2 + near**2 - head**2) / (2 * neck * near), -1, 1)))
    outer = np.degrees(np.arccos(np.clip((head**2 + near**2 - neck**2) / (2 * head * near), -1, 1)))
    neck_yaw, neck_rise = angles(joint - root)
    head_yaw, head_rise = angles(nose - joint)
    lift = float(np.clip(rise + inner - neck_rise, -105, 60))
    side = float(np.clip((yaw - neck_yaw + 180.0) % 360.0 - 180.0, -80, 80))
    nod = float(np.clip(rise - outer - head_rise - lift, -70, 50))
    turn = float(np.clip((yaw - head_yaw + 180.0) % 360.0 - 180.0 - side, -50, 50))
    return replace(
        pose,
        neck_low=pose.neck_low + amount * 0.6 * np.array([lift, side]),
        neck_high=pose.neck_high + amount * 0.4 * np.array([lift, side]),
        head=pose.head + amount * np.array([nod, turn, 0.0]),
    )


def _links(bones: Bones) -> tuple[F64, F64, F64]:
    """The root of the neck, the head's joint and the nose, each (3,)."""
    skeleton = bones.rig.skeleton
    neck, head = skeleton["neck_low"].head, skeleton["head"].head
    return bones.carry("neck_low", neck), bones.carry("head", head), muzzle(bones)


def _leant(rig: Rig, pose: Pose, target: F64, amount: float) -> Pose:
    """The trunk moved ahead or bowed down by what the neck is too short for."""
    bones = rig.solve(pose)
    root, joint, nose = _links(bones)
    line = target - root
    span = float(np.linalg.norm(line))
    missing = span - 0.97 * float(np.linalg.norm(joint - root) + np.linalg.norm(nose - joint))
    if missing <= 0.0:
        return pose
    hips = bones.carry("hips", rig.skeleton["hips"].head)
    forward = np.array([-np.sin(pose.yaw), np.cos(pose.yaw), 0.0])
    ahead = min(missing, 0.14 * rig.size) * max(float(line @ forward), 0.0) / span
    down = missing * max(-float(line[2]), 0.0) / span
    bow = float(np.degrees(np.arcsin(min(down / float(np.linalg.norm(root - hips)), 0.42))))
    bowed = pose.trunk - amount * np.array([bow, 0.0, 0.0])
    return replace(pose, shift=pose.shift + amount * np.array([0.0, ahead, 0.0]), trunk=bowed)
