"""Lines of a face: where they are, and that years deepen them."""

import numpy as np

from kinema.stage.bodies.people.wrinkles import lines

FOLD = [0.0318, 0.130, 0.660]  # beside the mouth, on the base mesh
CHEEK = [0.050, 0.115, 0.690]
FOREHEAD = np.stack([np.zeros(40), np.full(40, 0.15), np.linspace(0.755, 0.785, 40)], 1)


def test_lines_run_where_faces_fold_and_nowhere_on_the_cheek() -> None:
    near_mouth = lines(np.array([[x, 0.13, 0.66] for x in np.linspace(0.025, 0.038, 30)], np.float32), 1.0)
    assert near_mouth.max() > 0.5
    assert lines(np.array([CHEEK], np.float32), 1.0)[0] < 0.05


def test_an_old_forehead_is_lined_deeper_than_a_young_one() -> None:
    old, young = (lines(FOREHEAD.astype(np.float32), age) for age in (1.0, 0.2))
    assert old.max() > 2 * young.max() > 0.1
    assert (np.diff((old > 0.3).astype(int)) == 1).sum() >= 2  # more than one line


def test_the_back_of_the_head_has_none() -> None:
    behind = FOREHEAD * (1.0, -1.0, 1.0)
    assert lines(behind.astype(np.float32), 1.0).max() == 0.0
