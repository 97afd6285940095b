"""Distance models to triangle meshes: marching cubes, simplification, and a disk cache keyed by content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import fast_simplification
import numpy as np
from numpy.typing import NDArray
from skimage.measure import marching_cubes

from kinema.stage.geometry.sdf import F32, Part, field, gradient, sample

I32 = NDArray[np.int32]
# Part of every cache key: raise it when the same parts would give another mesh.
REVISION = 1


def mesh_parts(parts: Sequence[Part], cell: float, triangles: int) -> tuple[F32, F32, I32]:
    """A model's surface: positions (V, 3), unit normals (V, 3), faces (F, 3) counter-clockwise from outside.

    cell: grid spacing in metres · triangles: about how many to keep. Vertices are pulled back onto the true surface
    after simplification, and normals come from the distance's gradient, so few triangles still shade smoothly.
    """
    key = hashlib.sha256(repr((REVISION, tuple(parts), cell, triangles)).encode()).hexdigest()
    arrays = cached(key, lambda: _mesh(parts, cell, triangles))
    return arrays["positions"], arrays["normals"], arrays["faces"]


def _mesh(parts: Sequence[Part], cell: float, triangles: int) -> dict[str, NDArray[Any]]:
    volume = sample(parts, cell)
    points, faces, _, _ = marching_cubes(volume.values, 0.0, gradient_direction="ascent")
    points = points.astype(np.float32) * np.float32(cell) + volume.origin
    if len(faces) > triangles:
        small, few = fast_simplification.simplify(points, faces.astype(np.int32), target_count=triangles)
        points, faces = small.astype(np.float32), few
    faces = _outward(parts, points, faces.astype(np.int32))
    for _ in range(2):
        points = points - gradient(parts, points, cell / 2) * np.clip(field(parts, points), -cell, cell)[:, None]
    points = points.astype(np.float32)
    return {"positions": points, "normals": gradient(parts, points, cell), "faces": faces}


def _outward(parts: Sequence[Part], points: F32, faces: I32) -> I32:
    """Drop slivers; turn the winding so that the volume enclosed is positive."""
    a, b, c = (points[faces[:, k]].astype(np.float64) for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    faces = faces[area > 1e-12]
    volume = float(np.einsum("nk,nk->", a, np.cross(b, c)))
    return np.ascontiguousarray(faces if volume > 0 else faces[:, ::-1]).astype(np.int32)


def cache_directory() -> Path:
    """Where built meshes are kept: under XDG_CACHE_HOME, or ~/.cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kinema" / "meshes"


def cached(key: str, build: Callable[[], Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Arrays by name from the cache, or built and put there. A damaged or unwritable cache only costs the build."""
    path = cache_directory() / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError, EOFError, BadZipFile):
        pass
    arrays = dict(build())
    try:
        _store(path, arrays)
    except OSError:
        return arrays
    return arrays


def _store(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Written beside its place and renamed, so that no reader ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as temporary:
        try:
            np.savez(temporary, **arrays)  # type: ignore[arg-type]
        except BaseException:
            Path(temporary.name).unlink()
            raise
    Path(temporary.name).replace(path)
