"""Fog over a path-traced picture: an analytic layer, by the same law as the stage's preview.

Paths through fog would need many times the samples. The law: transmission along a line whose density falls off with
height, light scattered in from sky and key light, and round every lamp a glow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Camera, Fog, Lamp, SceneFrame

END = 2000.0  # metres after which nothing thickens
GLOW_END = 150.0  # metres after which no lamp's glow is gathered
LAMPS = 16  # strongest, whose glow is seen
FLAT = 1e-4  # change of density's logarithm along a line, below which it counts as even
FORWARD = (1.36, 1.2, 0.16, 0.05)  # scattering towards the eye round the key light, after Henyey and Greenstein


@dataclass(frozen=True, eq=False)
class Haze:
    """through (H, W, 1): share of the light behind that comes through · veil (H, W, 3): light that the fog adds."""

    through: F32
    veil: F32

    def over(self, light: F32) -> F32:
        """The light (H, W, 3) behind, seen through it."""
        return np.asarray(light * self.through + self.veil, np.float32)


def haze(frame: SceneFrame, depth: F32) -> Haze:
    """Fog between the eye and view-space depth (H, W) in metres, inf on the sky; sides as the frame's camera has them.

    All comes through and nothing is added where the frame has no fog.
    """
    if frame.fog is None:
        return Haze(np.ones((*depth.shape, 1), np.float32), np.zeros((*depth.shape, 3), np.float32))
    rays = _rays(frame.camera)  # (H, W, 3)
    long = np.linalg.norm(rays, axis=-1)
    away = np.minimum(depth.astype(np.float64) * long, END)
    towards = rays / long[..., None]
    through = np.exp(-_thickness(frame.fog, frame.camera, towards, away))[..., None]
    colour = np.asarray(frame.fog.colour)
    veil = (1.0 - through) * colour * (_sky_mean(frame) + _key(frame, towards))
    veil += colour * _glow(frame, towards, np.minimum(away, GLOW_END))
    return Haze(through.astype(np.float32), veil.astype(np.float32))


def _rays(camera: Camera) -> F64:
    """World directions (H, W, 3) through the middles of pixels, one metre deep."""
    rows, columns = np.indices((camera.height, camera.width)) + 0.5
    right, down, ahead = np.asarray(camera.rotation, np.float64)
    x = (columns - camera.centre[0]) / camera.focal
    y = (rows - camera.centre[1]) / camera.focal
    return np.asarray(x[..., None] * right + y[..., None] * down + ahead)


def _thickness(fog: Fog, camera: Camera, towards: F64, away: F64) -> F64:
    """Optical depth (H, W): the integral of an exponential atmosphere along each line."""
    here = _density(fog, camera)
    fall = towards[..., 2] * away / fog.scale_height
    even = np.where(np.abs(fall) < FLAT, FLAT, np.clip(fall, -30.0, None))
    return np.asarray(here * away * -np.expm1(-even) / even)


def _density(fog: Fog, camera: Camera) -> float:
    """At the eye, 1/m; no more than e times the ground's."""
    return float(fog.density * np.exp(-max(camera.position[2], -fog.scale_height) / fog.scale_height))


def _sky_mean(frame: SceneFrame) -> F64:
    """Radiance (3,) of the sky's upper half, in the mean over directions."""
    image = np.asarray(frame.sky.image, np.float64)
    down = (np.arange(image.shape[0]) + 0.5) / image.shape[0] * np.pi
    weight = np.sin(down) * (down < np.pi / 2.0)
    return np.asarray((image.mean(1) * weight[:, None]).sum(0) / weight.sum())


def _key(frame: SceneFrame, towards: F64) -> F64:
    """Key light (H, W, 3) scattered into the eye."""
    if frame.key_light is None:
        return np.zeros(3)
    aim = FORWARD[0] - FORWARD[1] * (towards @ np.asarray(frame.key_light.direction, np.float64))
    return np.asarray((FORWARD[2] / aim**1.5 + FORWARD[3])[..., None] * np.asarray(frame.key_light.colour))


def _glow(frame: SceneFrame, towards: F64, away: F64) -> F64:
    """Lamps' light (H, W, 3) scattered into the eye: the integral of 1 / distance^2 along each line, an arc tangent
    over the lamp's distance from it (Sun et al., A Practical Analytic Single Scattering Model, 2005)."""
    assert frame.fog is not None
    eye, total = np.asarray(frame.camera.position, np.float64), np.zeros((*away.shape, 3))
    density = frame.fog.density * np.exp(-max(eye[2], 0.0) / frame.fog.scale_height)
    for lamp in _strongest(frame.lamps, frame.camera):
        place = np.asarray(lamp.position, np.float64) - eye
        radius = max(lamp.radius, 0.02)
        along = towards @ place
        aside = np.sqrt(np.maximum(place @ place - along**2, 0.0) + radius**2 + 0.02)
        amount = (np.arctan((away - along) / aside) + np.arctan(along / aside)) / aside
        near = np.clip(along, 0.0, away)
        if lamp.normal is not None:  # lit only before its face: ask at the line's nearest point
            gap = towards * near[..., None] - place
            front = (gap @ np.asarray(lamp.normal)) / (np.linalg.norm(gap, axis=-1) + 0.3)
            amount *= np.clip(0.5 + 0.7 * front, 0.0, 1.0)
        total += (amount * np.exp(-density * near))[..., None] * np.asarray(lamp.colour)
    return np.asarray(0.25 * density * total)  # an even phase function against radiance of white at a metre


def _strongest(lamps: tuple[Lamp, ...], camera: Camera) -> list[Lamp]:
    """Those that shed most on the way to what is in focus."""
    ahead = np.asarray(camera.rotation[2], np.float64) * np.clip(3.0 * camera.focus, 10.0, 40.0)
    places = np.asarray(camera.position) + np.outer([0.15, 1.0 / 3.0, 1.0], ahead)

    def shed(lamp: Lamp) -> float:
        distance2 = ((places - np.asarray(lamp.position)) ** 2).sum(1)
        return -float(sum(lamp.colour) * (1.0 / (distance2 + 1.0)).sum())

    return sorted(lamps, key=shed)[:LAMPS]
