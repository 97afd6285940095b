"""What makes room for a lens."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera, Material, Surface
from kinema.stage.cameras.clearing import hangs_in_the_way, lens_way, walks_into_the_lens
from kinema.stage.geometry import solids

LANTERN = solids.mesh("lantern", [solids.Part(solids.sphere(0.3, 8, 5), Material("paper"))])
WAY = np.array([[0.0, y, 5.0] for y in np.linspace(0.0, 10.0, 11)])


def hung(x: float, z: float) -> Surface:
    place = np.eye(4)
    place[:3, 3] = x, 5.0, z
    return Surface(LANTERN, place)


def test_a_lantern_beside_the_lens_is_taken_down_and_one_across_the_street_stays() -> None:
    assert hangs_in_the_way(hung(1.0, 5.5), WAY)
    assert not hangs_in_the_way(hung(4.0, 5.5), WAY)
    assert not hangs_in_the_way(hung(0.0, 8.0), WAY)


def test_who_meets_the_lens_is_in_its_way_and_who_passes_under_it_is_not() -> None:
    way = WAY - (0.0, 0.0, 3.4)  # at eye level
    meeting = [np.array([0.3, 10.0 - y, 0.0]) for y in range(11)]
    assert walks_into_the_lens(meeting, way)
    assert not walks_into_the_lens(meeting, WAY)
    assert not walks_into_the_lens([place + np.array([2.0, 0.0, 0.0]) for place in meeting], way)
    behind = [np.array([0.3, y - 3.0, 0.0]) for y in range(11)]
    assert not walks_into_the_lens(behind, way)


def test_a_way_runs_from_the_first_moment_to_the_last() -> None:
    def camera(time: float) -> Camera:
        return Camera(64, 36, 50.0, np.array([time, 0.0, 1.0]), np.eye(3))

    times, places = lens_way(camera, 2.0, 5.0)
    assert times[[0, -1]] == pytest.approx([2.0, 5.0])
    assert places[:, 0] == pytest.approx(times)
    assert np.diff(times).max() <= 0.5
