"""Height fields: the height asked for is the height of the triangles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.buffers.scene_frame import Material
from kinema.stage.sets.terrain import Patch

BUMPY = Patch(
    np.array([[0.0, 1.0, 3.0], [0.5, 1.5, 2.5], [0.0, 2.0, 3.0]]),
    np.array([0.0, 1.0, 3.0]),
    np.array([[0.0, 1.0, 0.0], [2.0, 0.5, 1.0], [0.0, 3.0, 1.0]]),
)


def mesh_of(patch):
    return patch.mesh("bumpy", (Material("m"),), np.zeros((1, 1, 2)), np.ones((1, 1, 3)))


@given(face=st.integers(0, 7), a=st.floats(0.01, 0.98), b=st.floats(0.01, 0.98))
def test_height_lies_on_the_triangles(face, a, b):
    if a + b > 0.99:
        a, b = (1 - a) * 0.99, (1 - b) * 0.99
    corners = mesh_of(BUMPY).positions[mesh_of(BUMPY).faces[face]].astype(float)
    point = corners[0] * (1 - a - b) + corners[1] * a + corners[2] * b
    assert BUMPY.heights(point[None, :2])[0] == pytest.approx(point[2], abs=1e-5)


def test_heights_hold_at_corners_and_beyond_the_border():
    assert BUMPY.heights(np.array([[1.5, 1.0], [-9.0, -9.0]])) == pytest.approx([0.5, 0.0])


def test_a_mesh_faces_up():
    mesh = mesh_of(BUMPY)
    a, b, c = (mesh.positions[mesh.faces[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()
    assert (mesh.normals[:, 2] > 0).all()


def test_a_part_of_the_rows_keeps_its_materials():
    number = np.array([[0, 1], [1, 0]], np.int32)
    two = (Material("a"), Material("b"))
    mesh = BUMPY.mesh("part", two, np.zeros((1, 1, 2)), np.ones((1, 1, 3)), number, slice(1, 3))
    assert len(mesh.faces) == 4
    assert mesh.material_index.tolist() == [1, 1, 0, 0]
