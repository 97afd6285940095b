"""What garments cover, and what they leave bare."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.garments import hemmed, trouser_cover
from kinema.stage.bodies.people.piece import Piece, dense_weights, share
from kinema.stage.bodies.people.skinning import smooth_normals, triangles


@pytest.mark.parametrize("physique", [Physique(), Physique("male", weight=0.6)])
def test_trousers_cover_legs_and_leave_fingers_whole_to_their_tips(physique: Physique) -> None:
    body, weights = build_body(physique), dense_weights()
    covered = trouser_cover(body, bottom=1.12, top=3.9)(body.points, weights) > 0
    assert covered[share(weights, "lower_leg") > 0.9].mean() > 0.5
    assert not np.any(covered[share(weights, "fingertips", "fingers", "thumb") > 0.5])


def test_a_turned_in_edge_ends_beneath_the_cloth_and_moves_with_it() -> None:
    """A sheet that bends up out of the plane of its own edge: straight in from there is in front of it."""
    x, y = np.meshgrid(np.linspace(-0.1, 0.1, 21), np.linspace(0.0, 0.2, 21))
    points = np.stack([x, y, -3.0 * y * (0.2 - y)], -1).reshape(-1, 3).astype(np.float32)
    index = np.arange(len(points)).reshape(21, 21)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1).reshape(-1, 4)
    weights = np.stack([y.ravel(), 1 - y.ravel()], 1).astype(np.float32)
    sheet = Piece("sheet", points, triangles(quads.astype(np.int32)), weights, Material("cloth"))
    made = hemmed(sheet, 0.002)
    rim = (len(made.points) - len(points)) // 2
    ends, theirs = made.points[-rim:], made.weights[-rim:]
    nearest = np.linalg.norm(ends[:, None] - points[None], axis=2).argmin(1)
    below = ((ends - points[nearest]) * smooth_normals(points, sheet.faces)[nearest]).sum(1)
    assert below.max() < -0.004
    assert np.abs(theirs - weights[nearest]).max() < 0.03
