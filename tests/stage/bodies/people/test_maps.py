"""Noise drawn out along one way."""

import numpy as np

from kinema.stage.bodies.people.maps import drawn_out
from kinema.stage.chance import chance


def test_noise_is_drawn_out_one_way_repeats_and_has_unit_deviation() -> None:
    image = drawn_out(chance(1, "maps", "noise").standard_normal((64, 48)).astype(np.float32), 12.0, 0.6)
    assert image.shape == (64, 48)
    assert abs(float(image.std()) - 1.0) < 1e-3
    down = np.abs(image - np.roll(image, 1, 0))  # across the seam too
    across = np.abs(image - np.roll(image, 1, 1))
    assert down.max() < 0.5
    assert across.mean() > 5 * down.mean()
