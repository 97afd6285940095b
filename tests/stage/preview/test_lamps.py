import numpy as np

from kinema.buffers.scene_frame import Lamp
from kinema.stage.preview.lamps import lamp_rows
from reference.worlds import camera


def test_rows_tell_a_lamp_as_the_eye_has_it():
    spot = Lamp((1.0, 5.0, 3.0), (4.0, 2.0, 1.0), 0.001, (0.0, 0.0, -1.0), 0.6, True)
    bulb = Lamp((0.0, 8.0, 2.0), (1.0, 1.0, 1.0), 0.3)
    rows, others = lamp_rows((spot, bulb), camera((1.0, 1.0, 1.0)), 10.0)
    np.testing.assert_allclose(rows[0], [0, 4, 2, 4, 2, 1, 0.02, 0, 0, -1, 1, 0.6, 5.0, 1], rtol=1e-6)
    np.testing.assert_allclose(rows[1], [-1, 7, 1, 1, 1, 1, 0.3, 0, 0, 0, 0, -2.0, 1.0, 0], rtol=1e-6)
    assert others.tolist() == [0, 0, 0]


def test_the_weakest_of_many_lamps_shine_together():
    lamps = tuple(Lamp((0.0, 4.0 + k, 2.0), (1.0, 0.5, 0.25), 0.1) for k in range(9))
    rows, others = lamp_rows(lamps, camera((0.0, 0.0, 1.0)), 10.0, count=4)
    assert rows.shape == (4, 14)
    assert 0.0 < others[2] < others[1] < others[0]
