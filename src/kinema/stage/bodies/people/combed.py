"""Hair as light sees it: every strand is round, so its normals turn to the eye about the way it runs.

A strand thinner than a pixel shows all its sides at once; what is lit is, in the mean, the side that faces the eye.
With normals across the strands only, highlights become bands across the hair instead of spots on a helmet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32

ROUND = np.float32(0.55)  # how far a normal is the single strand's, and not that of the whole head of hair
ON_EDGE = np.float32(0.30)  # how far it turns even where it is seen on edge, so that a rim of light is not a thread
STEEP = np.float32(1.6)  # from which cosine of the eye's angle on, over one, it turns as far as it will
WITHIN = np.float32(6.0)  # the same for hair seen from within, which no lamp behind the head is to light


@dataclass(frozen=True, eq=False)
class Strands:
    """Which of a mesh's points (N,) are hair, and the unit way (N, 3) it runs there at rest."""

    rows: I32
    along: F32


def rounded(positions: F32, normals: F32, along: F32, eye: F64) -> F32:
    """Normals (N, 3) of hair at positions (N, 3) that runs along (N, 3), as an eye (3,) in the same space sees it.

    All lean to the eye, those of hair that faces away too: between two of which one did not there would lie a line on
    which hair is seen on edge, and there it mirrors whatever lamp is behind it, as a string of sparks."""
    towards = eye.astype(np.float32) - positions
    towards /= np.sqrt(_dot(towards, towards)) + np.float32(1e-6)
    towards -= _dot(towards, along) * along
    cosine = _dot(normals, towards)
    turned = ON_EDGE + ROUND * np.clip(cosine * STEEP, 0, 1)
    within = np.clip(-cosine * WITHIN, 0, 1)
    aside = normals - np.minimum(cosine, 0) * towards
    mixed = aside * ((1 - ROUND) * (1 - within)) + towards * (turned + (1 - turned) * within)
    return np.asarray(mixed / (np.sqrt(_dot(mixed, mixed)) + np.float32(1e-6)), np.float32)


def _dot(a: F32, b: F32) -> F32:
    """Products (N, 1) of vectors (N, 3)."""
    return np.asarray(np.einsum("ij,ij->i", a, b)[:, None])
