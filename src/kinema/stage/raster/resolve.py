"""What each sample sees, from its triangle: place, normal, matter, motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.textures import LINEAR, level_of, sample_colour, sample_grey, sample_slope
from kinema.stage.raster.triangles import Triangles, View

# rows of a surfel table; vectors take three rows each
POSITION, NORMAL, ALBEDO, EMISSION = 0, 3, 6, 9
ROUGHNESS, METALLIC, SUBSURFACE, SHEEN, DEPTH, OPACITY, MOTION = 12, 13, 14, 15, 16, 17, 18
MIRROR = 21  # 1 on the wet plane
# single-precision constants: a plain one would make the kernel's arithmetic double
ONE, NOUGHT, TINY, NARROW = np.float32(1.0), np.float32(0.0), np.float32(1e-12), np.float32(0.1225)
FIELDS = 22  # motion takes three: x, y, and the depth the point had a frame ago


@dataclass(frozen=True, eq=False)
class Surfels:
    """values (FIELDS, N), structure of arrays so that shading loops vectorise; position is relative to the eye ·
    surface (N,) index into the frame's surfaces, -1 is sky · x, y (N,) where on the screen (px)."""

    values: F32
    surface: I32
    x: F32
    y: F32


@kernel
def resolve(  # type: ignore[no-untyped-def]
    start, end, sx, sy, tri, planes, where, faces, positions, previous, normals, colours,
    uv, moving, materials, maps, texels, levels, linear, water, shift, origin, rays, before, values, surface
):  # fmt: skip
    """Fill columns [start, end) of values and surface.

    water: height of a wet plane above the eye · shift (3,) from the previous eye to this one · origin (3,): the previous
    eye · rays (3, 3): world direction of screen (u, v, 1) with unit depth · before (3, 3): the previous screen matrix.
    """
    last = -1
    pux, puy, puz, pvx, pvy, pvz = NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT
    for n in range(start, end):
        r = tri[n]
        if r < 0:
            surface[n] = -1
            for field in range(22):
                values[field, n] = 0.0
            dx = rays[0, 0] * sx[n] + rays[0, 1] * sy[n] + rays[0, 2]
            dy = rays[1, 0] * sx[n] + rays[1, 1] * sy[n] + rays[1, 2]
            dz = rays[2, 0] * sx[n] + rays[2, 1] * sy[n] + rays[2, 2]
            values[0, n], values[1, n], values[2, n] = dx, dy, dz
            values[16, n] = np.inf
            hx = before[0, 0] * dx + before[0, 1] * dy + before[0, 2] * dz
            hy = before[1, 0] * dx + before[1, 1] * dy + before[1, 2] * dz
            hz = before[2, 0] * dx + before[2, 1] * dy + before[2, 2] * dz
            if hz > 1e-6:
                values[18, n], values[19, n] = hx / hz - sx[n], hy / hz - sy[n]
                values[20, n] = np.inf
            continue
        face = where[r, 0]
        i, j, k = faces[face, 0], faces[face, 1], faces[face, 2]
        px, py = sx[n] - np.float32(where[r, 1]), sy[n] - np.float32(where[r, 3])
        za, zb = planes[r, 9], planes[r, 10]
        w0 = planes[r, 0] * px + planes[r, 1] * py + planes[r, 2]
        w1 = planes[r, 3] * px + planes[r, 4] * py + planes[r, 5]
        w2 = planes[r, 6] * px + planes[r, 7] * py + planes[r, 8]
        depth = ONE / (w0 + w1 + w2)
        w0, w1, w2 = w0 * depth, w1 * depth, w2 * depth
        s, m = where[r, 6], where[r, 7]
        surface[n] = s
        x = (rays[0, 0] * sx[n] + rays[0, 1] * sy[n] + rays[0, 2]) * depth
        y = (rays[1, 0] * sx[n] + rays[1, 1] * sy[n] + rays[1, 2]) * depth
        z = (rays[2, 0] * sx[n] + rays[2, 1] * sy[n] + rays[2, 2]) * depth
        values[0, n], values[1, n], values[2, n] = x, y, z
        values[16, n] = depth
        nx = normals[i, 0] * w0 + normals[j, 0] * w1 + normals[k, 0] * w2
        ny = normals[i, 1] * w0 + normals[j, 1] * w1 + normals[k, 1] * w2
        nz = normals[i, 2] * w0 + normals[j, 2] * w1 + normals[k, 2] * w2
        unit = ONE / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
        if where[r, 5] & 1:
            unit = -unit
        nx, ny, nz = nx * unit, ny * unit, nz * unit
        upright = nz
        red = materials[m, 0] * (colours[i, 0] * w0 + colours[j, 0] * w1 + colours[k, 0] * w2)
        green = materials[m, 1] * (colours[i, 1] * w0 + colours[j, 1] * w1 + colours[k, 1] * w2)
        blue = materials[m, 2] * (colours[i, 2] * w0 + colours[j, 2] * w1 + colours[k, 2] * w2)
        rough = materials[m, 3]
        er, eg, eb = materials[m, 5], materials[m, 6], materials[m, 7]
        albedo_map, height_map, rough_map, glow_map = maps[m, 0], maps[m, 2], maps[m, 3], maps[m, 4]
        if albedo_map >= 0 or height_map >= 0 or rough_map >= 0 or glow_map >= 0:
            u = uv[i, 0] * w0 + uv[j, 0] * w1 + uv[k, 0] * w2
            v = uv[i, 1] * w0 + uv[j, 1] * w1 + uv[k, 1] * w2
            ux = (uv[i, 0] * planes[r, 0] + uv[j, 0] * planes[r, 3] + uv[k, 0] * planes[r, 6] - u * za) * depth
            uy = (uv[i, 0] * planes[r, 1] + uv[j, 0] * planes[r, 4] + uv[k, 0] * planes[r, 7] - u * zb) * depth
            vx = (uv[i, 1] * planes[r, 0] + uv[j, 1] * planes[r, 3] + uv[k, 1] * planes[r, 6] - v * za) * depth
            vy = (uv[i, 1] * planes[r, 1] + uv[j, 1] * planes[r, 4] + uv[k, 1] * planes[r, 7] - v * zb) * depth
            # the footprint's area, between its short and long side: sharp at a grazing angle without shimmer
            along, across = ux * ux + vx * vx, uy * uy + vy * vy
            area = max(min(along, across), NARROW * max(along, across))
            if albedo_map >= 0:
                level = level_of(area, levels[albedo_map, 0, 1])
                tr, tg, tb = sample_colour(texels, levels, linear, albedo_map, level, u, v)
                red, green, blue = red * tr, green * tg, blue * tb
            if glow_map >= 0:
                level = level_of(area, levels[glow_map, 0, 1])
                tr, tg, tb = sample_colour(texels, levels, linear, glow_map, level, u, v)
                er, eg, eb = er * tr, eg * tg, eb * tb
            if rough_map >= 0:
                level = level_of(area, levels[rough_map, 0, 1])
                rough = sample_grey(texels, levels, rough_map, level, u, v)
            if height_map >= 0:
                level = level_of(area, levels[height_map, 0, 1])
                hu, hv = sample_slope(texels, levels, height_map, level, u, v)
                if r != last:  # gradients of u and v over the triangle's plane, in the world
                    last = r
                    e1x, e1y, e1z = (positions[j, 0] - positions[i, 0], positions[j, 1] - positions[i, 1],
                                     positions[j, 2] - positions[i, 2])  # fmt: skip
                    e2x, e2y, e2z = (positions[k, 0] - positions[i, 0], positions[k, 1] - positions[i, 1],
                                     positions[k, 2] - positions[i, 2])  # fmt: skip
                    gx, gy, gz = e1y * e2z - e1z * e2y, e1z * e2x - e1x * e2z, e1x * e2y - e1y * e2x
                    part = materials[m, 11] / (gx * gx + gy * gy + gz * gz + np.float32(1e-20))
                    ax, ay, az = e2y * gz - e2z * gy, e2z * gx - e2x * gz, e2x * gy - e2y * gx
                    bx, by, bz = gy * e1z - gz * e1y, gz * e1x - gx * e1z, gx * e1y - gy * e1x
                    u1, u2 = (uv[j, 0] - uv[i, 0]) * part, (uv[k, 0] - uv[i, 0]) * part
                    v1, v2 = (uv[j, 1] - uv[i, 1]) * part, (uv[k, 1] - uv[i, 1]) * part
                    pux, puy, puz = u1 * ax + u2 * bx, u1 * ay + u2 * by, u1 * az + u2 * bz
                    pvx, pvy, pvz = v1 * ax + v2 * bx, v1 * ay + v2 * by, v1 * az + v2 * bz
                dx, dy, dz = hu * pux + hv * pvx, hu * puy + hv * pvy, hu * puz + hv * pvz
                tame = ONE / np.sqrt(max(ONE, dx * dx + dy * dy + dz * dz))  # no slope beyond 45 degrees
                if where[r, 5] & 1:
                    tame = -tame
                nx, ny, nz = nx - dx * tame, ny - dy * tame, nz - dz * tame
                unit = ONE / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
                nx, ny, nz = nx * unit, ny * unit, nz * unit
        # a smooth normal may lean away from the eye near an outline: bring it back to the horizon
        facing = nx * x + ny * y + nz * z
        if facing > NOUGHT:
            facing /= x * x + y * y + z * z
            nx, ny, nz = nx - facing * x, ny - facing * y, nz - facing * z
            unit = ONE / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
            nx, ny, nz = nx * unit, ny * unit, nz * unit
        values[3, n], values[4, n], values[5, n] = nx, ny, nz
        values[6, n], values[7, n], values[8, n] = red, green, blue
        values[9, n], values[10, n], values[11, n] = er, eg, eb
        values[12, n], values[13, n] = rough, materials[m, 4]
        values[14, n], values[15, n] = materials[m, 8], materials[m, 9]
        values[17, n] = materials[m, 10]
        values[21, n] = ONE if abs(z - water) < np.float32(0.03) and upright > np.float32(0.7) else NOUGHT
        wx, wy, wz = x + shift[0], y + shift[1], z + shift[2]
        if moving[s]:  # the difference first: places in the world are large, and their roundings with them
            wx = np.float32(previous[i, 0] - origin[0]) * w0 + np.float32(previous[j, 0] - origin[0]) * w1
            wy = np.float32(previous[i, 1] - origin[1]) * w0 + np.float32(previous[j, 1] - origin[1]) * w1
            wz = np.float32(previous[i, 2] - origin[2]) * w0 + np.float32(previous[j, 2] - origin[2]) * w1
            wx += np.float32(previous[k, 0] - origin[0]) * w2
            wy += np.float32(previous[k, 1] - origin[1]) * w2
            wz += np.float32(previous[k, 2] - origin[2]) * w2
        hx = before[0, 0] * wx + before[0, 1] * wy + before[0, 2] * wz
        hy = before[1, 0] * wx + before[1, 1] * wy + before[1, 2] * wz
        hz = before[2, 0] * wx + before[2, 1] * wy + before[2, 2] * wz
        values[18, n], values[19, n], values[20, n] = 0.0, 0.0, -1.0
        if hz > np.float32(0.05):
            values[18, n], values[19, n], values[20, n] = hx / hz - sx[n], hy / hz - sy[n], hz


def surfels(
    geometry: Geometry,
    view: View,
    previous_view: View,
    triangles: Triangles,
    x: F32,
    y: F32,
    record: I32,
    water: float | None = None,
) -> Surfels:
    """The surfels of samples at screen places x, y (N,) that see these records (N,); water: height of a wet plane."""
    count = len(record)
    values = np.empty((FIELDS, count), np.float32)
    surface = np.empty(count, np.int32)
    rays = np.linalg.inv(view.matrix).astype(np.float32)
    before = previous_view.matrix.astype(np.float32)
    shift = (view.position - previous_view.position).astype(np.float32)
    height = np.float32(-1e9 if water is None else water - view.position[2])
    g, atlas = geometry, geometry.atlas
    resolve(
        0, count, x, y, record, triangles.planes, triangles.where, g.faces,
        g.positions, g.previous, g.normals, g.colours, g.uv, g.moving, g.materials, g.maps, atlas.texels,
        atlas.levels, LINEAR, height, shift, previous_view.position, rays, before, values, surface,
    )  # fmt: skip
    return Surfels(values, surface, x, y)
