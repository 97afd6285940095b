"""What shows how a jacket is made: ridges, zips and straps that lie on it."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.body import Body, Physique, build_body
from kinema.stage.bodies.people.cuts import Cut, cover, level_height
from kinema.stage.bodies.people.garments import Fit, shell
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.seams import BAND, RIDGE, pockets, seams, straps
from kinema.stage.bodies.people.skinning import smooth_normals
from kinema.stage.bodies.people.tailoring import Cloth

LEATHER, STEEL = Material("leather"), Material("steel")
CUT = Cut(bottom=3.5, top=6.05, sleeve=1.0, front=0.03, open=0.036)


@pytest.fixture(
    scope="module", params=[Physique("female"), Physique("male", weight=0.6), Physique(ages={"child": 1.0})]
)
def sewn(request) -> tuple[Body, Cloth]:
    body = build_body(request.param)
    return body, Cloth.of(shell(body, cover(body, CUT), Fit(ease=0.012), LEATHER, "jacket"), body)


def off(cloth: Cloth, piece: Piece) -> np.ndarray:
    """Metres (V,) that a piece stands off the cloth."""
    _, rows = cloth.tree.query(piece.points, 4)
    place, normal = cloth.piece.points[rows].mean(1), cloth.normals[rows].mean(1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    return np.asarray(((piece.points - place) * normal).sum(1))


def test_seams_lie_on_the_cloth_and_look_outward(sewn: tuple[Body, Cloth]) -> None:
    body, cloth = sewn
    made = [*seams(body, cloth, CUT, LEATHER), *pockets(body, cloth, STEEL)]
    for piece in made:
        away = off(cloth, piece)
        assert np.quantile(away, 0.02) > -0.003
        assert np.quantile(away, 0.98) < RIDGE + 0.006
        _, nearest = cloth.tree.query(piece.points)
        assert (smooth_normals(piece.points, piece.faces) * cloth.normals[nearest]).sum(1).mean() > 0.5
        np.testing.assert_allclose(piece.weights.sum(1), 1.0, atol=1e-4)


def test_they_are_the_same_left_and_right(sewn: tuple[Body, Cloth]) -> None:
    body, cloth = sewn
    for made in (seams(body, cloth, CUT, LEATHER), straps(body, cloth, LEATHER)):
        x = np.concatenate([piece.points[:, 0] for piece in made])
        assert abs(x.max() + x.min()) < 0.01  # metres
    assert sum(piece.points[:, 0].mean() < 0 for piece in pockets(body, cloth, STEEL)) == 2  # one on the chest


def test_one_seam_goes_round_the_waist_above_the_hem(sewn: tuple[Body, Cloth]) -> None:
    body, cloth = sewn
    height = level_height(body, CUT.bottom) + BAND
    level = [p for p in seams(body, cloth, CUT, LEATHER) if np.abs(p.points[:, 2] - height).max() < 0.01]
    assert len(level) == 1
    points = level[0].points
    assert points[:, 1].min() < body.landmarks["spine"][1] < points[:, 1].max()
    front = points[points[:, 1] > np.quantile(points[:, 1], 0.8)]
    assert np.abs(front[:, 0]).min() > 0.5 * CUT.open  # open where the jacket is


def test_straps_lie_flat_on_both_shoulders(sewn: tuple[Body, Cloth]) -> None:
    body, cloth = sewn
    for strap in straps(body, cloth, LEATHER):
        assert strap.points[:, 2].min() > body.landmarks["upper_arm_left"][2]
        assert np.ptp(np.abs(strap.points[:, 0])) > 0.04 * body.height / 1.65
        assert off(cloth, strap).max() < 0.02
