from dataclasses import replace

import numpy as np
import pytest

from kinema.buffers.chunk import Chunk, Lens, empty_arrays
from kinema.film.finish import Finisher
from kinema.film.looks import Finish, film, natural, silhouette


def chunk_of(preview, depth=10.0, instance=0, aperture=0.0):
    height, width = preview.shape[:2]
    arrays = empty_arrays(1, height, width)
    arrays["preview"][0] = preview
    arrays["depth"][:] = depth
    arrays["instance"][:] = instance
    return Chunk(first_frame=0, lenses=(Lens(400.0, aperture, 2.0),), **arrays)


def finished(finish, chunk, frame=0, seed=0):
    height, width = chunk.shape[1:]
    return Finisher(finish, height, width, seed).frame(chunk, chunk.preview[0], 0, frame)


def grey(value, height=32, width=48):
    return np.full((height, width, 3), value, np.float32)


def test_mid_grey_lands_at_its_display_code():
    out = finished(Finish(vignette=0.0, grain=0.0), chunk_of(grey(0.18)))
    assert abs(float(out.mean()) - 0.46 * 255) < 2.0


def test_more_light_is_never_darker_and_black_is_black():
    levels = [float(finished(natural(), chunk_of(grey(v))).mean()) for v in (0.0, 0.01, 0.1, 0.5, 2.0, 8.0)]
    assert levels == sorted(levels)
    assert levels[0] < 1.0
    assert levels[-1] > 240


def test_a_bright_saturated_light_fades_towards_white():
    dim = finished(natural(), chunk_of(grey(1.0) * [0.2, 0.01, 0.01])).mean((0, 1))
    bright = finished(natural(), chunk_of(grey(1.0) * [12.0, 0.6, 0.6])).mean((0, 1))
    assert dim[1] / dim[0] < 0.4
    assert bright[1] / bright[0] > 0.6


def test_layers_lie_over_the_picture():
    chunk = chunk_of(grey(0.18))
    chunk.layer[0, :, :24] = (0.0, 0.0, 0.0, 1.0)
    out = finished(Finish(bloom=0.0, grain=0.0), chunk)
    assert out[:, :24].max() <= 1
    assert out[:, 24:].min() > 90


def test_bloom_spreads_light_and_keeps_its_sum():
    spot = grey(0.0)
    spot[14:18, 22:26] = 4.0
    out = finished(Finish(bloom=0.2, grain=0.0, vignette=0.0), chunk_of(spot))
    assert out[16, 30].mean() > 3
    assert out[16, 24].mean() > out[16, 30].mean()


def test_focus_blurs_what_is_far_and_keeps_what_is_near():
    stripes = grey(0.0, 256, 384)
    stripes.reshape(256, 48, 8, 3)[:, :, :4] = 1.0
    sharp = finished(Finish(grain=0.0), chunk_of(stripes, depth=2.0, aperture=0.2)).astype(float)
    soft = finished(Finish(grain=0.0), chunk_of(stripes, depth=50.0, aperture=0.2)).astype(float)
    assert soft.std() < 0.5 * sharp.std()


def test_focus_between_near_and_far_makes_nothing_brighter_or_darker():
    chunk = chunk_of(grey(0.18, 128, 192), depth=2.0, aperture=0.2)
    chunk.depth[0, :, 96:] = 60.0
    out = finished(Finish(grain=0.0, vignette=0.0), chunk)
    assert out.min() > 110
    assert out.max() < 125


@pytest.mark.parametrize(("height", "width"), [(64, 64), (66, 70), (90, 74)])
def test_an_even_picture_stays_even_at_any_size(height, width):
    out = finished(Finish(grain=0.0, vignette=0.0), chunk_of(grey(0.18, height, width), depth=50.0, aperture=0.2))
    assert out.max() - out.min() <= 1


def test_glow_is_centred_on_its_light():
    spot = grey(0.0, 96, 128)
    spot[44:52, 60:68] = 8.0
    out = finished(Finish(bloom=0.3, grain=0.0, vignette=0.0), chunk_of(spot)).astype(int)
    assert np.abs(out - out[::-1]).max() <= 2
    assert np.abs(out - out[:, ::-1]).max() <= 2


def test_silhouettes_are_ink_before_a_sky_that_keeps_its_light():
    chunk = chunk_of(grey(0.5, 128, 192), instance=1)
    chunk.depth[0, :64] = np.inf
    out = finished(silhouette(), chunk)
    assert out[:32].mean() > 100
    assert out[100:].mean() < 25


def test_near_land_is_ink_and_far_land_keeps_its_light():
    chunk = chunk_of(grey(0.5, 128, 192), depth=5.0)
    chunk.depth[0, :, 96:] = 2000.0
    out = finished(silhouette(), chunk)
    assert out[40:90, 20:70].mean() < 25
    assert out[40:90, 120:170].mean() > 100


def test_what_flies_before_silhouettes_keeps_its_light():
    chunk = chunk_of(grey(0.5, 128, 192), instance=1)
    chunk.layer[0, :, :96] = (0.5, 0.5, 0.5, 1.0)
    out = finished(silhouette(), chunk)
    assert out[40:90, 20:70].mean() > 100
    assert out[40:90, 120:170].mean() < 25


def test_light_from_behind_grazes_the_top_of_a_silhouette_alone():
    chunk = chunk_of(grey(0.5, 128, 192))
    chunk.instance[0, 40:90, 60:130], chunk.depth[0] = 1, np.inf
    chunk.depth[0, 40:90, 60:130] = 10.0
    rimmed, plain = (finished(replace(silhouette(), bloom=0.0, rim=rim), chunk).astype(int) for rim in (1.7, 0.0))
    more = rimmed - plain
    assert more[40, 70:120].min() > 20
    assert np.abs(more[42:90, 62:128]).max() <= 1


def test_frames_depend_on_seed_and_number_alone():
    chunk = chunk_of(grey(0.18))
    assert np.array_equal(finished(film(), chunk, 3, 7), finished(film(), chunk, 3, 7))
    assert not np.array_equal(finished(film(), chunk, 3, 7), finished(film(), chunk, 4, 7))
    assert not np.array_equal(finished(film(), chunk, 3, 7), finished(film(), chunk, 3, 8))
