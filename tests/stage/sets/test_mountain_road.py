"""The mountain road: drivable, climbing, free of trees where a car and its camera go, and the same every time."""

import re

import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.colours import LINEAR
from kinema.stage.sets.earth import ROAD_SPAN, TRACK, snow, snowed_road
from kinema.stage.sets.mountain_road import build_setting
from kinema.stage.sets.roadbed import Roadbed

PLACE = Place(set="mountain_road", hour="evening", features=("redwoods", "dirt"))


@pytest.fixture(scope="module")
def road():
    return build_setting(PLACE, 7)


def test_the_road_is_long_enough_to_drive_and_climbs(road):
    path = road.paths["main"]
    assert path.length > 450
    assert path.points[-1, 2] - path.points[0, 2] > 0.07 * path.length
    steps = np.diff(path.points, axis=0)
    grade = steps[:, 2] / np.linalg.norm(steps[:, :2], axis=1)
    assert 0 < np.median(grade) < 0.2
    yaws = np.arctan2(-steps[:, 0], steps[:, 1])
    assert np.abs(np.diff(yaws)).max() < 0.08
    assert np.ptp(yaws) > np.radians(20)


def test_the_path_lies_on_the_ground(road):
    points = road.paths["main"].points
    assert road.ground(points[:, :2]) == pytest.approx(points[:, 2], abs=0.06)


def test_the_marks_every_set_has_are_there(road):
    assert {"centre", "left", "right", "far"} <= set(road.marks)
    x, y, z = road.marks["centre"].position
    assert road.ground(np.array([[x, y]]))[0] == pytest.approx(z, abs=0.06)


def test_no_foliage_hangs_into_the_corridor_above_the_road(road):
    path = road.paths["main"]
    for distance in (30.0, 150.0, 300.0):
        eye, _ = path.at(distance)
        around = np.array([path.at(distance + d)[0] for d in np.linspace(-25, 25, 51)])
        for surface in road.moving(0.0, eye).surfaces:
            points = surface.mesh.positions
            for place in around:
                near = np.hypot(*(points[:, :2] - place[:2]).T) < 3.5
                above = points[near, 2] - place[2]
                assert not ((above > 1.5) & (above < 6.0)).any()


def test_detail_follows_the_eye(road):
    here, there = (road.paths["main"].at(s)[0] for s in (40.0, 400.0))
    first, second = ([s.mesh.key for s in road.moving(0.0, eye).surfaces] for eye in (here, there))
    assert len(set(first)) == len(first)
    assert set(first) != set(second)
    assert [s.mesh.key for s in road.moving(3.0, here).surfaces] == first


def test_a_forest_is_affordable(road):
    eye, _ = road.paths["main"].at(200.0)
    faces = [s.mesh for s in (*road.surfaces, *road.moving(0.0, eye).surfaces)]
    assert sum(len(mesh.faces) for mesh in faces) < 330_000  # all around; a camera sees a third


def test_the_mountain_stands_away_from_the_sun():
    morning, evening = (build_setting(PLACE.model_copy(update={"hour": h}), 7) for h in ("morning", "evening"))
    for setting, side in ((morning, -1.0), (evening, 1.0)):
        place, _ = setting.paths["main"].at(100.0)
        up, down = setting.ground(np.array([[place[0] + 30 * side, place[1]], [place[0] - 30 * side, place[1]]]))
        assert up > place[2] + 5
        assert down < place[2] - 3
        assert setting.key_light.direction[0] * side < 0


def test_seeds_give_other_roads_and_the_same_seed_the_same():
    y = np.linspace(0, 400, 9)
    one, again, other = Roadbed.of(1, 1.0), Roadbed.of(1, 1.0), Roadbed.of(2, 1.0)
    assert one.height(0 * y, y).tobytes() == again.height(0 * y, y).tobytes()
    assert np.abs(one.middle(y) - other.middle(y)).max() > 0.5


def test_snow_lies_beside_the_road_and_on_it_but_not_in_the_tracks():
    white = build_setting(Place(set="mountain_road", hour="day", season="winter", features=("snow",)), 3)
    around = white.moving(0.0, np.zeros(3)).surfaces
    strips = [one.mesh for one in around if re.search(r"/True/(left|road|right)/", one.mesh.key)]
    assert {"snow", "snowed_road"} == {mesh.materials[0].name for mesh in strips}
    light = LINEAR[snowed_road().texture.albedo].mean((0, 2))
    across = np.abs((np.arange(len(light)) + 0.5) / len(light) - 0.5) * ROAD_SPAN[0]
    beside = light[across > 2.0]
    assert light[np.abs(across - TRACK) < 0.1].max() < 0.8 * beside.mean()
    assert beside.min() > 0.6
    floor = LINEAR[snow().texture.albedo].mean()
    assert abs(light[across > 3.5].mean() - floor) < 0.03  # the road's edge meets the snow without a line
