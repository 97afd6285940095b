"""The moment an act is asked about: the times, the cue, the body and what is around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.actor import Actor
from kinema.stage.cue import Cue
from kinema.stage.motion.posture import Support
from kinema.stage.motion.rig import Rig
from kinema.stage.motion.rotations import about_z, apply

LOOK_EVERY = 4  # samples between two looks at a target that moves; in between it is interpolated
Hands = Callable[[float], tuple[F64, F64]]


@dataclass(frozen=True, eq=False)
class Moment:
    """T instants of one cue.

    times (T,) scene clock · support: what carries the body · numbers: the act's parameters of actions.yaml ·
    luck (64,): chance numbers in 0..1, the person's own · feeling · vigour (T,): 0 standing, 1 in full stride ·
    resting: `bed`, `seat` or nothing · hands: where the hands are held, when somebody else says so ·
    busy: the sides, `left` or `right`, whose arms carry something
    """

    times: F64
    cue: Cue
    rig: Rig
    support: Support
    numbers: Mapping[str, float]
    luck: F64
    feeling: str
    vigour: F64
    resting: str = ""
    hands: Hands | None = None
    busy: frozenset[str] = frozenset()

    @property
    def local(self) -> F64:
        """Seconds since the cue began (T,)."""
        return self.times - self.cue.start

    @property
    def share(self) -> F64:
        """How much of the cue has passed (T,), 0 to 1 within it."""
        return self.local / (self.cue.end - self.cue.start)

    def has(self, *words: str) -> bool:
        """Whether the manner or the feeling is one of these words."""
        return any(word in self.cue.manner or word == self.feeling for word in words)

    def ahead(self, right: F64 | float, forward: F64 | float, up: F64 | float) -> F64:
        """Points (T, 3) from the middle of the hips, in the frame of the heading."""
        offset = np.stack(np.broadcast_arrays(right, forward, up, self.times)[:3], -1)
        return self.support.hips + apply(about_z(self.support.heading), offset)

    def beside_trunk(self, right: F64 | float, forward: F64 | float, up: F64 | float) -> F64:
        """Points (T, 3) from the middle of the hips in the frame of the trunk, which may lie."""
        offset = np.stack(np.broadcast_arrays(right, forward, up, self.times)[:3], -1)
        return self.support.hips + apply(self.support.turns, offset)

    def target(self, *names: str) -> F64 | None:
        """Where the cue's target is (T, 3): the first of these anchors it has, or its middle. None without target."""
        if self.cue.target is None:
            return None
        some = self.times[::LOOK_EVERY] if len(self.times) > LOOK_EVERY else self.times
        points = np.array([point_of(self.cue.target, float(time), names) for time in some])
        return np.stack([np.interp(self.times, some, points[:, axis]) for axis in range(3)], -1)


def point_of(actor: Actor, time: float, names: tuple[str, ...]) -> F64:
    """The first of an actor's anchors that exists (3,), or the middle of the whole of it."""
    for name in names:
        try:
            return actor.anchor(time, name)
        except KeyError:
            continue
    return np.array(actor.region(time, "whole").centre)
