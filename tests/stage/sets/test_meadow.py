"""The meadow: level enough to cross, open where cameras stand, wooded behind, and the same every time."""

import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.sets.meadow import build_setting

MEADOW, FOREST = Place(set="meadow", hour="day"), Place(set="meadow", hour="day", features=("pines",))


@pytest.fixture(scope="module")
def meadow():
    return build_setting(MEADOW, 7)


@pytest.fixture(scope="module")
def forest():
    return build_setting(FOREST, 7)


def test_the_trail_is_long_level_and_on_the_ground(meadow):
    points = meadow.paths["main"].points
    assert meadow.paths["main"].length > 250
    assert np.abs(np.diff(points[:, 2])).max() < 0.2
    assert meadow.ground(points[:, :2]) == pytest.approx(points[:, 2], abs=1e-6)


def test_the_marks_every_set_has_are_on_the_ground(meadow):
    assert {"centre", "left", "right", "far"} <= set(meadow.marks)
    for mark in meadow.marks.values():
        x, y, z = mark.position
        assert meadow.ground(np.array([[x, y]]))[0] == pytest.approx(z, abs=1e-6)


def tall(setting, x, low, high):
    """Triangle corners over 1.5 m above the ground, that far behind the trail, beside x."""
    eye = np.array([x, -6.0, 1.0])
    points = np.concatenate([s.mesh.positions for s in setting.moving(0.0, eye).surfaces])
    points = points[(np.abs(points[:, 0] - x) < 12) & (points[:, 1] > low) & (points[:, 1] < high)]
    return int((points[:, 2] - setting.ground(points[:, :2]) > 1.5).sum())


@pytest.mark.parametrize("x", [0.0, 80.0, 160.0])
def test_nothing_tall_stands_between_cameras_and_the_trail(meadow, forest, x):
    assert tall(meadow, x, -12.0, 1.0) == 0
    assert tall(forest, x, -9.0, 0.0) == 0
    assert tall(forest, x, 3.0, 30.0) > 3 * tall(meadow, x, 3.0, 20.0)


def test_feet_are_not_hidden_from_a_low_camera(meadow):
    """A line from 0.45 m over the ground, 5 m before the trail, to a foot on it stays over the ground."""
    for x, y, z in meadow.paths["main"].points[::20]:
        eye = np.array([x, y - 5.0])
        height = float(meadow.ground(eye[None])[0]) + 0.45
        share = np.linspace(0.0, 0.95, 40)[:, None]
        way = eye + share * (np.array([x, y]) - eye)
        assert (height + share[:, 0] * (z + 0.05 - height) > meadow.ground(way)).all()


def test_snow_covers_grass_and_flowers(meadow):
    white = build_setting(Place(set="meadow", hour="day", weather="snow", season="winter"), 7)
    assert white.surfaces[0].mesh.materials[0].name == "snow"
    eye = np.array([40.0, -6.0, 1.0])
    count = [sum(len(s.mesh.faces) for s in one.moving(0.0, eye).surfaces) for one in (meadow, white)]
    assert count[1] < 0.8 * count[0]


def test_it_is_the_same_every_time(meadow):
    again = build_setting(MEADOW, 7)
    assert np.array_equal(again.paths["main"].points, meadow.paths["main"].points)
    eye = np.array([40.0, -6.0, 1.0])
    first, second = ([s.mesh.positions for s in one.moving(0.0, eye).surfaces] for one in (meadow, again))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
