"""Down to the working size and up again."""

import numpy as np
import pytest

from kinema.painter.features import MOST, RANGE, decoded, encoded, factor_for, remembered, seen, spread
from samples.chunks import chunk


def test_white_is_one_and_black_zero():
    np.testing.assert_allclose(encoded(np.float32([0.0, 1.0])), [0.0, 1.0], atol=1e-6)
    light = np.float32([0.001, 0.18, 1.0, 12.0])
    np.testing.assert_allclose(decoded(encoded(light)), light, rtol=1e-4)


@pytest.mark.parametrize(("height", "factor"), [(144, 1), (180, 1), (360, 2), (720, 4), (1080, 6), (64, 1)])
def test_works_near_180_lines(height, factor):
    assert factor_for(height) == factor


def test_blocks_are_means():
    film = chunk(frames=1)
    view = seen(film, 0, 4)
    assert view.guides.shape == (20, 12, 16)
    block = film.preview[0, 4:8, 8:12].mean((0, 1))
    np.testing.assert_allclose(view.guides[:3, 1, 2], encoded(block), atol=1e-5)
    np.testing.assert_allclose(view.guides[6:9, 0, 0], [0.0, -1.0, 0.0], atol=1e-6)
    assert view.guides[9, 0, 0] == pytest.approx(2.0 / 10.0, rel=1e-5)
    assert view.guides[10].max() == 0.0
    np.testing.assert_allclose(view.motion, 0.125)


def test_uneven_sides_are_covered():
    assert seen(chunk(frames=1, height=50, width=70), 0, 4).guides.shape == (20, 13, 18)


def test_no_ratio_changes_nothing():
    film = chunk(frames=1)
    view, out = seen(film, 0, 4), np.empty((48, 64, 3), np.float32)
    spread(film, 0, view, np.zeros((12, 16, 3), np.float32), 4, out)
    np.testing.assert_allclose(out, film.preview[0], atol=1e-5)


def test_an_even_ratio_is_laid_on_evenly():
    film = chunk(frames=1)
    view, out = seen(film, 0, 4), np.empty((48, 64, 3), np.float32)
    spread(film, 0, view, np.full((12, 16, 3), 0.2, np.float32), 4, out)
    np.testing.assert_allclose(encoded_shift(out, film.preview[0]), 0.2 * RANGE, atol=1e-3)


def encoded_shift(painted, preview):
    return np.log((painted + 0.03) / (preview + 0.03))


def test_light_stops_at_an_edge():
    """Light painted on the near wall does not spill over its outline at full size."""
    film = chunk(frames=1)
    view, out = seen(film, 0, 4), np.empty((48, 64, 3), np.float32)
    ratio = np.zeros((12, 16, 3), np.float32)
    ratio[:, :8] = 0.4
    spread(film, 0, view, ratio, 4, out)
    shift = encoded_shift(out, film.preview[0]).mean((0, 2))
    assert shift[31] > 0.95 * 0.4 * RANGE
    assert shift[32] < 0.05 * 0.4 * RANGE


def test_wild_ratios_are_held():
    film = chunk(frames=1)
    view, out = seen(film, 0, 4), np.empty((48, 64, 3), np.float32)
    spread(film, 0, view, np.full((12, 16, 3), 50.0, np.float32), 4, out)
    assert np.abs(encoded_shift(out, film.preview[0])).max() <= MOST * RANGE + 1e-3


def test_memory_moves_with_its_surface():
    view = seen(chunk(frames=1), 0, 1)  # everything was half a pixel to the right and below
    ratio = np.random.default_rng(0).random((48, 64, 3)).astype(np.float32)
    memory = remembered(ratio, view)
    mean = (ratio[10, 20] + ratio[10, 21] + ratio[11, 20] + ratio[11, 21]) / 4
    np.testing.assert_allclose(memory[:3, 10, 20], mean, atol=1e-5)
    assert memory[3, 10, 20] == 1.0
    assert memory[3, 47, 63] == 0.0
