"""Colour schemes of rooms."""

import numpy as np

from kinema.stage.sets.room_scheme import scheme_of, schemes

LUMA = np.array([0.2126, 0.7152, 0.0722])


def test_a_wall_has_a_colour_and_the_throw_stands_out_against_it() -> None:
    for scheme in schemes():
        wall, throw = np.array(scheme.wall), np.array(scheme.throw)
        assert wall.max() / wall.min() > 1.6, scheme.name
        assert np.linalg.norm(wall / wall.sum() - throw / throw.sum()) > 0.15, scheme.name


def test_linen_is_lighter_than_walls_and_woods_are_darker() -> None:
    for scheme in schemes():
        wall = LUMA @ np.array(scheme.wall)
        assert min(LUMA @ np.array(one) for one in (scheme.sheet, scheme.duvet)) > 1.15 * wall, scheme.name
        assert LUMA @ np.array(scheme.furniture) < 0.6 * wall, scheme.name


def test_seeds_give_different_schemes_and_always_the_same() -> None:
    assert len({scheme_of(seed).name for seed in range(30)}) == len(schemes())
    assert [scheme_of(seed).name for seed in range(5)] == ["harbour", "rose", "harbour", "harbour", "meadow"]
