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
LIFT, UNDER = 0.085, 0.12  # metres a hand lifts a pillow it is under, and how high over the mattress it still is under


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
        lifted = [push for one in reaching for push in self._lifting(one, time)]
        return self.cover.pushed(over, treads), self.pillows.pushed(lifted, treads)

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

    def _lifting(self, one: Actor, time: float) -> list[Push]:
        """How hands lift the pillow they are under, the more the farther in they are."""
        x, y, wide, deep = self.cushion
        pushes = []
        for name in ("hand_right", "hand_left"):
            hand = one.anchor(time, name)
            inside = min(wide - abs(hand[0] - x), deep - abs(hand[1] - y))
            low = (self.top + UNDER - hand[2]) / 0.04
            share = float(smooth(np.array((inside + 0.05) / 0.12)) * smooth(np.array(low)))
            if share > 0.0:
                pushes.append(Push(float(hand[0]), float(hand[1]), LIFT * share, 0.22))
        return pushes
