"""Eyebrows: where they run, how broad they are and how their hairs lie, on the unmorphed base mesh.

They are painted (complexion.py): a hair is a fifth of a millimetre wide, which no picture of a film shows, and blades
so fine would break up into dots.
"""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, F64

INNER, OUTER = 0.0135, 0.056  # metres from the midline


def brow_line(along: F32 | F64) -> F64:
    """Height of a brow's middle, from its inner end (0) to its outer (1)."""
    return np.asarray(0.7462 + 0.0062 * np.sin(np.pi * along**1.4) - 0.0012 * along)


def brow_half(along: F32 | F64, thickness: float) -> F64:
    """Half of its width there (m)."""
    return np.asarray((0.0042 - 0.0030 * along) * thickness)


def brow_lean(along: F32 | F64) -> F64:
    """How steeply its hairs stand there (radians)."""
    return np.asarray(np.radians(62) * (1 - along) ** 1.3 + np.radians(4))
