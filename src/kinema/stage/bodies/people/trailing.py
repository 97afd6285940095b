"""What follows a body late: its skirts and its bag, swung from the performance's beginning in blocks of time.

A block goes on from the end of the one before, so a moment late in a performance costs all that came before it, once;
what is given for a time depends on nothing else that was asked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64
from kinema.stage.bodies.people.cloth import State, Ways, swung
from kinema.stage.bodies.people.drape import HIPS, LEGS, Drape
from kinema.stage.bodies.people.model import Trail
from kinema.stage.bodies.people.pendulum import swinging, turning
from kinema.stage.bodies.people.settled import cloth_of
from kinema.stage.bodies.people.skeleton import JOINTS
from kinema.stage.bodies.people.skinning import levelled
from kinema.stage.motion.performance import Performance
from kinema.stage.motion.rig import Joints
from kinema.stage.motion.rotations import about_z

RATE = 48  # samples a second
BLOCK = 48  # samples
FIRST = -1  # block: a second before the scene begins, to settle
KEPT = 3  # blocks with all their samples
CUT = 0.25  # metres from sample to sample: nobody moves so fast, the body is elsewhere at once
HAND = list(JOINTS).index("hand_left")


@dataclass(frozen=True, eq=False)
class End:
    """How a block ends: the load's swing (3, 2) and turn (2,), each skirt, and whether the body was somewhere else at
    its last sample."""

    load: F64
    turn: F64
    cloths: tuple[State, ...]
    afresh: bool


class Trailing:
    """The skirts and the bag of one performance over time."""

    def __init__(self, performance: Performance, drapes: Sequence[Drape]) -> None:
        """drapes: of the finest level."""
        self.performance, self.drapes = performance, tuple(drapes)
        self.cloths = tuple(cloth_of(drape, performance.rig.skeleton) for drape in drapes)
        self._ends: dict[int, End] = {}
        self._blocks: OrderedDict[int, list[F32]] = OrderedDict()
        self._lock = threading.Lock()  # a block is swung once, whoever asks for it

    def at(self, time: float) -> Trail:
        """What hangs on the body at a time (s); before the first block, what does at its beginning."""
        position = max(time * RATE, FIRST * BLOCK)
        block = int(np.floor(position / BLOCK))
        with self._lock:
            samples = self._samples(block)
        index = min(int(position - block * BLOCK), BLOCK - 1)
        share = position - block * BLOCK - index
        up, ahead, *cloths = (
            sample[index].astype(np.float64) * (1.0 - share) + sample[index + 1] * share for sample in samples
        )
        return Trail(tuple(cloths), up, ahead)

    def _samples(self, block: int) -> list[F32]:
        """The load's ways up and ahead (BLOCK + 1, 3) and each skirt's points (BLOCK + 1, R, S, 3)."""
        samples = self._blocks.get(block)
        if samples is None:
            done = max((known for known in list(self._ends) if known < block), default=FIRST - 1)
            for number in range(done + 1, block + 1):
                samples, self._ends[number] = self._swing(number, self._ends.get(number - 1))
            assert samples is not None
            self._blocks[block] = samples
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        return samples

    def _swing(self, block: int, before: End | None) -> tuple[list[F32], End]:
        """A block's samples, from how the one before ended."""
        times = (block * BLOCK + np.arange(BLOCK + 1)) / RATE
        joints, _ = self.performance.joints(times)
        bodies = list(zip(joints.turns, joints.places, strict=True))
        seats = joints.places[:, LEGS[:, 0]].mean(1)
        afresh = np.linalg.norm(np.diff(seats, axis=0, prepend=seats[:1]), axis=1) > CUT
        repose = self.performance.repose(times)
        afresh |= repose == 1.0
        afresh[0] |= before is None or before.afresh  # what moves from here on starts with the body's own speed
        begins = np.where(afresh, np.cumsum(afresh) - 1, -1).astype(np.int32)
        load, turn = (np.zeros((3, 2)), np.zeros(2)) if before is None else (before.load, before.turn)
        up, load = swinging(np.ascontiguousarray(joints.places[:, HAND]), afresh, load, 1.0 / RATE)
        yaws, turn = turning(_yaws(joints), afresh, turn, 1.0 / RATE)
        heads = about_z(joints.root_yaws + yaws)
        samples, states = [up.astype(np.float32), heads[..., 1].astype(np.float32)], []
        for number, (drape, cloth) in enumerate(zip(self.drapes, self.cloths, strict=True)):
            starts = np.array([drape.posed(*bodies[i], drape.rows) for i in np.flatnonzero(afresh)])
            band = np.stack([drape.posed(*body, cloth.held) for body in bodies])
            legs = np.ascontiguousarray(drape.inside.legs(joints.turns, joints.places))
            ways = Ways(
                begins, starts.reshape(-1, *cloth.tether.shape, 3), band, legs, seats,
                np.ascontiguousarray(joints.turns[:, HIPS]),
            )  # fmt: skip
            points, state = swung(cloth, drape.inside, ways, before.cloths[number] if before else None, 1.0 / RATE)
            for i in np.flatnonzero((repose > 0.0) & ~afresh):  # who lies down hands the cloth over to the legs' push
                points[i] += repose[i] * (drape.posed(*bodies[i], drape.rows) - points[i])
            samples.append(points)
            states.append(state)
        return samples, End(load, turn, tuple(states), bool(afresh[-1]))


def _yaws(joints: Joints) -> F64:
    """Yaw (T,) of the hand that holds a load, from the way the body goes."""
    ahead = np.empty((len(joints.places), 2))
    for turn, out in zip(joints.turns[:, HAND], ahead, strict=True):
        levelled(turn, out)
    away = np.arctan2(-ahead[:, 0], ahead[:, 1]) - joints.root_yaws
    return np.asarray((away + np.pi) % (2.0 * np.pi) - np.pi)
