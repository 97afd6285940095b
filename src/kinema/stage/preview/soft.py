"""Soft light: what changes slowly over a surface, gathered on few surfels and spread from there over the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32, Fog, KeyLight
from kinema.stage.preview.lamps import LampLight
from kinema.stage.preview.sky import SkyLight, from_face
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.resolve import Surfels
from kinema.stage.raster.triangles import View

MIRROR_STEP = 2  # pixels to a texel of the wet plane's image
SLIDE = 1.3  # how far a bump shifts what the wet plane shows
# rows of a soft table; vectors take three each
PLACE, FACING, SURFACE, FALL, TURN, SHADE, ENVELOPE, GLOW, GLOSS = 0, 3, 6, 7, 10, 13, 14, 17, 20
FIELDS = 23

# numbers of the kernels, in single precision so that their loops stay in it
_0, _1, _2, _3 = np.float32(0.0), np.float32(1.0), np.float32(2.0), np.float32(3.0)
_HALF, _THIRD, _QUARTER = np.float32(0.5), np.float32(1.0 / 3.0), np.float32(0.25)
_TINY, _MILLI, _CENTI, _LEAST, _EDGE = (np.float32(x) for x in (1e-12, 1e-3, 1e-2, 1e-5, 1.001))
_FARTHEST = np.float32(1e9)  # a depth beyond is sky
_CREASE, _SHY, _GLIMPSE = np.float32(0.6), np.float32(0.3), np.float32(0.6)
_LOBE = np.float32(1.2)


@dataclass(frozen=True, eq=False)
class Scenery:
    """What a whole frame shares, in the kernels' own form.

    key (7,): direction, colour, width · fog (5,): density at the eye, 1 / scale height, colour · lean (2, 3) and
    texel: see `finish`
    """

    key: F32
    fog: F32
    lean: F32
    texel: np.float32
    sky: SkyLight


def scenery(key_light: KeyLight | None, sky: SkyLight, fog: Fog | None, view: View) -> Scenery:
    """Gather it for one view."""
    key = np.zeros(7, np.float32)
    if key_light is not None:
        key[:] = *key_light.direction, *key_light.colour, 2.0 * key_light.angular_radius
    mist = np.zeros(5, np.float32)
    if fog is not None:
        here = fog.density * np.exp(-max(view.position[2], -fog.scale_height) / fog.scale_height)
        mist[:] = here, 1.0 / fog.scale_height, *fog.colour
    ahead = view.rotation[2] * [1.0, 1.0, 0.0]
    texel = 1 if view.mirrored else MIRROR_STEP
    lean = np.stack([view.rotation[0], ahead / max(float(np.linalg.norm(ahead)), 1e-6)]) * SLIDE * view.focal / texel
    return Scenery(key, mist, lean.astype(np.float32), np.float32(texel), sky)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What light finds on its way: what the frame shares, and grids over the picture.

    occlusion, depth (h2, w2) at half size · grid (h, w, 11) every `step` pixels: normal, depth, openness (share and
    mean direction), glow of the fog · mirror: radiance and depth of what the wet plane shows,
    sharp (2h, 2w, 4), and ever more blurred (3, h, w, 4) · bounce (3,): mean light that surfaces throw back
    """

    about: Scenery
    occlusion: F32
    depth: F32
    grid: F32
    step: int
    mirror: tuple[F32, F32]
    bounce: F32


@kernel
def from_grid(grid, step, x, y, nx, ny, nz, depth, solid):  # type: ignore[no-untyped-def]
    """Openness and glow at a screen place: the four nearest grid points, weighed by distance, depth and normal."""
    gx = min(max((x - _HALF * step) / step, _0), np.float32(grid.shape[1]) - _EDGE)
    gy = min(max((y - _HALF * step) / step, _0), np.float32(grid.shape[0]) - _EDGE)
    ix, iy = int(gx), int(gy)
    fx, fy = gx - np.float32(ix), gy - np.float32(iy)
    o0, o1, o2, o3, g0, g1, g2, total = _0, _0, _0, _0, _0, _0, _0, _0
    slack = np.float32(20.0) / depth
    for corner in range(4):
        b, a = iy + (corner >> 1), ix + (corner & 1)
        share = (fx if corner & 1 else _1 - fx) * (fy if corner >> 1 else _1 - fy) + _CENTI
        if solid:
            gap = min(abs(grid[b, a, 3] - depth) * slack, np.float32(1e3))
            same = grid[b, a, 0] * nx + grid[b, a, 1] * ny + grid[b, a, 2] * nz
            share *= max(np.float32(0.02), same) / (_1 + gap * gap) + _LEAST
        elif grid[b, a, 3] < _FARTHEST:
            share *= _MILLI
        total += share
        o0, o1 = o0 + share * grid[b, a, 4], o1 + share * grid[b, a, 5]
        o2, o3 = o2 + share * grid[b, a, 6], o3 + share * grid[b, a, 7]
        g0, g1, g2 = g0 + share * grid[b, a, 8], g1 + share * grid[b, a, 9], g2 + share * grid[b, a, 10]
    total = _1 / total
    return o0 * total, o1 * total, o2 * total, o3 * total, g0 * total, g1 * total, g2 * total


@kernel
def from_half(image, depths, x, y, depth):  # type: ignore[no-untyped-def]
    """A half-size image at a screen place: the four nearest texels, weighed by distance and depth."""
    gx = min(max((x - _HALF) * _HALF, _0), np.float32(image.shape[1]) - _EDGE)
    gy = min(max((y - _HALF) * _HALF, _0), np.float32(image.shape[0]) - _EDGE)
    ix, iy = int(gx), int(gy)
    fx, fy = gx - np.float32(ix), gy - np.float32(iy)
    value, total = _0, _0
    slack = np.float32(33.0) / depth
    for corner in range(4):
        a, b = ix + (corner & 1), iy + (corner >> 1)
        share = (fx if corner & 1 else _1 - fx) * (fy if corner >> 1 else _1 - fy) + _CENTI
        gap = min(abs(depths[b, a] - depth) * slack, np.float32(30.0))
        share *= _1 / (_1 + gap * gap * gap * gap) + _LEAST
        total += share
        value += share * image[b, a]
    return value / total


@kernel
def soften(  # type: ignore[no-untyped-def]
    values, surface, sx, sy, index, diffuse, gloss, pull, above, below, blurred,
    occlusion, occlusion_depth, grid, step, bounce, table
):  # fmt: skip
    """Fill table (FIELDS, M) for the columns of values that index (M,) names, from the lamps' light (3, M) on them.

    Sixty-four surfels at a time go through one flat scratch array, as in `light`: look-ups one by one, then arithmetic.
    """
    lobes = blurred.shape[0]
    count = index.shape[0]
    s = np.empty(40 * 64, np.float32)
    s[:] = _1
    for first in range(0, count, 64):
        m = min(64, count - first)
        for i in range(m):
            n = index[first + i]
            for k in range(9):
                s[k * 64 + i] = values[k, n]
            s[9 * 64 + i] = values[12, n]
            s[10 * 64 + i] = values[16, n]
            for c in range(3):
                s[(11 + c) * 64 + i] = diffuse[c, first + i]
                s[(14 + c) * 64 + i] = pull[c, first + i]
        for i in range(64):
            x, y, z = s[i], s[64 + i], s[128 + i]
            nx, ny, nz = s[192 + i], s[256 + i], s[320 + i]
            scale = -_1 / np.sqrt(x * x + y * y + z * z + _TINY)
            vx, vy, vz = x * scale, y * scale, z * scale
            nv = min(_1, max(_0, nx * vx + ny * vy + nz * vz))
            s[17 * 64 + i] = _2 * nv * nx - vx
            s[18 * 64 + i] = _2 * nv * ny - vy
            s[19 * 64 + i] = _2 * nv * nz - vz
        for i in range(m):
            n = index[first + i]
            solid = surface[n] >= 0
            depth = s[640 + i]
            near = from_grid(grid, step, sx[n], sy[n], s[192 + i], s[256 + i], s[320 + i], depth, solid)
            for k in range(7):
                s[(20 + k) * 64 + i] = near[k]
            if not solid:
                continue
            s[27 * 64 + i] = from_half(occlusion, occlusion_depth, sx[n], sy[n], depth)
            rough = s[576 + i]
            lobe = min(lobes - 1, int(rough * rough * lobes * _LOBE))
            sky = from_face(blurred, lobe, s[17 * 64 + i], s[18 * 64 + i], s[19 * 64 + i])
            s[28 * 64 + i], s[29 * 64 + i], s[30 * 64 + i] = sky
        for i in range(64):
            nx, ny, nz, shade = s[192 + i], s[256 + i], s[320 + i], s[27 * 64 + i]
            o0, o1, o2, o3 = s[20 * 64 + i], s[21 * 64 + i], s[22 * 64 + i], s[23 * 64 + i]
            # what an open place would see of the dome over this normal, against what is seen
            could = _QUARTER + _QUARTER * nz + _MILLI
            seen = min(_1, max(_0, (_QUARTER * o0 + _HALF * (o1 * nx + o2 * ny + o3 * nz)) / could))
            open_ = o0 * _GLIMPSE + o1 * s[17 * 64 + i] + o2 * s[18 * 64 + i] + o3 * s[19 * 64 + i]
            s[31 * 64 + i] = seen
            s[32 * 64 + i] = max(_0, _1 - _2 * could * seen - _QUARTER + _QUARTER * nz)
            s[33 * 64 + i] = min(_1, max(_0, open_)) * (_SHY + (_1 - _SHY) * shade)
            s[34 * 64 + i] = _CREASE + (_1 - _CREASE) * shade
            s[35 * 64 + i] = _TINY
            s[14 * 64 + i] *= s[34 * 64 + i]
            s[15 * 64 + i] *= s[34 * 64 + i]
            s[16 * 64 + i] *= s[34 * 64 + i]
        for c in range(3):
            h0, h1, h2, h3, h4 = above[0, c], above[1, c], above[2, c], above[3, c], above[4, c]
            h5, h6, h7, h8 = above[5, c], above[6, c], above[7, c], above[8, c]
            d0, d1, d2, d3, d4 = below[0, c], below[1, c], below[2, c], below[3, c], below[4, c]
            d5, d6, d7, d8 = below[5, c], below[6, c], below[7, c], below[8, c]
            thrown = bounce[c]
            for i in range(64):
                nx, ny, nz = s[192 + i], s[256 + i], s[320 + i]
                shade, seen, o0 = s[27 * 64 + i], s[31 * 64 + i], s[20 * 64 + i]
                up = h0 + h1 * ny + h2 * nz + h3 * nx + h4 * nx * ny + h5 * ny * nz + h6 * (_3 * nz * nz - _1)
                up += h7 * nx * nz + h8 * (nx * nx - ny * ny)
                down = d0 + d1 * ny + d2 * nz + d3 * nx + d4 * nx * ny + d5 * ny * nz + d6 * (_3 * nz * nz - _1)
                down += d7 * nx * nz + d8 * (nx * nx - ny * ny)
                around = max(_0, up) * seen + max(_0, down) * o0 + thrown * s[32 * 64 + i]
                # light between surfaces keeps their colour: bright ones darken less in their creases
                tint = shade + min(s[(6 + c) * 64 + i], _1) * shade * (_1 - shade)
                fall = s[(11 + c) * 64 + i] * s[34 * 64 + i] + around * tint
                s[(11 + c) * 64 + i] = fall
                s[35 * 64 + i] += fall * _THIRD
                s[14 * 64 + i] += (h3 * seen + d3 * o0) * tint * _THIRD
                s[15 * 64 + i] += (h1 * seen + d1 * o0) * tint * _THIRD
                s[16 * 64 + i] += (h2 * seen + d2 * o0) * tint * _THIRD
                glimpse = s[33 * 64 + i]
                s[(28 + c) * 64 + i] = s[(28 + c) * 64 + i] * glimpse + thrown * (_1 - glimpse) * shade * _HALF
        for i in range(64):
            s[35 * 64 + i] = _1 / s[35 * 64 + i]
        for c in range(3):
            for i in range(m):
                table[c, first + i] = s[c * 64 + i]
                table[3 + c, first + i] = s[(3 + c) * 64 + i]
                table[7 + c, first + i] = s[(11 + c) * 64 + i]
                table[10 + c, first + i] = s[(14 + c) * 64 + i] * s[35 * 64 + i]
                table[14 + c, first + i] = s[(28 + c) * 64 + i]
                table[17 + c, first + i] = s[(24 + c) * 64 + i]
                table[20 + c, first + i] = gloss[c, first + i]
        for i in range(m):
            table[6, first + i] = np.float32(surface[index[first + i]])
            table[13, first + i] = s[27 * 64 + i]


def soft_light(points: Surfels, index: I32, lit: LampLight, around: Surroundings) -> F32:
    """The soft table (FIELDS, M) of the surfels that index (M,) names: place, normal, surface; light falling on them
    (FALL), how it grows with the normal, as a share (TURN), occlusion (SHADE); light off the surroundings (ENVELOPE),
    off the lamps (GLOSS), both before Fresnel; GLOW of the fog."""
    table = np.empty((FIELDS, len(index)), np.float32)
    sky = around.about.sky
    soften(
        points.values, points.surface, points.x, points.y, index, lit.diffuse, lit.gloss, lit.pull, sky.above,
        sky.below, sky.blurred, around.occlusion, around.depth, around.grid, np.float32(around.step), around.bounce,
        table,
    )  # fmt: skip
    return table
