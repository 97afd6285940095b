import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.sets import bedding
from kinema.stage.sets.bedroom import BED_TOP, COVER, WIDE, WINDOW, build_setting
from kinema.stage.sets.yielding import Yielding


@pytest.fixture(scope="module")
def morning():
    return build_setting(Place(set="bedroom", hour="morning"), 1)


def test_has_the_marks_and_paths_that_blocking_asks_for(morning):
    usual = {"centre", "left", "right", "far"}
    bed = {"bed", "pillow", "under_pillow", "bedside", "on_bed_chest", "on_bed_side", "by_face", "bed_foot", "on_bed"}
    assert usual | bed <= set(morning.marks)
    assert {"main", "to_bed"} <= set(morning.paths)


def test_everything_happens_inside_the_room(morning):
    low, high = morning.room[0].low, morning.room[0].high
    for mark in morning.marks.values():
        assert all(a <= p <= b for a, p, b in zip(low, mark.position, high, strict=True))


def test_the_head_of_the_bed_is_where_its_mark_looks(morning):
    bed, pillow = (np.array(morning.marks[name].position) for name in ("bed", "pillow"))
    ahead = np.array([-np.sin(morning.marks["bed"].yaw), np.cos(morning.marks["bed"].yaw)])
    assert 0.5 < (pillow - bed)[:2] @ ahead < 0.9
    assert bed[2] == BED_TOP


def test_the_floor_is_free_along_the_way_to_the_bed(morning):
    for distance in np.linspace(0, morning.paths["main"].length, 40):
        place, _ = morning.paths["main"].at(float(distance))
        for box in morning.solids:
            assert not all(a < p < b for a, p, b in zip(box.low[:2], place[:2], box.high[:2], strict=True))


def test_marks_on_the_bed_lie_on_the_duvet(morning):
    cover = Yielding(morning.soft(0.0, ())[0])
    for name in ("on_bed", "on_bed_chest", "on_bed_side", "bed_foot"):
        x, y, z = morning.marks[name].position
        assert 0.0 < cover.top(x, y) - z < 0.03
    assert morning.marks["on_bed_chest"].position[2] > morning.marks["on_bed_side"].position[2] + 0.12


@pytest.mark.parametrize("hour", ["dawn", "morning", "day", "evening"])
def test_the_sun_shines_through_the_window_onto_the_bed(hour):
    light = build_setting(Place(set="bedroom", hour=hour), 1).key_light
    way = np.array(light.direction)
    y0, y1, z0, z1 = WINDOW
    lit = 0
    for x in np.linspace(-0.7, 0.7, 8):
        for y in np.linspace(0.3, 2.0, 8):
            through = np.array([x, y, 0.7]) + way * (WIDE - x) / way[0]
            lit += y0 < through[1] < y1 and z0 < through[2] < z1
    assert lit >= 12


def test_nights_are_lit_by_the_lamp():
    night = build_setting(Place(set="bedroom", hour="night"), 1)
    assert max(max(lamp.colour) for lamp in night.lamps) > 0.5
    assert max(night.key_light.colour) < 0.2


def test_same_seed_same_room(morning):
    again = build_setting(Place(set="bedroom", hour="morning"), 1)
    for one, other in zip(morning.surfaces, again.surfaces, strict=True):
        assert one.mesh.key == other.mesh.key
        assert np.array_equal(one.mesh.positions, other.mesh.positions)


def test_a_pillow_is_soft_and_lies_on_its_side():
    solid = bedding.pillow(0.7, 0.5, 0.18, 0.05, 1, "test")
    x, y, z = solid.positions.T
    assert z.min() > -0.005
    assert 0.14 < z.max() < 0.22
    assert np.ptp(x) == pytest.approx(0.7, abs=0.03)
    middle = z[(np.hypot(x, y) < 0.05) & (z > 0.08)].max()
    assert middle < z.max() - 0.02


def test_a_duvet_covers_the_sleeper_and_hangs_short_of_the_floor():
    above, turned = bedding.duvet(COVER, 1, "test")
    x, y, z = above.positions.T
    body = (np.abs(x - 0.21) < 0.12) & (y > 0.75) & (y < 1.2)
    assert z[body].min() > BED_TOP + 0.24
    assert 0.1 < z.min() < BED_TOP - 0.2
    assert x.min() < COVER.left < COVER.right < x.max()
    assert turned.positions[:, 1].max() == pytest.approx(COVER.hem, abs=0.08)  # it wavers
