"""Gradient noise over the plane, and the sums of it that clouds, ground and bark are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32
from kinema.stage.chance import chance

TABLE = 256


@dataclass(frozen=True, eq=False)
class Noise:
    """Perlin's gradient noise (2002) from one table of directions, so that a field is named by its seed alone.

    gradients (TABLE * TABLE, 2) unit vectors: the lattice repeats every TABLE units.
    """

    gradients: F32

    @staticmethod
    def of(seed: int, subject: str, purpose: str) -> Noise:
        """The field that belongs to those three."""
        turn = chance(seed, subject, purpose).random(TABLE * TABLE, np.float32) * (2 * np.pi)
        return Noise(np.stack([np.cos(turn), np.sin(turn)], -1).astype(np.float32))

    def at(
        self, x: NDArray[np.floating], y: NDArray[np.floating], period: int = TABLE, upward: int | None = None
    ) -> F32:
        """Values in about -0.7 to 0.7 at lattice coordinates of any shape; repeats every `period` <= 256 units.

        upward: the period in y, where it is another.
        """
        x0, y0 = np.floor(x), np.floor(y)
        fx, fy = (x - x0).astype(np.float32), (y - y0).astype(np.float32)
        tall = period if upward is None else upward
        columns, rows = x0.astype(np.int64) % period, y0.astype(np.int64) % tall
        right, up = (columns + 1) % period, (rows + 1) % tall
        wx, wy = _fade(fx), _fade(fy)
        low = _blend(self._corner(columns, rows, fx, fy), self._corner(right, rows, fx - 1, fy), wx)
        high = _blend(self._corner(columns, up, fx, fy - 1), self._corner(right, up, fx - 1, fy - 1), wx)
        return _blend(low, high, wy)

    def _corner(self, column: NDArray[np.int64], row: NDArray[np.int64], dx: F32, dy: F32) -> F32:
        gradient = self.gradients[row * TABLE + column]
        return np.asarray(gradient[..., 0] * dx + gradient[..., 1] * dy)

    def sum(
        self,
        x: NDArray[np.floating],
        y: NDArray[np.floating],
        octaves: int,
        gain: float = 0.5,
        period: int = TABLE,
        upward: int | None = None,
    ) -> F32:
        """Fractional Brownian motion: each octave twice as fine and `gain` as strong; about -1 to 1.

        With a period (a power of two) the sum repeats too; without, octaves are shifted so that no lattice shows.
        """
        total = np.zeros(np.broadcast(x, y).shape, np.float32)
        tall = period if upward is None else upward
        for octave in range(octaves):
            scale, shift = 2**octave, 0.0 if period < TABLE else 17.17 * octave
            periods = min(TABLE, period * scale), min(TABLE, tall * scale)
            total += gain**octave * self.at(x * scale + shift, y * scale + shift, *periods)
        return total

    def ridges(self, x: NDArray[np.floating], y: NDArray[np.floating], octaves: int, gain: float = 0.5) -> F32:
        """Ridged sum (Musgrave 1994): crests at zero crossings, fine ones riding coarse ones; 0 to 1."""
        total = np.zeros(np.broadcast(x, y).shape, np.float32)
        weight = np.ones_like(total)
        norm = 0.0
        for octave in range(octaves):
            scale = 2.0**octave
            crest = (1.0 - 1.7 * np.abs(self.at(x * scale + 9.7 * octave, y * scale + 5.3 * octave))) ** 2
            total += gain**octave * crest * weight
            weight = np.clip(crest * 1.4, 0.0, 1.0)
            norm += gain**octave
        return np.asarray(total / norm, np.float32)


def smooth(low: float, high: float, value: NDArray[np.floating]) -> F32:
    """Hermite step: 0 below low, 1 above high (low may be the larger of the two)."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def _fade(t: F32) -> F32:
    return np.asarray(t * t * t * (t * (t * 6.0 - 15.0) + 10.0), np.float32)


def _blend(a: F32, b: F32, weight: F32) -> F32:
    return np.asarray(a + (b - a) * weight, np.float32)
