"""What each sample sees, from its triangle: place, normal, matter, motion.

Over the screen whatever is linear over a triangle is linear once divided by depth. So a triangle's attributes are first
turned into planes a x + b y + c, and a run of samples that see one triangle takes them all in a few sums a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import disjoint, inlined
from kinema.stage.raster.planes import P_H, P_PU, P_W, P_X, P_Y, TABLE, is_mapped, set_planes
from kinema.stage.raster.textures import STRIDE, colour_of, corners, grey_of, slope_of
from kinema.stage.raster.triangles import Triangles, View

# rows of a surfel table; vectors take three rows each
POSITION, NORMAL, ALBEDO, EMISSION = 0, 3, 6, 9
ROUGHNESS, METALLIC, SUBSURFACE, SHEEN, DEPTH, OPACITY, MOTION = 12, 13, 14, 15, 16, 17, 18
MIRROR = 21  # 1 on the wet plane
FIELDS = 22  # motion takes three: x, y, and the depth the point had a frame ago
# single-precision constants: a plain one would make the kernel's arithmetic double
ONE, TWO, NOUGHT = np.float32(1.0), np.float32(2.0), np.float32(0.0)
TINY, NARROW = np.float32(1e-12), np.float32(0.1225)
CLOSE, LEVEL, UPRIGHT = np.float32(0.05), np.float32(0.03), np.float32(0.7)

BLOCK = 256  # samples at work at once
STEP = np.uint64(1)
LANES = 8  # runs are rounded up to so many: what lies beyond is overwritten by the next run
# scratch: rows of BLOCK samples and some room; unsigned, for a signed index might count from the end
ROW = np.uint64(BLOCK + 2 * LANES)
SX, SY, DEEP, NX, NY, NZ, RED, GREEN, BLUE, U, V, AREA, HX, HY, HZ = (np.uint64(k) * ROW for k in range(15))
TINT, GLOW, ROUGH, HU, HV, DX, DY, DZ, FLAT, PX, PY, PZ = (
    np.uint64(k) * ROW for k in (15, 18, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
)
FX, FY, WIDE, TALL, METAL, FLESH, VELVET, SOLID = (np.uint64(k) * ROW for k in range(31, 39))
SCRATCH = 39 * int(ROW)
# the rows of scratch that become a surfel table's, in its order
RESULT = np.array([28, 29, 30, 3, 4, 5, 6, 7, 8, 18, 19, 20, 21, 35, 36, 37, 2, 38, 12, 13, 14, 27], np.uint64) * ROW
SLOTS = 4096  # triangles whose planes are kept; the last row is the sky's


@dataclass(frozen=True, eq=False)
class Surfels:
    """values (FIELDS, N), structure of arrays so that shading loops vectorise; position is relative to the eye ·
    surface (N,) index into the frame's surfaces, -1 is sky · x, y (N,) where on the screen (px)."""

    values: F32
    surface: I32
    x: F32
    y: F32


@inlined
def spread(s, t, a, b):  # type: ignore[no-untyped-def]
    """Samples [a, b) from one triangle's planes t."""
    x0, y0 = t[P_X], t[P_Y]
    wa, wb, wc = t[0], t[1], t[2]
    nxa, nxb, nxc, nya, nyb, nyc, nza, nzb, nzc = t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11]
    ra, rb, rc, ga, gb, gc, ba, bb, bc = t[12], t[13], t[14], t[15], t[16], t[17], t[18], t[19], t[20]
    for n in range(a, b):
        x, y = s[SX + n] - x0, s[SY + n] - y0
        depth = ONE / (wa * x + wb * y + wc)
        s[DEEP + n] = depth
        s[NX + n] = nxa * x + nxb * y + nxc
        s[NY + n] = nya * x + nyb * y + nyc
        s[NZ + n] = nza * x + nzb * y + nzc
        s[RED + n] = (ra * x + rb * y + rc) * depth
        s[GREEN + n] = (ga * x + gb * y + gc) * depth
        s[BLUE + n] = (ba * x + bb * y + bc) * depth


@inlined
def spread_map(s, t, a, b, size):  # type: ignore[no-untyped-def]
    """Where in its maps samples [a, b) of one triangle lie, and how large a sample is there, which stands for `size`
    pixels."""
    x0, y0, wa, wb = t[P_X], t[P_Y], t[0], t[1]
    ua, ub, uc, va, vb, vc = t[21], t[22], t[23], t[24], t[25], t[26]
    for n in range(a, b):
        x, y, depth = s[SX + n] - x0, s[SY + n] - y0, s[DEEP + n]
        u, v = (ua * x + ub * y + uc) * depth, (va * x + vb * y + vc) * depth
        ux, uy, vx, vy = (ua - u * wa) * depth, (ub - u * wb) * depth, (va - v * wa) * depth, (vb - v * wb) * depth
        # the footprint's area, between its short and long side: sharp at a grazing angle without shimmer
        along, across = ux * ux + vx * vx, uy * uy + vy * vy
        s[U + n], s[V + n] = u, v
        s[AREA + n] = size * max(min(along, across), NARROW * max(along, across))


@inlined
def spread_past(s, t, a, b):  # type: ignore[no-untyped-def]
    """Where samples [a, b) of one triangle were on the screen a frame ago, times their depth then over that now."""
    x0, y0 = t[P_X], t[P_Y]
    ha, hb, hc, ia, ib, ic, ja, jb, jc = t[27], t[28], t[29], t[30], t[31], t[32], t[33], t[34], t[35]
    for n in range(a, b):
        x, y = s[SX + n] - x0, s[SY + n] - y0
        s[HX + n] = ha * x + hb * y + hc
        s[HY + n] = ia * x + ib * y + ic
        s[HZ + n] = ja * x + jb * y + jc


@inlined
def locate(s, q, a, b, levels, number):  # type: ignore[no-untyped-def]
    """Where samples [a, b) fall in a map: the four texels around each, counted from the map's first, into q."""
    for n in range(a, b):
        q0, q1, q2, q3, fx, fy, wide, tall = corners(levels, number, s[AREA + n], s[U + n], s[V + n])
        q[n], q[ROW + n], q[ROW + ROW + n], q[ROW + ROW + ROW + n] = q0, q1, q2, q3
        s[FX + n], s[FY + n], s[WIDE + n], s[TALL + n] = fx, fy, wide, tall


@inlined
def plain(s, a, b, tint, red, green, blue, rough, metal, flesh, sheen, opacity):  # type: ignore[no-untyped-def]
    """What samples [a, b) are of where no map tells otherwise; in one loop, for such runs are short."""
    for n in range(a, b):
        s[TINT + n], s[TINT + ROW + n], s[TINT + ROW + ROW + n] = tint, tint, tint
        s[GLOW + n], s[GLOW + ROW + n], s[GLOW + ROW + ROW + n] = red, green, blue
        s[ROUGH + n], s[METAL + n], s[FLESH + n], s[VELVET + n], s[SOLID + n] = rough, metal, flesh, sheen, opacity
        s[DX + n], s[DY + n], s[DZ + n] = NOUGHT, NOUGHT, NOUGHT


@inlined
def coloured(s, q, at, a, b, texels, first, red, green, blue):  # type: ignore[no-untyped-def]
    """The same times a map, whose first texel that is."""
    for n in range(a, b):
        tr, tg, tb = colour_of(
            texels, first + q[n], first + q[ROW + n], first + q[ROW + ROW + n], first + q[ROW + ROW + ROW + n],
            s[FX + n], s[FY + n],
        )  # fmt: skip
        s[at + n], s[at + ROW + n], s[at + ROW + ROW + n] = red * tr, green * tg, blue * tb


@inlined
def sloping(s, q, a, b, texels, first):  # type: ignore[no-untyped-def]
    """The slopes of a height map at samples [a, b)."""
    for n in range(a, b):
        along, down = slope_of(
            texels, first + q[n], first + q[ROW + n], first + q[ROW + ROW + n], first + q[ROW + ROW + ROW + n],
            s[FX + n], s[FY + n],
        )  # fmt: skip
        s[HU + n], s[HV + n] = along * s[WIDE + n], -down * s[TALL + n]


@inlined
def textured(s, q, a, b, m, materials, maps, texels, cells, levels):  # type: ignore[no-untyped-def]
    """What samples [a, b) of one material have from its maps; -1 is the sky, which is lit elsewhere."""
    if m < 0:
        plain(s, a, b, NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT)
        return
    plain(
        s, a, b, ONE, materials[m, 5], materials[m, 6], materials[m, 7], materials[m, 3], materials[m, 4],
        materials[m, 8], materials[m, 9], materials[m, 10],
    )  # fmt: skip
    located = -1
    for column in range(5):  # albedo, outline, height, roughness, emission
        number = maps[m, column]
        if number < 0 or column == 1:
            continue
        head = number * STRIDE
        if located < 0 or levels[located + 1] != levels[head + 1] or levels[located + 2] != levels[head + 2]:
            locate(s, q, a, b, levels, number)
            located = head  # maps of one size share their texels' places
        first = np.uint64(levels[head])
        if column == 2:
            sloping(s, q, a, b, texels, first)
        elif column == 3:
            for n in range(a, b):
                s[ROUGH + n] = grey_of(cells, first + q[n], s[FX + n], s[FY + n])
        elif column == 0:
            coloured(s, q, TINT, a, b, texels, first, ONE, ONE, ONE)
        else:
            coloured(s, q, GLOW, a, b, texels, first, materials[m, 5], materials[m, 6], materials[m, 7])


@inlined
def lean(s, bumps, run, a, b):  # type: ignore[no-untyped-def]
    """How far the normals of samples [a, b) of one triangle lean by its height map."""
    ux, uy, uz, vx, vy, vz = (bumps[run, 0], bumps[run, 1], bumps[run, 2], bumps[run, 3], bumps[run, 4], bumps[run, 5])
    for n in range(a, b):
        hu, hv = s[HU + n], s[HV + n]
        s[DX + n], s[DY + n], s[DZ + n] = hu * ux + hv * vx, hu * uy + hv * vy, hu * uz + hv * vz


@inlined
def settle(s, m, rays, water):  # type: ignore[no-untyped-def]
    """Places, colours and final normals of the block's m samples."""
    r00, r01, r02, r10, r11, r12 = rays[0, 0], rays[0, 1], rays[0, 2], rays[1, 0], rays[1, 1], rays[1, 2]
    r20, r21, r22 = rays[2, 0], rays[2, 1], rays[2, 2]
    for n in range(m):
        x, y, depth = s[SX + n], s[SY + n], s[DEEP + n]
        px, py, pz = (
            (r00 * x + r01 * y + r02) * depth,
            (r10 * x + r11 * y + r12) * depth,
            (r20 * x + r21 * y + r22) * depth,
        )
        s[PX + n], s[PY + n], s[PZ + n] = px, py, pz
        nx, ny, nz = s[NX + n], s[NY + n], s[NZ + n]
        unit = ONE / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
        nx, ny, nz = nx * unit, ny * unit, nz * unit
        s[FLAT + n] = ONE if (abs(pz - water) < LEVEL) & (nz > UPRIGHT) else NOUGHT
        dx, dy, dz = s[DX + n], s[DY + n], s[DZ + n]
        tame = ONE / np.sqrt(max(ONE, dx * dx + dy * dy + dz * dz))  # no slope beyond 45 degrees
        nx, ny, nz = nx - dx * tame, ny - dy * tame, nz - dz * tame
        unit = ONE / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
        nx, ny, nz = nx * unit, ny * unit, nz * unit
        # a smooth normal may lean away from the eye near an outline, or on a fold's inside: it is turned as far to this
        # side of the horizon, for right on it all that lies there would mirror the lamps behind it
        facing = TWO * max(NOUGHT, nx * px + ny * py + nz * pz) / (px * px + py * py + pz * pz)
        nx, ny, nz = nx - facing * px, ny - facing * py, nz - facing * pz
        unit = ONE / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
        s[NX + n], s[NY + n], s[NZ + n] = nx * unit, ny * unit, nz * unit
        s[RED + n] *= s[TINT + n]
        s[GREEN + n] *= s[TINT + ROW + n]
        s[BLUE + n] *= s[TINT + ROW + ROW + n]


@inlined
def past(s, m):  # type: ignore[no-untyped-def]
    """The block's motion: pixels to where its samples were a frame ago, and the depth they had then."""
    for n in range(m):
        ahead = s[HZ + n] * s[DEEP + n]
        here = ahead > CLOSE
        over_ = ONE / (s[HZ + n] if here else ONE)
        s[HX + n] = s[HX + n] * over_ - s[SX + n] if here else NOUGHT
        s[HY + n] = s[HY + n] * over_ - s[SY + n] if here else NOUGHT
        s[HZ + n] = ahead if here else -ONE


@inlined
def rounded(a, b):  # type: ignore[no-untyped-def]
    """The end of samples [a, b) in whole lanes."""
    return a + (b - a + np.uint64(LANES - 1)) // np.uint64(LANES) * np.uint64(LANES)


@disjoint
def resolve(  # type: ignore[no-untyped-def]
    sx, sy, tri, size, planes, where, faces, positions, previous, normals, colours, uv, materials, maps, texels, cells,
    levels, water, origin, rays, before, moves, moving, sky, drift, table, tags, starts, kinds, bumps, s, q, values,
    surface,
):  # fmt: skip
    """Fill values and surface of samples that stand for `size` pixels each.

    water: height of a wet plane above the eye · origin (3,): the previous eye · rays (3, 3): world direction of screen
    (u, v, 1) with unit depth · before (3, 3): the previous screen matrix · moves: whether motion is wanted · moving
    (S,): surfaces that do · sky (TABLE,): the sky's planes · drift (3,): the eye on the previous screen, times its
    depth there · table (SLOTS + 1, TABLE), tags (SLOTS,): planes kept, and whose they are · starts (3, BLOCK + 1),
    kinds (BLOCK,), bumps (BLOCK, 6), s (SCRATCH,), q (4 ROW,): room.
    """
    count = np.uint64(tri.shape[0])
    for first in range(np.uint64(0), count, np.uint64(BLOCK)):
        m = min(np.uint64(BLOCK), count - first)
        for n in range(m):
            s[SX + n], s[SY + n] = sx[first + n], sy[first + n]
        total, matters, a = 0, 0, np.uint64(0)
        while a < m:
            r = tri[first + a]
            b = a + STEP
            while b < m and tri[first + b] == r:
                b += STEP
            slot, material, thing = SLOTS, -1, -1
            if r >= 0:
                slot, material, thing = r & (SLOTS - 1), where[r, 7], where[r, 6]
                if tags[slot] != r:
                    tags[slot] = r
                    set_planes(
                        table[slot], r, planes, where, faces, positions, previous, normals, colours, uv, materials,
                        maps, origin, before, moves, moving, sky, drift,
                    )  # fmt: skip
            end = rounded(a, b)
            spread(s, table[slot], a, end)
            if material >= 0 and is_mapped(maps, material):
                spread_map(s, table[slot], a, end, size)
            if moves:
                spread_past(s, table[slot], a, end)
            for n in range(a, b):
                surface[first + n] = thing
            if material >= 0 and maps[material, 2] >= 0:
                for k in range(6):
                    bumps[total, k] = table[slot, P_PU + k]
            if matters == 0 or kinds[matters - 1] != material:
                starts[1, matters], starts[2, matters], kinds[matters] = a, total, material
                matters += 1
            starts[0, total] = a
            total += 1
            a = b
        starts[0, total], starts[1, matters], starts[2, matters] = m, m, total
        for k in range(matters):
            a, b, material = starts[1, k], starts[1, k + 1], kinds[k]
            textured(s, q, a, rounded(a, b), material, materials, maps, texels, cells, levels)
            if material >= 0 and maps[material, 2] >= 0:
                for run in range(starts[2, k], starts[2, k + 1]):
                    lean(s, bumps, run, starts[0, run], rounded(starts[0, run], starts[0, run + STEP]))
        settle(s, m, rays, water)
        if moves:
            past(s, m)
        for k in range(matters):
            if kinds[k] < 0:
                for n in range(starts[1, k], starts[1, k + 1]):
                    s[DEEP + n], s[FLAT + n] = np.inf, NOUGHT
                    s[HZ + n] = np.inf if s[HZ + n] > NOUGHT else -ONE
        for k in range(len(RESULT)):
            row = RESULT[k]
            for n in range(m):
                values[k, first + n] = s[row + n]


@dataclass(frozen=True, eq=False)
class _Passage:
    """From one view to another: sky (TABLE,), rays, before (3, 3) and drift (3,) of `resolve`."""

    sky: F32
    rays: F32
    before: F64
    drift: F32


@lru_cache(8)
def _passage(view: View, previous: View) -> _Passage:
    """The sky's row of the table is what lies infinitely far: unit depth, no matter, motion by the turn of the view."""
    rays, before = np.linalg.inv(view.matrix), previous.matrix
    sky = np.zeros(TABLE, np.float32)
    sky[P_W + 2] = 1.0
    sky[P_H : P_H + 9] = (before @ rays).reshape(-1)
    drift = before @ (view.position - previous.position)
    return _Passage(sky, rays.astype(np.float32), before, drift.astype(np.float32))


class Resolver:
    """What surfels of one view are looked up in, and room for what is worked out for the triangles met so far: for one
    thread at a time. parts: what `resolve` takes between record and values, the world and the room.

    water: height of a wet plane. With one object for both views no motion is worked out: it is 0, with a depth of -1.
    """

    def __init__(
        self, geometry: Geometry, view: View, previous_view: View, triangles: Triangles, water: float | None
    ) -> None:
        g, atlas, passage = geometry, geometry.atlas, _passage(view, previous_view)
        height = np.float32(-1e9 if water is None else water - view.position[2])
        table, tags = np.empty((SLOTS + 1, TABLE), np.float32), np.full(SLOTS, -1, np.int32)
        table[SLOTS] = passage.sky
        scratch = np.ones(SCRATCH, np.float32)
        scratch[int(HX) : int(HZ)] = 0.0
        scratch[int(HZ) : int(HZ + ROW)] = -1.0
        world = (
            triangles.planes, triangles.where, g.faces, g.positions, g.previous, g.normals, g.colours, g.uv,
            g.materials, g.maps, atlas.texels, atlas.cells, atlas.levels.reshape(-1), height, previous_view.position,
            passage.rays, passage.before, previous_view is not view, g.moving, passage.sky, passage.drift,
        )  # fmt: skip
        room = (
            table, tags, np.empty((3, BLOCK + 1), np.uint64), np.empty(BLOCK, np.int32),
            np.empty((BLOCK, 6), np.float32), scratch, np.zeros(4 * int(ROW), np.uint32),
        )  # fmt: skip
        self.parts = world, room
