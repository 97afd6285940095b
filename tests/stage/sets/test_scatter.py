import numpy as np
import pytest

from kinema.stage.sets.scatter import FOOT, STRIDE, Plant, Stand, kept_off, seen

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


def shown(stand, eye):
    """The detail in which a stand shows."""
    return seen([stand], np.array(eye))[0].mesh.key.rsplit("/", 1)[1]


@pytest.mark.parametrize("eye", [(3.9, 0.0, 1.5), (3.9, 3.9, 1.5), (-2.3, 4.1, 1.5)])
def test_what_stands_at_the_lens_is_never_coarse(eye):
    turns = np.linspace(0.0, 2 * np.pi, 13)[:-1]
    places = np.array(eye)[:2] + 1.9 * np.stack([np.cos(turns), np.sin(turns)], 1)
    for x, y in places:
        assert shown(Stand("s", [stone(x, y)], (2, 25, 78)), eye) == "near"
        wide = Stand("w", [stone(x, y), stone(x + np.sign(x - eye[0]) * 30.0, y)], (2, 25, 78))
        assert shown(wide, eye) == "near"


def test_what_is_far_off_is_coarse_and_stays_so_within_a_stride():
    stand = Stand("s", [stone(20.0, 0.0), stone(30.0, 9.0)], (2, 25, 78))
    assert shown(stand, (0.0, 0.0, 1.5)) == "mid"
    assert shown(stand, (-25.0, 0.0, 1.5)) == "far"
    eyes = [(x, y, 1.5) for x in np.linspace(8.5, 8.5 + STRIDE - 1.0, 7) - 4.0 for y in (-3.0, 3.0)]
    assert len({shown(stand, eye) for eye in eyes}) == 1
