"""Clumps that a curtain of hair is cut into."""

import numpy as np

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.body import Physique, build_body
from kinema.stage.bodies.people.clumps import clumps
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.tresses import Tresses
from kinema.stage.chance import chance

COLUMNS, POINTS = 4, 12


def wall(count: int = 40) -> Tresses:
    """Tresses that hang side by side along x from z = 0 to -0.4, facing ahead."""
    x, z = np.meshgrid(np.linspace(0.0, 0.4, count), np.linspace(0.0, -0.4, POINTS), indexing="ij")
    outward = np.broadcast_to([0.0, 1.0, 0.0], (count, POINTS, 3))
    return Tresses(np.stack([x, np.zeros_like(x), z], -1), outward)


def made(tresses: Tresses, count: int = 10) -> Piece:
    return clumps(build_body(Physique("female")), tresses, count, COLUMNS, Material("hair"), chance(1, "head", "locks"))


def grid(piece: Piece) -> np.ndarray:
    """(K, P, C, 3)"""
    return piece.points.reshape(-1, POINTS, COLUMNS, 3)


def test_at_the_roots_they_cover_the_whole_curtain() -> None:
    roots = grid(made(wall()))[:, 0, :, 0]
    order = np.argsort(roots[:, 0])
    assert roots.min() < 0.001
    assert roots.max() > 0.399
    assert (roots[order][1:, 0] <= roots[order][:-1, -1] + 1e-6).all()  # no gap between neighbours


def test_each_runs_out_to_a_point_at_a_length_of_its_own() -> None:
    points = grid(made(wall()))
    broad = np.ptp(points[..., 0], axis=2)
    assert (broad[:, -1] < 0.3 * broad[:, 0]).all()
    tips = points[:, -1, :, 2].mean(1)
    assert tips.min() >= -0.4001
    assert np.ptp(tips) > 0.03  # metres


def test_they_have_their_points_side_by_side_where_they_bend() -> None:
    assert np.ptp(grid(made(wall()))[:, 2:5, :, 2], axis=0).max() < 0.006  # metres of 0.4


def test_they_lie_on_their_curtain_round_across() -> None:
    off = grid(made(wall()))[..., 1]
    assert np.abs(off).max() < 0.008
    assert (off[:, 5, 1:3].mean(1) > off[:, 5, [0, 3]].max(1)).all()


def test_none_spans_a_curtain_that_parts() -> None:
    parted = wall()
    parted.paths[20:, 6:, 1] -= 0.2  # half of it falls behind the shoulder
    deep = grid(made(parted))[:, 8:, :, 1]
    assert (np.ptp(deep, axis=2) < 0.02).all()
    assert (deep < -0.15).any()
    assert (deep > -0.05).any()


def test_all_face_ahead() -> None:
    piece = made(wall())
    first, second, third = (piece.points[piece.faces[:, k]] for k in range(3))
    assert (np.cross(second - first, third - first)[:, 1] > 0).all()
    assert piece.normals is not None
    assert piece.normals[:, 1].min() > 0.5
