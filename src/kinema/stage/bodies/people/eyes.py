"""Eyeballs with a bulging cornea, lit from within by a fibrous iris."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from kinema.buffers.scene_frame import Colour, Material, Texture
from kinema.stage.bodies.people.body import Body, archive
from kinema.stage.bodies.people.maps import eight_bit
from kinema.stage.bodies.people.piece import Piece, rigid
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.chance import chance
from kinema.stage.colours import encoded

EYE_RINGS, EYE_SIDES, EYE_REACH = 11, 20, np.radians(105)
GATHERED = 2.2  # the cornea gathers light from above on the lower half of the iris
IRIS = np.radians(28)  # half angle of the iris seen from the eyeball's middle


def eye_pieces(body: Body, colour: Colour) -> list[Piece]:
    """Two eyeballs with a bulging cornea, looking ahead."""
    baked = archive()
    texture = eye_texture(colour)
    material = Material("eye", roughness=0.1, subsurface=0.2, texture=texture)
    pieces = []
    for side in ("left", "right"):
        owners = np.unique(baked.corners[baked.group(f"eye_{side}")])
        points = body.points[owners].astype(np.float64)
        middle = (points.max(0) + points.min(0)) / 2
        radius = float(np.median(np.linalg.norm(points - middle, axis=1)))
        pieces.append(_eyeball(f"eye_{side}", middle, radius, material))
    return pieces


def _eyeball(name: str, middle: NDArray[np.float64], radius: float, material: Material) -> Piece:
    theta = np.linspace(0, 1, EYE_RINGS) ** 1.1 * EYE_REACH
    phi = np.arange(EYE_SIDES) * 2 * np.pi / EYE_SIDES
    t, p = (grid.ravel() for grid in np.meshgrid(theta, phi, indexing="ij"))
    bulge = 1.0 + 0.055 * np.clip(1 - (t / (IRIS * 1.15)) ** 2, 0, 1)
    ball = np.stack([np.sin(t) * np.cos(p), np.cos(t), np.sin(t) * np.sin(p)], 1) * bulge[:, None]
    uv = 0.5 + 0.5 * (t / EYE_REACH)[:, None] * np.stack([np.cos(p), np.sin(p)], 1)
    rows = np.arange((EYE_RINGS - 1) * EYE_SIDES).reshape(EYE_RINGS - 1, EYE_SIDES)
    quads = np.stack([rows, np.roll(rows, -1, 1), np.roll(rows, -1, 1) + EYE_SIDES, rows + EYE_SIDES], -1)
    faces = triangles(quads.reshape(-1, 4).astype(np.int32))
    points = (middle + ball * radius).astype(np.float32)
    # the lids shade the ball from above and at the corners
    shade = 1.0 - 0.55 * np.clip((ball[:, 2] - 0.12) / 0.35, 0, 1) - 0.25 * np.clip((-ball[:, 2] - 0.30) / 0.3, 0, 1)
    shade = shade * (1 - 0.35 * np.clip((np.abs(ball[:, 0]) - 0.35) / 0.4, 0, 1))
    colours = np.repeat(shade[:, None], 3, 1).astype(np.float32)
    weights = rigid(name, len(points))
    return Piece(name, points, faces, weights, material, uv=uv.astype(np.float32), colours=colours)


@cache
def eye_texture(iris: Colour) -> Texture:
    """Sclera with faint veins, a fibrous iris with a dark rim, and a pupil, over angle from the axis."""
    size = 256
    v, u = np.meshgrid(*[(np.arange(size) + 0.5) / size * 2 - 1] * 2, indexing="ij")
    angle, around = np.hypot(u, v) * EYE_REACH, np.arctan2(-v, u)
    generator = chance(0, "eye", "fibres")
    fibres = np.sin(around * 37 + 3 * np.sin(around * 5)) * 0.5 + np.sin(around * 83 + 2 * np.sin(around * 11)) * 0.5
    rim = angle / IRIS
    colour = (
        np.array(iris)[None, None]
        * (1.0 + 0.35 * fibres[..., None])
        * (0.75 + 0.9 * np.clip(0.75 - rim, 0, 1))[..., None]
        * (1.0 + GATHERED * v * np.clip(rim, 0, 1))[..., None]
    )
    colour = colour * (1 - 0.85 * np.clip((rim - 0.78) / 0.2, 0, 1))[..., None]
    colour = colour * (1 - 0.97 * np.clip((0.40 - rim) / 0.04, 0, 1))[..., None]
    veins = gaussian_filter(generator.standard_normal((size, size)), 2.0)
    veins = np.clip(np.abs(veins / veins.std()) * -8 + 1, 0, 1) * np.clip((rim - 1.5) / 2, 0, 1)
    white = np.array([0.56, 0.52, 0.48]) * (1 - 0.45 * np.clip((rim - 1.3) / 2.0, 0, 1))[..., None]
    white = white * (1 - 0.30 * veins[..., None] * np.array([0.2, 1.0, 1.0]))
    mix = np.clip((rim - 0.97) / 0.08, 0, 1)[..., None]
    albedo = colour * (1 - mix) + white * mix
    rough = 0.06 + 0.12 * np.clip((rim - 1.0) / 0.3, 0, 1)
    name = "-".join(f"{channel:.3f}" for channel in iris)
    return Texture(f"eye-{name}", albedo=encoded(albedo), roughness=eight_bit(rough))
