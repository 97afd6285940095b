"""Small worlds for the tests of raster and preview."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Camera, KeyLight, Material, Mesh, SceneFrame, Sky, Surface

GREY = Material("grey", (0.5, 0.5, 0.5), 0.9)
BLACK_SKY = Sky("black", np.zeros((4, 8, 3), np.float32))
AHEAD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])  # looking along +Y
DOWN = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]])  # looking along -Z, +Y up the picture


def moved(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> np.ndarray:
    """The transform that puts something there."""
    transform = np.eye(4)
    transform[:3, 3] = x, y, z
    return transform


def flat(size: float, material: Material = GREY, key: str = "flat") -> Mesh:
    """A square in the ground's plane, facing up."""
    h = size / 2.0
    positions = np.array([[-h, -h, 0], [h, -h, 0], [h, h, 0], [-h, h, 0]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    return Mesh(key + str(size), faces, positions, np.tile(np.float32([0, 0, 1]), (4, 1)), (material,), uv=uv)


def box(size: float, material: Material = GREY, key: str = "box") -> Mesh:
    """A cube around the origin, with its own corners on every side."""
    sides = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            normal = np.roll([sign, 0.0, 0.0], axis)
            u, v = np.roll([0.0, sign, 0.0], axis), np.roll([0.0, 0.0, 1.0], axis)
            sides.append((normal, [normal - u - v, normal + u - v, normal + u + v, normal - u + v]))
    positions = np.concatenate([corners for _, corners in sides]) * size / 2.0
    normals = np.repeat([normal for normal, _ in sides], 4, 0)
    faces = np.concatenate([[[4 * k, 4 * k + 1, 4 * k + 2], [4 * k, 4 * k + 2, 4 * k + 3]] for k in range(6)])
    return Mesh(
        key + str(size), faces.astype(np.int32), positions.astype(np.float32), normals.astype(np.float32), (material,)
    )


def camera(
    position: tuple[float, float, float], rotation: np.ndarray = AHEAD, width: int = 64, height: int = 48
) -> Camera:
    """A camera with a horizontal field of about 53 degrees."""
    return Camera(width, height, float(width), np.array(position), rotation, focus=4.0)


def frame(surfaces: tuple[Surface, ...], eye: Camera, **more: object) -> SceneFrame:
    """A frame without sky light; anything else by keyword."""
    defaults = {"previous_camera": eye, "sky": BLACK_SKY}
    return SceneFrame(0.0, 1 / 24, eye, surfaces=surfaces, **(defaults | more))  # type: ignore[arg-type]


OVERHEAD = KeyLight((0.0, 0.0, 1.0), (1.0, 1.0, 1.0))
