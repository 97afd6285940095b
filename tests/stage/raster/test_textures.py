import numpy as np

from kinema.stage.colours import LINEAR
from kinema.stage.raster.textures import cell_words, colour_words, mip_chain, slope_words


def test_colour_words_are_finer_than_the_bytes_they_come_from():
    grey = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, 2)
    word = colour_words(mip_chain(grey, colour=True)[0])[:, 0]
    back = np.stack([(word >> shift & 1023) / 1023.0 for shift in (20, 10, 0)], -1) ** 2
    step = np.gradient(LINEAR)
    assert (np.abs(back - LINEAR[:, None]) < 0.2 * step[:, None]).all()


def test_slope_words_hold_the_difference_of_either_neighbour():
    height = np.array([[0, 10, 40, 40], [0, 10, 40, 40], [5, 15, 45, 45]], np.float32)
    word = slope_words(height)
    assert (word >> 16).astype(int)[1, 1] - 256 == 40
    assert (word & 1023).astype(int)[1, 1] - 256 == 5


def test_cell_words_hold_a_texel_and_its_neighbours_and_repeat():
    word = cell_words(np.array([[1, 2], [3, 4]], np.float32))
    assert word[0, 0] == 1 | 2 << 8 | 3 << 16 | 4 << 24
    assert word[1, 1] == 4 | 3 << 8 | 2 << 16 | 1 << 24
