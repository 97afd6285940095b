import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.stage.motion import rotations as r

angle = st.floats(-3.0, 3.0, allow_nan=False)


def test_turns_go_the_way_the_skeleton_says():
    quarter = np.array(np.pi / 2)
    np.testing.assert_allclose(r.about_x(quarter) @ [0, 1, 0], [0, 0, 1], atol=1e-12)  # ahead goes up
    np.testing.assert_allclose(r.about_y(quarter) @ [-1, 0, 0], [0, 0, 1], atol=1e-12)  # left rises
    np.testing.assert_allclose(r.about_z(quarter) @ [0, 1, 0], [-1, 0, 0], atol=1e-12)  # ahead goes left


@given(angle, angle, angle)
def test_quaternions_and_back(x, y, z):
    turn = r.euler(np.array([x, y, z]))
    np.testing.assert_allclose(r.from_quaternions(r.quaternions(turn)), turn, atol=1e-9)


@given(angle, angle, angle, st.floats(0.0, 1.0))
def test_a_mixed_turn_is_a_turn_and_ends_where_it_should(x, y, z, share):
    first, second = r.euler(np.array([x, y, z])), r.euler(np.array([y, z, x]))
    mixed = r.mixed(first, second, np.array(share))
    np.testing.assert_allclose(mixed @ mixed.T, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(r.mixed(first, second, np.array(0.0)), first, atol=1e-7)
    np.testing.assert_allclose(r.mixed(first, second, np.array(1.0)), second, atol=1e-7)


def test_halfway_is_half_the_angle():
    mixed = r.mixed(np.eye(3), r.about_z(np.array(1.0)), np.array(0.5))
    np.testing.assert_allclose(mixed, r.about_z(np.array(0.5)), atol=1e-9)


def test_straightening_makes_a_rotation_of_a_mean():
    mean = 0.5 * (np.eye(3) + r.about_x(np.array(0.2)))
    np.testing.assert_allclose(r.straightened(mean), r.about_x(np.array(0.1)), atol=1e-5)


def test_between_carries_one_direction_onto_the_other():
    first, second = np.array([1.0, 2.0, 0.5]), np.array([-0.3, 0.4, 2.0])
    assert float(r.unit(r.between(first, second) @ first) @ r.unit(second)) == pytest.approx(1.0)
