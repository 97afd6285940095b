"""Where eyebrows run and how their hairs lie."""

import numpy as np

from kinema.stage.bodies.people.brows import brow_half, brow_lean, brow_line

ALONG = np.linspace(0, 1, 9)


def test_hairs_stand_at_the_nose_and_lie_down_outwards() -> None:
    lean = brow_lean(ALONG)
    assert (np.diff(lean) < 0).all()
    assert lean[0] > 1.0
    assert lean[-1] < 0.2


def test_a_brow_arches_and_thins_outwards() -> None:
    height, half = brow_line(ALONG), brow_half(ALONG, 1.0)
    assert 0.3 < ALONG[np.argmax(height)] < 0.8
    assert (np.diff(half) < 0).all()
    np.testing.assert_allclose(brow_half(ALONG, 2.0), 2.0 * half)
