"""Thinning: fewer triangles, the same shape; what has a picture on it stays."""

import numpy as np

from kinema.buffers.scene_frame import Material, Texture
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part
from kinema.stage.geometry.thinning import thinned


def test_a_ball_stays_a_ball_with_a_fifth_of_its_triangles():
    ball = Part(solids.sphere(1.0, 48, 24), Material("m"))
    (thin,) = thinned([ball], 0.2)
    assert len(thin.solid.faces) <= 0.22 * len(ball.solid.faces)
    used = thin.solid.positions[np.unique(thin.solid.faces)]
    np.testing.assert_allclose(np.linalg.norm(used, axis=1), 1.0, atol=0.03)
    a, b, c = (thin.solid.positions[thin.solid.faces[:, k]] for k in range(3))
    volume = np.einsum("ij,ij->", a, np.cross(b, c)) / 6
    np.testing.assert_allclose(volume, 4 / 3 * np.pi, rtol=0.08)


def test_what_is_light_or_has_a_texture_stays():
    box = Part(solids.box((1, 1, 1)), Material("m"))
    printed = Part(
        solids.sphere(1.0, 48, 24), Material("m", texture=Texture("t", albedo=np.zeros((4, 4, 3), np.uint8)))
    )
    kept = thinned([box, printed], 0.1)
    assert kept[0].solid is box.solid
    assert kept[1] is printed
