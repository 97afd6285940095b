import numpy as np

from kinema.stage.preview.mirror import blurred


def test_an_even_image_stays_as_it_is():
    mirror = blurred(np.full((24, 40, 4), 3.0, np.float32))
    assert (mirror.height, mirror.width) == (12, 20)
    assert mirror.images.shape == (28 * 12 * 20,)
    np.testing.assert_allclose(mirror.images, 3.0, rtol=1e-6)


def test_each_blur_is_wider_than_the_one_before_and_taller_than_wide():
    image = np.zeros((400, 160, 4), np.float32)
    image[200:202, 80:82] = 1.0
    mirror = blurred(image)
    levels = mirror.images[-3 * 4 * 200 * 80 :].reshape(3, 200, 80, 4)[..., 0].astype(np.float64)
    np.testing.assert_allclose(levels.sum((1, 2)), 1.0, rtol=1e-4)
    y, x = np.mgrid[:200, :80]
    tall = [np.sqrt((level * (y - (level * y).sum()) ** 2).sum()) for level in levels]
    wide = [np.sqrt((level * (x - (level * x).sum()) ** 2).sum()) for level in levels]
    assert tall == sorted(tall)
    assert wide == sorted(wide)
    assert all(a > 1.5 * b for a, b in zip(tall, wide, strict=True))
