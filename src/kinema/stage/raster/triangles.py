"""Triangle set-up in homogeneous coordinates: which triangles a view sees, and their planes on the screen.

Nothing is clipped: over the screen, weight / depth of each corner is linear even for a triangle that passes behind the
eye (Olano and Greer, Triangle Scan Conversion using 2D Homogeneous Coordinates, 1997), and the near plane and the
mirror's water line are just two more edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import inlined, kernel, over
from kinema.stage.raster.materials import CUT_OUT, TRANSLUCENT
from kinema.stage.raster.tiles import COUNT, SAMPLES

NEAR = 0.05  # metres
SLACK = 1e-4  # of a pixel, so that neighbours leave no crack
GRAIN = 16384  # vertices in one piece of work
# flags of a record
BACK, CROSSES_NEAR, CROSSES_WATER, CUT = 1, 2, 4, 8


@dataclass(frozen=True, eq=False)
class View:
    """A projection: u, v = focal * (x, y) / z + centre with (x, y, z) = rotation @ (p - position).

    mirrored: rotation includes a reflection, so windings turn round. water: only what is above this height (m) ·
    rows: the first row that is looked at, and the one after the last; all of them if not said.
    """

    width: int
    height: int
    focal: float
    centre: tuple[float, float]
    position: F64
    rotation: F64
    mirrored: bool = False
    water: float | None = None
    rows: tuple[int, int] | None = None

    @property
    def matrix(self) -> F64:
        """(3, 3) that takes p - position to (u z, v z, z)."""
        lens = np.array([[self.focal, 0, self.centre[0]], [0, self.focal, self.centre[1]], [0, 0, 1]])
        return np.asarray(lens @ self.rotation)


@dataclass(frozen=True, eq=False)
class Triangles:
    """What a view sees. planes (N, 16): weight/depth of the three corners as a x + b y + c, x and y measured from the
    box's low corner in pixels; then their sum, 1/depth; then the normal of the plane, in the camera's own axes; then
    1/depth of the nearest corner ·
    where (N, 8): face, x0, x1, y0, y1 (inclusive pixels), flags, surface, material."""

    planes: F32
    where: I32


@kernel
def project(positions, start, end, matrix, position, out):  # type: ignore[no-untyped-def]
    """Homogeneous screen coordinates (u z, v z, z) of vertices [start, end)."""
    for i in range(start, end):
        x = positions[i, 0] - position[0]
        y = positions[i, 1] - position[1]
        z = positions[i, 2] - position[2]
        for k in range(3):
            out[i, k] = matrix[k, 0] * x + matrix[k, 1] * y + matrix[k, 2] * z


@inlined
def cofactors(xa, ya, za, xb, yb, zb):  # type: ignore[no-untyped-def]
    """The plane through the eye and two corners; over a triangle's determinant, the third's weight / depth."""
    return ya * zb - za * yb, za * xb - xa * zb, xa * yb - ya * xb


@inlined
def beyond(x0, y0, z0, x1, y1, z1, x2, y2, z2, near):  # type: ignore[no-untyped-def]
    """The box (left, right, top, bottom) on the screen of what lies beyond the near plane of a triangle that crosses
    it."""
    left, right, top, bottom = 1e30, -1e30, 1e30, -1e30
    for side in range(3):
        if side == 0:
            xa, ya, za, xb, yb, zb = x0, y0, z0, x1, y1, z1
        elif side == 1:
            xa, ya, za, xb, yb, zb = x1, y1, z1, x2, y2, z2
        else:
            xa, ya, za, xb, yb, zb = x2, y2, z2, x0, y0, z0
        if za >= near:
            left, right = min(left, xa / za), max(right, xa / za)
            top, bottom = min(top, ya / za), max(bottom, ya / za)
        if (za >= near) != (zb >= near):
            t = (near - za) / (zb - za)
            u = (xa + t * (xb - xa)) / near
            v = (ya + t * (yb - ya)) / near
            left, right = min(left, u), max(right, u)
            top, bottom = min(top, v), max(bottom, v)
    return left, right, top, bottom


@inlined
def record(  # type: ignore[no-untyped-def]
    planes, where, at, x0, y0, z0, x1, y1, z1, x2, y2, z2, px0, px1, py0, py1, lens, near
):  # fmt: skip
    """Write a triangle's planes, and its box of pixels into row `at` of where."""
    ax, ay, az = cofactors(x1, y1, z1, x2, y2, z2)
    bx, by, bz = cofactors(x2, y2, z2, x0, y0, z0)
    cx, cy, cz = cofactors(x0, y0, z0, x1, y1, z1)
    s = 1.0 / (x0 * ax + y0 * ay + z0 * az)
    planes[at, 0], planes[at, 1], planes[at, 2] = ax * s, ay * s, (ax * px0 + ay * py0 + az) * s
    planes[at, 3], planes[at, 4], planes[at, 5] = bx * s, by * s, (bx * px0 + by * py0 + bz) * s
    planes[at, 6], planes[at, 7], planes[at, 8] = cx * s, cy * s, (cx * px0 + cy * py0 + cz) * s
    dx, dy, dz = (ax + bx + cx) * s, (ay + by + cy) * s, (az + bz + cz) * s
    planes[at, 9], planes[at, 10], planes[at, 11] = dx, dy, dx * px0 + dy * py0 + dz
    ex, ey, ez = dx * lens[0], dy * lens[0], dx * lens[1] + dy * lens[2] + dz
    length = np.sqrt(ex * ex + ey * ey + ez * ez) + 1e-30
    planes[at, 12], planes[at, 13], planes[at, 14] = ex / length, ey / length, ez / length
    planes[at, 15] = 1.0 / max(min(z0, z1, z2), near)
    where[at, 1], where[at, 2], where[at, 3], where[at, 4] = px0, px1, py0, py1


@inlined
def reach(x0, y0, z0, x1, y1, z1, x2, y2, z2, near, margin, width, rows):  # type: ignore[no-untyped-def]
    """The box of pixels (first and last column, first and last row) that may see a triangle with a corner beyond the
    near plane, none if it ends before it begins."""
    if z0 >= near and z1 >= near and z2 >= near:
        u0, u1, u2 = x0 / z0, x1 / z1, x2 / z2
        v0, v1, v2 = y0 / z0, y1 / z1, y2 / z2
        left, right = min(u0, u1, u2), max(u0, u1, u2)
        top, bottom = min(v0, v1, v2), max(v0, v1, v2)
    else:
        left, right, top, bottom = beyond(x0, y0, z0, x1, y1, z1, x2, y2, z2, near)
    left, right = max(np.ceil(left + margin - 1.0), 0.0), min(np.floor(right - margin), width - 1.0)
    top, bottom = max(np.ceil(top + margin - 1.0), rows[0]), min(np.floor(bottom - margin), rows[1] - 1.0)
    return left, right, top, bottom


@kernel
def set_up(  # type: ignore[no-untyped-def]
    hollow, faces, face_material, face_surface, classes, corners, heights, start, end, width, rows, margin, lens, near,
    water, mirrored, layer, planes, where, at,
):  # fmt: skip
    """Write a record for every face of [start, end) that may be seen, from row `at` on; returns how many.

    hollow (S,): surfaces whose faces are seen from in front only · margin: how near to a pixel's sides (px) its
    samples come; a face that lies between samples is seen by none.
    """
    count = at
    for f in range(start, end):
        kind = classes[face_material[f]]
        if (kind == TRANSLUCENT) != layer:
            continue
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        x0, y0, z0 = corners[i, 0], corners[i, 1], corners[i, 2]
        x1, y1, z1 = corners[j, 0], corners[j, 1], corners[j, 2]
        x2, y2, z2 = corners[k, 0], corners[k, 1], corners[k, 2]
        if z0 < near and z1 < near and z2 < near:
            continue
        flags = 0
        h0, h1, h2 = heights[i, 2] - water, heights[j, 2] - water, heights[k, 2] - water
        if h0 < 0.0 or h1 < 0.0 or h2 < 0.0:
            if h0 <= 0.0 and h1 <= 0.0 and h2 <= 0.0:
                continue
            flags |= CROSSES_WATER
        left, right, top, bottom = reach(x0, y0, z0, x1, y1, z1, x2, y2, z2, near, margin, width, rows)
        if left > right or top > bottom:
            continue
        ax, ay, az = cofactors(x1, y1, z1, x2, y2, z2)
        det = x0 * ax + y0 * ay + z0 * az
        if abs(det) < 1e-18:
            continue
        if (det > 0.0) != mirrored:
            if hollow[face_surface[f]]:
                continue
            flags |= BACK
        if z0 < near or z1 < near or z2 < near:
            flags |= CROSSES_NEAR
        if kind == CUT_OUT:
            flags |= CUT
        record(
            planes, where, count, x0, y0, z0, x1, y1, z1, x2, y2, z2, int(left), int(right), int(top), int(bottom),
            lens, near,
        )  # fmt: skip
        where[count, 0], where[count, 5] = f, flags
        where[count, 6], where[count, 7] = face_surface[f], face_material[f]
        count += 1
    return count - at


def seen(view: View, bounds: F32) -> NDArray[np.bool_]:
    """Which bounding spheres (S, 4) touch the view's frustum."""
    local = (bounds[:, :3] - view.position) @ view.rotation.T  # (S, 3)
    radius = bounds[:, 3]
    inside = local[:, 2] > NEAR - radius
    for axis, extent in ((0, view.width), (1, view.height)):
        for side, limit in ((-1.0, view.centre[axis]), (1.0, extent - view.centre[axis])):
            slope = limit / view.focal
            outward = (side * local[:, axis] - slope * local[:, 2]) / np.hypot(1.0, slope)
            inside &= outward < radius
    return inside


def see(geometry: Geometry, view: View, layer: bool = False, samples: int = COUNT) -> Triangles:
    """Set up what the first so many SAMPLES of the view's pixels may see of the opaque faces, or with layer of the
    translucent ones."""
    corners = np.empty(geometry.positions.shape, np.float64)
    shown = np.flatnonzero(seen(view, geometry.bounds))
    matrix = view.matrix
    spans = _pieces(merged(geometry.vertex_range[shown]))
    over(len(spans), 1, lambda n, _: project(geometry.positions, *spans[n], matrix, view.position, corners))
    pieces = merged(geometry.face_range[shown])
    most = sum(end - start for start, end in pieces)
    planes, where = np.empty((most, 16), np.float32), np.empty((most, 8), np.int32)
    classes = geometry.materials[:, 12].astype(np.int32)
    rows = np.array(view.rows or (0, view.height), np.float64)
    margin = float(np.minimum(SAMPLES[:samples], 1.0 - SAMPLES[:samples]).min()) - 2.0 * SLACK
    lens = np.array([view.focal, *view.centre])
    away = np.linalg.norm(geometry.bounds[:, :3] - view.position, axis=1)
    without = (away > geometry.bounds[:, 3] + 2.0 * NEAR) & (view.water is None)
    hollow = geometry.fronts | (geometry.closed & without)
    water = -1e9 if view.water is None else view.water

    count = 0
    for start, end in pieces:
        count += set_up(
            hollow, geometry.faces, geometry.face_material, geometry.face_surface, classes, corners,
            geometry.positions, start, end, view.width, rows, margin, lens, NEAR, water, view.mirrored, layer, planes,
            where, count,
        )  # fmt: skip
    return Triangles(planes[:count], where[:count])


def merged(ranges: I32) -> list[tuple[int, int]]:
    """Neighbouring (start, end) rows joined into fewer, longer ones."""
    joined: list[tuple[int, int]] = []
    for start, end in ranges.tolist():
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _pieces(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(a, min(a + GRAIN, end)) for start, end in ranges for a in range(start, end, GRAIN)]
