"""Lamps carried along for close-ups."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera, KeyLight, Lamp
from kinema.stage.cameras.moves import looking
from kinema.stage.cameras.portrait import portrait_lamps

SUN = KeyLight((0.0, -0.6, 0.8), (1.5, 1.4, 1.2))
RED = Lamp((3.0, 2.0, 2.0), (8.0, 0.5, 0.5))


def camera(focus):
    eye = np.array([0.0, -focus, 1.6])
    return Camera(1280, 720, 1950.0, eye, looking(eye, np.array([0.0, 0.0, 1.6])), focus=focus)


def test_only_close_ups_are_lit():
    assert portrait_lamps(camera(6.0), [], None) == []
    assert len(portrait_lamps(camera(1.2), [], None)) == 3


def test_it_comes_up_smoothly():
    lit = [portrait_lamps(camera(f), [RED], None) for f in np.linspace(3.0, 1.0, 60)]
    strengths = [lamps[0].colour[0] if lamps else 0.0 for lamps in lit]
    assert np.all(np.diff(strengths) >= 0)
    assert np.diff(strengths).max() < 0.05


def test_the_first_stands_beside_and_above_the_camera_and_faces_the_subject():
    lamp = portrait_lamps(camera(1.2), [], None)[0]
    out = np.array(lamp.position) - [0.0, 0.0, 1.6]
    assert np.linalg.norm(out) == pytest.approx(1.1)
    assert out[0] < -0.3
    assert out[1] < -0.3
    assert out[2] > 0.3
    assert np.dot(out, lamp.normal) == pytest.approx(-1.1)


def test_the_rim_stands_behind_on_the_other_side_in_the_colour_of_the_place():
    rim = portrait_lamps(camera(1.2), [RED], None)[1]
    assert rim.position[0] > 0.3
    assert rim.position[1] > 0.3
    assert rim.colour[0] > 5 * rim.colour[2]


def test_another_stands_behind_on_the_key_side_in_the_colour_of_what_is_there() -> None:
    blue = Lamp((-3.0, 2.0, 2.0), (0.5, 0.5, 8.0))
    right, left = portrait_lamps(camera(1.2), [RED, blue], None)[1:]
    assert left.position[0] < -0.3
    assert left.position[1] > 0.3
    assert left.colour[2] > 5 * left.colour[0]
    assert right.colour[0] > 5 * right.colour[2]


def test_the_sun_is_rim_enough():
    assert len(portrait_lamps(camera(1.2), [], SUN)) == 1


def test_more_light_about_makes_the_key_stronger():
    lamp = Lamp((-2.0, -2.0, 2.0), (8.0, 7.0, 6.0))
    assert sum(portrait_lamps(camera(1.2), [lamp], None)[0].colour) > sum(
        portrait_lamps(camera(1.2), [], None)[0].colour
    )
