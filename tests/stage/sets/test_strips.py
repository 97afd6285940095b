"""Stretches of ground: sparser rows from afar, the same borders, no change close by."""

import numpy as np

from kinema.buffers.scene_frame import Material
from kinema.stage.sets.strips import Stretch, sparser
from kinema.stage.sets.terrain import Patch

ROWS, COLUMNS = 38, 5


def mesh():
    x = np.broadcast_to(np.arange(COLUMNS, dtype=float), (ROWS, COLUMNS)).copy()
    patch = Patch.over(x, np.arange(ROWS, dtype=float), lambda px, py: np.sin(0.3 * px) + 0.1 * py)
    kinds = (np.arange(ROWS - 1)[:, None] % 2 + np.zeros(COLUMNS - 1)).astype(np.int32)
    uv = patch.positions[..., :2]
    return patch.mesh("strip", (Material("a"), Material("b")), uv, np.ones((ROWS, COLUMNS, 3)), kinds)


def test_sparser_rows_keep_borders_and_lie_on_the_same_ground():
    whole, thin = mesh(), sparser(mesh(), COLUMNS, 4)
    assert len(thin.faces) == 10 * 2 * (COLUMNS - 1)  # rows 0, 4 ... 36 and the last, 37
    for end in (slice(0, COLUMNS), slice(-COLUMNS, None)):
        np.testing.assert_array_equal(thin.positions[end], whole.positions[end])
    np.testing.assert_allclose(
        thin.positions[:, 2], np.sin(0.3 * thin.positions[:, 0]) + 0.1 * thin.positions[:, 1], 1e-5
    )
    a, b, c = (thin.positions[thin.faces[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()
    np.testing.assert_allclose(np.cross(b - a, c - a)[:, 2].sum() / 2, (ROWS - 1) * (COLUMNS - 1))
    assert thin.material_index is not None
    assert thin.material_index.reshape(10, -1)[:, 0].tolist() == [0] * 10


def test_a_stretch_thins_with_distance_and_is_whole_close_by():
    stretch = Stretch(mesh(), COLUMNS)
    faces = [len(stretch.surface(np.array([2.0, -away, 2.0])).mesh.faces) for away in (0.0, 50.0, 80.0, 200.0, 900.0)]
    assert faces[0] == faces[1] == len(mesh().faces)
    assert faces[1] > faces[2] > faces[3] > faces[4]
    near, far = (stretch.surface(np.array([2.0, -away, 2.0]), 30.0) for away in (85.0, 95.0))
    assert len(near.mesh.faces) == len(mesh().faces)  # it may be as near as 55 metres
    assert len(far.mesh.faces) < len(mesh().faces)
