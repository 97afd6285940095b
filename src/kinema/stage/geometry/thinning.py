"""Thinning: hard things with fewer triangles, for pictures on which they are small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import fast_simplification
import numpy as np

from kinema.stage.geometry.solids import Part, Solid, projected_uv

LEAST = 60  # triangles that a part keeps, or the few it has
WELD = 5  # decimals of a metre to which corners are the same


def thinned(parts: Sequence[Part], share: float) -> list[Part]:
    """Parts with about that share of their triangles, by quadric error (Garland and Heckbert 1997); those with a
    texture stay as they are, for uv would be lost."""
    return [
        part if part.material.texture is not None else replace(part, solid=_thin(part.solid, share)) for part in parts
    ]


def _thin(solid: Solid, share: float) -> Solid:
    wanted = max(LEAST, round(share * len(solid.faces)))
    if wanted >= len(solid.faces):
        return solid
    _, owners, inverse = np.unique(np.round(solid.positions, WELD), axis=0, return_index=True, return_inverse=True)
    faces = inverse.reshape(-1)[solid.faces].astype(np.int32)
    whole = (faces != np.roll(faces, 1, 1)).all(1)
    points, few = fast_simplification.simplify(
        solid.positions[owners].astype(np.float32), np.ascontiguousarray(faces[whole]), target_count=wanted, agg=5
    )
    if not len(few):
        return solid
    return projected_uv(np.asarray(points, np.float64), np.asarray(few, np.int32))
