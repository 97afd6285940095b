"""What is sewn on jackets: collars and lapels that end in round corners."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Material
from kinema.stage.bodies.people.body import Body, Physique, build_body
from kinema.stage.bodies.people.cuts import Cut, cover
from kinema.stage.bodies.people.garments import Fit, shell
from kinema.stage.bodies.people.tailoring import CORNER, Cloth, collar, lapels

LEATHER = Material("leather")
CUT = Cut(bottom=3.0, sleeve=0.9, front=0.05, open=0.03)


@pytest.fixture(scope="module")
def sewn() -> tuple[Body, Cloth]:
    body = build_body(Physique("female"))
    return body, Cloth.of(shell(body, cover(body, CUT), Fit(), LEATHER, "jacket"), body)


def test_an_open_collar_rises_from_nothing_at_its_ends(sewn: tuple[Body, Cloth]) -> None:
    points = collar(*sewn, CUT, LEATHER).points.reshape(9, 50, 3)[1:-1, 1:-1]  # without its back
    height = np.ptp(points[..., 2], axis=0)
    assert height[[0, -1]].max() < 0.4 * height[24]


def test_a_closed_collar_ends_in_points(sewn: tuple[Body, Cloth]) -> None:
    body, closed = sewn[0], Cut(bottom=3.0, sleeve=0.9, front=0.05)
    shirt = Cloth.of(shell(body, cover(body, closed), Fit(), LEATHER, "shirt"), body)
    rows = collar(body, shirt, closed, LEATHER).points.reshape(9, 50, 3)[1:-1, 1:-1]
    apart = np.linalg.norm(rows[:, 0] - rows[:, -1], axis=-1)  # from the fall's rim to the neckline
    assert apart[-1] < 0.012  # metres: sewn together, but for a button's width
    assert apart[0] > apart[-1] + 0.02


def test_a_lapel_ends_in_a_round_corner(sewn: tuple[Body, Cloth]) -> None:
    for lapel in lapels(*sewn, CUT, LEATHER):
        aside, height = np.abs(lapel.points[:, 0]), lapel.points[:, 2]
        inner = [aside[np.abs(height - height.max() + down) < 0.004].min() for down in (0.0, 0.5 * CORNER)]
        assert inner[0] > inner[1] + 0.004  # metres
