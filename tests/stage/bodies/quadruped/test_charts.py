import numpy as np
import pytest

from kinema.stage.bodies.quadruped.charts import charts, spread
from kinema.stage.bodies.quadruped.model import build_body
from kinema.stage.bodies.quadruped.palette import palette
from kinema.stage.bodies.quadruped.species import species

CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float32)
QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
FACES = np.array([t for a, b, c, d in QUADS for t in ((a, b, c), (a, c, d))], np.int32)
NOBODY = np.zeros(8, bool)


def test_a_cube_is_laid_out_as_six_squares_of_one_scale_that_do_not_overlap():
    laid = charts(CUBE, FACES, 96, NOBODY)
    assert len(laid.vertex) == 24
    assert laid.texels.min() >= 0
    assert laid.texels.max() <= 96
    sides = np.linalg.norm(np.diff(laid.texels[laid.faces][:, [0, 1, 2, 0]], axis=1), axis=2)
    assert np.sort(sides, axis=1) == pytest.approx(laid.metre * np.tile([1, 1, np.sqrt(2)], (12, 1)), rel=1e-6)
    _, texel = spread(laid, CUBE[laid.vertex].astype(float))
    assert len(np.unique(texel)) == len(texel)
    assert len(texel) >= 6 * (laid.metre - 1) ** 2


def test_every_texel_of_a_cube_lies_on_the_cube():
    laid = charts(CUBE, FACES, 96, NOBODY)
    points, _ = spread(laid, CUBE[laid.vertex].astype(float))
    away = np.abs(np.minimum(points, 1 - points)).min(1)
    assert away.max() < 1e-6


def test_a_jaw_has_charts_of_its_own():
    apart = CUBE[:, 0] > 0.5
    assert len(charts(CUBE, FACES, 96, apart).vertex) == 24
    one = np.arange(8) == 1  # in one triangle of a side and not in the other
    assert len(charts(CUBE, FACES, 96, one).vertex) > 24


@pytest.mark.parametrize(("detail", "most"), [("hero", 10_500), ("extra", 3_200)])
def test_a_body_is_light_enough_to_draw(detail, most, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    row = species("cat")
    assert len(build_body(row, palette(row, {}), detail).mesh.faces) < most
