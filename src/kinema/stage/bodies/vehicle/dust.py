"""Dust that wheels throw up: puffs let go at fixed instants, each with a life that is a formula of its age."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Particles
from kinema.stage.bodies.vehicle.drive import Drive
from kinema.stage.chance import chance
from kinema.stage.motion.trail import Trail

EVERY = 1.0 / 40  # seconds between two puffs of one wheel
FRONT = 0.3  # share of puffs that front wheels throw
LIFE = 3.4  # seconds
WARM = np.array([0.74, 0.54, 0.34])  # linear albedo of sunlit road dust
TABLE = 509  # rows of chance that puffs take in turn; a prime, so that no pattern shows


class Dust:
    """The dust of one vehicle. amount 0 is a paved road, 1 a dry dirt one."""

    def __init__(self, drive: Drive, subject: str, seed: int, amount: float) -> None:
        self._drive = drive
        self._amount = amount
        self._luck = chance(seed, subject, "dust").random((TABLE, 9))

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
        axle = np.where(luck[:, 8] < FRONT, size.front, size.rear) * scale
        spots, yaws = trail.at(travelled + axle - 0.45)
        forward = np.stack([-np.sin(yaws), np.cos(yaws)], axis=1)
        right = np.stack([forward[:, 1], -forward[:, 0]], axis=1)
        base = spots + right * (side * 0.5 * size.track * scale + 0.3 * (luck[:, 1] - 0.5))[:, None]
        low = np.asarray(self._drive.ground(base))
        # thrown back, dragged along in the wake, and spread; speed lost to the air within about half a second
        drag = (1.0 - np.exp(-age / 0.55)) * 0.55
        wake = (0.34 + 0.25 * (luck[:, 2] - 0.5)) * speed
        spread = side * (0.9 + 3.0 * luck[:, 3] ** 1.5) + 1.2 * (luck[:, 4] - 0.5)
        rise = (0.8 + 3.2 * luck[:, 5] ** 2) * np.minimum(speed / 8.0, 1.4)
        position = np.empty((len(age), 3))
        position[:, :2] = base + forward * (wake * drag)[:, None] + right * (spread * drag)[:, None]
        position[:, :2] += np.array([0.22, 0.08]) * age[:, None]  # a breath of wind
        radius = 0.20 + 0.72 * np.sqrt(age) * (0.7 + 0.6 * luck[:, 6])
        position[:, 2] = low + 0.1 + rise * drag + 0.16 * age + 0.35 * radius
        # Thin at first, or it would hide the tyres that throw it.
        fade = np.clip(age / 0.2, 0.1, 1) * (1.0 - age / LIFE) ** 1.6
        thin = np.minimum(1.0, 0.6 / radius)  # the same dust in a larger puff: old ones melt into a haze
        opacity = np.clip(
            thick * 0.66 * fade * thin * np.clip((speed - 1.0) / 7.0, 0, 1) * (0.6 + 0.8 * luck[:, 7]), 0, 0.85
        )
        velocity = np.zeros_like(position)
        velocity[:, :2] = forward * (wake * np.exp(-age / 0.55))[:, None]
        shade = WARM * (0.88 + 0.24 * luck[:, 6:7])
        return Particles(
            "puff", _f(position), _f(velocity), _f(radius), _f(shade), _f(opacity), _f(np.zeros_like(position))
        )


def _f(array: F64) -> F32:
    return np.asarray(array, np.float32)
