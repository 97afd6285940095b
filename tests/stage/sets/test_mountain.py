"""The mountain: skylines that read, from where they are meant to be seen."""

import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.sets.mountain import build_setting
from kinema.stage.sets.sky import moon_direction

PLACE = Place(set="mountain", hour="night", features=("moon", "rocks"))


@pytest.fixture(scope="module")
def mountain():
    return build_setting(PLACE, 3)


def test_marks_and_paths_blocking_asks_for(mountain):
    packed = {f"pack_{n}" for n in range(1, 7)}
    assert {"centre", "left", "right", "far", "peak", "peak_view", "meeting"} | packed <= set(mountain.marks)
    assert {"main", "search", "pack_path"} <= set(mountain.paths)
    assert mountain.paths["search"].length > 40


def test_marks_stand_on_the_ground(mountain):
    for name, mark in mountain.marks.items():
        x, y, z = mark.position
        ground = mountain.ground(np.array([[x, y]]))[0]
        if name == "peak_view":
            assert z > ground + 0.35
        else:
            assert z == pytest.approx(ground, abs=1e-6)


@pytest.mark.parametrize("name", ["peak", "meeting", "pack_1", "pack_6"])
def test_nothing_of_the_ground_rises_behind_a_figure(mountain, name):
    """Seen from -Y a hand above the mark's feet, the ground behind stays below the line of sight."""
    x, y, z = mountain.marks[name].position
    behind = np.stack([np.full(40, x), y + np.linspace(1.0, 60.0, 40)], -1)
    assert (mountain.ground(behind) < z + 0.25).all()
    in_front = np.stack([np.full(20, x), y - np.linspace(1.0, 14.0, 20)], -1)
    assert (mountain.ground(in_front) < z + 0.1).all()


def test_the_moon_stands_behind_the_peak_from_its_viewpoint(mountain):
    eye, peak = (np.array(mountain.marks[name].position) for name in ("peak_view", "peak"))
    toward = peak + np.array([0, 0, 0.7]) - eye
    toward /= np.linalg.norm(toward)
    assert float(toward @ moon_direction(PLACE)) > 0.9999


def test_a_walk_along_the_skyline_is_walkable(mountain):
    points = mountain.paths["search"].points
    assert mountain.ground(points[:, :2]) == pytest.approx(points[:, 2], abs=1e-6)
    steps = np.diff(points, axis=0)
    assert np.abs(steps[:, 2] / np.linalg.norm(steps[:, :2], axis=1)).max() < 0.9


def test_pack_members_have_room(mountain):
    places = np.array([mountain.marks[f"pack_{n}"].position[:2] for n in range(1, 7)])
    gaps = np.linalg.norm(places[:, None] - places[None, :], axis=-1)[~np.eye(6, dtype=bool)]
    assert gaps.min() > 1.2


def test_snow_lies_when_asked_for(mountain):
    white = build_setting(PLACE.model_copy(update={"features": ("moon", "snow")}), 3)

    def snowy(setting):
        face = setting.surfaces[0].mesh
        return float((face.colours.min(1) > 0.9).mean()) if face.materials[0].name == "snow" else 0.0

    assert 0.1 < snowy(white) < 0.95  # steep stone stays bare
    assert snowy(mountain) == 0.0


def test_a_picture_of_another_hour_has_another_name(mountain):
    day = build_setting(PLACE.model_copy(update={"hour": "day"}), 3)

    def pictures(setting):
        textures = (one.texture for surface in setting.surfaces for one in surface.mesh.materials)
        return {one.key: one.albedo for one in textures if one is not None}

    dark, light = pictures(mountain), pictures(day)
    shared = dark.keys() & light.keys()
    assert shared
    assert dark.keys() - shared
    assert all(np.array_equal(dark[key], light[key]) for key in shared)
