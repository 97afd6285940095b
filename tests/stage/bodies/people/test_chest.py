"""Relief of collarbones and neck."""

import numpy as np

from kinema.stage.bodies.people.chest import ACROSS, HIGH, LOW, SIZE, chest_texture, chest_uv, on_chest


def height_at(x: float, z: float, sharp: float = 1.0) -> float:
    texture = chest_texture(sharp)
    assert texture.height is not None
    (u, v) = chest_uv(np.array([[x, 0.1, z]], np.float32))[0]
    row, column = int((1 - v) * SIZE), int(u * SIZE)
    return float(texture.height[row - 2 : row + 3, column - 2 : column + 3].mean())


def test_bones_stand_out_and_hollows_lie_above_them_on_both_sides() -> None:
    for side in (-1, 1):
        bone, hollow, chest = (height_at(side * 0.09, z) for z in (0.551, 0.572, 0.48))
        assert bone > chest + 40
        assert hollow < chest - 30
    assert height_at(0.0, 0.544) < height_at(0.0, 0.48) - 40


def test_they_hardly_show_on_the_stout() -> None:
    assert height_at(0.09, 0.551, 0.2) - height_at(0.09, 0.48, 0.2) < 0.3 * (
        height_at(0.09, 0.551) - height_at(0.09, 0.48)
    )


def test_the_map_lies_within_its_window() -> None:
    corners = np.array([[-ACROSS + 0.02, 0.1, LOW + 0.01], [ACROSS - 0.02, 0.1, HIGH - 0.01]], np.float32)
    assert on_chest(corners).all()
    assert ((chest_uv(corners) > 0) & (chest_uv(corners) < 1)).all()
    assert not on_chest(np.array([0.0, -0.1, 0.5], np.float32))
