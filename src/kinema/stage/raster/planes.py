"""A triangle's attributes as planes a x + b y + c over the screen, each over depth: `resolve` sums them up."""

from __future__ import annotations

import numpy as np

from kinema.stage.raster.kernel import inlined

# a triangle's planes, three numbers each, from their place in a row of the table on
P_W, P_N, P_C, P_U, P_V, P_H, P_X, P_Y = 0, 3, 12, 21, 24, 27, 36, 37
P_PU, P_PV = 38, 41  # the bumps' directions
TABLE = 48
ONE = np.float32(1.0)


@inlined
def join(table, at, planes, r, p, q, t):  # type: ignore[no-untyped-def]
    """The plane over depth of an attribute that is p, q, t at record r's corners."""
    for k in range(3):
        table[at + k] = p * planes[r, k] + q * planes[r, 3 + k] + t * planes[r, 6 + k]


@inlined
def slopes(table, positions, uv, i, j, k, bump):  # type: ignore[no-untyped-def]
    """How the normal leans by change of height along u and v: their gradients over the triangle's plane."""
    e1x, e1y, e1z = (positions[j, 0] - positions[i, 0], positions[j, 1] - positions[i, 1],
                     positions[j, 2] - positions[i, 2])  # fmt: skip
    e2x, e2y, e2z = (positions[k, 0] - positions[i, 0], positions[k, 1] - positions[i, 1],
                     positions[k, 2] - positions[i, 2])  # fmt: skip
    gx, gy, gz = e1y * e2z - e1z * e2y, e1z * e2x - e1x * e2z, e1x * e2y - e1y * e2x
    part = bump / (gx * gx + gy * gy + gz * gz + np.float32(1e-20))
    ax, ay, az = e2y * gz - e2z * gy, e2z * gx - e2x * gz, e2x * gy - e2y * gx
    bx, by, bz = gy * e1z - gz * e1y, gz * e1x - gx * e1z, gx * e1y - gy * e1x
    u1, u2 = (uv[j, 0] - uv[i, 0]) * part, (uv[k, 0] - uv[i, 0]) * part
    v1, v2 = (uv[j, 1] - uv[i, 1]) * part, (uv[k, 1] - uv[i, 1]) * part
    table[P_PU], table[P_PU + 1], table[P_PU + 2] = u1 * ax + u2 * bx, u1 * ay + u2 * by, u1 * az + u2 * bz
    table[P_PV], table[P_PV + 1], table[P_PV + 2] = v1 * ax + v2 * bx, v1 * ay + v2 * by, v1 * az + v2 * bz


@inlined
def is_mapped(maps, m):  # type: ignore[no-untyped-def]
    """Whether material m has any map but its outline."""
    return maps[m, 0] + maps[m, 2] + maps[m, 3] + maps[m, 4] > -4


@inlined
def set_planes(  # type: ignore[no-untyped-def]
    table, r, planes, where, faces, positions, previous, normals, colours, uv, materials, maps, origin, before, moves,
    moving, sky, drift
):  # fmt: skip
    """Fill a row of the table with the planes of record r, as far as they will be asked for."""
    face, m = where[r, 0], where[r, 7]
    i, j, k = faces[face, 0], faces[face, 1], faces[face, 2]
    turn = -ONE if where[r, 5] & 1 else ONE
    table[P_X], table[P_Y] = np.float32(where[r, 1]), np.float32(where[r, 3])
    join(table, P_W, planes, r, ONE, ONE, ONE)
    for c in range(3):
        join(table, P_N + 3 * c, planes, r, turn * normals[i, c], turn * normals[j, c], turn * normals[k, c])
        tone = materials[m, c]
        join(table, P_C + 3 * c, planes, r, tone * colours[i, c], tone * colours[j, c], tone * colours[k, c])
    if is_mapped(maps, m):
        join(table, P_U, planes, r, uv[i, 0], uv[j, 0], uv[k, 0])
        join(table, P_V, planes, r, uv[i, 1], uv[j, 1], uv[k, 1])
    if maps[m, 2] >= 0:
        slopes(table, positions, uv, i, j, k, turn * materials[m, 11])
    if not moves:
        return
    if not moving[where[r, 6]]:  # as the sky's, and as the eye has moved, the more the nearer
        x, y = table[P_X], table[P_Y]
        for c in range(3):
            a, b, far, d = sky[P_H + 3 * c], sky[P_H + 3 * c + 1], sky[P_H + 3 * c + 2], drift[c]
            table[P_H + 3 * c], table[P_H + 3 * c + 1] = a + d * table[P_W], b + d * table[P_W + 1]
            table[P_H + 3 * c + 2] = a * x + b * y + far + d * table[P_W + 2]
        return
    # where the corners were a frame ago, on that frame's screen, times their depth then
    ax, ay, az = previous[i, 0] - origin[0], previous[i, 1] - origin[1], previous[i, 2] - origin[2]
    bx, by, bz = previous[j, 0] - origin[0], previous[j, 1] - origin[1], previous[j, 2] - origin[2]
    cx, cy, cz = previous[k, 0] - origin[0], previous[k, 1] - origin[1], previous[k, 2] - origin[2]
    for c in range(3):
        h0, h1, h2 = before[c, 0], before[c, 1], before[c, 2]
        p, q, t = h0 * ax + h1 * ay + h2 * az, h0 * bx + h1 * by + h2 * bz, h0 * cx + h1 * cy + h2 * cz
        join(table, P_H + 3 * c, planes, r, p, q, t)
