"""Weather: around the eye, a function of time alone, and continuous."""

import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.sets.weather import weather_particles

EYE = np.array([120.0, -40.0, 7.0])


def place(weather):
    return Place(set="mountain", weather=weather)


@pytest.mark.parametrize(("weather", "kind"), [("rain", "streak"), ("snow", "flake"), ("fog", "puff")])
def test_it_falls_around_the_eye(weather, kind):
    for particles in weather_particles(place(weather), 2.5, EYE, 1):
        assert particles.kind == kind
        away = np.abs(particles.positions - EYE)
        assert away.max() < 45
        assert away[:, :2].mean() > 1


def test_clear_weather_has_none():
    assert weather_particles(place("clear"), 1.0, EYE, 1) == ()


def test_drops_keep_their_place_in_the_world_when_the_eye_moves():
    here = weather_particles(place("rain"), 1.0, EYE, 1)[0].positions
    moved = weather_particles(place("rain"), 1.0, EYE + np.array([0.5, 0, 0]), 1)[0].positions
    same = np.linalg.norm(here - moved, axis=1) < 1e-3
    assert same.mean() > 0.9


def test_velocity_is_the_change_of_place():
    before, after = (weather_particles(place("snow"), t, EYE, 1)[0] for t in (1.0, 1.01))
    step = (after.positions - before.positions) / 0.01
    inside = np.abs(step).max(1) < 10  # the others came back in at the other side
    assert inside.mean() > 0.9
    assert step[inside] == pytest.approx(before.velocities[inside], abs=0.1)
