"""Dust that wheels throw up: puffs let go at fixed instants, each with a life that is a formula of its age."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Particles
from kinema.stage.bodies.vehicle.drive import Drive
from kinema.stage.chance import chance
from kinema.stage.motion.trail import Trail

EVERY = 1.0 / 220  # seconds between two puffs of one side's wheels
FRONT = 0.22  # share of puffs that front wheels throw
LIFE = 3.2  # seconds
SLOWED = 0.4  # seconds in which the air takes a puff's own speed
BILLOW = 2.1  # metres of road after which the plume swells or thins anew
EDDIES = (2.7, 0.8)  # metres of road that belong to one eddy, slow and quick
THIN = 1.1  # metres up over which dust thins to a third
WARM = np.array([0.80, 0.63, 0.45])  # linear albedo of sunlit road dust
TABLE = 509  # rows of chance that puffs take in turn; a prime, so that no pattern shows


class Dust:
    """The dust of one vehicle. amount 0 is a paved road, 1 a dry dirt one."""

    def __init__(self, drive: Drive, subject: str, seed: int, amount: float) -> None:
        self._drive = drive
        self._amount = amount
        self._luck = chance(seed, subject, "dust").random((TABLE, 8))
        self._billows = chance(seed, subject, "billows").random((TABLE, 3))

    def at(self, time: float) -> list[Particles]:
        """The puffs in the air at a time: none when the road is paved or nothing has moved."""
        if self._amount <= 0:
            return []
        leg = self._drive.leg(time)
        last = int(np.floor(time / EVERY))
        count = int(LIFE / EVERY)
        emission = np.repeat(np.arange(last - count + 1, last + 1), 2)
        wheel = np.tile([1.0, -1.0], count)
        luck = self._luck[(emission * 2 + (wheel > 0)) % TABLE]
        born = (emission + 0.9 * luck[:, 0]) * EVERY
        age = time - born
        travelled, speed = self._drive.along(leg, born)
        keep = (age > 0) & (age < LIFE) & (speed > 1.0) & (born > leg.times[0])
        if not keep.any():
            return []
        thick = self._amount * (1.35 if leg.fast else 1.0)
        return [self._puffs(leg.trail, travelled[keep], speed[keep], age[keep], wheel[keep], luck[keep], thick)]

    def _puffs(
        self, trail: Trail, travelled: F64, speed: F64, age: F64, side: F64, luck: F64, thick: float
    ) -> Particles:
        size, scale = self._drive.row.wheel, self._drive.scale
        axle = np.where(luck[:, 7] < FRONT, size.front, size.rear) * scale
        spots, yaws = trail.at(travelled + axle - 0.45)
        forward = np.stack([-np.sin(yaws), np.cos(yaws)], axis=1)
        right = np.stack([forward[:, 1], -forward[:, 0]], axis=1)
        base = spots + right * (side * 0.5 * size.track * scale + 0.3 * (luck[:, 1] - 0.5))[:, None]
        low = np.asarray(self._drive.ground(base))
        way = travelled + axle
        swell = self._swell(way / BILLOW, side)
        # dragged along in the wake, spread and thrown up; the air takes their speed, then eddies draw them apart
        slowing = 1.0 - np.exp(-age / SLOWED)
        vigour = np.minimum(speed / 8.0, 1.3)
        wake = (0.28 + 0.2 * (luck[:, 2] - 0.5)) * speed
        # both ways, so that the plumes of two wheels soon are one
        spread = side * (0.25 * swell[:, 1] + 0.8 * luck[:, 3] ** 3) + 1.2 * (luck[:, 4] - 0.5)
        rise = (0.06 + 0.30 * swell[:, 2] + 0.9 * luck[:, 5] ** 3) * vigour
        drawn = self._drawn(way, side, age)
        position = np.empty((len(age), 3))
        position[:, :2] = base + forward * (wake * SLOWED * slowing + drawn[:, 1])[:, None]
        position[:, :2] += right * (spread * slowing + drawn[:, 0])[:, None]
        position[:, :2] += np.array([0.55, 0.12]) * age[:, None]  # a breath of wind
        radius = (0.14 + 0.46 * age**0.7) * (0.7 + 0.6 * luck[:, 6])
        height = np.maximum(rise * slowing + 0.16 * age + drawn[:, 2] + 0.25 * radius, 0.0)
        position[:, 2] = low + 0.05 + height
        velocity = np.zeros_like(position)
        velocity[:, :2] = forward * (wake * np.exp(-age / SLOWED))[:, None]
        shade = WARM * (0.88 + 0.24 * luck[:, 1:2])
        opacity = thick * _thickness(age, radius, vigour) * (0.70 + 0.6 * swell[:, 0]) * np.exp(-height / THIN)
        return Particles(
            "puff", _f(position), _f(velocity), _f(radius), _f(shade), _f(np.clip(opacity, 0, 0.4)),
            _f(np.zeros_like(position)),
        )  # fmt: skip

    def _drawn(self, way: F64, side: F64, age: F64) -> F64:
        """How far (N, 3) eddies have drawn puffs aside, along and up (m): neighbours nearly alike, so that what is
        let go as a ribbon curls into wisps."""
        slow, quick = (2.0 * self._swell(way / size + 7.0, side) - 1.0 for size in EDDIES)
        return np.asarray(
            (0.38 * slow * age[:, None] ** 0.9 + 0.2 * quick * np.sqrt(age)[:, None]) * np.array([1.0, 0.7, 0.5])
        )

    def _swell(self, way: F64, side: F64) -> F64:
        """Three slow noises (N, 3) of 0..1 over the way of each side, in billows: of thickness, spread and rise."""
        way = way + np.where(side > 0, 0.0, 0.37 * TABLE)
        step = np.floor(way).astype(np.int64)
        part = (way - step)[:, None]
        part = part * part * (3.0 - 2.0 * part)
        mixed = self._billows[step % TABLE] * (1.0 - part) + self._billows[(step + 1) % TABLE] * part
        return np.asarray(mixed)


def _thickness(age: F64, radius: F64, vigour: F64) -> F64:
    """Opacity of puffs: thin at first, or they would hide the tyres that throw them; then the same dust in a larger
    puff, until it settles."""
    return np.asarray(
        0.42 * np.clip(age / 0.3, 0.08, 1) * (1.0 - age / LIFE) ** 1.2 * np.minimum(1.0, 0.38 / radius) * vigour
    )


def _f(array: F64) -> F32:
    return np.asarray(array, np.float32)
