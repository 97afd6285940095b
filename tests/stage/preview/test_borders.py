import numpy as np

from kinema.stage.preview.borders import borrowed
from kinema.stage.raster.edges import Samples
from kinema.stage.raster.triangles import Triangles


def test_samples_borrow_from_the_nearest_rows_of_their_own_surface():
    shown = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 2, -1]], np.int32)
    preview = np.arange(36, dtype=np.float32).reshape(3, 4, 3)
    planes, where = np.zeros((4, 16), np.float32), np.zeros((4, 8), np.int32)
    planes[:, 14], where[:, 6] = 1.0, [5, 6, 7, 6]  # record 3 is of record 1's surface and plane
    pixel, seen = np.array([1, 5, 6, 9, 11], np.int32), np.array([1, 2, 3, 0, 0], np.int32)
    nowhere = np.zeros(5, np.float32)
    light, lost = borrowed(Samples(nowhere, nowhere, seen, pixel, nowhere), shown, Triangles(planes, where), preview)
    np.testing.assert_array_equal(light[:, 0], preview[0, 2])
    np.testing.assert_array_equal(light[:, 1], preview[2, 0])
    np.testing.assert_array_equal(light[:, 2], preview[0, 2])
    np.testing.assert_array_equal(light[:, 3], preview[1, 0])
    assert lost.tolist() == [4]
