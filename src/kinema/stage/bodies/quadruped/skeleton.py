"""Bones: where a species' joints are at rest, and which hangs on which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.species import Leg, Pair, Species

SIDES = (("left", -1.0), ("right", 1.0))
FEET = ("fore_left", "fore_right", "hind_left", "hind_right")
LEG_BONES = ("upper", "lower", "cannon", "paw")
SPINE = ("hips", "loin", "chest")


@dataclass(frozen=True, eq=False)
class Bone:
    """A segment at rest from head to tail (3,), hanging on its parent (empty: on nothing)."""

    name: str
    parent: str
    head: F64
    tail: F64


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Bones in an order that puts parents first. turn is the head's rotation (3, 3) at rest."""

    bones: tuple[Bone, ...]
    index: dict[str, int]
    turn: F64

    def __getitem__(self, name: str) -> Bone:
        return self.bones[self.index[name]]

    def in_head(self, point: tuple[float, float, float]) -> F64:
        """Head space to the rest pose: (3,)."""
        return np.asarray(self["head"].head + self.turn @ np.asarray(point))


def pitch(degrees: float) -> F64:
    """A rotation (3, 3) that lifts +y towards +z."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def build_skeleton(species: Species) -> Skeleton:
    """A species' bones at rest, standing square with its feet on z = 0 and its nose towards +y."""
    bones: list[Bone] = []

    def add(name: str, parent: str, head: F64, tail: F64) -> None:
        bones.append(Bone(name, parent, head * species.scale, tail * species.scale))

    spine = [_side(p) for p in species.spine]
    for k, name in enumerate(SPINE):
        add(name, SPINE[k - 1] if k else "", spine[k], spine[k + 1])
    neck = [_side((station[0], station[1])) for station in species.neck]
    add("neck_low", "chest", neck[0], neck[1])
    add("neck_high", "neck_low", neck[1], neck[2])
    turn = pitch(species.head.tilt)
    _head_bones(species, neck[2], turn, add)
    tail = [_side(p) for p in species.tail.points]
    for k in range(len(tail) - 1):
        add(f"tail_{k}", f"tail_{k - 1}" if k else "hips", tail[k], tail[k + 1])
    for side, sign in SIDES:
        _leg_bones("fore", side, sign, species.fore, "chest", add)
        _leg_bones("hind", side, sign, species.hind, "hips", add)
    return Skeleton(tuple(bones), {bone.name: k for k, bone in enumerate(bones)}, turn)


def _side(point: Pair) -> F64:
    return np.array([0.0, point[0], point[1]])


def _head_bones(species: Species, joint: F64, turn: F64, add) -> None:  # type: ignore[no-untyped-def]
    head = species.head

    def place(x: float, y: float, z: float) -> F64:
        return np.asarray(joint + turn @ np.array([x, y, z]))

    add("head", "neck_high", joint, place(0.0, head.muzzle[1][0], head.muzzle[1][1]))
    add("jaw", "head", place(0.0, *head.hinge), place(0.0, head.jaw[1][0], head.jaw[1][1]))
    for side, sign in SIDES:
        x, y, z = species.ear.at
        add(f"ear_{side}", "head", place(sign * x, y, z), place(sign * x, y, z + species.ear.height))
        x, y, z = species.eye.at
        add(f"lid_{side}", "head", place(sign * x, y, z), place(sign * x, y + species.eye.radius, z))


def _leg_bones(which: str, side: str, sign: float, leg: Leg, parent: str, add) -> None:  # type: ignore[no-untyped-def]
    joints = [np.array([sign * leg.x, y, z]) for y, z in leg.joints]
    if which == "fore":
        add(f"fore_blade_{side}", parent, np.array([sign * leg.x, *leg.root]), joints[0])
        parent = f"fore_blade_{side}"
    for k, name in enumerate(LEG_BONES):
        add(f"{which}_{name}_{side}", parent, joints[k], joints[k + 1])
        parent = f"{which}_{name}_{side}"
