"""Bedclothes among people and animals: the cover breathes with a sleeper, stirs over limbs, sinks under paws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Surface
from kinema.stage.actor import Actor, Heavy, has_anchor
from kinema.stage.motion.actions.resting import SLEEPERS_BREATH
from kinema.stage.motion.easing import smooth
from kinema.stage.sets.yielding import Push, Yielding

LIMBS = (
    ("hip", "chest"), ("upper_leg_left", "knee_left"), ("upper_leg_right", "knee_right"),
    ("knee_left", "foot_left"), ("knee_right", "foot_right"),
)  # fmt: skip
# Metres from a joint to the skin over it, with the cloth's own thickness.
FLESH = {
    "hip": 0.17, "chest": 0.15, "upper_leg_left": 0.16, "upper_leg_right": 0.16,
    "knee_left": 0.16, "knee_right": 0.16, "foot_left": 0.11, "foot_right": 0.11,
}  # fmt: skip
DRAPE = 0.17  # metres that cloth slopes beside what lifts it
BREATH = 0.016  # metres that a cover rises and falls over a sleeper's belly
SAT_UP = (0.36, 0.58)  # metres of the chest over the mattress from which a cover's hem begins to fall, and has fallen
FALLEN = 0.20  # metres
LIFT, UNDER = 0.11, 0.12  # metres a hand lifts a pillow it is under, and how high over the mattress it still is under
SKULL = 0.10  # metres from the middle of a head down to what it lies on
NECK, DEEPEST = 0.115, 0.11  # metres about a head in which a pillow gives way, and how far at most
WEIGHTS = ("hip", "chest", "shoulder_left", "shoulder_right")  # what a body lies on
SINKS, BROAD = 0.036, 0.17  # metres that these sink into a mattress, and about them
LYING = (0.24, 0.40)  # metres of them over the mattress up to which they weigh on it, and from which no more


@dataclass(frozen=True, eq=False)
class Bedclothes:
    """The soft things of one bed. low, high: corners (x, y) of the mattress · top: its height · hem: where the cover's
    upper end lies over the sleeper (x, y) · cushion: middle (x, y) of the sleeper's pillow and its half sizes (x, y)"""

    cover: Yielding
    pillows: Yielding
    low: tuple[float, float]
    high: tuple[float, float]
    top: float
    hem: tuple[float, float]
    cushion: tuple[float, float, float, float]

    def at(self, time: float, company: Sequence[Actor]) -> tuple[Surface, ...]:
        """Cover and pillows at a time (s), with whoever is about."""
        reaching = [one for one in company if has_anchor(one, time, "hand_right")]
        here = [one for one in reaching if self._holds(one, time)]
        treads = np.concatenate([np.zeros((0, 4)), *(one.bears(time) for one in company if isinstance(one, Heavy))])
        over = [push for one in here for push in self._under(one, time)]
        moved = [push for one in here for push in (*self._pressed(one, time), *self._sunk(one, time))]
        moved += [push for place in _feelers(company, time) for push in self._lifting(place)]
        return self.cover.pushed(over, treads), self.pillows.pushed(moved, treads)

    def _holds(self, one: Actor, time: float) -> bool:
        """Whether one lies or sits in the bed, with its knees too, not on the edge."""
        places = np.array([one.anchor(time, name) for name in ("hip", "knee_left", "knee_right")])
        inside = (np.array(self.low) < places[:, :2]) & (places[:, :2] < np.array(self.high))
        return bool(inside.all()) and self.top - 0.05 < places[0, 2] < self.top + 0.45

    def _under(self, one: Actor, time: float) -> list[Push]:
        """What one in the bed does to the cover: its breath, its limbs, and the hem that falls when it sits up."""
        risen = float(one.anchor(time, "chest")[2]) - self.top
        up = float(smooth(np.array((risen - SAT_UP[0]) / (SAT_UP[1] - SAT_UP[0]))))
        breath = BREATH * (1.0 - up) * np.sin(2.0 * np.pi * time / SLEEPERS_BREATH)
        x, y = self.hem
        pushes = [Push(x, y - 0.06, breath, 0.36)]
        pushes += [Push(x, y, -FALLEN * up, 0.24)] if up > 0.0 else []
        for first, second in LIMBS if up == 0.0 else LIMBS[1:]:  # one who sat up has its trunk out of bed
            a, b = one.anchor(time, first), one.anchor(time, second)
            for share in (0.0, 0.33, 0.67, 1.0):
                flesh = FLESH[first] + share * (FLESH[second] - FLESH[first])
                pushes += self._limb(a + share * (b - a), flesh)
        return pushes

    def _limb(self, place: F64, flesh: float) -> list[Push]:
        """The cover lifted off a round limb, flesh thick (m), about a place (3,): over its middle and its sides."""
        pushes = []
        for aside, share in ((0.0, 1.0), (-0.9, 0.6), (0.9, 0.6)):
            x, y, z = float(place[0] + aside * flesh), float(place[1]), float(place[2] + share * flesh)
            top = self.cover.top(x, y)
            if top is not None and z > top:
                pushes.append(Push(x, y, z - top, DRAPE))
        return pushes

    def _pressed(self, one: Actor, time: float) -> list[Push]:
        """The hollow a head makes in the pillow it lies on."""
        if not has_anchor(one, time, "head"):
            return []
        x, y, z = (float(c) for c in one.anchor(time, "head"))
        top = self.pillows.top(x, y)
        deep = 0.0 if top is None else min(top - z + SKULL, DEEPEST)
        return [Push(x, y, -deep, NECK)] if deep > 0.0 else []

    def _sunk(self, one: Actor, time: float) -> list[Push]:
        """How the mattress gives way under the trunk."""
        pushes = []
        for name in WEIGHTS:
            if has_anchor(one, time, name):
                x, y, z = (float(c) for c in one.anchor(time, name))
                share = float(smooth(np.array((LYING[1] - z + self.top) / (LYING[1] - LYING[0]))))
                pushes += [Push(x, y, -SINKS * share, BROAD)] if share > 0.0 else []
        return pushes

    def _lifting(self, place: F64) -> list[Push]:
        """How what is under the pillow at a place (3,) lifts it, the more the farther in it is."""
        x, y, wide, deep = self.cushion
        inside = min(wide - abs(place[0] - x), deep - abs(place[1] - y))
        low = (self.top + UNDER - place[2]) / 0.04
        share = float(smooth(np.array((inside + 0.12) / 0.12)) * smooth(np.array(low)))
        return [Push(float(place[0]), float(place[1]), LIFT * share, 0.26)] if share > 0.0 else []


def _feelers(company: Sequence[Actor], time: float) -> list[F64]:
    """Places (3,) of hands, and of the middles of things that hands hold."""
    found = []
    for one in company:
        names = ("centre",) if has_anchor(one, time, "touch") else ("hand_right", "hand_left")
        found += [one.anchor(time, name) for name in names if has_anchor(one, time, name)]
    return found
