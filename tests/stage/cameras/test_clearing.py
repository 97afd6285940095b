"""What makes room for a lens."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera, Material, Surface
from kinema.stage.cameras.clearing import LensWay, hangs_in_the_way, lens_way, walks_into_the_lens
from kinema.stage.geometry import solids

LANTERN = solids.mesh("lantern", [solids.Part(solids.sphere(0.3, 8, 5), Material("paper"))])
HIGH = np.array([[0.0, y, 5.0] for y in np.linspace(0.0, 10.0, 11)])


def way(height: float = 5.0) -> LensWay:
    """Ten metres along y, looking where it goes."""
    places = HIGH + np.array([0.0, 0.0, height - 5.0])
    return LensWay(np.arange(11.0), places, np.tile([0.0, 1.0, 0.0], (11, 1)))


WAY = way()


def hung(x: float, z: float) -> Surface:
    place = np.eye(4)
    place[:3, 3] = x, 5.0, z
    return Surface(LANTERN, place)


def test_a_lantern_beside_the_lens_is_taken_down_and_one_across_the_street_stays() -> None:
    assert hangs_in_the_way(hung(1.0, 5.5), WAY)
    assert not hangs_in_the_way(hung(4.0, 5.5), WAY)
    assert not hangs_in_the_way(hung(0.0, 8.0), WAY)


def test_who_meets_the_lens_is_in_its_way_and_who_passes_under_it_is_not() -> None:
    level = way(1.6)
    meeting = [np.array([0.3, 10.0 - y, 0.0]) for y in range(11)]
    assert walks_into_the_lens(meeting, level)
    assert not walks_into_the_lens(meeting, WAY)
    assert not walks_into_the_lens([place + np.array([2.6, 0.0, 0.0]) for place in meeting], level)
    behind = [np.array([0.3, y - 3.0, 0.0]) for y in range(11)]
    assert not walks_into_the_lens(behind, level)


def test_nobody_walks_in_the_middle_of_the_picture_close_ahead() -> None:
    level = way(1.6)
    assert walks_into_the_lens([np.array([0.8, y + 3.0, 0.0]) for y in range(11)], level)
    assert not walks_into_the_lens([np.array([1.6, y + 3.0, 0.0]) for y in range(11)], level)
    assert not walks_into_the_lens([np.array([0.8, y + 7.0, 0.0]) for y in range(11)], level)


def test_a_way_runs_from_the_first_moment_to_the_last() -> None:
    def camera(time: float) -> Camera:
        return Camera(64, 36, 50.0, np.array([time, 0.0, 1.0]), np.eye(3))

    lens = lens_way(camera, 2.0, 5.0)
    assert lens.times[[0, -1]] == pytest.approx([2.0, 5.0])
    assert lens.places[:, 0] == pytest.approx(lens.times)
    assert np.diff(lens.times).max() <= 0.5


def test_a_lantern_that_would_fill_the_picture_ahead_is_taken_down() -> None:
    standing = LensWay(np.zeros(2), np.tile([0.0, 0.0, 5.0], (2, 1)), np.tile([0.0, 1.0, 0.0], (2, 1)))
    near, far = hung(0.5, 6.2), hung(0.5, 6.2)
    near.transform[1, 3], far.transform[1, 3] = 3.5, 8.0
    assert hangs_in_the_way(near, standing)
    assert not hangs_in_the_way(far, standing)
    near.transform[1, 3] = -3.5
    assert not hangs_in_the_way(near, standing)
