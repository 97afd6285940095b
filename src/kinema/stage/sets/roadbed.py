"""A dirt road that climbs along a mountainside: where it runs, and the lie of the land around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.chance import chance
from kinema.stage.cue import Path
from kinema.stage.sets.earth import TRACK
from kinema.stage.sets.noise import Noise, smooth

START, END = -60.0, 620.0  # metres of y
GRADE = 0.105
HALF = 3.1  # metres from the middle to the edge of what is driven on
VALLEY = -95.0  # metres: the valley floor under the road's foot


@dataclass(frozen=True, eq=False)
class Roadbed:
    """Ground as a function of y and of the distance to the road's right, d: curves stay gentle enough for that.

    mountain: +1 when the mountain rises on the right (+X), -1 on the left; the valley is on the other side.
    """

    seed: int
    mountain: float
    waves: tuple[tuple[float, float, float], ...]  # amplitude (m), wavelength (m), phase of the curves
    relief: Noise

    @staticmethod
    def of(seed: int, mountain: float) -> Roadbed:
        """The road of a seed."""
        draw = chance(seed, "road", "curves")
        waves = (
            (float(draw.uniform(15, 19)), float(draw.uniform(270, 320)), float(draw.uniform(-0.35, 0.1))),
            (float(draw.uniform(3.0, 4.2)), float(draw.uniform(120, 145)), float(draw.uniform(0, 2 * np.pi))),
        )
        return Roadbed(seed, mountain, waves, Noise.of(seed, "road", "relief"))

    def middle(self, y: F64) -> F64:
        """x of the road's middle; it runs along +Y near the start."""
        return np.asarray(sum(a * (1 - np.cos(2 * np.pi * y / w + p)) for a, w, p in self.waves))

    def squeeze(self, y: F64) -> F64:
        """Cosine of the road's angle to +Y: metres to its right per metre of x."""
        slope = sum(a * 2 * np.pi / w * np.sin(2 * np.pi * y / w + p) for a, w, p in self.waves)
        return np.asarray(1 / np.sqrt(1 + np.asarray(slope) ** 2))

    def level(self, y: F64) -> F64:
        """Height of the road's middle: a steady climb with easier and steeper stretches."""
        return np.asarray(GRADE * y + 2.6 * np.sin(2 * np.pi * y / 173) + 0.9 * np.sin(2 * np.pi * y / 61 + 1))

    def right(self, x: F64, y: F64) -> F64:
        """Metres to the right of the road's middle."""
        return np.asarray((x - self.middle(y)) * self.squeeze(y))

    def x(self, d: F64, y: F64) -> F64:
        """The x that lies d metres to the right at y."""
        return np.asarray(self.middle(y) + d / self.squeeze(y))

    def height(self, x: F64, y: F64) -> F64:
        """Ground height (m) at x, y of any shape."""
        d = self.right(x, y)
        # metres into the mountainside; water has cut into the bank's foot here and there
        worn = 0.75 * np.abs(self.relief.sum(y / 5.2 + 11, x / 23, 2))
        up = np.maximum(d * self.mountain - HALF - 0.5 - worn, 0)
        down = np.maximum(-d * self.mountain - HALF - 0.4, 0)  # metres over the edge
        rough = self.relief.sum(x / 34, y / 34, 4) * 2.2 + self.relief.sum(x / 5 + 7, y / 5, 3) * 0.28
        large = self.relief.sum(x / 190 + 3, y / 190, 3)
        cut = 1.5 + 1.3 * self.relief.sum(y / 46, 0 * y + 2.5, 2)  # height of the bank beside the road
        bank = np.maximum(cut, 0.35) * smooth(0.0, 1.0, up / (1.6 + 0.5 * cut))
        slope = 0.40 + 0.22 * large
        rise = bank + slope * up + 0.0009 * up**2 * smooth(0, 60, up)
        berm = 0.22 * np.exp(-(((down - 0.5) / 0.6) ** 2))
        fall = berm - (0.30 + 0.18 * large) * np.maximum(down - 1.6, 0)
        wild = smooth(0.4, 14.0, np.maximum(up, down))
        open_ground = rise + fall + rough * wild * (1 + 0.02 * np.maximum(up, down).clip(0, 60))
        z = self.level(y) + self._surface(d, x, y) + open_ground
        floor = VALLEY + 0.25 * GRADE * y + 10 * large
        return np.asarray(np.where(down > 0, floor + _soft(z - floor), z))

    def _surface(self, d: F64, x: F64, y: F64) -> F64:
        """The roadway itself: two ruts, a crown between, washboard and pot-holes; metres."""
        on = smooth(HALF + 0.8, HALF - 0.6, np.abs(d))
        ruts = -0.055 * np.exp(-(((np.abs(d) - TRACK) / 0.30) ** 2))
        bumps = 0.022 * self.relief.sum(x / 1.7, y / 2.6, 2)
        return np.asarray(on * (ruts + bumps) - 0.015 * np.minimum(np.abs(d), HALF) ** 2 * on)

    def path(self, start: float, end: float) -> Path:
        """The road's middle from y = start to end, a point every two metres."""
        y = np.arange(start, end, 2.0)
        x = self.middle(y)
        return Path(np.stack([x, y, self.height(x, y)], -1))


def _soft(depth: F64) -> F64:
    """The positive part with a rounded corner ten metres wide."""
    return np.asarray(0.5 * (depth + np.sqrt(depth**2 + 100.0)))
