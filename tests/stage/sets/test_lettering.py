"""Lettering: lines made simpler, and never by more than was allowed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.stage.sets.lettering import outlines, straighter

places = st.floats(-10.0, 10.0)
lines = st.lists(st.tuples(places, places), min_size=2, max_size=40).map(lambda points: np.array(points))


def away(points, line):
    """How far points (N, 2) are from a line (M, 2)."""
    first, way = line[:-1], np.diff(line, axis=0)
    length = np.maximum((way**2).sum(1), 1e-12)
    share = np.clip(((points[:, None] - first) * way).sum(-1) / length, 0.0, 1.0)
    return np.linalg.norm(points[:, None] - first - share[..., None] * way, axis=-1).min(1)


@given(lines, st.floats(0.01, 3.0))
@settings(max_examples=60, deadline=None)
def test_a_simpler_line_keeps_its_ends_and_strays_no_farther_than_allowed(line, tolerance):
    simple = straighter(line, tolerance)
    assert len(simple) <= len(line)
    assert simple[[0, -1]].tolist() == line[[0, -1]].tolist()
    assert away(line, simple).max() <= tolerance + 1e-9


def test_points_on_a_straight_line_go_and_corners_stay():
    line = np.array([[0, 0], [1, 0], [2, 0], [2, 1], [2, 2], [0, 2], [0, 1], [0, 0]], float)
    assert straighter(line, 0.1).tolist() == [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]


def test_a_letter_has_its_holes_and_its_height():
    ring = outlines("O", "brush_ja", 0.5)
    assert len(ring) == 2
    assert np.ptp(ring[0][:, 1]) == pytest.approx(0.5, rel=0.1)
