"""An instant of a performance: what is read of a body at one time, each part mixed when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.rig import Joints
from kinema.stage.motion.rotations import straightened

ON_SAMPLE = 1e-5  # of the way from a sample to the next, within which a time is that of the sample


@dataclass(frozen=True, eq=False)
class Instant:
    """Joints at one time, a share of the way from a row of a block to the next, each read when it is asked for.

    As Joints, without the leading axis, and the numbers above the legs (len(NAMES),).
    """

    _joints: Joints
    _numbers: F64
    _row: int
    _share: float

    def _mixed(self, values: F64) -> F64:
        """A block has one sample more than its own, so that the next one is always in it."""
        here: F64 = values[self._row]
        return here if self._share < ON_SAMPLE else here + self._share * (values[self._row + 1] - here)

    def _turned(self, values: F64) -> F64:
        mixed = self._mixed(values)
        return mixed if self._share < ON_SAMPLE else straightened(mixed)

    @property
    def root_place(self) -> F64:
        """Place of the root (3,)."""
        return self._mixed(self._joints.root_places)

    @property
    def root_yaw(self) -> float:
        """Yaw of the root (rad)."""
        return float(self._mixed(self._joints.root_yaws))

    @cached_property
    def rotations(self) -> F64:
        """Own turns (J, 3, 3) of the joints."""
        return self._turned(self._joints.rotations)

    @cached_property
    def places(self) -> F64:
        """Places (J, 3) in the world."""
        return self._mixed(self._joints.places)

    @cached_property
    def turns(self) -> F64:
        """Turns (J, 3, 3) in the world."""
        return self._turned(self._joints.turns)

    @property
    def numbers(self) -> F64:
        """The numbers above the legs."""
        return self._mixed(self._numbers)
