"""Particles as pure functions of time: rain and snow around the eye, drifting motes, petals, sparks.

A particle has a home in a box that repeats through space; it moves through the box and comes back in at the other side,
so that any time can be had without those before it, and the box goes along with the eye without particles jumping.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Colour, ParticleKind, Particles
from kinema.stage.chance import chance

NEAREST = 0.6  # metres from the eye within which nothing is drawn: a flake on the lens would be a blot


@dataclass(frozen=True)
class Fall:
    """Something that falls or drifts everywhere around the eye.

    count in a box of `box` metres centred on the eye · velocity (m/s) of its mean motion · sway: metres and turns per
    second of each one's own wandering · radius (m), its spread as a factor · opacity · emission
    """

    name: str
    kind: ParticleKind
    count: int
    box: tuple[float, float, float]
    velocity: tuple[float, float, float]
    sway: tuple[float, float] = (0.0, 0.0)
    spread: float = 0.0
    radius: tuple[float, float] = (0.01, 1.5)
    colours: tuple[Colour, ...] = ((0.9, 0.9, 0.9),)
    opacity: float = 1.0
    emission: Colour = (0.0, 0.0, 0.0)
    below: float = 0.5


def falling(fall: Fall, time: float, eye: F64, seed: int) -> Particles:
    """The particles of a fall that are in its box around the eye (3,) at a time in seconds.

    below: the share of the box that lies under the eye.
    """
    draw = chance(seed, fall.name, "fall")
    n = fall.count
    box = np.array(fall.box)
    home = draw.random((n, 3)) * box
    pace = 1.0 + fall.spread * draw.uniform(-1, 1, (n, 1))
    phase, turn = draw.uniform(0, 2 * np.pi, (2, n, 3))
    size = fall.radius[0] * fall.radius[1] ** draw.uniform(-1, 1, n)
    tint = np.array(fall.colours)[draw.integers(0, len(fall.colours), n)] * draw.uniform(0.8, 1.15, (n, 1))
    reach, rate = fall.sway
    rates = 2 * np.pi * rate * (0.6 + 0.8 * turn / (2 * np.pi))
    velocity = np.array(fall.velocity) * pace
    wander, drift = reach * np.sin(rates * time + phase), reach * rates * np.cos(rates * time + phase)
    low = eye - box * [0.5, 0.5, fall.below]
    places = low + (home + velocity * time + wander - low) % box
    away = np.linalg.norm(places - eye, axis=1)
    shown = fall.opacity * np.clip((away - NEAREST) / NEAREST, 0.0, 1.0)
    return _particles(fall, places, velocity + drift, size, tint, shown)


def _particles(fall: Fall, places: F64, velocities: F64, size: F64, tint: F64, shown: F64) -> Particles:
    n = len(places)
    return Particles(
        fall.kind,
        _f32(places),
        _f32(velocities),
        _f32(size),
        _f32(tint),
        _f32(shown),
        _f32(np.broadcast_to(np.array(fall.emission), (n, 3))),
    )


def _f32(array: F64) -> F32:
    return np.ascontiguousarray(array, np.float32)
