"""Joints, poses and forward kinematics."""

import numpy as np
import pytest

from kinema.stage.bodies.people.skeleton import (
    JOINTS,
    PersonPose,
    globals,
    rest_pose,
    skeleton_at,
)

PLACES = {name: np.array([0.0, 0.0, 0.1 * k]) for k, name in enumerate(JOINTS)}


def turn_x(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def test_parents_come_first() -> None:
    names = list(JOINTS)
    assert all(names.index(parent) < names.index(name) for name, parent in JOINTS.items() if parent)


def test_rest_pose_is_the_rest() -> None:
    skeleton = skeleton_at(PLACES)
    np.testing.assert_allclose(globals(skeleton, rest_pose()), skeleton.rest)


def test_a_turned_thigh_carries_the_leg_and_nothing_else() -> None:
    places = PLACES | {
        "upper_leg_left": np.array([-0.1, 0.0, 0.9]),
        "lower_leg_left": np.array([-0.1, 0.0, 0.5]),
        "foot_left": np.array([-0.1, 0.0, 0.1]),
    }
    skeleton = skeleton_at(places)
    rotations = rest_pose().rotations.copy()
    rotations[skeleton.index("upper_leg_left")] = turn_x(np.pi / 2)
    posed = globals(skeleton, PersonPose(np.zeros(3), 0.0, rotations))
    np.testing.assert_allclose(posed[skeleton.index("foot_left"), :3, 3], [-0.1, 0.8, 0.9], atol=1e-12)
    right = skeleton.index("upper_leg_right")
    np.testing.assert_allclose(posed[right], skeleton.rest[right])


def test_the_root_carries_everything() -> None:
    skeleton = skeleton_at(PLACES)
    pose = PersonPose(np.array([1.0, 2.0, 3.0]), np.pi / 2, rest_pose().rotations)
    head = globals(skeleton, pose)[skeleton.index("head")]
    assert head[:3, 3] == pytest.approx([1.0, 2.0, 3.0 + 0.1 * list(JOINTS).index("head")])
    assert head[:3, :3] @ [0.0, 1.0, 0.0] == pytest.approx([-1.0, 0.0, 0.0])
