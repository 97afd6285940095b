"""References: two halves without common noise, taken up where they were left."""

import numpy as np
import pytest

pytest.importorskip("mitsuba")

from kinema.training.references import read_reference, refine
from reference.worlds import AHEAD, camera, frame


class Tracer:
    """Pass k of frame n is a picture of 10 n + k; the one after `breaks` passes raises."""

    samples = 16

    def __init__(self, breaks=99):
        self.left = breaks

    def picture(self, frame, number, first):
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return np.full((12, 16, 3), 10.0 * number + first, np.float32)


FRAMES = [frame((), camera((0.0, 0.0, 0.0), AHEAD, 16, 12))] * 2


def test_passes_go_to_the_halves_by_turns(tmp_path):
    refine(FRAMES, Tracer(), 3, tmp_path / "light.npz", 5)
    known = read_reference(tmp_path / "light.npz")
    np.testing.assert_array_equal(known.samples, [[48, 48], [32, 32]])
    np.testing.assert_allclose(known.halves[:, 0, 0, 0, 0], [32.0, 32.0])  # of 30, 32, 34 and of 31, 33
    np.testing.assert_allclose(known.light[:, 5, 5, 1], [32.0, 42.0])


def test_every_pass_is_kept(tmp_path):
    path = tmp_path / "light.npz"
    with pytest.raises(KeyboardInterrupt):
        refine(FRAMES, Tracer(breaks=3), 0, path, 4)
    assert read_reference(path).samples.sum() == 48
    refine(FRAMES, Tracer(breaks=5), 0, path, 4)  # what is missing, and no more
    np.testing.assert_allclose(read_reference(path).light[:, 0, 0, 0], [1.5, 11.5])
