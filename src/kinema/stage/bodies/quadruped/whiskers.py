"""Whiskers as a camera sees them: ribbons turned to it, no thinner than it can draw, gone where it could draw none."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.piece import F32, I32

PIXELS = 0.62  # half the width at the root, in pixels: thinner lines break up into dots
TIP = 0.55  # of that, at the tip
FINEST = 0.00035  # metres: half the width of a real one, which holds close up
COARSEST, GONE = 0.0011, 0.0019  # metres of half width from which they begin to shrink, and are drawn no more


def turn_to(eye: F64, focal: float, whiskers: I32, positions: F32, normals: F32) -> None:
    """Move the vertices of whiskers (W, JOINTS, 2) in positions and normals (V, 3), which are written to.

    eye (3,) in the mesh's axes · focal: pixels.
    """
    if not len(whiskers):
        return
    middle = positions[whiskers].mean(2)  # (W, JOINTS, 3)
    away = float(np.linalg.norm(middle.mean((0, 1)) - eye))
    half = max(PIXELS * away / focal, FINEST)
    shown = float(np.clip((GONE - half) / (GONE - COARSEST), 0.0, 1.0))
    middle = middle[:, :1] + shown * (middle - middle[:, :1])
    along = np.gradient(middle, axis=1)
    sight = (eye - middle).astype(np.float32)
    across = np.cross(along, sight)
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), np.float32(1e-9))
    taper = np.linspace(1.0, TIP, whiskers.shape[1], dtype=np.float32)[:, None]
    offset = np.float32(half * shown) * taper * across
    facing = sight / np.maximum(np.linalg.norm(sight, axis=-1, keepdims=True), np.float32(1e-9))
    facing[..., 2] += 0.6  # as round hairs they catch the light from above
    facing /= np.linalg.norm(facing, axis=-1, keepdims=True)
    positions[whiskers[:, :, 0]] = middle - offset
    positions[whiskers[:, :, 1]] = middle + offset
    normals[whiskers] = facing[:, :, None]
