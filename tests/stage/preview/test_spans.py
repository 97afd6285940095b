"""Bands of a picture know the columns between which all lies that the lens leaves sharp."""

import numpy as np

from kinema.stage.preview.spans import no_spans, sharp_spans, whole_spans


def seen(*near):
    """A picture of 25 rows and 40 columns, five metres away but for some pixels (row, column), one metre away."""
    nearness = np.full((25, 40), 0.2, np.float32)
    for row, column in near:
        nearness[row, column] = 1.0
    return nearness


def test_everything_is_sharp_without_lens_blur():
    np.testing.assert_array_equal(sharp_spans(seen(), -1.0), [[0, 40]] * 3)
    np.testing.assert_array_equal(whole_spans(25, 40), [[0, 40]] * 3)


def test_nothing_is_sharp_where_all_lies_beyond():
    np.testing.assert_array_equal(sharp_spans(seen(), 0.5), no_spans(25))


def test_a_span_reaches_from_an_even_column_to_before_an_odd_one_around_all_that_is_near():
    spans = sharp_spans(seen((3, 11), (9, 20), (13, 5)), 0.5)
    np.testing.assert_array_equal(spans, [[10, 23], [4, 7], [0, 0]])


def test_a_span_ends_with_the_picture():
    np.testing.assert_array_equal(sharp_spans(seen((0, 39), (24, 38)), 0.5), [[38, 40], [0, 0], [38, 40]])
