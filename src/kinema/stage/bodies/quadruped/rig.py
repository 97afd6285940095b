"""From a pose to bones in the world: forward kinematics for the trunk, two-bone legs that reach their footprints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.features import eye_frame
from kinema.stage.bodies.quadruped.pose import TAIL, Pose
from kinema.stage.bodies.quadruped.skeleton import FEET, SIDES, Skeleton
from kinema.stage.bodies.quadruped.species import Species

# How much of the leg's swing the lowest segment follows: 1 would turn the leg as one stick.
FOLLOW = 0.80
# The trunk sinks this far at most (share of hip height) so that planted feet stay within the legs' reach.
SINK = 0.12


def turned(pitch: float, yaw: float, roll: float = 0.0) -> F64:
    """(3, 3) from degrees: roll about y, then pitch about x (lifts +y), then yaw about z (counter-clockwise from above)."""
    a, b, c = np.radians([pitch, yaw, roll])
    ca, sa, cb, sb, cc, sc = np.cos(a), np.sin(a), np.cos(b), np.sin(b), np.cos(c), np.sin(c)
    about_x = np.array([[1, 0, 0], [0, ca, -sa], [0, sa, ca]])
    about_y = np.array([[cc, 0, sc], [0, 1, 0], [-sc, 0, cc]])
    about_z = np.array([[cb, -sb, 0], [sb, cb, 0], [0, 0, 1.0]])
    return np.asarray(about_z @ about_x @ about_y)


@dataclass(frozen=True, eq=False)
class Rig:
    """A species' skeleton at a size, ready to be posed; size multiplies every length of the rest pose."""

    species: Species
    skeleton: Skeleton
    size: float = 1.0

    def solve(self, pose: Pose) -> Bones:
        """Every bone's rotation (B, 3, 3) and head (B, 3) in the world."""
        trunk = _Build(self, pose)
        trunk.column()
        sunk = trunk.excess()
        if sunk > 0.0:
            trunk = _Build(self, pose, sunk)
            trunk.column()
        trunk.face()
        trunk.legs()
        return Bones(self, trunk.rotations, trunk.heads)


@dataclass(frozen=True, eq=False)
class Bones:
    """A solved pose: rotations (B, 3, 3) from the rest pose, heads (B, 3) world metres."""

    rig: Rig
    rotations: F64
    heads: F64

    def carry(self, bone: str, point: F64) -> F64:
        """A point (3,) of the rest pose that rides a bone, in the world."""
        k = self.rig.skeleton.index[bone]
        at = self.rotations[k] @ (point - self.rig.skeleton.bones[k].head)
        return np.asarray(self.heads[k] + self.rig.size * at)

    def matrices(self) -> F64:
        """Rest to world for every bone: (B, 3, 4)."""
        rest = np.array([bone.head for bone in self.rig.skeleton.bones])
        linear = self.rotations * self.rig.size
        offset = self.heads - np.einsum("bij,bj->bi", linear, rest)
        return np.concatenate([linear, offset[:, :, None]], 2)


class _Build:
    """One pose being solved, bone after bone."""

    def __init__(self, rig: Rig, pose: Pose, sink: float = 0.0) -> None:
        self.rig, self.pose = rig, pose
        self.bones, self.index = rig.skeleton.bones, rig.skeleton.index
        self.rotations = np.tile(np.eye(3), (len(self.bones), 1, 1))
        self.heads = np.zeros((len(self.bones), 3))
        self.yaw = float(np.degrees(pose.yaw))
        self.sink = sink

    def hang(self, name: str, local: F64) -> None:
        """Place a bone on its parent, turned by local (3, 3)."""
        k = self.index[name]
        bone = self.bones[k]
        p = self.index[bone.parent]
        self.rotations[k] = self.rotations[p] @ local
        self.heads[k] = self.heads[p] + self.rig.size * self.rotations[p] @ (bone.head - self.bones[p].head)

    def column(self) -> None:
        """Hips, spine, neck, head and shoulder blades."""
        pose, hips = self.pose, self.index["hips"]
        facing = turned(0, self.yaw)
        rest = self.bones[hips].head * self.rig.size
        self.rotations[hips] = turned(pose.trunk[0], self.yaw + pose.trunk[1], pose.trunk[2])
        self.heads[hips] = pose.root + facing @ (rest + pose.shift) - np.array([0, 0, self.sink])
        for name in ("loin", "chest", "neck_low", "neck_high"):
            self.hang(name, turned(*getattr(pose, name)))
        self.hang("head", turned(*pose.head))
        for side, _ in SIDES:
            self.hang(f"fore_blade_{side}", np.eye(3))

    def face(self) -> None:
        """Jaw, lids, ears and tail."""
        pose, species = self.pose, self.rig.species
        # The jaw was modelled open by its gape; shut is that far up.
        self.hang("jaw", self._in_head(turned(species.head.gape + 1.5 - float(pose.jaw[0]), 0)))
        shut = np.radians(species.eye.open * 1.25 * float(pose.lids[0]))
        for k, (side, sign) in enumerate(SIDES):
            axis = eye_frame(species, sign)[0]
            self.hang(f"lid_{side}", self._in_head(about(axis, -shut)))
            back, out = pose.ears[k]
            self.hang(f"ear_{side}", self._in_head(turned(float(back), 0, sign * float(out))))
        for k in range(TAIL):
            lift, swing = pose.tail[k]
            self.hang(f"tail_{k}", turned(-float(lift), float(swing)))

    def _in_head(self, turn: F64) -> F64:
        """A rotation given in head space, in the rest pose's axes."""
        frame = self.rig.skeleton.turn
        return np.asarray(frame @ turn @ frame.T)

    def excess(self) -> float:
        """Metres the trunk must sink for the feet to be within reach."""
        need = 0.0
        for k, foot in enumerate(FEET):
            start, hock, _, _, reach = self._reach(k, foot)
            away = hock - start
            short = float(np.linalg.norm(away)) - reach
            if short > 0.0:
                need = max(need, short * reach / max(-float(away[2]), 0.35 * reach))
        return min(need, SINK * self.rig.size * float(self.bones[0].head[2]))

    def _reach(self, k: int, foot: str) -> tuple[F64, F64, F64, F64, float]:
        """Upper joint, hock, ball of the foot, the lowest segment's rotation, and how far two bones can stretch."""
        which, side = foot.split("_")
        upper, lower, cannon = (self.bones[self.index[f"{which}_{name}_{side}"]] for name in ("upper", "lower", "cannon"))
        size, pose = self.rig.size, self.pose
        parent = self.index[upper.parent]
        start = self.heads[parent] + size * self.rotations[parent] @ (upper.head - self.bones[parent].head)
        ball = pose.feet[k] + np.array([0.0, 0.0, size * float(cannon.tail[2])])
        line, rest = ball - start, size * (cannon.tail - upper.head)
        c, s = np.cos(pose.turn[k]), np.sin(pose.turn[k])
        ahead = float(-s * line[0] + c * line[1])
        swing = np.degrees(np.arctan2(ahead, -line[2]) - np.arctan2(rest[1], -rest[2]))
        swing = (swing + 180.0) % 360.0 - 180.0
        turn = turned(FOLLOW * swing + float(pose.cannon[k]), float(np.degrees(pose.turn[k])))
        hock = ball - size * turn @ (cannon.tail - cannon.head)
        reach = 0.998 * size * float(np.linalg.norm(upper.tail - upper.head) + np.linalg.norm(lower.tail - lower.head))
        return start, hock, ball, turn, reach

    def legs(self) -> None:
        """Each leg: two bones to the hock that the footprint asks for, the lowest segment, and the paw."""
        for k, foot in enumerate(FEET):
            which, side = foot.split("_")
            names = [f"{which}_{name}_{side}" for name in ("upper", "lower", "cannon", "paw")]
            start, hock, _, turn, _ = self._reach(k, foot)
            bones = [self.bones[self.index[name]] for name in names]
            knee, hock = _bend(start, hock, bones[0], bones[1], self.rig.size, self.rotations[self.index[bones[0].parent]])
            joints = [start, knee, hock]
            for i in range(2):
                lateral = self.rotations[self.index[bones[0].parent]][:, 0]
                frame = _frame(joints[i + 1] - joints[i], lateral)
                self.rotations[self.index[names[i]]] = frame @ _frame(bones[i].tail - bones[i].head, np.array([1.0, 0, 0])).T
                self.heads[self.index[names[i]]] = joints[i]
            self.rotations[self.index[names[2]]], self.heads[self.index[names[2]]] = turn, hock
            end = hock + self.rig.size * turn @ (bones[2].tail - bones[2].head)
            self.rotations[self.index[names[3]]] = turned(float(self.pose.paw[k]), float(np.degrees(self.pose.turn[k])))
            self.heads[self.index[names[3]]] = end


def about(axis: F64, angle: float) -> F64:
    """Rotation (3, 3) by an angle (rad) about a unit axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _frame(direction: F64, lateral: F64) -> F64:
    """Columns: sideways, along, across: a frame (3, 3) whose second axis is the direction."""
    along = direction / np.linalg.norm(direction)
    side = lateral - (lateral @ along) * along
    side /= np.linalg.norm(side)
    return np.stack([side, along, np.cross(side, along)], 1)


def _bend(start: F64, end: F64, upper, lower, size: float, parent: F64) -> tuple[F64, F64]:  # type: ignore[no-untyped-def]
    """The middle joint, bent to the side it bends at rest, and the end as far as it can be reached."""
    a = size * float(np.linalg.norm(upper.tail - upper.head))
    b = size * float(np.linalg.norm(lower.tail - lower.head))
    line = end - start
    distance = float(np.clip(np.linalg.norm(line), abs(a - b) * 1.05 + 1e-6, 0.9985 * (a + b)))
    line = line / np.linalg.norm(line)
    along = (a * a - b * b + distance * distance) / (2 * distance)
    off = np.sqrt(max(a * a - along * along, 0.0))
    rest_line, rest_knee = lower.tail - upper.head, upper.tail - upper.head
    ahead = np.sign(np.cross(rest_line, rest_knee)[0])
    # Perpendicular to the line in the leg's plane, on the rest pose's side.
    across = np.cross(parent[:, 0], line) * ahead
    across /= np.linalg.norm(across)
    return start + along * line + off * across, start + distance * line
