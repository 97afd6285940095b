"""Clear air: sunlight scattered once by molecules and haze, and again by an isotropic closure.

Coefficients at sea level from Bruneton and Neyret (2008) for 680, 550 and 440 nm; the closure for all later orders of
scattering is Hillaire's (2020). Lengths in metres, radiance relative to a sun of irradiance pi above the air.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

GROUND, TOP = 6_360_000.0, 6_440_000.0
RAYLEIGH = np.array([5.80e-6, 13.56e-6, 33.1e-6])
OZONE = np.array([0.65e-6, 1.88e-6, 0.085e-6])
RAYLEIGH_HEIGHT, MIE_HEIGHT = 8_000.0, 1_200.0
MIE, MIE_ABSORPTION, MIE_ASYMMETRY = 4.0e-6, 4.4e-7, 0.76
GROUND_ALBEDO = np.array([0.16, 0.17, 0.13])


@dataclass(frozen=True)
class Atmosphere:
    """The air over a place. haze multiplies the aerosols of a clear day; altitude is the eye's, in metres."""

    haze: float = 1.0
    altitude: float = 600.0

    def transmittance(self, height: F64, sine: F64) -> F64:
        """Share of light (..., 3) that reaches `height` from outside along an elevation of the given sine."""
        shape = np.broadcast(height, sine).shape
        height, sine = (np.broadcast_to(a, shape) for a in (height, sine))
        radius = GROUND + height
        length = _exit(radius, sine)
        t = (np.arange(40) + 0.5) / 40
        steps = length[..., None] * t**2  # samples crowd towards the dense end
        weights = length[..., None] * 2 * t / 40
        there = np.sqrt(radius[..., None] ** 2 + steps**2 + 2 * radius[..., None] * steps * sine[..., None]) - GROUND
        depth = np.einsum("...k,...kc->...c", weights, self._extinction(there))
        lit = sine > -np.sqrt(np.clip(1 - (GROUND / radius) ** 2, 0, 1))
        return np.asarray(np.exp(-depth) * lit[..., None])

    def radiance(self, elevation: F64, azimuth: F64, sun_elevation: float) -> F64:
        """Sky radiance (..., 3) at elevations >= 0 and azimuths from the sun (rad)."""
        sine, cosine = np.sin(elevation), np.cos(elevation)
        toward = sine * np.sin(sun_elevation) + cosine * np.cos(sun_elevation) * np.cos(azimuth)
        return self._march(self.altitude, sine, cosine * np.cos(azimuth), toward, sun_elevation, 40)

    def _march(self, altitude: float, sine: F64, along: F64, toward: F64, sun: float, count: int) -> F64:
        """Integrate in-scattering along rays that start at `altitude`; along is their travel towards the sun's foot."""
        radius = GROUND + altitude
        length = _exit(np.full(sine.shape, radius), sine)[..., None]
        t = (np.arange(count) + 0.5) / count
        steps, weights = length * t**2, length * 2 * t / count
        reach = np.sqrt(radius**2 + steps**2 + 2 * radius * steps * sine[..., None])
        height = reach - GROUND
        rise = (radius * np.sin(sun) + steps * toward[..., None]) / reach  # sine of the sun's elevation there
        rayleigh, mie = self._scattering(height)
        depth = np.cumsum(self._extinction(height) * weights[..., None], axis=-2)
        arriving = np.exp(-depth) * weights[..., None]
        sunlight = self._sunlight(height, rise)
        phased = rayleigh * _rayleigh_phase(toward)[..., None, None] + mie * _mie_phase(toward)[..., None, None]
        glow = (rayleigh + mie) * self._again(height, rise)
        return np.asarray(np.pi * ((sunlight * phased + glow) * arriving).sum(-2))

    def _scattering(self, height: F64) -> tuple[F64, F64]:
        height = np.maximum(height, 0.0)
        rayleigh = RAYLEIGH * np.exp(-height / RAYLEIGH_HEIGHT)[..., None]
        return rayleigh, self.haze * MIE * np.exp(-height / MIE_HEIGHT)[..., None] * np.ones(3)

    def _extinction(self, height: F64) -> F64:
        rayleigh, mie = self._scattering(height)
        ozone = OZONE * np.clip(1 - np.abs(height - 25_000.0) / 15_000.0, 0, 1)[..., None]
        return np.asarray(rayleigh + mie * (1 + MIE_ABSORPTION / MIE) + ozone)

    @cached_property
    def _table(self) -> tuple[F64, F64]:
        """Transmittance and later scattering (HEIGHTS, SINES, 3) over heights and sines of the sun's elevation."""
        through = self.transmittance(HEIGHTS[:, None], SINES[None, :])
        again = np.zeros((len(HEIGHTS), len(SINES), 3))
        coarse = Closure(self)
        for row, height in enumerate(HEIGHTS):
            again[row] = coarse.at(float(height), through[0])
        return through, again

    def _sunlight(self, height: F64, rise: F64) -> F64:
        return _lookup(self._table[0], height, rise)

    def _again(self, height: F64, rise: F64) -> F64:
        return _lookup(self._table[1], height, rise)


HEIGHTS = (np.linspace(0, 1, 20) ** 2) * (TOP - GROUND)
SINES = np.sign(np.linspace(-1, 1, 65)) * np.abs(np.linspace(-1, 1, 65)) ** 2


@dataclass(frozen=True)
class Closure:
    """Light scattered twice and more, taken as isotropic: second order over one minus what is scattered on."""

    air: Atmosphere

    def at(self, height: float, ground_light: F64) -> F64:
        """Source radiance (SINES, 3) for each sine of the sun's elevation, per unit scattering coefficient."""
        sines = np.array([-0.6, -0.2, -0.03, 0.02, 0.1, 0.25, 0.5, 0.9])
        radius = GROUND + height
        far = _exit(np.full(sines.shape, radius), sines)
        hit = _hit(np.full(sines.shape, radius), sines)
        length = np.where(np.isfinite(hit), hit, far)[:, None]
        t = (np.arange(16) + 0.5) / 16
        steps, weights = length * t**2, length * 2 * t / 16
        there = np.sqrt(radius**2 + steps**2 + 2 * radius * steps * sines[:, None]) - GROUND
        rayleigh, mie = self.air._scattering(there)
        scattering = rayleigh + mie
        depth = np.cumsum(self.air._extinction(there) * weights[..., None], axis=-2)
        arriving = np.exp(-depth) * weights[..., None] * scattering  # (rays, steps, 3)
        solid = np.gradient(np.arcsin(sines)) * np.cos(np.arcsin(sines))
        solid = solid / solid.sum()
        passed = np.einsum("r,rkc->c", solid, arriving)
        sunlight = self.air.transmittance(there[..., None], SINES[None, None, :])  # (rays, steps, SINES, 3)
        once = np.einsum("r,rkc,rksc->sc", solid, arriving, sunlight) / (4 * np.pi)
        bounce = GROUND_ALBEDO / np.pi * ground_light * np.clip(SINES, 0, 1)[:, None]
        grounded = np.einsum("r,rc->c", solid * np.isfinite(hit), np.exp(-depth[:, -1]))
        return np.asarray((once + bounce * grounded) / (1 - np.minimum(passed, 0.9)))


def _exit(radius: F64, sine: F64) -> F64:
    """Metres to the top of the air."""
    return np.asarray(-radius * sine + np.sqrt((radius * sine) ** 2 + TOP**2 - radius**2))


def _hit(radius: F64, sine: F64) -> F64:
    """Metres to the ground, inf where the ray misses it."""
    square = (radius * sine) ** 2 + GROUND**2 - radius**2
    with np.errstate(invalid="ignore"):
        return np.where((square > 0) & (sine < 0), -radius * sine - np.sqrt(square), np.inf)


def _lookup(table: F64, height: F64, rise: F64) -> F64:
    row = np.sqrt(np.clip(height / (TOP - GROUND), 0, 1)) * (len(HEIGHTS) - 1)
    column = (np.sign(rise) * np.sqrt(np.abs(rise)) + 1) / 2 * (len(SINES) - 1)
    i = np.clip(row.astype(int), 0, len(HEIGHTS) - 2)
    j = np.clip(column.astype(int), 0, len(SINES) - 2)
    a, b = (row - i)[..., None], (column - j)[..., None]
    low = table[i, j] * (1 - b) + table[i, j + 1] * b
    high = table[i + 1, j] * (1 - b) + table[i + 1, j + 1] * b
    return np.asarray(low * (1 - a) + high * a)


def _rayleigh_phase(cosine: F64) -> F64:
    return np.asarray(3 / (16 * np.pi) * (1 + cosine**2))


def _mie_phase(cosine: F64) -> F64:
    g = MIE_ASYMMETRY
    top = 3 * (1 - g * g) * (1 + cosine**2)
    return np.asarray(top / (8 * np.pi * (2 + g * g) * (1 + g * g - 2 * g * cosine) ** 1.5))
