"""The samples worth shading: every pixel's middle, and at edges whatever else the pixel's other samples see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.triangles import Triangles
from kinema.stage.raster.visibility import BAND, SAMPLES, Visibility


@dataclass(frozen=True, eq=False)
class Samples:
    """The first H * W are the pixels' middles in reading order; the others are extra.

    x, y (N,) place on the screen (px) · record (N,) triangle seen, -1 is sky · pixel (E,), weight (E,) of the extra
    ones: which pixel they belong to, and their share of it.
    """

    x: F32
    y: F32
    record: I32
    pixel: I32
    weight: F32


@kernel
def alike(a, b, x, y, planes, where, faces, face_surface, face_material, normals):  # type: ignore[no-untyped-def]
    """Whether two triangles look like one surface around screen place (x, y)."""
    if a < 0 or b < 0:
        return False
    fa, fb = where[a, 0], where[b, 0]
    if face_surface[fa] != face_surface[fb] or face_material[fa] != face_material[fb]:
        return False
    i, j = faces[fa, 0], faces[fb, 0]
    dot = normals[i, 0] * normals[j, 0] + normals[i, 1] * normals[j, 1] + normals[i, 2] * normals[j, 2]
    na = normals[i, 0] ** 2 + normals[i, 1] ** 2 + normals[i, 2] ** 2
    nb = normals[j, 0] ** 2 + normals[j, 1] ** 2 + normals[j, 2] ** 2
    if dot < 0.0 or dot * dot < 0.8 * na * nb:
        return False
    za = (
        (planes[a, 0] + planes[a, 3] + planes[a, 6]) * (x - where[a, 1])
        + (planes[a, 1] + planes[a, 4] + planes[a, 7]) * (y - where[a, 3])
        + planes[a, 2] + planes[a, 5] + planes[a, 8]
    )  # fmt: skip
    zb = (
        (planes[b, 0] + planes[b, 3] + planes[b, 6]) * (x - where[b, 1])
        + (planes[b, 1] + planes[b, 4] + planes[b, 7]) * (y - where[b, 3])
        + planes[b, 2] + planes[b, 5] + planes[b, 8]
    )  # fmt: skip
    return abs(za - zb) < 0.02 * abs(za)


@kernel
def find_edges(  # type: ignore[no-untyped-def]
    ids, y0, y1, offsets, planes, where, faces, face_surface, face_material, normals, pixel, place, record, weight
):
    """Fill the extra samples of rows [y0, y1); returns how many."""
    samples, _, width = ids.shape
    count = 0
    for y in range(y0, y1):
        for x in range(width):
            middle = ids[0, y, x]
            first = count
            for s in range(1, samples):
                t = ids[s, y, x]
                if t == middle:
                    continue
                sx, sy = x + offsets[s, 0], y + offsets[s, 1]
                if alike(middle, t, sx, sy, planes, where, faces, face_surface, face_material, normals):
                    continue
                share = -1
                for e in range(first, count):
                    if record[e] == t or alike(
                        record[e], t, sx, sy, planes, where, faces, face_surface, face_material, normals
                    ):
                        share = e
                        break
                if share >= 0:
                    weight[share] += 1.0 / samples
                    continue
                pixel[count] = y * width + x
                place[count, 0], place[count, 1] = sx, sy
                record[count] = t
                weight[count] = 1.0 / samples
                count += 1
    return count


def samples_of(geometry: Geometry, triangles: Triangles, visibility: Visibility) -> Samples:
    """Every middle, then the extra samples of every edge, in reading order."""
    count, height, width = visibility.triangle.shape

    def work(y0: int, y1: int) -> tuple[I32, F32, I32, F32]:
        room = (y1 - y0) * width * (count - 1)
        pixel, record = np.empty(room, np.int32), np.empty(room, np.int32)
        place, weight = np.empty((room, 2), np.float32), np.empty(room, np.float32)
        n = find_edges(
            visibility.triangle, y0, y1, SAMPLES, triangles.planes, triangles.where, geometry.faces,
            geometry.face_surface, geometry.face_material, geometry.normals, pixel, place, record, weight,
        )  # fmt: skip
        return pixel[:n].copy(), place[:n].copy(), record[:n].copy(), weight[:n].copy()

    pieces = over(height, BAND, work) if count > 1 else []
    none = (np.zeros(0, np.int32), np.zeros((0, 2), np.float32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    pixel, place, record, weight = (np.concatenate(part) for part in zip(none, *pieces, strict=True))
    across = np.tile(np.arange(width, dtype=np.float32) + np.float32(0.5), height)
    down = np.repeat(np.arange(height, dtype=np.float32) + np.float32(0.5), width)
    return Samples(
        x=np.concatenate([across, place[:, 0]]),
        y=np.concatenate([down, place[:, 1]]),
        record=np.concatenate([visibility.triangle[0].reshape(-1), record]),
        pixel=pixel,
        weight=weight,
    )
