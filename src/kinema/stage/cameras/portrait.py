"""Portrait lights: the soft lamps a cinematographer carries along when the camera comes close to a face.

One before the face and to its side models it; two behind it draw a rim round hair, cheek and shoulders, each in the
colour of the place's lamps on its side, so that a face seems lit by what stands around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Camera, KeyLight, Lamp

FADES_FROM, FADES_TO = 0.95, 0.5  # metres of picture height at the subject between which they come up
DISTANCE = 1.1  # metres from the subject
WARMTH = np.array([1.0, 0.97, 0.93])
LEAST, OVER = 0.30, 1.25  # radiance of white that faces the key: at least, and as a share of the lamps' light there
FILLS = 0.22  # of a sun's light: what a reflector gives back


@dataclass(frozen=True)
class _Light:
    """One lamp. way: from the subject, as shares of the camera's forward, right and down · gathers: the way a white
    surface faces that tells its colour, likewise · tint: how far it takes that colour · share: of the key's radiance,
    when there is no sun, which is rim enough · size: its radius (m)"""

    way: tuple[float, float, float]
    gathers: tuple[float, float, float]
    tint: float
    share: float
    size: float


KEY = _Light((-0.52, -0.72, -0.48), (-1.0, 0.0, 0.0), 0.10, 0.95, 0.20)
# they graze: behind a head no lamp is held back by it
RIMS = (
    _Light((0.80, 0.60, -0.30), (0.5, 0.5, 0.0), 0.9, 1.5, 0.90),
    _Light((0.86, -0.52, -0.12), (0.3, -0.7, 0.0), 0.9, 0.6, 0.90),
)
LUMA = np.array([0.2126, 0.7152, 0.0722])


def portrait_lamps(camera: Camera, lamps: Sequence[Lamp], key_light: KeyLight | None) -> list[Lamp]:
    """The lamps for a camera; none unless what is in focus fills the picture."""
    framed = camera.focus * camera.height / camera.focal
    near = float(np.clip((FADES_FROM - framed) / (FADES_FROM - FADES_TO), 0.0, 1.0))
    if near == 0.0:
        return []
    right, down, ahead = (np.asarray(row, np.float64) for row in camera.rotation)
    axes = np.stack([ahead, right, down])
    place = camera.position + camera.focus * ahead
    power = LEAST + OVER * float(_gathered(place, lamps, -ahead) @ LUMA)
    if key_light is not None:
        power += FILLS * float(np.asarray(key_light.colour) @ LUMA)
    made = []
    for light in (KEY, *RIMS) if key_light is None else (KEY,):
        out = np.array(light.way) @ axes
        there = _gathered(place, lamps, np.array(light.gathers) @ axes)
        colour = _tinted(there, light.tint) * (near * power * light.share * DISTANCE**2)
        made.append(_lamp(place, out / np.linalg.norm(out), colour, light.size))
    return made


def _gathered(place: F64, lamps: Sequence[Lamp], facing: F64) -> F64:
    """Radiance (3,) of white at a place that faces one way, under the lamps."""
    total = np.zeros(3)
    for lamp in lamps:
        way = np.asarray(lamp.position) - place
        d2 = float(way @ way) + lamp.radius**2
        way = way / np.sqrt(d2)
        cosine = max(float(way @ facing), 0.0)
        leaves = 1.0 if lamp.normal is None else max(-float(way @ np.asarray(lamp.normal)), 0.0)
        total += np.asarray(lamp.colour) * (cosine * leaves / d2)
    return total


def _tinted(light: F64, share: float) -> F64:
    """The warm white of a film lamp, so far of the hue of a light (3,); of luminance one."""
    strength = float(light @ LUMA)
    hue = light / strength if strength > 1e-6 else WARMTH
    colour = WARMTH * (1.0 - share) + hue * share
    return np.asarray(colour / float(colour @ LUMA))


def _lamp(place: F64, out: F64, colour: F64, size: float) -> Lamp:
    x, y, z = place + DISTANCE * out
    red, green, blue = colour
    normal = (-float(out[0]), -float(out[1]), -float(out[2]))
    return Lamp((float(x), float(y), float(z)), (float(red), float(green), float(blue)), radius=size, normal=normal)
