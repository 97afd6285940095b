import numpy as np
import pytest

from kinema.buffers.chunk import Lens
from kinema.film.focus import Focus

# half pixels of blur = 0.25 * aperture * focal * (1 / focus - 1 / depth): 6 far away, -6 at a metre
LENS = Lens(400.0, 0.12, 2.0)


def spread(half, depth, lens=LENS):
    """Blurred picture (h, w, 4) of a half-size picture (h, w, 3) and its depth (h, w)."""
    height, width = depth.shape
    focus = Focus(height, width)
    return focus.spread(half.astype(np.float32), np.repeat(np.repeat(depth, 2, 0), 2, 1).astype(np.float32), lens)


def picture(value, height=120, width=160):
    return np.full((height, width, 3), value, np.float32)


def plane(depth, height=120, width=160):
    return np.full((height, width), depth, np.float32)


def test_a_far_lamp_becomes_a_round_even_disc_that_keeps_its_light():
    half = picture(0.0)
    half[60, 80] = 20.0
    disc = spread(half, plane(np.inf), Lens(400.0, 0.08, 2.0))[..., 0]
    rows, columns = np.indices(disc.shape)
    away = np.hypot(rows - 60, columns - 80)
    assert abs(disc.sum() - 20.0) < 2.0
    inside = disc[away < 2.5]
    assert inside.min() > 0.9 * inside.max()
    assert disc[away > 7.0].max() < 0.02 * inside.max()
    assert np.allclose(disc[40:81, 60:101], disc[40:81, 60:101].T, atol=1e-4)


@pytest.mark.parametrize("aperture", [0.08, 0.12, 0.16, 0.18])
def test_discs_of_every_width_are_even(aperture):
    half = picture(0.0, 360, 360)
    half[180, 180] = 100.0
    disc = spread(half, plane(np.inf, 360, 360), Lens(400.0, aperture, 2.0))[..., 0]
    rows, columns = np.indices(disc.shape)
    inside = disc[np.hypot(rows - 180, columns - 180) < 50.0 * aperture - 2.2]
    assert inside.min() > 0.75 * inside.max()


def test_what_is_sharp_does_not_bleed_into_what_lies_behind_it():
    half, depth = picture(0.05), plane(np.inf)
    half[:, :80], depth[:, :80] = 8.0, 2.0
    out = spread(half, depth)
    assert out[:, 82:, :3].max() < 0.06
    assert out[:, :78, 3].max() == 0.0


def test_what_lies_before_the_focus_spreads_over_it_and_is_seen_through_at_its_edge():
    half, depth = picture(0.0), plane(2.0)
    half[:, :80], depth[:, :80] = 1.0, 1.0
    share = spread(half, depth)[60, :, 3]
    assert share[:70].min() > 0.95
    assert 0.3 < share[80] < 0.6
    assert 0.02 < share[84] < 0.3
    assert share[90:].max() == 0.0
    assert np.diff(share[72:90]).max() < 0.05


def test_blur_shares_nothing_with_the_frame_before():
    first = spread(picture(0.5), plane(1.0))
    half, depth = picture(0.2), plane(30.0)
    focus = Focus(*depth.shape)
    full = np.repeat(np.repeat(depth, 2, 0), 2, 1)
    focus.spread(picture(9.0), np.full_like(full, 1.0), LENS)
    again = focus.spread(half.copy(), full, LENS).copy()
    assert np.array_equal(again, spread(half, depth))
    assert np.allclose(first[..., :3], 0.5, atol=1e-4)


def test_before_the_focus_discs_of_tall_pictures_are_whole():
    half, depth = picture(0.0, 900, 64), plane(np.inf, 900, 64)
    half[440:448], depth[440:448] = 1.0, 1.0  # before all else: 30 half pixels of blur each way
    share = spread(half, depth, Lens(400.0, 0.6, 2.0))[:, 32, 3]
    assert share[440 - 27] > 0.01
    assert share[447 + 27] > 0.01
