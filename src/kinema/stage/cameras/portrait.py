"""A portrait light: the soft lamp a cinematographer carries beside the camera when it comes close to a face."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Camera, Lamp

FADES_FROM, FADES_TO = 0.95, 0.5  # metres of picture height at the subject between which it comes up
DISTANCE = 1.1  # metres from the subject
STRENGTH = 0.4  # radiance of white that faces it
WARMTH = (1.0, 0.95, 0.88)


def portrait_lamp(camera: Camera) -> Lamp | None:
    """The lamp for a camera, 40 degrees beside it and above; None unless what is in focus fills the picture."""
    framed = camera.focus * camera.height / camera.focal
    near = float(np.clip((FADES_FROM - framed) / (FADES_FROM - FADES_TO), 0.0, 1.0))
    if near == 0.0:
        return None
    right, down, ahead = (np.asarray(row, np.float64) for row in camera.rotation)
    out = -0.62 * ahead - 0.60 * right - 0.50 * down
    out /= np.linalg.norm(out)
    x, y, z = camera.position + camera.focus * ahead + DISTANCE * out
    red, green, blue = (near * STRENGTH * DISTANCE**2 * share for share in WARMTH)
    normal = (-float(out[0]), -float(out[1]), -float(out[2]))
    return Lamp((float(x), float(y), float(z)), (red, green, blue), radius=0.25, normal=normal)
