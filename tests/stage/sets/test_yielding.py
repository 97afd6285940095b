import numpy as np
import pytest

from kinema.buffers.scene_frame import Material, Surface
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part
from kinema.stage.sets.yielding import Push, Yielding

NONE = np.zeros((0, 4))


@pytest.fixture(scope="module")
def cloth():
    """A sheet of 2 m x 2 m at a height of one metre, a vertex every 4 cm."""
    lines = np.linspace(-1.0, 1.0, 51)
    x, y = np.meshgrid(lines, lines)
    sheet = solids.loft(np.stack([x, y, np.ones_like(x)], axis=-1))
    return Yielding(Surface(solids.mesh("cloth", [Part(sheet, Material("cloth"))]), np.eye(4)))


def height(surface, x, y):
    at = surface.positions
    return float(at[np.argmin(np.hypot(at[:, 0] - x, at[:, 1] - y)), 2])


def test_untouched_it_lies_as_it_was(cloth):
    surface = cloth.pushed((), NONE)
    assert np.array_equal(surface.positions, cloth.surface.mesh.positions)
    assert cloth.top(0.3, 0.2) == pytest.approx(1.0)
    assert cloth.top(1.5, 0.0) is None


def test_it_rises_over_what_is_under_it_and_stays_where_nothing_is(cloth):
    surface = cloth.pushed([Push(0.2, 0.0, 0.10, 0.15)], NONE)
    assert height(surface, 0.2, 0.0) == pytest.approx(1.10, abs=0.002)
    assert height(surface, 0.9, 0.0) == pytest.approx(1.0, abs=0.001)


def test_of_two_that_push_the_higher_holds_and_breath_may_go_down(cloth):
    both = cloth.pushed([Push(0.0, 0.0, 0.10, 0.15), Push(0.0, 0.0, 0.04, 0.15)], NONE)
    assert height(both, 0.0, 0.0) == pytest.approx(1.10, abs=0.002)
    assert height(cloth.pushed([Push(0.0, 0.0, -0.02, 0.3)], NONE), 0.0, 0.0) == pytest.approx(0.98, abs=0.001)


def test_a_paw_sinks_in_to_where_it_treads_and_one_in_the_air_does_not_touch(cloth):
    down, up = np.array([[0.0, 0.0, 0.95, 0.08]]), np.array([[0.0, 0.0, 1.2, 0.08]])
    assert height(cloth.pushed((), down), 0.0, 0.0) == pytest.approx(0.95, abs=0.002)
    assert np.array_equal(cloth.pushed((), up).positions, cloth.surface.mesh.positions)


def test_normals_lean_away_from_a_hill(cloth):
    surface = cloth.pushed([Push(0.0, 0.0, 0.10, 0.15)], NONE)
    at = int(np.argmin(np.linalg.norm(surface.positions[:, :2] - [0.12, 0.0], axis=1)))
    x = float(surface.positions[at, 0])
    slope = -0.10 * 2 * x / 0.15**2 * np.exp(-((x / 0.15) ** 2))  # of the hill itself
    nx, _, nz = surface.normals[at]
    assert nx / nz == pytest.approx(-slope, rel=0.02)
    assert np.allclose(np.linalg.norm(surface.normals, axis=1), 1.0, atol=1e-5)
