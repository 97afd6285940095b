"""Normals of hair turn to the eye about the way it runs."""

import numpy as np

from kinema.stage.bodies.people.combed import ON_EDGE, ROUND, rounded

DOWN = np.array([[0.0, 0.0, -1.0]], np.float32)
AHEAD = np.array([[0.0, 1.0, 0.0]], np.float32)
HERE = np.zeros((1, 3), np.float32)


def test_seen_aslant_a_strand_faces_so_far_that_way() -> None:
    normal = rounded(HERE, AHEAD, DOWN, np.array([5.0, 5.0, 0.0]))[0]
    assert np.isclose(np.linalg.norm(normal), 1.0, atol=1e-5)
    aside = (ROUND + ON_EDGE) * np.sqrt(0.5)
    assert np.isclose(normal[0] / normal[1], aside / (1 - ROUND + aside), atol=1e-4)


def test_seen_on_edge_it_turns_a_little_to_the_eye_or_a_rim_would_be_a_thread() -> None:
    normal = rounded(HERE, AHEAD, DOWN, np.array([5.0, 0.0, 0.0]))[0]
    assert np.isclose(normal[0] / normal[1], ON_EDGE / (1 - ROUND), atol=1e-4)


def test_seen_from_above_along_its_length_it_is_left_alone() -> None:
    assert np.allclose(rounded(HERE, AHEAD, DOWN, np.array([0.0, 0.0, 5.0])), AHEAD, atol=1e-5)


def test_the_inner_side_faces_the_eye_and_not_the_lamps_behind() -> None:
    eye = np.array([5.0, 1.0, 0.0])
    assert np.allclose(rounded(HERE, -AHEAD, DOWN, eye), eye / np.linalg.norm(eye), atol=1e-5)


def test_none_is_on_edge_between_one_that_faces_away_and_one_that_does_not() -> None:
    angle = np.linspace(0.0, np.pi, 60)
    normals = np.stack([np.sin(angle), np.cos(angle), np.zeros(60)], 1).astype(np.float32)
    lit = rounded(np.zeros((60, 3), np.float32), normals, np.repeat(DOWN, 60, 0), np.array([0.0, 5.0, 0.0]))
    assert lit[:, 1].min() > 0.5  # cosine of the eye's angle


def test_the_eye_never_tips_a_normal_along_the_strand() -> None:
    assert abs(rounded(HERE, AHEAD, DOWN, np.array([1.0, 2.0, 9.0]))[0, 2]) < 1e-6
