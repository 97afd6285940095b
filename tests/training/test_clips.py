"""From a file of targets to what the painter learns."""

import json
from dataclasses import replace

import numpy as np
import pytest

from kinema.buffers.chunk import LAYOUT
from kinema.painter.features import GUIDES, MOST, encoded, free
from kinema.training.clips import LEVEL, batch, blocks, footage, level, levelled, trusted
from samples.chunks import chunk

ABSENT = ("layer", "layer_motion", "concept")
ONES = {"through": np.ones((1, 4, 6, 1), np.float32), "veil": np.zeros((1, 4, 6, 3), np.float32)}
NO_LAMPS, NO_SKY = np.zeros((1, 4, 6, 3), np.float32), np.zeros((1, 4, 6), np.float32)


def light(value):
    return np.full((1, 4, 6, 3), value, np.float32)


def exposed(traced, preview, emission=NO_LAMPS, sky=NO_SKY):
    return levelled(traced, level(traced, preview, **ONES, emission=emission, sky=sky), emission, sky)


@pytest.fixture
def path(tmp_path):
    film = chunk(frames=2, height=64, width=96)
    arrays = {name: getattr(film, name) for name in LAYOUT if name not in ABSENT}
    truth = blocks(film.preview, 2) * np.float32(1.3)
    fog = {"through": np.ones((2, 32, 48, 1)), "veil": np.zeros((2, 32, 48, 3))}
    arrays |= {name: a.astype(np.float16) for name, a in ({"target": truth} | fog).items()}
    file = tmp_path / "clip.npz"
    np.savez(file, facts=np.array(json.dumps({"prompt": "none"})), **arrays)
    return file


def test_blocks_are_means():
    image = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    np.testing.assert_allclose(blocks(image, 2)[0, :, :, 0], [[2.5, 4.5], [10.5, 12.5]])


def test_exposure_is_the_previews():
    np.testing.assert_allclose(exposed(light(0.2), light(0.3)), 0.3, rtol=0.06)


def test_exposure_is_levelled_only_so_far():
    for preview, gain in ((2.0, LEVEL[1]), (0.02, LEVEL[0])):
        np.testing.assert_allclose(exposed(light(0.2), light(preview)), 0.2 * gain, rtol=1e-3)


def test_sky_and_lamps_keep_their_own_light():
    sky, lamps = NO_SKY.copy(), NO_LAMPS.copy()
    sky[:, :2], lamps[:, 2] = 1.0, 0.2
    shown = exposed(light(0.2), light(0.3), lamps, sky)
    np.testing.assert_allclose(shown[:, :3], 0.2, rtol=1e-4)
    np.testing.assert_allclose(shown[:, 3], 0.3, rtol=0.06)


def test_the_painter_is_free_on_plain_surfaces_alone():
    guides = np.zeros((1, GUIDES, 1, 5), np.float32)
    guides[0, 10, 0, 1] = guides[0, 13, 0, 2] = guides[0, 18, 0, 3] = 1.0  # sky, a lamp, a wet plane
    guides[0, 12, 0, 4] = 0.45  # hair
    np.testing.assert_allclose(free(guides)[0, 0, 0], [1.0, 0.0, 0.0, 0.0, 0.0], atol=1e-6)


def test_pixels_beside_an_outline_count_little():
    guides = np.zeros((1, GUIDES, 4, 6), np.float32)
    guides[:, 9, :, 3:] = 0.5  # far on the right
    np.testing.assert_allclose(trusted(guides)[0, 1], [1.0, 1.0, 0.1, 0.1, 1.0, 1.0])


def test_footage_is_what_lies_between_preview_and_truth(path):
    clip = footage(path)
    assert clip.guides.shape == (2, GUIDES, 32, 48)
    assert np.abs(clip.ratio).max() <= MOST
    expected = encoded(clip.truth).transpose(0, 3, 1, 2) - encoded(clip.preview).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(clip.ratio, expected * free(clip.guides), atol=2e-3)


def test_colours_change_places_together(path):
    clip = footage(path)
    tagged = replace(clip, ratio=clip.guides[:, 3:6])  # a ratio that says which colour it belongs to
    crops = [batch([tagged], step, 0, 1, 2, (32, 32)) for step in range(12)]
    for crop in crops:
        np.testing.assert_array_equal(crop.ratio, crop.guides[:, :, 3:6])
    assert len({tuple(np.argsort(crop.ratio.mean((0, 1, 3, 4)))) for crop in crops}) > 1
