import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.sets import festival_street
from kinema.stage.sets.festival_kit import script
from kinema.stage.setting import Setting

EYE = np.array([0.0, -20.0, 1.6])


@pytest.fixture(scope="module")
def evening() -> Setting:
    return festival_street.build_setting(Place(set="festival_street", hour="evening", features=("lanterns",)), 5)


def test_the_dragon_has_its_way(evening):
    assert evening.paths["main"].length >= 45.0
    for surface in evening.surfaces:
        points = surface.mesh.positions
        near = (
            (np.abs(points[:, 0]) < 2.5) & (np.abs(points[:, 1]) < 27.0) & (points[:, 2] > 0.1) & (points[:, 2] < 3.4)
        )
        assert not near.any()


def test_spectators_face_the_middle_from_both_sides(evening):
    for side, sign in (("left", -1.0), ("right", 1.0)):
        marks = [mark for name, mark in evening.marks.items() if name.startswith(f"{side}_")]
        assert len(marks) == 12
        for mark in marks:
            assert np.sign(mark.position[0]) == sign
            assert -np.sin(mark.yaw) == pytest.approx(-sign)


def test_lanterns_sway_but_stay_on_their_cables(evening):
    a, b = evening.moving(0.0, EYE).hung, evening.moving(1.4, EYE).hung
    assert len(a) == len(b) >= 10
    assert any(not np.allclose(p.transform, q.transform) for p, q in zip(a, b, strict=True))
    for p, q in zip(a, b, strict=True):
        np.testing.assert_allclose(p.transform[:3, 3], q.transform[:3, 3])
        assert abs(q.transform[2, 1]) < 0.1


def test_lanterns_glow_red(evening):
    skins = [m for s in evening.moving(0.0, EYE).hung for m in s.mesh.materials if m.texture]
    for skin in skins:
        red, _, blue = np.asarray(skin.texture.emission).reshape(-1, 3).mean(axis=0)
        assert red > 2.0 * blue


def test_embers_rise(evening):
    embers = evening.moving(3.0, EYE).particles[0]
    assert embers.kind == "spark"
    assert (embers.velocities[:, 2] > 0).all()


def corners(setting, time, eye=EYE):
    return setting.moving(time, eye).surfaces[0].positions.reshape(-1, 4, 3)


def test_slips_of_paper_fall_and_tumble(evening):
    before, after = corners(evening, 3.0), corners(evening, 3.1)
    drop = (before - after).mean(1)[:, 2]
    assert (drop[np.abs(drop) < 1.0] > 0.0).all()
    edges = [slips[:, 1] - slips[:, 0] for slips in (before, after)]
    assert (np.linalg.norm(edges[0] - edges[1], axis=1) > 1e-4).mean() > 0.9


def test_slips_show_their_faces_and_keep_off_the_lens(evening):
    slips = corners(evening, 3.0)
    normals = np.cross(slips[:, 1] - slips[:, 0], slips[:, 2] - slips[:, 0])
    away = EYE - slips.mean(1)
    assert ((normals * away).sum(1) >= -1e-9).all()
    near = corners(evening, 3.0, slips.mean(1)[0] + 0.5)[0]
    assert np.ptp(near, axis=0).max() == 0.0


def test_particle_velocity_is_the_motion_of_its_position(evening):
    before, after = evening.moving(2.0, EYE).particles, evening.moving(2.001, EYE).particles
    for p, q in zip(before, after, strict=True):
        moved = (q.positions - p.positions) / 0.001
        stayed = np.abs(moved[:, 2]) < 10.0  # those that did not start anew at the other end
        np.testing.assert_allclose(moved[stayed], p.velocities[stayed], atol=0.05)


def test_fireworks_rise_over_the_roofs_on_clear_evenings_only(evening):
    bursts = evening.moving(2.0, EYE).particles[1]
    assert bursts.kind == "spark"
    assert (np.abs(bursts.positions[:, 1]) > 100.0).all()
    assert bursts.positions[:, 2].min() > 15.0
    for weather, hour in (("snow", "night"), ("clear", "day")):
        place = Place(set="festival_street", hour=hour, weather=weather)
        other = festival_street.build_setting(place, 5).moving(2.0, EYE).particles
        assert all(one.kind != "spark" or np.abs(one.positions[:, 1]).max() < 60.0 for one in other)


def test_day_has_a_sun_and_less_lamplight(evening):
    day = festival_street.build_setting(Place(set="festival_street", hour="day"), 5)
    assert day.key_light is not None
    assert sum(sum(lamp.colour) for lamp in day.lamps) < 0.5 * sum(sum(lamp.colour) for lamp in evening.lamps)


def test_sparks_trail_behind_and_never_show_dark(evening):
    bursts = evening.moving(2.0, EYE).particles[1]
    assert (bursts.emission[bursts.opacity > 0.05].max(1) > 0.3).all()
    fresh = evening.moving(1.61, EYE).particles[1]
    assert (fresh.opacity == 0.0).sum() > 100  # trails that have not begun


def test_lanterns_lead_and_windows_stand_back():
    light, paints = script().radiance, script().paints
    assert light.lantern > 2.0 * light.lattice
    for name in ("brick", "plaster", "paving", "tiles"):
        red, _, blue = paints[name]
        assert blue > red
    assert {name for pair in script().schemes for name in pair} <= {*paints, "column", "black_column"}


def test_dry_stones_do_not_mirror(evening):
    assert evening.mirror_height is None


def test_budget(evening):
    surfaces = (*evening.surfaces, *evening.moving(0.0, EYE).hung)
    assert len(surfaces) <= 40
    assert sum(len(s.mesh.faces) for s in surfaces) <= 95_000
