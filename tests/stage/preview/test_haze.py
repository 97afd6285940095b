import numpy as np
import pytest

from kinema.buffers.scene_frame import KeyLight, Particles, Surface
from kinema.stage.preview import render as rendering
from reference.worlds import box, camera, frame, moved

WARM = (0.8, 0.4, 0.2)


def puffs(places, radius=0.4, opacity=0.5, kind="puff"):
    n = len(places)
    return Particles(
        kind, np.array(places, np.float32), np.zeros((n, 3), np.float32), np.full(n, radius, np.float32),
        np.tile(np.float32(WARM), (n, 1)), np.full(n, opacity, np.float32), np.zeros((n, 3), np.float32),
    )  # fmt: skip


def layer(particles, key=None, wall=20.0):
    scene = frame(
        (Surface(box(20.0), moved(y=wall + 10.0), 1, 1),), camera((0, 0, 0)), particles=(particles,), key_light=key
    )
    return next(rendering.render([scene])).layer[0]


def test_a_hundred_puffs_in_a_row_still_let_the_world_through():
    cover = layer(puffs([(0.0, 7.0 + 0.02 * k, 0.0) for k in range(100)]))[..., 3]
    assert 0.7 < cover.max() < 0.8


def test_a_puff_thins_out_without_an_edge():
    row = layer(puffs([(0.0, 6.0, 0.0)], radius=0.9, opacity=0.4))[24, :, 3]
    assert row.max() > 0.25
    assert np.abs(np.diff(row)).max() < 0.08
    assert row[0] == 0.0


@pytest.mark.parametrize("kind", ["puff", "flake", "spark"])
def test_nothing_shows_on_the_lens(kind):
    assert layer(puffs([(0.0, 0.45, 0.0)], 0.03, 0.9, kind))[..., 3].max() == 0.0
    assert layer(puffs([(0.0, 6.0, 0.0)], 0.3, 0.9, kind))[..., 3].max() > 0.3


def test_a_puff_before_the_lens_is_fainter_than_the_same_one_farther_off():
    near, far = (layer(puffs([(0.0, y, 0.0)]))[..., 3].max() for y in (2.5, 6.0))
    assert near < 0.3 * far


@pytest.mark.parametrize("towards", [(0, -1, 0), (0, 1, 0), (1, 0, 0)])
def test_dust_keeps_its_colour_wherever_the_light_comes_from(towards):
    seen = layer(puffs([(0.0, 6.0, 0.0)], radius=0.8), KeyLight(towards, (1, 1, 1)), wall=1000.0)
    red, green, blue = seen[..., :3].astype(float).sum((0, 1))
    assert red > 0.0
    assert green / red == pytest.approx(0.5, abs=0.03)
    assert blue / red == pytest.approx(0.25, abs=0.03)


def test_a_wall_hides_what_is_behind_it():
    assert layer(puffs([(0.0, 15.0, 0.0)]), wall=10.0)[..., 3].max() == 0.0


def test_a_puff_on_a_wall_is_half_there_and_fades_as_it_sinks_in():
    free, on, sunk = (layer(puffs([(0.0, y, 0.0)]), wall=10.0)[..., 3].max() for y in (9.0, 10.0, 10.3))
    assert 0.35 * free < on < 0.75 * free
    assert 0.0 < sunk < 0.5 * on
