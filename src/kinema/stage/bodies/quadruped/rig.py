"""From a pose to bones in the world: forward kinematics for the trunk, two-bone legs that reach their footprints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.features import eye_frame
from kinema.stage.bodies.quadruped.pose import TAIL, Pose
from kinema.stage.bodies.quadruped.skeleton import FEET, LEG_BONES, SIDES, Skeleton
from kinema.stage.bodies.quadruped.species import Species

# How much of the leg's swing the lowest segment follows: 1 would turn the leg as one stick.
FOLLOW = 0.80
# The same for the shoulder blade, and how far it turns at most (degrees).
BLADE_SHARE = 0.45
BLADE_LIMIT = 26.0
# The trunk sinks this far at most (share of hip height) so that planted feet stay within the legs' reach.
SINK = 0.22


def turned(pitch: float, yaw: float, roll: float = 0.0) -> F64:
    """(3, 3) from degrees: roll about y, then pitch about x (lifts +y), then yaw about z (left is positive)."""
    a, b, c = math.radians(pitch), math.radians(yaw), math.radians(roll)
    ca, sa, cb, sb, cc, sc = math.cos(a), math.sin(a), math.cos(b), math.sin(b), math.cos(c), math.sin(c)
    return np.array(
        [
            [cb * cc - sb * sa * sc, -sb * ca, cb * sc + sb * sa * cc],
            [sb * cc + cb * sa * sc, cb * ca, sb * sc - cb * sa * cc],
            [-ca * sc, sa, ca * cc],
        ]
    )


@dataclass(frozen=True, eq=False)
class LegRest:
    """A leg at rest, at the rig's size: bone indices, their vectors (3,), lengths and frames (3, 3)."""

    parent: int
    bones: tuple[int, int, int, int]
    hang: F64
    whole: F64
    cannon: F64
    ball: float
    lengths: tuple[float, float]
    frames: tuple[F64, F64]
    bends: float

    @property
    def reach(self) -> float:
        """How far the two upper bones stretch (m), not quite straight."""
        return 0.998 * (self.lengths[0] + self.lengths[1])


@dataclass(frozen=True, eq=False)
class Rig:
    """A species' skeleton at a size, ready to be posed; size multiplies every length of the rest pose.

    habit: radians by which this one's choice of the feet it stands on, fore and hind, differs from another's
    """

    species: Species
    skeleton: Skeleton
    size: float = 1.0
    habit: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def legs(self) -> tuple[LegRest, ...]:
        """The four legs at rest, in the order of FEET."""
        return tuple(_leg_rest(self.skeleton, foot, self.size) for foot in FEET)

    @cached_property
    def corners(self) -> tuple[F64, F64]:
        """The axes (3,), in head space, that the left and the right lid swing about."""
        return eye_frame(self.species, -1.0)[0], eye_frame(self.species, 1.0)[0]

    def solve(self, pose: Pose, settle: bool = True) -> Bones:
        """Every bone in the world; settle: the trunk may sink a little for the feet to reach the ground."""
        trunk = _Build(self, pose)
        trunk.column()
        most = SINK * self.size * float(self.skeleton.bones[0].head[2]) if settle else 0.0
        for _ in range(4):
            more = trunk.excess() if trunk.sink < most else 0.0
            if more <= 0.0:
                break
            trunk = _Build(self, pose, min(trunk.sink + more, most))
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
        for k, (side, _) in enumerate(SIDES):
            self.hang(f"fore_blade_{side}", np.eye(3))
            self._swing_blade(k, self.index[f"fore_blade_{side}"])

    def _swing_blade(self, k: int, blade: int) -> None:
        """The shoulder blade follows part of the foreleg's swing: a third of an animal's reach comes from there."""
        leg, pose = self.rig.legs[k], self.pose
        local = self.rotations[blade].T @ (pose.feet[k] + np.array([0.0, 0.0, leg.ball]) - self.heads[blade])
        rest = leg.hang + leg.whole
        swing = math.degrees(math.atan2(local[1], -local[2]) - math.atan2(rest[1], -rest[2]))
        swing = (swing + 180.0) % 360.0 - 180.0
        self.rotations[blade] = self.rotations[blade] @ turned(
            BLADE_LIMIT * math.tanh(BLADE_SHARE * swing / BLADE_LIMIT), 0
        )

    def face(self) -> None:
        """Jaw, lids, ears and tail."""
        pose, species = self.pose, self.rig.species
        # The jaw was modelled open by its gape; shut is that far up.
        self.hang("jaw", self._in_head(turned(species.head.gape + 1.5 - float(pose.jaw[0]), 0)))
        shut = math.radians(species.eye.open * 1.25 * float(pose.lids[0]))
        for k, (side, sign) in enumerate(SIDES):
            self.hang(f"lid_{side}", self._in_head(about(self.rig.corners[k], -shut)))
            back, out = pose.ears[k]
            self.hang(f"ear_{side}", self._in_head(turned(float(back), 0, sign * float(out))))
        for k in range(TAIL):
            lift, swing = pose.tail[k]
            self.hang(f"tail_{k}", turned(-float(lift), float(swing)))
            self._above_ground(self.index[f"tail_{k}"], species.tail.radii[k + 1] * species.scale * self.rig.size)

    def _above_ground(self, k: int, thick: float) -> None:
        """Tilt a bone of the tail up if its end would be under the ground that the animal stands on."""
        bone = self.bones[k]
        along = self.rig.size * self.rotations[k] @ (bone.tail - bone.head)
        length, flat = math.sqrt(float(along @ along)), math.hypot(along[0], along[1])
        floor = float(self.pose.root[2]) + thick - float(self.heads[k][2])
        if along[2] < floor and flat > 1e-6:
            lift = math.asin(min(max(floor / length, -1.0), 0.8)) - math.atan2(along[2], flat)
            axis = np.array([along[1], -along[0], 0.0]) / flat
            self.rotations[k] = about(axis, lift) @ self.rotations[k]

    def _in_head(self, turn: F64) -> F64:
        """A rotation given in head space, in the rest pose's axes."""
        frame = self.rig.skeleton.turn
        return np.asarray(frame @ turn @ frame.T)

    def excess(self) -> float:
        """Metres the trunk must sink for the feet to be within reach."""
        need = 0.0
        for k, leg in enumerate(self.rig.legs):
            start, hock, _ = self._reach(k, leg)
            away = hock - start
            short = math.sqrt(float(away @ away)) - leg.reach
            if short > 1e-9:
                need = max(need, short * leg.reach / max(-float(away[2]), 0.35 * leg.reach))
        return need

    def _reach(self, k: int, leg: LegRest) -> tuple[F64, F64, F64]:
        """Upper joint (3,), the hock (3,) that the footprint asks for, and the lowest segment's rotation (3, 3)."""
        pose = self.pose
        start = self.heads[leg.parent] + self.rotations[leg.parent] @ leg.hang
        ball = pose.feet[k] + np.array([0.0, 0.0, leg.ball])
        line, turn = ball - start, float(pose.turn[k])
        ahead = -math.sin(turn) * line[0] + math.cos(turn) * line[1]
        swing = math.degrees(math.atan2(ahead, -line[2]) - math.atan2(leg.whole[1], -leg.whole[2]))
        swing = (swing + 180.0) % 360.0 - 180.0
        rotation = turned(FOLLOW * swing + float(pose.cannon[k]), math.degrees(turn))
        hock = ball - rotation @ leg.cannon
        away = hock - start
        if float(away @ away) > leg.reach**2:
            return start, *_straightened(start, ball, hock, rotation, leg)
        return start, hock, rotation

    def legs(self) -> None:
        """Each leg: two bones to the hock that the footprint asks for, the lowest segment, and the paw."""
        for k, leg in enumerate(self.rig.legs):
            start, hock, turn = self._reach(k, leg)
            lateral = self.rotations[leg.parent][:, 0]
            knee, hock = _bend(start, hock, leg, lateral)
            upper, lower, cannon, paw = leg.bones
            for bone, head, tail, rest in ((upper, start, knee, leg.frames[0]), (lower, knee, hock, leg.frames[1])):
                self.rotations[bone] = _frame(tail - head, lateral) @ rest.T
                self.heads[bone] = head
            self.rotations[cannon], self.heads[cannon] = turn, hock
            self.rotations[paw] = turned(float(self.pose.paw[k]), math.degrees(float(self.pose.turn[k])))
            self.heads[paw] = hock + turn @ leg.cannon


def _straightened(start: F64, ball: F64, hock: F64, rotation: F64, leg: LegRest) -> tuple[F64, F64]:
    """The hock (3,), swung about the ball until two bones reach it, and the lowest segment turned to it."""
    line, old = start - ball, hock - ball
    far, low = math.sqrt(float(line @ line)), math.sqrt(float(old @ old))
    line = line / far
    off = old - (old @ line) * line
    off /= max(math.sqrt(float(off @ off)), 1e-9)
    cosine = min((low * low + far * far - leg.reach**2) / (2 * low * far), 1.0)
    new = low * (cosine * line + math.sqrt(1.0 - cosine * cosine) * off)
    lateral = rotation[:, 0]
    return ball + new, _frame(new, lateral) @ _frame(old, lateral).T @ rotation


def _leg_rest(skeleton: Skeleton, foot: str, size: float) -> LegRest:
    which, side = foot.split("_")
    names = [f"{which}_{name}_{side}" for name in LEG_BONES]
    upper, lower, cannon, _ = (skeleton[name] for name in names)
    vectors = [size * (bone.tail - bone.head) for bone in (upper, lower, cannon)]
    ahead = float(np.sign(np.cross(lower.tail - upper.head, upper.tail - upper.head)[0]))
    across = np.array([1.0, 0.0, 0.0])
    a, b, c, d = (skeleton.index[name] for name in names)
    return LegRest(
        skeleton.index[upper.parent],
        (a, b, c, d),
        size * (upper.head - skeleton[upper.parent].head),
        size * (cannon.tail - upper.head),
        vectors[2],
        size * float(cannon.tail[2]),
        (float(np.linalg.norm(vectors[0])), float(np.linalg.norm(vectors[1]))),
        (_frame(vectors[0], across), _frame(vectors[1], across)),
        ahead,
    )


def about(axis: F64, angle: float) -> F64:
    """Rotation (3, 3) by an angle (rad) about a unit axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _cross(a: F64, b: F64) -> F64:
    """The cross product of two vectors (3,), without the checks that make NumPy's slow for one pair."""
    ax, ay, az, bx, by, bz = *a, *b
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def _frame(direction: F64, lateral: F64) -> F64:
    """Columns: sideways, along, across: a frame (3, 3) whose second axis is the direction."""
    along = direction / math.sqrt(float(direction @ direction))
    side = lateral - (lateral @ along) * along
    side /= math.sqrt(float(side @ side))
    frame = np.empty((3, 3))
    frame[:, 0], frame[:, 1], frame[:, 2] = side, along, _cross(side, along)
    return frame


def _bend(start: F64, end: F64, leg: LegRest, lateral: F64) -> tuple[F64, F64]:
    """The middle joint, bent to the side it bends at rest, and the end as far as it can be reached."""
    a, b = leg.lengths
    line = end - start
    length = math.sqrt(float(line @ line))
    distance = min(max(length, abs(a - b) * 1.05 + 1e-6), 0.9985 * (a + b))
    line = line / length
    along = (a * a - b * b + distance * distance) / (2 * distance)
    off = math.sqrt(max(a * a - along * along, 0.0))
    # Perpendicular to the line in the leg's plane, on the rest pose's side.
    across = _cross(lateral, line) * leg.bends
    across /= math.sqrt(float(across @ across))
    return start + along * line + off * across, start + distance * line
