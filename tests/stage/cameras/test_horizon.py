"""The horizon: bodies before the sky, the moon whole in the picture."""

import numpy as np
import pytest

from kinema.schema.storyboard import Shot
from kinema.stage.cameras.moves import Operator
from kinema.stage.setting import Luminary
from samples.puppets import Puppet, plain_setting

MOON = Luminary((0.6 * np.cos(0.17), 0.8 * np.cos(0.17), np.sin(0.17)), 0.05)  # a tenth of a right angle up, aside


class Facing(Puppet):
    """A puppet that looks along a yaw of its own."""

    yaw = 0.0

    def facing(self, time):
        return self.yaw


def camera(size, move="static", puppets=None, lit=MOON, time=2.0, seconds=4, **framing):
    one = {"subject": "p", "size": size, "side": "front_right", **framing}
    shot = {"id": "a", "scene": "s", "start": 0, "duration": seconds, "move": move, "framing": one}
    steep = lambda points: -0.6 * np.hypot(points[:, 0], points[:, 1])  # noqa: E731 a peak to stand on
    setting = plain_setting(luminary=lit, ground=steep)
    return Operator(Shot.model_validate(shot), {"p": puppets or [Facing()]}, setting, 1280, 720).camera(time)


def disc(view, lit=MOON):
    """Middle and radius of the luminary on the picture, in half heights from its middle, up and right."""
    x, y, z = view.rotation @ np.array(lit.direction)
    scale = view.focal / z / (view.height / 2)
    return x * scale, -y * scale, np.tan(lit.radius) * scale


@pytest.mark.parametrize("size", ["wide", "full", "medium", "close", "extreme"])
@pytest.mark.parametrize("yaw", [0.0, 1.3, -2.0])
def test_the_disc_is_whole_in_every_framing(size, yaw):
    one = Facing()
    one.yaw = yaw
    across, above, radius = disc(camera(size, puppets=[one]))
    assert abs(above) + radius < 0.97
    assert abs(across) + radius < 0.97 * 16 / 9


def test_the_closer_the_framing_the_larger_the_disc():
    radii = [disc(camera(size))[2] for size in ("wide", "full", "medium", "close")]
    assert radii == sorted(radii)
    assert radii[0] > 0.18
    assert radii[-1] > 0.5


def test_a_head_is_before_the_disc_when_seen_closely():
    view = camera("close")
    x, y, z = view.rotation @ (np.array([0.0, 0.0, 1.58]) - view.position)
    head = np.array([x, -y]) / z * view.focal / 360
    across, above, radius = disc(view)
    assert np.hypot(*(head - [across, above])) < radius


@pytest.mark.parametrize("size", ["wide", "full", "medium", "close"])
def test_the_camera_stands_low_enough_for_heads_to_rise_over_the_horizon(size):
    view = camera(size)
    horizon = view.rotation @ np.array([*MOON.direction[:2], 0.0])
    _, y, z = view.rotation @ (np.array([0.0, 0.0, 1.58]) - view.position)
    assert y / z < horizon[1] / horizon[2]


@pytest.mark.parametrize("time", [1.0, 10.0, 19.0])
def test_a_camera_that_follows_keeps_the_disc(time):
    view = camera("full", "follow", [Facing(1.0)], time=time, seconds=20)
    _, above, radius = disc(view)
    assert abs(above) + radius < 0.97


def test_a_high_angle_is_left_as_asked():
    assert np.allclose(camera("full", angle="top").position, camera("full", angle="top", lit=None).position)


def test_several_bodies_fill_the_width_below_the_disc():
    pack = [Facing(start=(0.8 * x, -0.6 * x, 0.0)) for x in (-3.0, -1.0, 1.0, 3.0)]
    view = camera("wide", puppets=pack)
    seen = np.array([view.rotation @ (np.array(one.region(2.0, "whole").centre) - view.position) for one in pack])
    across = seen[:, 0] / seen[:, 2] * view.focal / 360
    assert 1.2 < np.ptp(across) < 3.2
    ends = np.array([view.rotation @ ([0.8 * x, -0.6 * x, 0.0] - view.position) for x in (-3.3, 3.3)])
    assert 0.65 < np.ptp(ends[:, 0] / ends[:, 2]) * view.focal / 1280 < 0.85
    feet = 0.5 + ends[:, 1] / ends[:, 2] * view.focal / 720
    assert (feet > 0.75).all()
    assert (feet < 0.95).all()
    assert (-seen[:, 1] / seen[:, 2] * view.focal / 360 < disc(view)[1]).all()


def test_the_disc_is_on_the_side_the_subject_looks_to():
    right = float(np.arctan2(-0.8, -0.6))  # the yaw square to the way to the moon
    one = Facing()
    one.yaw = right
    ahead, _, _ = disc(camera("wide", puppets=[one]))
    one.yaw = right + np.pi
    back, _, _ = disc(camera("wide", puppets=[one]))
    assert ahead == pytest.approx(-back, abs=0.01)
    x = [np.sin(-yaw) * 0.8 - np.cos(yaw) * 0.6 for yaw in (right, right + np.pi)]  # along the picture's right
    assert ahead * x[0] > 0.2
    assert back * x[1] > 0.2
