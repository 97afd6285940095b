"""The rig: postures over time to joint rotations, by forward kinematics for the trunk and two-bone IK for limbs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.people.skeleton import Skeleton
from kinema.stage.motion.easing import smooth
from kinema.stage.motion.footsteps import Sole
from kinema.stage.motion.ik import two_bone
from kinema.stage.motion.posture import ARM, ARM_COLUMNS, COLUMN, SIDES, Support, Upper
from kinema.stage.motion.rotations import about_x, about_y, about_z, apply, between, cross, euler, frame, unit

DOWN = np.array([0.0, 0.0, -1.0])
ARM_FRAME = frame(DOWN, np.array([-1.0, 0.0, 0.0]))  # a hanging arm: along, and the elbow's hinge for a pole behind
LEG_FRAME = frame(DOWN, np.array([1.0, 0.0, 0.0]))  # a standing leg, its knee pointing ahead
PART = {name: index for index, name in enumerate(ARM)}
PALM_IN, TWISTED = np.radians((25.0, 100.0))  # a forearm's middle twist, and how far from there it lays a palm down
BENT = np.radians(75.0)  # how far a wrist does so
SAYING = 0.9  # of the length of a way that an elbow is to point: how much across the arm says all
PALM = 0.018  # metres from the bones of the hand to what it holds
TRUNK = ("spine", "chest", "neck", "head")


@dataclass(frozen=True, eq=False)
class Joints:
    """Joints at T instants: root_places (T, 3) m, root_yaws (T,), rotations (T, J, 3, 3) as PersonPose has them,
    places (T, J, 3) and turns (T, J, 3, 3) in the world."""

    root_places: F64
    root_yaws: F64
    rotations: F64
    places: F64
    turns: F64


@dataclass(frozen=True, eq=False)
class Limb:
    """Three joints in a row: rows in the skeleton, bone lengths (m), turns that bring each from rest to hanging."""

    rows: tuple[int, int, int]
    upper: float
    lower: float
    hang: tuple[F64, F64, F64]


class Rig:
    """One skeleton with what its solving needs measured beforehand."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        self.row = {name: index for index, name in enumerate(skeleton.names)}
        self.places = skeleton.rest[:, :3, 3]
        self.arms = tuple(self._limb("upper_arm", "lower_arm", "hand", "fingers", side) for side in SIDES)
        self.legs = tuple(self._limb("upper_leg", "lower_leg", "foot", "", side) for side in SIDES)
        ankle, toe = skeleton.place("foot_left"), skeleton.place("toes_left")
        ball = float(toe[1] - ankle[1])
        self.sole = Sole(float(ankle[2]), ball, float(toe[2]), 0.42 * ball, 0.5 * ball)
        self.hip_height = float(skeleton.place("hips")[2])
        self.leg = float(skeleton.place("upper_leg_left")[2])
        self.hip_offsets = np.stack([skeleton.place(f"upper_leg_{side}") - skeleton.place("hips") for side in SIDES])
        self.palms = tuple(self._palm(side) for side in (0, 1))
        self.palm_reach = float(np.linalg.norm(self.palms[0]))
        self.arm_length = self.arms[0].upper + self.arms[0].lower

    def _limb(self, upper: str, lower: str, end: str, tip: str, side: str) -> Limb:
        rows = [self.row[f"{name}_{side}"] for name in (upper, lower, end)]
        at = [self.places[row] for row in rows]
        hang = [between(at[1] - at[0], DOWN), between(at[2] - at[1], DOWN)]
        hang.append(between(self.places[self.row[f"{tip}_{side}"]] - at[2], DOWN) if tip else np.eye(3))
        lengths = [float(np.linalg.norm(b - a)) for a, b in pairwise(at)]
        return Limb((rows[0], rows[1], rows[2]), lengths[0], lengths[1], (hang[0], hang[1], hang[2]))

    def _palm(self, side: int) -> F64:
        """Where the middle of the grip is in a hanging hand (3,), from the wrist."""
        last = self.arms[side].rows[2]
        reach = float(np.linalg.norm(self.places[self.row[f"fingers_{SIDES[side]}"]] - self.places[last]))
        return np.array([PALM * (1.0 if side == 0 else -1.0), 0.0, -0.7 * reach])

    def palm(self, joints_place: F64, turn: F64, side: int) -> tuple[F64, F64]:
        """The middle of a grip (3,) and its axes (3, 3), from the hand joint's place and turn in the world.

        z points from the fingers to the wrist, y to the thumb's side.
        """
        axes = turn @ self.arms[side].hang[2].T
        return joints_place + axes @ self.palms[side], axes

    def solve(self, support: Support, upper: Upper) -> Joints:
        """Joints (T) of bodies carried by a support and moved by an upper posture."""
        count = len(support.heading)
        turns = np.empty((count, len(self.places), 3, 3))
        places = np.empty((count, len(self.places), 3))
        hips = self.row["hips"]
        turns[:, hips], places[:, hips] = support.turns, support.hips
        bends = euler(upper.numbers[:, : 3 * len(TRUNK)].reshape(count, len(TRUNK), 3))
        for index, name in enumerate(TRUNK):
            self._place(name, turns, places, bends[:, index])
        self._face(upper, turns, places)
        for side in (0, 1):
            self._arm(side, upper, turns, places)
            self._leg(side, support, turns, places)
        return self._joints(support.heading, turns, places)

    def _place(self, name: str, turns: F64, places: F64, local: F64 | None) -> None:
        """Puts a joint where its parent carries it, turned by a local rotation (T, 3, 3)."""
        joint = self.row[name]
        parent = int(self.skeleton.parents[joint])
        places[:, joint] = places[:, parent] + turns[:, parent] @ (self.places[joint] - self.places[parent])
        if local is not None:
            turns[:, joint] = turns[:, parent] @ local

    def _face(self, upper: Upper, turns: F64, places: F64) -> None:
        jaw = about_x(np.radians(-16.0) * upper.numbers[:, COLUMN["jaw_open"]])
        gaze = about_z(upper.numbers[:, COLUMN["eyes_z"]]) @ about_x(upper.numbers[:, COLUMN["eyes_x"]])
        self._place("jaw", turns, places, jaw)
        self._place("eye_left", turns, places, gaze)
        self._place("eye_right", turns, places, gaze)

    def _arm(self, side: int, upper: Upper, turns: F64, places: F64) -> None:
        limb, sign, name = self.arms[side], 1.0 if side == 0 else -1.0, SIDES[side]
        numbers = upper.numbers[:, ARM_COLUMNS[side]]
        part = {key: numbers[:, index] for key, index in PART.items()}
        girdle = about_z(-sign * part["protract"]) @ about_y(sign * part["shrug"])
        self._place(f"shoulder_{name}", turns, places, girdle)
        self._place(f"upper_arm_{name}", turns, places, None)
        first, middle, last = limb.rows
        # hanging turns: what the bone does to an arm that hangs, whatever its rest
        lift = about_x(part["swing"]) @ about_y(sign * part["raise"]) @ about_z(-sign * part["twist"])
        upper_turn = turns[:, self.row[f"shoulder_{name}"]] @ lift
        lower_turn = upper_turn @ about_x(part["elbow"])
        root = places[:, first]
        bend, hand_bend = _wrist(sign, part)
        elbow = root + limb.upper * apply(upper_turn, DOWN)
        wrist = elbow + limb.lower * apply(lower_turn, DOWN)
        grasp = upper.grasp[:, side, None]
        if grasp.any():
            free = wrist + apply(lower_turn @ bend, apply(hand_bend, self.palms[side]))
            place = free + grasp * (upper.hands[:, side] - free)
            asked = apply(turns[:, self.row["chest"]], upper.elbows[:, side])
            pole = _swivelled(elbow - 0.5 * (root + wrist), asked, unit(place - root), grasp)
            upper_turn, lower_turn = self._holding(limb, root, place, pole, bend, hand_bend @ self.palms[side])
            if upper.flat[:, side].any():
                flat = upper.flat[:, side] * upper.grasp[:, side]  # a hand that has let go lies on nothing
                bend, hand_bend = _wrist(sign, _laid(sign, part, lower_turn, flat))
                upper_turn, lower_turn = self._holding(limb, root, place, pole, bend, hand_bend @ self.palms[side])
            elbow = root + limb.upper * apply(upper_turn, DOWN)
            wrist = elbow + limb.lower * apply(lower_turn, DOWN)
        lower_turn = lower_turn @ bend
        hand_turn = lower_turn @ hand_bend
        places[:, middle], places[:, last] = elbow, wrist
        for row, turn, hang in zip(limb.rows, (upper_turn, lower_turn, hand_turn), limb.hang, strict=True):
            turns[:, row] = turn @ hang
        curl = hand_turn @ about_y(-sign * part["curl"]) @ limb.hang[2]
        # a thumb closes along the hand and a little across it
        thumb = hand_turn @ about_y(-0.35 * sign * part["thumb"]) @ about_x(-part["thumb"]) @ limb.hang[2]
        for digit, turn in ((f"fingers_{name}", curl), (f"thumb_{name}", thumb)):
            self._place(digit, turns, places, None)
            turns[:, self.row[digit]] = turn

    def _holding(self, limb: Limb, root: F64, target: F64, pole: F64, bend: F64, palm: F64) -> tuple[F64, F64]:
        """Hanging turns (T, 3, 3) of upper and lower arm that bring the palm to a target (T, 3).

        bend (T, 3, 3): of the forearm about itself · palm (T, 3): from the wrist, in the bent forearm.
        """
        aim = target
        for _ in range(3):  # the palm, not the wrist, is to be there: aim where it is not missed
            elbow, wrist, hinge = two_bone(root, aim, limb.upper, limb.lower, pole)
            lower_turn = frame(wrist - elbow, hinge) @ ARM_FRAME.T
            aim = target - apply(lower_turn @ bend, palm)
        return frame(elbow - root, hinge) @ ARM_FRAME.T, lower_turn

    def _leg(self, side: int, support: Support, turns: F64, places: F64) -> None:
        limb, name = self.legs[side], SIDES[side]
        self._place(f"upper_leg_{name}", turns, places, None)
        first, middle, last = limb.rows
        root = places[:, first]
        knee, ankle, hinge = two_bone(root, support.ankles[:, side], limb.upper, limb.lower, support.knees[:, side])
        places[:, middle], places[:, last] = knee, ankle
        turns[:, first] = frame(knee - root, hinge) @ LEG_FRAME.T @ limb.hang[0]
        turns[:, middle] = frame(ankle - knee, hinge) @ LEG_FRAME.T @ limb.hang[1]
        turns[:, last] = support.feet[:, side]
        self._place(f"toes_{name}", turns, places, about_x(support.toes[:, side]))

    def _joints(self, heading: F64, turns: F64, places: F64) -> Joints:
        parents = self.skeleton.parents
        root = about_z(heading)
        rotations = np.empty_like(turns)
        rotations[:, 1:] = np.swapaxes(turns[:, parents[1:]], -1, -2) @ turns[:, 1:]
        rotations[:, 0] = np.swapaxes(root, -1, -2) @ turns[:, 0]
        return Joints(places[:, 0] - root @ self.places[0], heading, rotations, places, turns)


def _swivelled(own: F64, asked: F64, along: F64, share: F64) -> F64:
    """Where an elbow points (T, 3): a share (T, 1) of the way round an arm that goes along (T, 3) from its own to what
    is asked, and less where that is nearly along the arm and says little."""
    own, asked = (unit(way) - np.einsum("ti,ti->t", unit(way), along)[:, None] * along for way in (own, asked))
    said = smooth(np.linalg.norm(asked, axis=1) / SAYING)
    across = cross(along, unit(own))
    turn = np.arctan2(np.einsum("ti,ti->t", across, asked), np.einsum("ti,ti->t", unit(own), asked))
    angle = (said * turn)[:, None] * share
    return np.asarray(np.cos(angle) * unit(own) + np.sin(angle) * across)


def _wrist(sign: float, part: dict[str, F64]) -> tuple[F64, F64]:
    """Turns (T, 3, 3) of a hanging forearm about itself, and from there on to the hand; each takes half the twist."""
    bend = about_z(-0.5 * sign * part["pronate"])
    return bend, bend @ about_y(-sign * part["wrist"]) @ about_x(part["cock"])


def _laid(sign: float, part: dict[str, F64], forearm: F64, share: F64) -> dict[str, F64]:
    """An arm's numbers with those of the wrist a share (T,) of the way to where the palm of a forearm whose hanging
    turns are given (T, 3, 3) faces down."""
    x, y, z = -np.moveaxis(forearm[:, 2], -1, 0)  # down, as the forearm has it
    flat = {
        "pronate": PALM_IN + _within(np.arctan2(-y, sign * x) - PALM_IN),
        "wrist": np.clip(np.arcsin(np.clip(z, -1.0, 1.0)), -BENT, BENT),
        "cock": np.zeros_like(share),
    }
    return part | {name: part[name] + share * (value - part[name]) for name, value in flat.items()}


def _within(twist: F64) -> F64:
    """A twist (T,) rad no forearm is to exceed; what lies beyond goes back, so that none jumps from end to end."""
    twist = (twist + np.pi) % (2.0 * np.pi) - np.pi
    back = TWISTED * (np.pi - np.abs(twist)) / (np.pi - TWISTED)
    return np.asarray(np.sign(twist) * np.minimum(np.abs(twist), back))
