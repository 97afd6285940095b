"""Postures: standing, sitting, lying and curled up asleep, as poses at a spot, fitted to any species' proportions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.gait import hip_height, rest_feet
from kinema.stage.bodies.quadruped.pose import Pose, neutral
from kinema.stage.bodies.quadruped.rig import FOLLOW, Rig, turned

PostureName = Literal["stand", "sit", "lie", "sleep"]
# A resting tail slopes down behind (degrees above the horizontal) until the ground stops it, and curls to one side.
TAIL_SLOPES = (-48.0, -30.0, -16.0, -10.0, -8.0)
STRIDE = 0.10  # of the hip height: how far ahead of the middle a foot stands, at most
TAIL_AROUND = (8.0, 12.0, 14.0, 14.0, 12.0)


@dataclass(frozen=True, eq=False)
class Spot:
    """Where an animal is: origin (3,) on the ground, yaw (rad), and the height of the ground under points (N, 3)."""

    origin: F64
    yaw: float
    onto: Callable[[F64], F64]

    def world(self, local: F64) -> F64:
        """Points (N, 3) ahead and aside of the spot, kept at their height above the ground there."""
        points = self.origin + local @ turned(0, float(np.degrees(self.yaw))).T
        base = self.onto(points * [1, 1, 0] + [0, 0, self.origin[2]])
        return np.asarray(base + local * [0, 0, 1])


def posture(name: PostureName, rig: Rig, spot: Spot) -> Pose:
    """The still pose that a posture's actions start from."""
    return {"stand": stand, "sit": sit, "lie": lie, "sleep": sleep}[name](rig, spot)


def stand(rig: Rig, spot: Spot) -> Pose:
    """On four feet, following the slope; which are ahead is told by habit and place, for nobody stands square."""
    luck = np.sin(np.array([[2.3, 5.1], [4.7, 1.9]]) @ spot.origin[:2] + spot.yaw + rig.habit)
    feet = rest_feet(rig)
    feet[:, 1] += hip_height(rig) * (STRIDE * np.array([1.0, -1.0, -0.9, 0.9]) * np.repeat(luck, 2))
    feet = spot.world(feet)
    slope = _slope(feet)
    root = np.array([*spot.origin[:2], feet[:, 2].mean()])
    pose = neutral(root, spot.yaw, feet)
    return replace(
        pose,
        trunk=np.array([slope, 0.0, 0.0]),
        neck_low=np.array([-0.4 * slope, 0.0]),
        head=np.array([-0.4 * slope, 0.0, 0.0]),
    )


def _slope(feet: F64) -> float:
    """How steeply the ground rises (degrees) from the hind feet to the fore feet, of (4, 3)."""
    line = feet[:2].mean(0) - feet[2:].mean(0)
    return float(np.degrees(np.arctan2(line[2], np.linalg.norm(line[:2]))))


def _tail_lifts(rig: Rig, rise: float) -> F64:
    """Lifts of the tail's joints (5,) that lay it on the ground behind a trunk pitched by rise; not a curled one."""
    line = np.diff(np.array(rig.species.tail.points), axis=0)
    if line[-1, 1] < 0 < line[0, 1]:
        return np.zeros(len(line))
    rest = np.degrees(np.arctan2(line[:, 1], -line[:, 0]))
    return np.diff(np.array(TAIL_SLOPES) - (rest - rise), prepend=0.0)


def _trunk_pitch(rig: Rig, hips: float, shoulder: float) -> float:
    """Degrees about the hips at height hips (m) that bring the shoulder joint to height shoulder (m)."""
    bones = rig.skeleton
    arm = (bones["fore_upper_left"].head - bones["hips"].head) * rig.size
    reach = float(np.hypot(arm[1], arm[2]))
    return float(np.degrees(np.arcsin(np.clip((shoulder - hips) / reach, -0.95, 0.95)) - np.arctan2(arm[2], arm[1])))


def _shoulder_ahead(rig: Rig, pitch: float) -> float:
    """How far ahead of the hips (m) the shoulder joint is with the trunk pitched that much."""
    bones = rig.skeleton
    arm = turned(pitch, 0) @ ((bones["fore_upper_left"].head - bones["hips"].head) * rig.size)
    return float(arm[1])


def sit(rig: Rig, spot: Spot) -> Pose:
    """On the haunches: rump down, metatarsi flat, straight forelegs under the shoulders."""
    bones, size = rig.skeleton, rig.size
    rump = rig.species.torso[0]
    thick = float(bones["hips"].head[2]) * size - (rump[2]) * rig.species.scale * size
    hips = 1.35 * thick + 0.02 * hip_height(rig)
    shoulder = float(bones["fore_upper_left"].head[2]) * size
    pitch = _trunk_pitch(rig, hips, 1.06 * shoulder)
    rise, loin, chest = pitch + 12.0, -6.0, -10.0
    # Slid back so that the animal stays centred on its spot.
    rear = -0.46 * _shoulder_ahead(rig, pitch)
    hip_rest = bones["hips"].head * size
    shift = np.array([0.0, rear - hip_rest[1], hips - hip_rest[2]])
    bent: dict[str, Any] = {
        "trunk": np.array([rise, 0.0, 0.0]),
        "loin": np.array([loin, 0.0]),
        "chest": np.array([chest, 0.0]),
    }
    feet = rest_feet(rig)
    under = replace(neutral(np.zeros(3), 0.0, feet), shift=shift, **bent)
    top = rig.solve(under, settle=False).carry("fore_blade_left", bones["fore_upper_left"].head)
    feet[:2, 1] = top[1] + 0.9 * (feet[0, 1] - float(bones["fore_upper_left"].head[1]) * size)
    cannon = bones["hind_cannon_left"]
    feet[2:, 1] = rear + 1.30 * float(np.linalg.norm(cannon.tail - cannon.head)) * size
    feet[:, 0] *= np.array([0.75, 0.75, 1.45, 1.45])
    pose = neutral(spot.origin, spot.yaw, spot.world(feet))
    bent["trunk"] = bent["trunk"] + np.array([_slope(pose.feet), 0.0, 0.0])
    tail = np.zeros((5, 2))
    tail[:, 0] = _tail_lifts(rig, rise)
    tail[:, 1] = TAIL_AROUND
    level = rise + loin + chest
    return replace(
        pose,
        **bent,
        shift=shift,
        neck_low=np.array([-0.30 * level + 8, 0.0]),
        neck_high=np.array([-0.22 * level, 0.0]),
        head=np.array([-0.48 * level, 0.0, 0.0]),
        tail=tail,
        cannon=_flat(rig, feet, shift, rise, (0.0, 0.0, 74.0, 74.0)),
        turn=spot.yaw + np.array([0.05, -0.05, 0.16, -0.16]),
    )


def lie(rig: Rig, spot: Spot) -> Pose:
    """Like a sphinx: chest and belly on the ground, forearms stretched ahead, hind feet beside the flanks."""
    bones, size = rig.skeleton, rig.size
    keel = min(station[2] for station in rig.species.torso) * rig.species.scale * size
    drop = keel * 0.94
    feet = rest_feet(rig)
    cannon = bones["fore_cannon_left"]
    lower = bones["fore_lower_left"]
    arm = float(np.linalg.norm(lower.tail - lower.head) + np.linalg.norm(cannon.tail - cannon.head)) * size
    feet[:2, 1] = float(lower.head[1]) * size + 0.88 * arm
    hind = bones["hind_cannon_left"]
    feet[2:, 1] = float(bones["hips"].head[1]) * size + 0.9 * float(np.linalg.norm(hind.tail - hind.head)) * size
    feet[:, 0] *= np.array([1.0, 1.0, 1.75, 1.75])
    pose = neutral(spot.origin, spot.yaw, spot.world(feet))
    tail = np.zeros((5, 2))
    tail[:, 0] = _tail_lifts(rig, 0.0)
    tail[:, 1] = TAIL_AROUND
    shift = np.array([0.0, 0.0, -drop])
    return replace(
        pose,
        shift=shift,
        trunk=np.array([0.0, 0.0, 0.0]),
        loin=np.array([2.0, 0.0]),
        tail=tail,
        neck_low=np.array([8.0, 0.0]),
        neck_high=np.array([4.0, 0.0]),
        head=np.array([-6.0, 0.0, 0.0]),
        cannon=_flat(rig, feet, shift, 0.0, (76.0, 76.0, 74.0, 74.0)),
        turn=spot.yaw + np.array([0.0, 0.0, 0.22, -0.22]),
    )


def sleep(rig: Rig, spot: Spot) -> Pose:
    """Curled to the left with the nose on the paws, tail around, eyes shut."""
    pose, h = lie(rig, spot), hip_height(rig)
    feet = rest_feet(rig)
    feet[:, 1] = np.array([0.16, 0.02, -0.16, -0.24]) * h
    feet[:, 0] = np.array([-0.52, -0.44, -0.50, -0.34]) * h
    tail = np.zeros((5, 2))
    tail[:, 0] = [-14, 0, 6, 6, 4]
    tail[:, 1] = [-52, -48, -40, -32, -24]
    return replace(
        pose,
        feet=spot.world(feet),
        shift=np.array([0.10 * h, -0.02 * h, pose.shift[2] - 0.10 * h]),
        trunk=np.array([-6.0, -38.0, 0.0]),
        loin=np.array([0.0, 40.0]),
        chest=np.array([-6.0, 46.0]),
        neck_low=np.array([-48.0, 44.0]),
        neck_high=np.array([-26.0, 34.0]),
        head=np.array([30.0, 22.0, -22.0]),
        tail=tail,
        lids=np.ones(1),
        ears=np.tile([22.0, 10.0], (2, 1)),
        turn=spot.yaw + np.array([1.5, 1.4, 1.2, 1.0]),
        cannon=np.array([60.0, 60.0, 56.0, 56.0]),
    )


def _flat(rig: Rig, feet: F64, shift: F64, pitch: float, wanted: tuple[float, ...]) -> F64:
    """Extra folds (4,) that give the lowest segments the wanted pitch, whatever the leg's own swing adds."""
    bones, extra = rig.skeleton, np.zeros(4)
    hips = bones["hips"].head * rig.size
    for k, which in enumerate(("fore", "fore", "hind", "hind")):
        top, cannon = bones[f"{which}_upper_left"].head * rig.size, bones[f"{which}_cannon_left"].tail * rig.size
        start = hips + shift + turned(pitch, 0) @ (top - hips)
        line, rest = feet[k] + [0, 0, cannon[2]] - start, cannon - top
        swing = np.degrees(np.arctan2(line[1], -line[2]) - np.arctan2(rest[1], -rest[2]))
        extra[k] = wanted[k] - FOLLOW * swing if wanted[k] else 0.0
    return extra
