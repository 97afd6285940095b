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


@dataclass(frozen=True)
class Burst:
    """Things thrown from a place at a moment: confetti, petals, sparks.

    speed (m/s) within a cone of half angle `cone` (rad) about `way`; drag (1/s) and gravity (m/s2) slow and bend them;
    they fade over `life` seconds.
    """

    name: str
    kind: ParticleKind
    count: int
    start: float
    place: tuple[float, float, float]
    way: tuple[float, float, float] = (0.0, 0.0, 1.0)
    speed: float = 5.0
    cone: float = 0.6
    drag: float = 1.2
    gravity: float = 9.81
    life: float = 4.0
    radius: float = 0.012
    colours: tuple[Colour, ...] = ((1.0, 0.9, 0.6),)
    emission: Colour = (0.0, 0.0, 0.0)


def bursting(burst: Burst, time: float, seed: int) -> Particles:
    """What of a burst is in the air at a time in seconds; none before its start or after its life.

    Linear drag has the closed form v = u + (v0 - u) exp(-k t) with the settling velocity u = g / k.
    """
    age = time - burst.start
    draw = chance(seed, burst.name, "burst")
    n = burst.count if 0 <= age < burst.life else 0
    way = np.array(burst.way) / np.linalg.norm(burst.way)
    spread = draw.normal(0, 1, (burst.count, 3))
    heading = way + np.tan(burst.cone) * 0.6 * (spread - (spread @ way)[:, None] * way)
    heading /= np.linalg.norm(heading, axis=1, keepdims=True)
    speed = burst.speed * draw.uniform(0.35, 1.0, (burst.count, 1))
    own = draw.uniform(0.7, 1.5, (burst.count, 1)) * burst.drag
    tint = np.array(burst.colours)[draw.integers(0, len(burst.colours), burst.count)]
    settle = np.array([0, 0, -burst.gravity]) / own
    gone = np.exp(-own * age)
    velocities = settle + (heading * speed - settle) * gone
    places = np.array(burst.place) + settle * age + (heading * speed - settle) * (1 - gone) / own
    fade = np.clip(2.5 * (1 - age / burst.life), 0, 1)
    return Particles(
        burst.kind,
        _f32(places[:n]),
        _f32(velocities[:n]),
        np.full(n, burst.radius, np.float32),
        _f32(tint[:n]),
        np.full(n, fade, np.float32),
        _f32(np.broadcast_to(np.array(burst.emission) * fade, (n, 3))),
    )
