"""Cutting, subdividing and joining surfaces."""

import numpy as np
import pytest

from kinema.stage.bodies.people.piece import boundary_loops, clip, subdivide, top_four

SQUARE = np.array([[0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0]], np.float32)
HALVES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def area(points: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = (points[faces[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@pytest.mark.parametrize(("edge", "left"), [(0.5, 3.0), (1.0, 2.0), (1.5, 1.0)])
def test_a_cut_is_straight_wherever_the_triangles_are(edge: float, left: float) -> None:
    points, faces, (values,) = clip(SQUARE, HALVES, [SQUARE[:, :1] * 10], SQUARE[:, 0] - np.float32(edge))
    assert area(points, faces) == pytest.approx(left)
    assert points[:, 0].min() == pytest.approx(edge)
    np.testing.assert_allclose(values[:, 0], points[:, 0] * 10, rtol=1e-6)


def test_a_cut_that_misses_keeps_all_or_nothing() -> None:
    assert len(clip(SQUARE, HALVES, [], np.ones(4, np.float32))[1]) == 2
    assert len(clip(SQUARE, HALVES, [], -np.ones(4, np.float32))[1]) == 0


def test_the_rim_of_a_square_is_one_loop() -> None:
    loops = boundary_loops(HALVES)
    assert [sorted(loop) for loop in loops] == [[0, 1, 2, 3]]


def test_subdividing_a_cube_rounds_it_and_keeps_it_closed() -> None:
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]], np.int32)
    points, finer, (carried,) = subdivide(corners, quads, [corners])
    assert len(finer) == 24
    assert len(points) == 26
    assert np.linalg.norm(points[:8], axis=1) == pytest.approx(np.full(8, np.sqrt(3) * 5 / 9), abs=1e-5)
    assert not boundary_loops(np.concatenate([finer[:, [0, 1, 2]], finer[:, [0, 2, 3]]]))
    np.testing.assert_allclose(carried[:8], corners)


def test_top_four_sum_to_one() -> None:
    indices, weights = top_four(np.array([[0.1, 0.4, 0.05, 0.2, 0.25]], np.float32))
    assert list(indices[0]) == [1, 4, 3, 0]
    assert weights.sum() == pytest.approx(1.0)
