"""Lashes: strips on the lids, cut out into hairs."""

import numpy as np

from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.lashes import COLUMNS, lash_piece, lash_texture


def test_upper_lashes_rise_from_the_lid_and_go_down_with_it() -> None:
    body = build_body(Physique("female"))
    lashes = lash_piece(body, 1.0)
    strips = lashes.points.reshape(4, COLUMNS, 3, 3)
    blink = lashes.units["blink"].reshape(4, COLUMNS, 3, 3)
    eye = body.landmarks["eye_left"]
    assert np.abs(strips[..., 2] - eye[2]).max() < 0.025
    assert (strips[:2, :, 2, 1] - strips[:2, :, 0, 1]).mean() > 0.002  # tips lie ahead of the roots
    assert (blink[:2, 2:-2, 2, 2] < blink[:2, 2:-2, 0, 2] - 0.003).all()
    assert np.abs(blink[2:, :, 2] - blink[2:, :, 0]).max() < 1e-6


def test_hairs_are_dense_at_the_root_and_run_out() -> None:
    alpha = lash_texture().alpha
    assert alpha is not None
    cover = (alpha > 127).mean(1)
    assert cover[0] == 1.0
    assert 0.2 < cover[len(cover) // 3] < 0.7
    assert cover[-1] < 0.05
