"""The joints of a person, a pose of them, and forward kinematics: the contract between how people look and move.

Every body rests in the same way, so that a rotation means the same on a child and on an old man:

* it faces +Y, left is -X, soles flat on z = 0, the origin on the ground under the middle of the hips;
* legs straight down, feet straight ahead; arms straight, in the plane of the back, 45 degrees below level;
* thumbs forward, so that arms lowered to the sides have the palms at the thighs; fingers as a hand at rest has
  them, mouth closed.

A joint's frame at rest has the body's own axes (no rotation), so `rotations` are turns about right (+X), forward (+Y)
and up (+Z) carried along with the parent. About +X with a positive angle: the head looks up, a thigh swings forward,
an arm swings forward, the jaw shuts. About +Y with a positive angle: the left arm rises, the right arm falls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kinema.buffers.scene_frame import F64, I32

# name -> parent, parents first; "" is the root
JOINTS: dict[str, str] = {
    "hips": "",
    "spine": "hips",
    "chest": "spine",
    "neck": "chest",
    "head": "neck",
    "jaw": "head",
    "eye_left": "head",
    "eye_right": "head",
    "shoulder_left": "chest",
    "upper_arm_left": "shoulder_left",
    "lower_arm_left": "upper_arm_left",
    "hand_left": "lower_arm_left",
    "fingers_left": "hand_left",
    "thumb_left": "hand_left",
    "shoulder_right": "chest",
    "upper_arm_right": "shoulder_right",
    "lower_arm_right": "upper_arm_right",
    "hand_right": "lower_arm_right",
    "fingers_right": "hand_right",
    "thumb_right": "hand_right",
    "upper_leg_left": "hips",
    "lower_leg_left": "upper_leg_left",
    "foot_left": "lower_leg_left",
    "toes_left": "foot_left",
    "upper_leg_right": "hips",
    "lower_leg_right": "upper_leg_right",
    "foot_right": "lower_leg_right",
    "toes_right": "foot_right",
}

# weights of the face, 0 to 1; the gaze is the eye joints' and the lids follow it by themselves
FACE_UNITS = ("blink", "squint", "wide", "brows_up", "brows_in", "brows_down", "smile", "frown", "pucker", "jaw_open")


@dataclass(frozen=True, eq=False)
class Skeleton:
    """One body's joints at rest.

    names: the keys of JOINTS in order · parents (J,): index of the parent, -1 for the hips ·
    rest (J, 4, 4): global transforms at rest, translations only · lengths are metres
    """

    names: tuple[str, ...]
    parents: I32
    rest: F64

    def index(self, name: str) -> int:
        """The joint's row. ValueError if there is none of that name."""
        return self.names.index(name)

    def place(self, name: str) -> F64:
        """Where a joint is at rest (3,)."""
        return self.rest[self.index(name), :3, 3]


def skeleton_at(places: Mapping[str, F64]) -> Skeleton:
    """A skeleton from the joints' places (3,) at rest."""
    names = tuple(JOINTS)
    parents = np.array([names.index(parent) if parent else -1 for parent in JOINTS.values()], np.int32)
    rest = np.tile(np.eye(4), (len(names), 1, 1))
    rest[:, :3, 3] = [places[name] for name in names]
    return Skeleton(names, parents, rest)


@dataclass(frozen=True, eq=False)
class PersonPose:
    """What a person does with the body at an instant.

    root_position (3,): where the body's origin is in the world; at rest the hips stand over it ·
    root_yaw: radians, counter-clockwise from above, 0 looks along +Y ·
    rotations (J, 3, 3): each joint's turn relative to rest, in the body's axes at rest, identity for none ·
    face: unit of FACE_UNITS -> weight from 0 to 1
    """

    root_position: F64
    root_yaw: float
    rotations: F64
    face: Mapping[str, float] = field(default_factory=dict)


def rest_pose() -> PersonPose:
    """Standing at the origin as JOINTS rest."""
    return PersonPose(np.zeros(3), 0.0, np.tile(np.eye(3), (len(JOINTS), 1, 1)))


def root_transform(pose: PersonPose) -> F64:
    """The body's origin in the world (4, 4)."""
    cosine, sine = np.cos(pose.root_yaw), np.sin(pose.root_yaw)
    root = np.eye(4)
    root[:2, :2] = [[cosine, -sine], [sine, cosine]]
    root[:3, 3] = pose.root_position
    return root


def local_globals(skeleton: Skeleton, rotations: F64) -> F64:
    """Joint transforms (J, 4, 4) in the body's own space, before the root carries it into the world."""
    places = skeleton.rest[:, :3, 3]
    result = np.tile(np.eye(4), (len(places), 1, 1))
    for joint, parent in enumerate(skeleton.parents):
        if parent < 0:
            result[joint, :3, :3], result[joint, :3, 3] = rotations[joint], places[joint]
            continue
        turned = result[parent, :3, :3]
        result[joint, :3, :3] = turned @ rotations[joint]
        result[joint, :3, 3] = turned @ (places[joint] - places[parent]) + result[parent, :3, 3]
    return result


def globals(skeleton: Skeleton, pose: PersonPose) -> F64:
    """Joint transforms in the world (J, 4, 4): forward kinematics from the root down."""
    return root_transform(pose) @ local_globals(skeleton, pose.rotations)
