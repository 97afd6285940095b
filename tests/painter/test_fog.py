"""Fog over a traced picture: its law, and that the preview means the same by it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.buffers.scene_frame import Fog, KeyLight, Lamp, Material, Sky, Surface
from kinema.painter.fog import haze
from kinema.stage.preview.render import Renderer
from reference.worlds import AHEAD, box, camera, frame, moved

EYE = camera((0.0, 0.0, 2.0), AHEAD, 32, 24)
EVEN = Fog(0.05, 1e6, (1.0, 0.5, 0.25))
WHITE_SKY = Sky("white", np.ones((8, 16, 3), np.float32))


def depths(metres):
    return np.full((24, 32), metres, np.float32)


def test_without_fog_all_comes_through():
    clear = haze(frame((), EYE, lamps=(Lamp((0.0, 5.0, 2.0), (9.0, 9.0, 9.0)),)), depths(10.0))
    assert clear.through.min() == 1.0
    assert clear.veil.max() == 0.0
    light = np.random.default_rng(0).random((24, 32, 3)).astype(np.float32)
    np.testing.assert_array_equal(clear.over(light), light)


def test_even_fog_swallows_by_its_exponential():
    mist = haze(frame((), EYE, fog=EVEN), depths(10.0))
    assert mist.through[12, 16, 0] == pytest.approx(np.exp(-0.5), rel=1e-3)
    corner = 10.0 * np.linalg.norm([15.5 / 32, 11.5 / 32, 1.0])  # metres along the ray, not across
    assert mist.through[0, 0, 0] == pytest.approx(np.exp(-0.05 * corner), rel=1e-3)


def test_the_sky_behind_is_a_veil_of_the_fogs_own_colour():
    mist = haze(frame((), EYE, fog=EVEN, sky=WHITE_SKY), depths(np.inf))
    np.testing.assert_allclose(mist.veil[12, 16], (1.0, 0.5, 0.25), rtol=1e-3)


@given(st.floats(0.1, 500.0), st.floats(0.1, 500.0), st.floats(0.001, 0.2), st.floats(5.0, 200.0))
def test_further_is_never_clearer(one, other, density, height):
    foggy = frame((), EYE, fog=Fog(density, height), sky=WHITE_SKY)
    near, far = (haze(foggy, depths(d)) for d in sorted((one, other)))
    assert (near.through >= far.through - 1e-6).all()
    assert (near.veil <= far.veil + 1e-5).all()


def test_fog_thins_with_height():
    mist = haze(frame((), EYE, fog=Fog(0.05, 3.0)), depths(30.0))
    assert mist.through[0, 16, 0] > mist.through[23, 16, 0]


def test_key_light_shines_through_most_when_faced():
    lights = (KeyLight((0.0, y, 0.0), (1.0, 1.0, 1.0)) for y in (1.0, -1.0))
    faced, averted = (haze(frame((), EYE, fog=EVEN, key_light=k), depths(50.0)).veil[12, 16, 0] for k in lights)
    assert faced > 3.0 * averted > 0.0


def test_a_lamps_glow_is_the_integral_along_the_line():
    lamp = Lamp((1.0, 6.0, 2.0), (2.0, 2.0, 2.0), radius=0.02)
    thin = Fog(1e-3, 1e6, (1.0, 1.0, 1.0))
    glow = haze(frame((), EYE, fog=thin, lamps=(lamp,)), depths(20.0)).veil[12, 16, 0]
    ray = np.array([0.5 / 32, 1.0, -0.5 / 32])
    ray /= np.linalg.norm(ray)
    steps = np.linspace(0.0, 20.0 * np.linalg.norm([0.5 / 32, 1.0, 0.5 / 32]), 20001)
    gap2 = ((steps[:, None] * ray - (1.0, 6.0, 0.0)) ** 2).sum(1) + 0.02 + 0.02**2
    expected = 0.25 * 1e-3 * 2.0 * np.trapezoid(1.0 / gap2, steps)
    assert glow == pytest.approx(expected, rel=0.02)


def test_a_lamp_with_a_face_glows_before_it():
    lamp = Lamp((0.0, 8.0, 2.0), (2.0, 2.0, 2.0), normal=(1.0, 0.0, 0.0))
    veil = haze(frame((), EYE, fog=EVEN, lamps=(lamp,)), depths(20.0)).veil[12, :, 0]
    assert veil[24] > 2.0 * veil[7]


def test_the_preview_means_the_same_by_fog():
    """A black wall shows nothing but fog: sky, key light and a lamp scattered into the eye."""
    black = Material("black", (0.0, 0.0, 0.0), 1.0)
    wall = Surface(box(40.0, black), moved(y=40.0))
    foggy = frame(
        (wall,), replace(EYE, focus=8.0), fog=Fog(0.02, 30.0), sky=WHITE_SKY,
        key_light=KeyLight((0.0, 0.6, 0.8), (1.0, 0.9, 0.8)), lamps=(Lamp((2.0, 9.0, 3.0), (3.0, 2.0, 1.0)),),
    )  # fmt: skip
    chunk = next(Renderer().render([foggy]))
    mist = haze(foggy, chunk.depth[0])
    shown, ours = chunk.preview[0, 4:20, 4:28].mean((0, 1)), mist.veil[4:20, 4:28].mean((0, 1))
    np.testing.assert_allclose(ours, shown, rtol=0.12)
