"""Portrait lights: the soft lamps a cinematographer carries along when the camera comes close to a face.

One before the face and to its side models it; one behind it on the other side draws a rim round hair and cheek. They
take their colours from the lamps of the place, so that a face seems lit by what stands around it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kinema.buffers.scene_frame import F64, Camera, KeyLight, Lamp

FADES_FROM, FADES_TO = 0.95, 0.5  # metres of picture height at the subject between which they come up
DISTANCE = 1.1  # metres from the subject
WARMTH = np.array([1.0, 0.97, 0.93])
# ways from the subject, as shares of the camera's forward, right and down
KEY, RIM = (-0.58, -0.66, -0.48), (0.72, 0.62, -0.32)
LEAST, OVER = 0.30, 1.25  # radiance of white that faces the key: at least, and as a share of the lamps' light there
FILLS = 0.22  # of a sun's light: what a reflector gives back
RIMMED = 0.45  # the rim's radiance over the key's; the sun is rim enough by day
TINTED = {"key": 0.06, "rim": 0.9}  # how far each takes the place's colour
LUMA = np.array([0.2126, 0.7152, 0.0722])


def portrait_lamps(camera: Camera, lamps: Sequence[Lamp], key_light: KeyLight | None) -> list[Lamp]:
    """The lamps for a camera; none unless what is in focus fills the picture."""
    framed = camera.focus * camera.height / camera.focal
    near = float(np.clip((FADES_FROM - framed) / (FADES_FROM - FADES_TO), 0.0, 1.0))
    if near == 0.0:
        return []
    right, down, ahead = (np.asarray(row, np.float64) for row in camera.rotation)
    place = camera.position + camera.focus * ahead
    before, behind = _gathered(place, lamps, -ahead), _gathered(place, lamps, 0.5 * ahead + 0.5 * right)
    power = LEAST + OVER * float(before @ LUMA)
    if key_light is not None:
        power += FILLS * float(np.asarray(key_light.colour) @ LUMA)
    made = []
    for share, tint, way, light in (
        (1.0, TINTED["key"], KEY, before),
        (RIMMED if key_light is None else 0.0, TINTED["rim"], RIM, behind),
    ):
        if share == 0.0:
            continue
        out = way[0] * ahead + way[1] * right + way[2] * down
        colour = _tinted(light, tint) * (near * power * share * DISTANCE**2)
        made.append(_lamp(place, out / np.linalg.norm(out), colour))
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


def _lamp(place: F64, out: F64, colour: F64) -> Lamp:
    x, y, z = place + DISTANCE * out
    red, green, blue = colour
    normal = (-float(out[0]), -float(out[1]), -float(out[2]))
    return Lamp((float(x), float(y), float(z)), (float(red), float(green), float(blue)), radius=0.25, normal=normal)
