"""What garments cover, and what they leave bare."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.body import Physique, body_count, build_body
from kinema.stage.bodies.people.cuts import ARMS, Cut, cover, trouser_cover
from kinema.stage.bodies.people.garments import hemmed
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


@pytest.mark.parametrize("ages", [{"young": 1.0}, {"child": 1.0}])
def test_a_deep_v_leaves_both_shoulders_in_their_straps(ages: dict[str, float]) -> None:
    body = build_body(Physique("female", ages=ages))
    inside = cover(body, Cut(front=0.03, vee=0.06, width=0.08))
    weights, marks = dense_weights(), body.landmarks
    middle = (0.085 * body.height / 1.65 + marks["upper_arm_right"][0]) / 2
    points = body.points
    strap = np.arange(len(points)) < body_count()
    strap &= (np.abs(np.abs(points[:, 0]) - middle) < 0.012) & (share(weights, *ARMS) < 0.3)
    strap &= (points[:, 2] > marks["upper_arm_right"][2]) & (points[:, 2] < marks["neck"][2])
    strap &= np.abs(points[:, 1] - marks["neck"][1]) < 0.04
    assert strap.sum() > 8
    assert (inside(points, weights)[strap] > 0).all()
    hollow = (np.abs(points[:, 0]) < 0.01) & (points[:, 1] > marks["neck"][1] + 0.05)
    hollow &= np.abs(points[:, 2] - marks["neck"][2] + 0.02) < 0.02
    assert (inside(points, weights)[hollow] < 0).all()
