"""Contact shade: dark right under what moves, nowhere else."""

import numpy as np
import pytest

from kinema.buffers.scene_frame import Camera, Material, SceneFrame, Sky, Surface
from kinema.stage.geometry import solids
from kinema.stage.preview.contacts import gather, grounded
from kinema.stage.preview.render import view_of
from kinema.stage.raster.assembly import Assembler

FLOOR = solids.mesh("floor", [solids.Part(solids.box((20.0, 20.0, 0.02), (0.0, 0.0, -0.01)), Material("floor"))])
FOOT = solids.mesh("foot", [solids.Part(solids.box((0.1, 0.25, 0.08), (0.0, 0.0, 0.04)), Material("foot"))])
SKY = Sky("plain", np.ones((2, 4, 3), np.float32))


def camera() -> Camera:
    """Three metres over the origin, looking straight down; a metre takes 40 pixels."""
    rotation = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]])
    return Camera(position=np.array([0.0, 0.0, 3.0]), rotation=rotation, focal=120.0, width=160, height=120)


def shade(height: float, instance: int) -> np.ndarray:
    """The shade (60, 80) of a floor at half size, the foot so high over the middle of it."""
    up = np.eye(4)
    up[2, 3] = height
    lens = camera()
    frame = SceneFrame(0.0, 1 / 24, lens, lens, (Surface(FLOOR, np.eye(4)), Surface(FOOT, up, instance=instance)), SKY)
    depth = np.full((60, 80), 3.0, np.float32)
    return grounded(np.ones((60, 80), np.float32), depth, Assembler().assemble(frame), view_of(lens))


def test_the_ground_is_dark_under_a_foot_and_open_a_step_away() -> None:
    dark = shade(0.0, 1)
    assert dark[30, 40] < 0.0
    assert dark[30, 60] == pytest.approx(1.0)
    assert dark[5, 40] == pytest.approx(1.0)


def test_a_lifted_foot_lets_go_of_the_ground() -> None:
    assert shade(0.0, 1)[30, 40] < shade(0.06, 1)[30, 40] < 1.0
    assert shade(0.3, 1)[30, 40] == pytest.approx(1.0)


def test_what_stands_still_has_no_contact_shade_of_its_own() -> None:
    assert (shade(0.0, 0) == 1.0).all()


def test_two_feet_are_two_discs() -> None:
    points = np.array([[0.0, 0.0, 0.0], [0.05, 0.1, 0.0], [0.6, 0.0, 0.02], [0.3, 0.0, 0.9]], np.float32)
    discs = np.zeros((12, 4), np.float32)
    ranges, moving, low = np.array([[0, 4]], np.int32), np.array([1], np.int32), np.zeros(1, np.float32)
    assert gather(points, ranges, moving, low, discs) == 2


def test_a_hem_in_the_air_has_no_shade_of_its_own() -> None:
    points = np.array([[0.0, 0.0, 0.5], [0.3, 0.0, 0.5]], np.float32)
    ranges, moving, low = np.array([[0, 2]], np.int32), np.array([1], np.int32), np.zeros(1, np.float32)
    assert gather(points, ranges, moving, low, np.zeros((12, 4), np.float32)) == 0
