"""Faces as they are painted: of blood and years, and each feature in its own place."""

from dataclasses import replace

import numpy as np
import pytest

from kinema.stage.bodies.people.canvas import canvas
from kinema.stage.bodies.people.complexion import Paint, face_texture
from kinema.stage.colours import decoded

SIZE = 1024
YOUNG = Paint((0.70, 0.45, 0.33), (0.55, 0.25, 0.18), (0.42, 0.17, 0.14), (0.02, 0.012, 0.01), age=0.2)


def patch(albedo, wide: tuple[float, float], tall: tuple[float, float]):
    """Colours (N, 3) on the base mesh's face between distances from the midline and between heights."""
    base = canvas(SIZE).base
    x, z = np.abs(base[..., 0]), base[..., 2]
    there = (x > wide[0]) & (x < wide[1]) & (z > tall[0]) & (z < tall[1]) & (base[..., 1] > 0.08)
    return albedo[there]


@pytest.fixture(scope="module")
def young():
    albedo = face_texture(YOUNG, "young").albedo
    assert albedo is not None
    return decoded(albedo)


def test_cheeks_are_redder_than_the_forehead(young) -> None:
    cheek = patch(young, (0.040, 0.052), (0.690, 0.702)).mean(0)
    forehead = patch(young, (0.0, 0.03), (0.764, 0.776)).mean(0)
    assert cheek[0] / cheek[1] > 1.08 * forehead[0] / forehead[1]


def test_old_skin_is_less_even(young) -> None:
    albedo = face_texture(replace(YOUNG, age=1.0), "old").albedo
    assert albedo is not None
    of = ((0.045, 0.062), (0.66, 0.70))
    assert patch(decoded(albedo), *of).std(0).mean() > 1.25 * patch(young, *of).std(0).mean() > 0.0


def test_stubble_darkens_the_jaw_and_nothing_else(young) -> None:
    albedo = face_texture(replace(YOUNG, stubble=0.7), "man").albedo
    assert albedo is not None
    jaw, forehead = ((0.0, 0.02), (0.618, 0.632)), ((0.0, 0.03), (0.764, 0.776))
    assert patch(decoded(albedo), *jaw).mean() < 0.85 * patch(young, *jaw).mean()
    np.testing.assert_allclose(patch(decoded(albedo), *forehead), patch(young, *forehead))
