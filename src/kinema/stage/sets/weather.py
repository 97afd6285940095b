"""Weather that falls and drifts through a place, around whoever looks."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64, Particles
from kinema.schema.storyboard import Place
from kinema.stage.particles import Fall, falling

RAIN = (
    Fall("rain near", "streak", 900, (9, 9, 9), (0.6, 0.2, -8.8), spread=0.08, radius=(0.0016, 1.3), opacity=0.35),
    Fall("rain far", "streak", 1800, (34, 34, 18), (0.6, 0.2, -8.6), spread=0.08, radius=(0.0022, 1.3), opacity=0.3),
)
SNOW = (
    Fall("snow near", "flake", 500, (9, 9, 7), (0.35, 0.1, -0.95), (0.22, 0.35), 0.25, (0.006, 1.5), opacity=0.9),
    Fall("snow far", "flake", 1700, (36, 36, 18), (0.4, 0.1, -1.05), (0.3, 0.3), 0.25, (0.011, 1.5), opacity=0.85),
)
MIST = (
    Fall("mist", "puff", 26, (70, 70, 7), (0.5, 0.15, 0.0), (0.8, 0.02), 0.3, (4.5, 1.5), ((0.8, 0.84, 0.9),), 0.035),
)


def weather_particles(place: Place, time: float, eye: F64, seed: int) -> tuple[Particles, ...]:
    """Rain streaks, snow flakes or drifting mist around the eye (3,) at a time in seconds."""
    eye = np.asarray(eye, float)
    if place.weather == "rain":
        return tuple(falling(fall, time, eye, seed) for fall in RAIN)
    if place.weather == "snow":
        return tuple(falling(fall, time, eye, seed) for fall in SNOW)
    if place.weather == "fog":
        return tuple(falling(fall, time, eye, seed) for fall in MIST)
    return ()
