"""Gradient noise over the plane, and the sums of it that clouds, ground and bark are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32
from kinema.stage.chance import chance
from kinema.stage.raster.kernel import kernel, over

TABLE = 256
GRAIN = 65536


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
        px, py = (np.asarray(a, np.float32, order="C") for a in np.broadcast_arrays(x, y))
        out = np.empty(px.shape, np.float32)
        rows = px.reshape(-1), py.reshape(-1), out.reshape(-1)
        tall = period if upward is None else upward
        over(len(rows[0]), GRAIN, lambda start, end: fill(self.gradients, *rows, start, end, period, tall))
        return out

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
        total = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)), np.float32)
        tall = period if upward is None else upward
        for octave in range(octaves):
            scale, shift = 2**octave, 0.0 if period < TABLE else 17.17 * octave
            periods = min(TABLE, period * scale), min(TABLE, tall * scale)
            total += gain**octave * self.at(x * scale + shift, y * scale + shift, *periods)
        return total

    def ridges(self, x: NDArray[np.floating], y: NDArray[np.floating], octaves: int, gain: float = 0.5) -> F32:
        """Ridged sum (Musgrave 1994): crests at zero crossings, fine ones riding coarse ones; 0 to 1."""
        total = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)), np.float32)
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


@kernel
def fill(gradients, x, y, out, start, end, period, upward):  # type: ignore[no-untyped-def]
    """Noise at x, y (N,) into out, places [start, end)."""
    for n in range(start, end):
        fx, fy = np.floor(x[n]), np.floor(y[n])
        column, row = int(fx) % period, int(fy) % upward
        right, high = (column + 1) % period, (row + 1) % upward
        dx, dy = x[n] - fx, y[n] - fy
        a, b, c, d = row * 256 + column, row * 256 + right, high * 256 + column, high * 256 + right
        low_left = gradients[a, 0] * dx + gradients[a, 1] * dy
        low_right = gradients[b, 0] * (dx - 1) + gradients[b, 1] * dy
        high_left = gradients[c, 0] * dx + gradients[c, 1] * (dy - 1)
        high_right = gradients[d, 0] * (dx - 1) + gradients[d, 1] * (dy - 1)
        wx = dx * dx * dx * (dx * (dx * 6 - 15) + 10)
        wy = dy * dy * dy * (dy * (dy * 6 - 15) + 10)
        low = low_left + (low_right - low_left) * wx
        out[n] = low + (high_left + (high_right - high_left) * wx - low) * wy
