import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.sets import street
from kinema.stage.setting import Setting

EYE = np.array([0.0, -30.0, 1.6])


@pytest.fixture(scope="module")
def night() -> Setting:
    return street.build_setting(Place(set="city_street", hour="night", features=("neon", "wet")), 3)


@pytest.fixture(scope="module")
def european_day() -> Setting:
    return street.build_setting(Place(set="city_street", hour="day", features=("european",)), 3)


def test_the_walk_is_long_enough_and_clear_of_solids(night):
    path = night.paths["main"]
    assert path.length >= 110.0
    for x, y, _ in path.points:
        for box in night.solids:
            assert not (box.low[0] - 1.0 < x < box.high[0] + 1.0 and box.low[1] < y < box.high[1])


def test_nothing_still_stands_in_the_middle_of_the_road(night):
    for surface in night.surfaces:
        points = surface.mesh.positions
        inside = (
            (np.abs(points[:, 0]) < 2.5) & (np.abs(points[:, 1]) < 60.0) & (points[:, 2] > 0.3) & (points[:, 2] < 5.0)
        )
        assert not inside.any()


def test_both_pavements_have_lanes_in_both_directions(night):
    headings = {name: np.sign(p.points[-1, 1] - p.points[0, 1]) for name, p in night.paths.items() if "crowd" in name}
    assert {headings[n] for n in headings if "left" in n} == {-1.0, 1.0}
    assert {headings[n] for n in headings if "right" in n} == {-1.0, 1.0}


def test_no_shop_sign_comes_again_across_the_road(night):
    """Name boards are read from where they are on their sheet; those within 30 m of each other all differ."""
    boards = []
    for surface in night.surfaces:
        mesh = surface.mesh
        signs = [k for k, m in enumerate(mesh.materials) if m.name.startswith("signs_")]
        for face in mesh.faces[np.isin(mesh.material_index, signs)][::2]:
            points = mesh.positions[face]
            flat = np.ptp(points[:, 0]) < 0.01
            if flat and 2.7 < points[:, 2].min() < 3.0 and np.ptp(points[:, 1]) > 2.0 and abs(points[0, 1]) < 84.0:
                u, v = mesh.uv[face].min(axis=0)
                boards.append((points[:, 1].mean(), round(float(u), 3), round(float(v), 3)))
    assert len(boards) > 40
    for k, one in enumerate(boards):
        assert all(abs(one[0] - other[0]) > 30.0 or one[1:] != other[1:] for other in boards[k + 1 :])


def test_lanes_lie_on_the_ground(night):
    for path in night.paths.values():
        np.testing.assert_allclose(path.points[:, 2], night.ground(path.points[:, :2]))


def test_rain_and_the_word_wet_make_a_street_wet(night, european_day):
    assert street.is_wet(Place(set="city_street", features=("wet",)))
    assert street.is_wet(Place(set="city_street", weather="rain"))
    assert night.mirror_height == 0.0
    assert european_day.mirror_height is None


def test_moving_surfaces_keep_number_and_order(night):
    first, later = night.moving(0.0, EYE), night.moving(7.3, EYE)
    assert [len(s.mesh.faces) for s in first.surfaces] == [len(s.mesh.faces) for s in later.surfaces]
    assert len(first.lamps) == len(later.lamps)


def test_signage_is_animated_and_repeatable(night):
    def state(time: float) -> list[object]:
        moving = night.moving(time, EYE)
        lit = [m.emission for s in moving.surfaces for m in s.materials or ()]
        return [*lit, *(s.mesh.key for s in moving.surfaces)]

    assert state(0.0) != state(0.7)
    assert state(2.5) == state(2.5)


def test_signs_light_the_street_in_the_hours_that_need_it(night, european_day):
    total = [sum(sum(lamp.colour) for lamp in s.lamps) for s in (night, european_day)]
    assert european_day.key_light is not None
    assert total[0] > 3.0 * total[1]
    assert 60 <= len(night.lamps) <= 200
    assert all(lamp.stands_for_surface for lamp in night.lamps)


def test_budget_of_a_street(night):
    moving = night.moving(0.0, EYE)
    surfaces = (*night.surfaces, *moving.surfaces)
    assert len(surfaces) <= 40
    assert sum(len(s.mesh.faces) for s in surfaces) <= 78_000
    sizes = {
        s.shape[:2]
        for f in surfaces
        for m in f.mesh.materials
        if m.texture
        for s in [m.texture.albedo]
        if s is not None
    }
    assert max(max(size) for size in sizes) <= 1024


def test_the_same_place_and_seed_build_the_same_street(european_day):
    again = street.build_setting(Place(set="city_street", hour="day", features=("european",)), 3)
    for a, b in zip(european_day.surfaces, again.surfaces, strict=True):
        assert a.mesh.key == b.mesh.key
        np.testing.assert_array_equal(a.mesh.positions, b.mesh.positions)
    assert european_day.lamps == again.lamps


def test_a_european_street_has_fewer_signs(night, european_day):
    screens = [len(s.moving(0.0, EYE).surfaces) for s in (night, european_day)]
    assert screens[0] > screens[1]


def test_meshes_are_sound(night):
    for surface in night.surfaces:
        mesh = surface.mesh
        assert mesh.material_index is not None
        assert len(mesh.material_index) == len(mesh.faces)
        assert mesh.material_index.max() < len(mesh.materials)
        assert mesh.faces.max() < len(mesh.positions)
        assert np.isfinite(mesh.positions).all()
        np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)


def test_by_day_no_tube_is_lit_and_fronts_do_not_glow(night, european_day):
    def light(setting, prefix):
        moving = [s for s in setting.moving(0.0, EYE).surfaces if s.mesh is not None]
        materials = [m for s in (*setting.surfaces, *moving) for m in (s.materials or s.mesh.materials)]
        return max((max(m.emission) for m in materials if m.name.startswith(prefix)), default=0.0)

    for prefix in ("tube", "lamp_glass", "wall"):
        assert light(night, prefix) > 0.03
        assert light(european_day, prefix) == 0.0


def test_people_may_stand_before_the_shops_clear_of_those_who_walk(night):
    lanes = [abs(path.points[20, 0]) for name, path in night.paths.items() if name.startswith("crowd")]
    stays = [abs(path.points[5, 0]) for name, path in night.paths.items() if name.startswith("stay")]
    assert len(stays) == 2
    assert min(stays) - max(lanes) > 0.6
    assert night.passers > 0


def test_one_third_of_a_billboards_bulbs_is_dark_at_any_time(night):
    for time in np.arange(0.0, 3.0, 0.21):
        lively = night.moving(time, EYE).surfaces[0]
        bulbs = [m.emission[0] for m in lively.materials if m.name in ("bulb_0", "bulb_1", "bulb_2")]
        assert len(bulbs) == 3
        assert min(bulbs) < 0.3 * max(bulbs)
