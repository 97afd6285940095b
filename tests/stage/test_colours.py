"""Colours by name."""

import re

import numpy as np
import pytest

from kinema.schema.errors import UnknownConcept
from kinema.stage.colours import colour, decoded, encoded, from_hex, palette


def test_mid_grey_is_linear() -> None:
    assert from_hex("#808080") == pytest.approx((0.2158605, 0.2158605, 0.2158605))


def test_names_may_be_written_with_spaces_and_hyphens() -> None:
    assert colour("Dark Red") == colour("dark-red") == colour("dark_red")


def test_basic_colours_look_like_their_names() -> None:
    red, green, blue = colour("red"), colour("green"), colour("blue")
    assert max(red) == red[0]
    assert max(green) == green[1]
    assert max(blue) == blue[2]
    assert sum(colour("black")) < 0.05 < 2.0 < sum(colour("white"))


def test_unknown_colour_suggests_the_nearest() -> None:
    with pytest.raises(UnknownConcept, match="did you mean 'burgundy'"):
        colour("burgandy")


def test_every_row_is_a_colour() -> None:
    for name, value in palette().items():
        assert re.fullmatch(r"[a-z_]+", name)
        assert all(0.0 < channel < 1.0 for channel in value), name


def test_bytes_survive_decoding_and_encoding() -> None:
    codes = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(encoded(decoded(codes)), codes)
    np.testing.assert_array_equal(encoded(np.array([-0.5, 0.2158605, 2.0])), [0, 128, 255])
