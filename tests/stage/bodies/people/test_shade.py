"""Shade that a person's parts throw on each other."""

import numpy as np

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.shade import open_share, shaded
from kinema.stage.bodies.people.skinning import SKIN_JOINTS

FACES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def square(name: str, half: float, height: float, up: float) -> Piece:
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32) * half
    points = np.column_stack([corners, np.full(4, height)]).astype(np.float32)
    faces = FACES if up > 0 else FACES[:, ::-1].copy()
    return Piece(name, points, faces, np.zeros((4, len(SKIN_JOINTS)), np.float32), Material("m"))


def share_under(height: float) -> float:
    """How much light reaches the middle of a floor under a roof 20 cm wide."""
    roof = square("roof", 0.1, height, -1.0)
    slack = np.full(1, 0.003, np.float32)
    at, up = np.zeros((1, 3), np.float32), np.array([[0.0, 0.0, 1.0]], np.float32)
    return float(open_share(at, up, slack, roof.points, roof.faces)[0])


def test_the_nearer_the_roof_the_darker() -> None:
    shares = [share_under(height) for height in (0.01, 0.05, 0.1, 0.3, 2.0)]
    assert shares[0] < 0.05
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def test_normals_a_rounding_too_long_lose_no_light() -> None:
    floor = square("floor", 0.1, -0.01, 1.0)
    at, slack = np.zeros((64, 3), np.float32), np.full(64, 0.003, np.float32)
    normals = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
    normals *= 1.00001 / np.linalg.norm(normals, axis=1, keepdims=True)
    with np.errstate(invalid="raise"):
        share = open_share(at, normals, slack, floor.points, floor.faces)
    assert share.max() > 0.99


def test_skin_darkens_to_red_and_what_nobody_asked_for_stays() -> None:
    face, roof = square("face", 0.05, 0.0, 1.0), square("roof", 0.1, 0.02, -1.0)
    made, untouched = shaded([face, roof])
    assert made.colours is not None
    assert (made.colours[:, 0] > made.colours[:, 2] + 0.02).all()
    assert made.colours.max() < 0.7
    assert untouched is roof
