"""Joint rotations to moved points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.skeleton import JOINTS, local_globals
from kinema.stage.bodies.people.skinning import (
    LOAD,
    SKIN_JOINTS,
    grip_at,
    half_twist,
    skin,
    skin_transforms,
    smooth_normals,
)

BODY = build_body(Physique())


def turns(seed: int) -> np.ndarray:
    return Rotation.from_rotvec(np.random.default_rng(seed).normal(0, 0.5, (len(JOINTS), 3))).as_matrix()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_skin_transforms_agree_with_forward_kinematics(seed: int) -> None:
    rotations = turns(seed)
    moves = skin_transforms(BODY.skeleton, BODY.fingertips, rotations)[: len(JOINTS)]
    joints = local_globals(BODY.skeleton, rotations)
    rest = BODY.skeleton.rest[:, :3, 3]
    carried = np.einsum("jab,jb->ja", moves[:, :, :3], rest) + moves[:, :, 3]
    np.testing.assert_allclose(carried, joints[:, :3, 3], atol=1e-5)
    np.testing.assert_allclose(moves[:, :, :3], joints[:, :3, :3], atol=1e-5)


def test_at_rest_nothing_moves() -> None:
    moves = skin_transforms(BODY.skeleton, BODY.fingertips, np.tile(np.eye(3), (len(JOINTS), 1, 1)))
    np.testing.assert_allclose(moves, np.tile(np.eye(3, 4), (len(SKIN_JOINTS), 1, 1)), atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_load_hangs_on_the_forearm_upright_whatever_the_arm_does(seed: int) -> None:
    rotations = turns(seed)
    move = skin_transforms(BODY.skeleton, BODY.fingertips, rotations)[SKIN_JOINTS.index("load")]
    np.testing.assert_allclose(move[:, :3] @ move[:, :3].T, np.eye(3), atol=1e-5)
    assert np.degrees(np.arccos(min(move[2, 2], 1.0))) < 18.0
    joints = local_globals(BODY.skeleton, rotations)
    elbow, hand = BODY.skeleton.index("lower_arm_left"), BODY.skeleton.index("hand_left")
    rest = BODY.skeleton.rest
    held = rest[elbow, :3, 3] + LOAD * (rest[hand, :3, 3] - rest[elbow, :3, 3])
    expected = joints[elbow, :3, 3] + LOAD * (joints[hand, :3, 3] - joints[elbow, :3, 3])
    np.testing.assert_allclose(move[:, :3] @ held + move[:, 3], expected, atol=1e-5)


def test_a_load_hangs_the_way_it_is_told() -> None:
    up, ahead = np.array([0.2, -0.1, 1.0]), np.array([0.6, 0.8, 0.0])
    moves = skin_transforms(BODY.skeleton, BODY.fingertips, turns(3), np.stack([up, ahead]))
    for name in ("load", "grip"):
        np.testing.assert_allclose(moves[SKIN_JOINTS.index(name), :, 2], up / np.linalg.norm(up), atol=1e-5)
    assert moves[SKIN_JOINTS.index("grip"), :, 1] @ ahead > 0.97


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_bag_in_a_fist_turns_little_however_the_hand_is_held(seed: int) -> None:
    move = skin_transforms(BODY.skeleton, BODY.fingertips, turns(seed))[SKIN_JOINTS.index("grip")]
    assert np.abs(np.degrees(np.arctan2(-move[0, 1], move[1, 1]))) < 15.0


def test_the_fist_closes_before_the_palm() -> None:
    place = np.empty(3)
    wrist, knuckles = (BODY.skeleton.place(f"{name}_left") for name in ("hand", "fingers"))
    grip_at(wrist, knuckles, place)
    hand = knuckles - wrist
    palm = np.cross(hand, [0.0, 1.0, 0.0])  # thumbs are ahead at rest
    assert 0.01 < (place - knuckles) @ palm / np.linalg.norm(palm) < 0.04
    assert (place - wrist) @ hand / np.linalg.norm(hand) > np.linalg.norm(hand)


@pytest.mark.parametrize("angle", [-1.2, 0.0, 0.8])
def test_half_of_a_pure_twist_is_half_its_angle(angle: float) -> None:
    axis = np.array([0.0, 0.6, 0.8])
    half = np.empty((3, 3))
    half_twist(Rotation.from_rotvec(axis * angle).as_matrix(), axis * 0.3, False, half)
    np.testing.assert_allclose(half, Rotation.from_rotvec(axis * angle / 2).as_matrix(), atol=1e-9)


def test_a_pure_swing_has_no_twist() -> None:
    swing = Rotation.from_rotvec([0.7, 0.0, 0.0]).as_matrix()
    whole, none = np.empty((3, 3)), np.empty((3, 3))
    half_twist(swing, np.array([0.0, 0.0, 1.0]), True, whole)
    half_twist(swing, np.array([0.0, 0.0, 1.0]), False, none)
    np.testing.assert_allclose(whole, swing, atol=1e-9)
    np.testing.assert_allclose(none, np.eye(3), atol=1e-9)


def test_skin_blends_two_joints_half_and_half() -> None:
    moves = np.zeros((2, 3, 4), np.float32)
    moves[:, :, :3] = np.eye(3)
    moves[1, :, 3] = [0.0, 0.0, 2.0]
    points, normals = np.array([[1.0, 0.0, 0.0]], np.float32), np.array([[0.0, 0.0, 1.0]], np.float32)
    indices, weights = np.array([[0, 1, 0, 0]], np.uint8), np.array([[0.5, 0.5, 0.0, 0.0]], np.float32)
    out, facing = np.empty_like(points), np.empty_like(normals)
    skin(points, normals, indices, weights, moves, out, facing)
    np.testing.assert_allclose(out, [[1.0, 0.0, 1.0]])
    np.testing.assert_allclose(facing, [[0.0, 0.0, 1.0]])


def test_normals_are_shared_across_a_seam() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    faces = np.array([[0, 1, 2], [3, 4, 5]], np.int32)
    normals = smooth_normals(points, faces, np.array([0, 1, 2, 0, 2, 5], np.int32))
    np.testing.assert_allclose(normals[0], normals[3])
    assert normals[0] == pytest.approx(np.array([1, 0, 1]) / np.sqrt(2), abs=1e-6)
