import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.stage.geometry import outlines


def covered(points, faces) -> float:
    return sum(outlines.area(points[face]) for face in faces)


def test_rounding_takes_the_corners_only():
    outline = outlines.rectangle(2, 1, 0.2, 16)
    assert outlines.area(outline) == pytest.approx(2 - (4 - np.pi) * 0.04, rel=1e-3)
    assert np.abs(outline).max(axis=0) == pytest.approx([1.0, 0.5])


def test_an_inset_square_is_smaller():
    assert outlines.area(outlines.inset(outlines.rectangle(2, 2), 0.25)) == pytest.approx(2.25)


@given(st.lists(st.floats(0.3, 2.0), min_size=5, max_size=24))
def test_triangles_cover_a_star(radii):
    turn = np.arange(len(radii)) * 2 * np.pi / len(radii)
    star = np.array(radii)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    points, faces = outlines.triangulate(star)
    assert len(faces) == len(star) - 2
    assert covered(points, faces) == pytest.approx(outlines.area(star))


def test_triangles_leave_the_holes_open():
    holes = [outlines.circle(0.2, 12)[::-1] + np.array([x, y]) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]
    points, faces = outlines.triangulate(outlines.rectangle(2, 2), holes)
    assert covered(points, faces) == pytest.approx(4 + sum(outlines.area(hole) for hole in holes))
    middles = points[faces].mean(axis=1)
    for hole in holes:
        assert np.linalg.norm(middles - hole.mean(axis=0), axis=1).min() > 0.19
