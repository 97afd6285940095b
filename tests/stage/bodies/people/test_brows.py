"""Eyebrows of single hairs."""

import numpy as np

from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.brows import brow_lean, brow_piece


def test_hairs_lie_on_the_brow_of_every_face_and_follow_it() -> None:
    for physique in (Physique("female"), Physique("male", {"old": 1.0}), Physique("female", {"child": 1.0})):
        body = build_body(physique)
        brows = brow_piece(body, (0.02, 0.01, 0.01), 1.2)
        eye = body.landmarks["eye_left"]
        assert (brows.points[:, 1] > eye[1] - 0.03).all()
        assert (brows.points[:, 2] > eye[2] + 0.003).all()
        assert (brows.points[:, 2] < eye[2] + 0.05).all()
        assert brows.units["brows_up"][:, 2].mean() > 0.001
        assert np.isclose((brows.points[:, 0] > 0).mean(), 0.5)


def test_they_stand_at_the_nose_and_lie_down_outwards() -> None:
    lean = brow_lean(np.linspace(0, 1, 9))
    assert (np.diff(lean) < 0).all()
    assert lean[0] > 1.0
    assert lean[-1] < 0.2
