"""Shade in the colours of people seen from some metres away."""

import numpy as np

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.piece import Piece, rigid
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.bodies.people.weathering import weathered
from kinema.stage.chance import chance


def sheet(name: str, height: float, up: bool = True) -> Piece:
    """A level sheet of 0.4 m a side, looking up or down."""
    x, y = (grid.ravel() for grid in np.meshgrid(*[np.linspace(-0.2, 0.2, 15)] * 2, indexing="ij"))
    points = np.stack([x, y, np.full_like(x, height)], 1).astype(np.float32)
    index = np.arange(225).reshape(15, 15)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    faces = triangles((quads if up else quads[:, ::-1]).astype(np.int32))
    return Piece(name, points, faces, rigid("head", 225), Material("m", roughness=0.3))


def test_what_is_under_something_near_is_darker_than_what_is_open() -> None:
    open_, _ = weathered([sheet("face", 0.0), sheet("face", 1.0)], chance(1, "a", "folds"))
    close, _ = weathered([sheet("face", 0.0), sheet("face", 0.03, up=False)], chance(1, "a", "folds"))
    assert open_.colours is not None
    assert close.colours is not None
    np.testing.assert_allclose(open_.colours, 1.0)
    assert close.colours.mean() < 0.7


def test_cloth_has_folds_and_hair_is_dull() -> None:
    shirt, cap = weathered([sheet("shirt", 0.0), sheet("hair_cap", 1.0)], chance(1, "a", "folds"))
    assert shirt.colours is not None
    assert 0.02 < shirt.colours.std() < 0.2
    assert cap.material.roughness > 0.5
    assert shirt.material.roughness == 0.3


def test_the_same_lot_shades_alike() -> None:
    first, second = (weathered([sheet("shirt", 0.0)], chance(3, "b", "folds"))[0] for _ in range(2))
    np.testing.assert_array_equal(first.colours, second.colours)
