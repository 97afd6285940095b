import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera
from kinema.stage.cameras.moves import looking
from kinema.stage.cameras.portrait import portrait_lamp


def camera(focus):
    eye = np.array([0.0, -focus, 1.6])
    return Camera(1280, 720, 1950.0, eye, looking(eye, np.array([0.0, 0.0, 1.6])), focus=focus)


def test_only_close_ups_are_lit():
    assert portrait_lamp(camera(6.0)) is None
    assert portrait_lamp(camera(1.2)) is not None


def test_it_comes_up_smoothly():
    strengths = [lamp.colour[0] if (lamp := portrait_lamp(camera(f))) else 0.0 for f in np.linspace(3.0, 1.0, 60)]
    assert np.all(np.diff(strengths) >= 0)
    assert np.diff(strengths).max() < 0.03


def test_it_stands_beside_and_above_the_camera_and_faces_the_subject():
    lamp = portrait_lamp(camera(1.2))
    out = np.array(lamp.position) - [0.0, 0.0, 1.6]
    assert np.linalg.norm(out) == pytest.approx(1.1)
    assert out[0] < -0.3
    assert out[1] < -0.3
    assert out[2] > 0.3
    assert np.dot(out, lamp.normal) == pytest.approx(-1.1)
