import numpy as np

from kinema.stage.colours import LINEAR
from kinema.stage.raster.textures import cell_words, colour_chain, slope_words


def test_words_of_colours_are_finer_than_the_bytes_they_come_from():
    grey = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, 2)
    word = colour_chain(grey)[0][:, 0]
    back = np.stack([(word >> shift & 1023) / 1023.0 for shift in (20, 10, 0)], -1) ** 2
    step = np.gradient(LINEAR)
    assert (np.abs(back - LINEAR[:, None]) < 0.2 * step[:, None]).all()


def test_a_colour_maps_levels_are_means_of_light():
    chain = colour_chain(np.array([[[0] * 3, [255] * 3, [9] * 3], [[255] * 3, [0] * 3, [9] * 3]], np.uint8))
    assert [level.shape for level in chain] == [(2, 3), (1, 1)]  # the odd column has no partner
    assert chain[1][0, 0] & 1023 == round(0.5**0.5 * 1023)
    assert colour_chain(np.full((1, 1, 3), 255, np.uint8))[0][0, 0] == 0x3FFFFFFF


def test_slope_words_hold_the_difference_of_either_neighbour():
    height = np.array([[0, 10, 40, 40], [0, 10, 40, 40], [5, 15, 45, 45]], np.float32)
    word = slope_words(height)
    assert (word >> 16).astype(int)[1, 1] - 256 == 40
    assert (word & 1023).astype(int)[1, 1] - 256 == 5


def test_cell_words_hold_a_texel_and_its_neighbours_and_repeat():
    word = cell_words(np.array([[1, 2], [3, 4]], np.float32))
    assert word[0, 0] == 1 | 2 << 8 | 3 << 16 | 4 << 24
    assert word[1, 1] == 4 | 3 << 8 | 2 << 16 | 1 << 24
