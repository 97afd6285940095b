import numpy as np
import pytest

from kinema.stage.sets.scatter import FOOT, Plant, kept_off

WAY = np.array([[0.0, 0.0, 0.0], [10.0, 0.0, 0.0]])


def slope(points):
    return 0.5 * points[:, 1]


def stone(x, y, size=1.0, sunk=0.1):
    return Plant("stone", 0, np.array([x, y, 0.5 * y - sunk]), 0.0, size, np.ones(3))


def test_a_stone_in_the_way_lies_beside_it_afterwards_as_deep_in_the_ground_as_before():
    (moved,) = kept_off([stone(4.0, 0.3)], [WAY], 0.5, slope)
    x, y, z = moved.place
    assert (x, y) == pytest.approx((4.0, 0.5 + FOOT["stone"]), abs=1e-6)
    assert z == pytest.approx(0.5 * y - 0.1)


def test_one_that_lies_on_the_line_itself_leaves_it_too():
    (moved,) = kept_off([stone(5.0, 0.0)], [WAY], 0.5, slope)
    assert abs(moved.place[1]) == pytest.approx(0.5 + FOOT["stone"])


def test_larger_stones_go_farther_and_those_out_of_the_way_stay():
    far, near = stone(4.0, 3.0), stone(6.0, -1.0, size=2.0)
    stayed, moved = kept_off([far, near], [WAY], 0.5, slope)
    assert stayed is far
    assert moved.place[1] == pytest.approx(-(0.5 + 2 * FOOT["stone"]))
