"""What makes room for a lens."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera, Material, Surface
from kinema.stage.cameras.clearing import LensWay, hangs_in_the_way, lens_way, only_a_head_shows, walks_into_the_lens
from kinema.stage.cameras.moves import looking
from kinema.stage.geometry import solids

LANTERN = solids.mesh("lantern", [solids.Part(solids.sphere(0.3, 8, 5), Material("paper"))])


def camera(place, target=None, lens=28.0, size=(1280, 720), focus=10.0):
    """A camera of a lens in mm that looks along y, or at a target."""
    eye = np.array(place, float)
    turned = looking(eye, eye + np.array([0.0, 1.0, 0.0]) if target is None else np.array(target, float))
    return Camera(*size, lens / 24.0 * size[1], eye, turned, focus=focus)


def way(height: float = 5.0) -> LensWay:
    """Ten metres along y, looking where it goes."""
    return LensWay(np.arange(11.0), tuple(camera((0.0, y, height)) for y in np.linspace(0.0, 10.0, 11)))


WAY = way()


def hung(x: float, z: float, y: float = 5.0) -> Surface:
    place = np.eye(4)
    place[:3, 3] = x, y, z
    return Surface(LANTERN, place)


def fills(surface: Surface, *, place=(0.0, 0.0, 5.0), **more) -> bool:
    """Whether it fills the picture of a camera that stands."""
    return hangs_in_the_way(surface, LensWay(np.zeros(1), (camera(place, **more),)))


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
    def moving(time: float) -> Camera:
        return Camera(64, 36, 50.0, np.array([time, 0.0, 1.0]), np.eye(3))

    lens = lens_way(moving, 2.0, 5.0)
    assert lens.times[[0, -1]] == pytest.approx([2.0, 5.0])
    assert lens.places[:, 0] == pytest.approx(lens.times)
    assert np.diff(lens.times).max() <= 0.5


def test_a_lantern_that_would_fill_the_picture_ahead_is_taken_down() -> None:
    assert fills(hung(0.5, 6.2, 3.5))
    assert not fills(hung(0.5, 6.2, 8.0))
    assert not fills(hung(0.5, 6.2, -3.5))


def test_a_picture_higher_than_wide_shows_what_hangs_above_and_not_what_hangs_beside() -> None:
    upright = {"size": (720, 1280), "lens": 24.0}  # half a metre up and 0.28 m aside for a metre ahead
    assert fills(hung(0.0, 6.6, 3.5), **upright)
    assert not fills(hung(0.0, 6.6, 3.5), lens=35.0)  # 1.2 m up at that distance
    assert not fills(hung(2.0, 5.0, 3.5), **upright)
    assert fills(hung(2.0, 5.0, 3.5), lens=35.0)


def test_a_long_lens_sees_less_beside_its_middle_and_is_filled_from_farther_off() -> None:
    beside, ahead = hung(1.4, 5.0, 3.5), hung(0.0, 5.0, 9.0)
    assert fills(beside)
    assert not fills(beside, lens=85.0)  # 0.9 m to its picture's edge
    assert not fills(ahead, focus=20.0)
    assert fills(ahead, lens=85.0, focus=20.0)
    assert not fills(ahead, lens=85.0, focus=4.0)  # it hangs behind whom the picture is of


def test_a_camera_that_looks_up_sees_what_hangs_over_it_and_not_what_is_level_before_it() -> None:
    up = {"place": (0.0, 0.0, 1.6), "target": (0.0, 1.0, 4.6)}
    assert fills(hung(0.0, 5.0, 1.1), **up)
    assert not fills(hung(0.0, 1.6, 3.5), **up)


def test_nobody_is_a_head_on_the_lower_edge() -> None:
    high = way(3.2)
    assert only_a_head_shows([np.array([1.2, y + 4.6, 0.0]) for y in range(11)], high)
    assert not only_a_head_shows([np.array([1.2, y + 9.0, 0.0]) for y in range(11)], high)
    assert not only_a_head_shows([np.array([1.2, y + 2.4, 0.0]) for y in range(11)], high)
    assert not only_a_head_shows([np.array([9.0, y + 4.6, 0.0]) for y in range(11)], high)
