import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.buffers.scene_frame import Material
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import circle, rectangle


def volume(solid: solids.Solid) -> float:
    """Enclosed volume by the divergence theorem: above zero only when closed faces look outwards."""
    a, b, c = (solid.positions[solid.faces[:, k]] for k in range(3))
    return float(np.sum(a * np.cross(b, c)) / 6)


def test_a_box_encloses_its_volume():
    assert volume(solids.box((2, 3, 4), (1, 1, 1))) == pytest.approx(24)


def test_a_bevel_takes_only_the_edges_away():
    cut = solids.bevelled_box((2, 2, 2), 0.1)
    assert len(cut.faces) == 44
    assert 7.7 < volume(cut) < 8.0
    assert np.abs(cut.positions).max() == pytest.approx(1.0)


def test_a_lathe_makes_a_cylinder():
    assert volume(solids.cylinder(1.0, 2.0, 96)) == pytest.approx(2 * np.pi, rel=2e-3)


def test_a_sphere_encloses_its_volume():
    assert volume(solids.sphere((1, 2, 3), 48, 24)) == pytest.approx(8 * np.pi, rel=2e-2)


def test_extrusion_with_a_hole():
    wall = solids.extrude(rectangle(4, 3), 0.5, [rectangle(1, 2) + 0.25])
    assert volume(wall) == pytest.approx((12 - 2) * 0.5)


def test_a_bevelled_extrusion_keeps_its_depth():
    plate = solids.extrude(circle(1.0, 32), 0.5, bevel=0.05)
    assert plate.positions[:, 2].min() == 0.0
    assert plate.positions[:, 2].max() == 0.5
    assert 1.4 < volume(plate) < np.pi / 2


def test_a_tube_faces_outwards_wherever_it_runs():
    turn = np.linspace(0, np.pi, 24)
    bow = np.stack([np.cos(turn), 0.2 * turn, np.sin(turn)], axis=1)
    assert volume(solids.tube(bow, 0.1, 12, up=(0, 1, 0))) == pytest.approx(np.pi * 0.01 * 3.2, rel=0.1)


@given(st.sampled_from("xyz"), st.floats(-6, 6), st.booleans())
def test_moving_turning_and_mirroring_keep_the_volume(axis, angle, mirror):
    start = solids.bevelled_box((1, 2, 3), 0.2)
    placed = solids.moved(solids.turned(start, axis, angle), (5, -3, 2))
    if mirror:
        placed = solids.scaled(placed, (-1, 1, 1))
    assert volume(placed) == pytest.approx(volume(start))


def test_normals_are_split_at_creases_only():
    paint = Material("paint")
    sharp = solids.mesh("box", [solids.Part(solids.box((1, 1, 1)), paint)])
    assert np.abs(sharp.normals).max(axis=1) == pytest.approx(np.ones(len(sharp.normals)))
    ball = solids.mesh("ball", [solids.Part(solids.sphere(2.0, 32, 16), paint)])
    assert np.sum(ball.normals * ball.positions / 2, axis=1).min() > 0.98


def test_parts_keep_their_materials():
    red, blue = Material("red"), Material("blue")
    pieces = [solids.Part(solids.box((1, 1, 1), (2 * k, 0, 0)), m) for k, m in enumerate((red, blue, red))]
    made = solids.mesh("three", pieces)
    assert [m.name for m in made.materials] == ["red", "blue"]
    assert made.material_index.tolist() == [0] * 12 + [1] * 12 + [0] * 12


def test_uv_are_metres_on_a_wall():
    wall = solids.box((4, 0.2, 3))
    front = np.abs(np.cross(*(wall.positions[wall.faces[:, k]] - wall.positions[wall.faces[:, 0]] for k in (1, 2))))
    on_front = wall.uv[front.argmax(axis=1) == 1]
    assert np.ptp(on_front[..., 0]) == pytest.approx(4)
    assert np.ptp(on_front[..., 1]) == pytest.approx(3)
