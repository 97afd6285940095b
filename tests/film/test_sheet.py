import numpy as np

from kinema.film.sheet import png, sheet, spread


def test_frames_are_spread_over_the_film():
    assert spread(100, 4) == [12, 37, 62, 87]
    assert spread(2, 16) == [0, 1]


def test_a_sheet_holds_its_frames_in_reading_order():
    frames = [np.full((90, 160, 3), 40 * k, np.uint8) for k in range(5)]
    page = sheet(frames, columns=2, width=80)
    assert page.shape == (3 * 51 + 6, 2 * 86 + 6, 3)
    assert page[20, 20, 0] == 0
    assert page[20, 120, 0] == 40
    assert page[120, 20, 0] == 160


def test_png_signature():
    assert png(np.zeros((4, 4, 3), np.uint8))[:8] == b"\x89PNG\r\n\x1a\n"
