"""Soft light: what changes slowly over a surface, gathered on few surfels and spread from there over the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kinema.buffers.scene_frame import F32, Fog, KeyLight
from kinema.stage.preview.sky import SkyLight
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.triangles import View

MIRROR_STEP = 2  # pixels to a texel of the wet plane's image
SLIDE = 1.3  # how far a bump shifts what the wet plane shows up and down
GRAZING = 0.22  # of that, sideways: a ray that grazes the plane is turned sideways only by the sine of its own angle
# rows of a soft table; vectors take three each
PLACE, FACING, SURFACE, FALL, TURN, LEVEL, SHADE, ENVELOPE, GLOSS, VEIL, THROUGH, LIT = (
    0, 3, 6, 7, 10, 13, 14, 15, 18, 21, 24, 25,
)  # fmt: skip
FIELDS = 26

# numbers of the kernels, in single precision so that their loops stay in it
_0, _1, _2, _3 = np.float32(0.0), np.float32(1.0), np.float32(2.0), np.float32(3.0)
_HALF, _THIRD, _QUARTER, _SIXTEENTH = (np.float32(x) for x in (0.5, 1.0 / 3.0, 0.25, 1.0 / 16.0))
_TINY, _MILLI, _CENTI, _LEAST, _EDGE = (np.float32(x) for x in (1e-12, 1e-3, 1e-2, 1e-5, 1.001))
_FARTHEST = np.float32(1e9)  # a depth beyond is sky
_DEEPEST = np.float32(0.16)  # of the light around that the deepest crease keeps
_CREASE, _SHY, _GLIMPSE = np.float32(0.6), np.float32(0.3), np.float32(0.6)
_LOBE, _TWENTY, _THOUSAND, _ASKEW = np.float32(1.2), np.float32(20.0), np.float32(1e3), np.float32(0.02)
_HG_A, _HG_B, _HG_C, _HG_D = np.float32(1.36), np.float32(1.2), np.float32(0.16), np.float32(0.05)
_FOG_END = np.float32(2000.0)  # metres
# rows of a block's scratch, sixty-four surfels each
_P, _N, _ALBEDO, _ROUGH, _DEPTH, _FALL, _PULL, _R, _OPEN, _HAZE, _SHADE, _SKY = (
    64 * k for k in (0, 3, 6, 9, 10, 11, 14, 17, 20, 24, 27, 28)
)
_SEEN, _THROWN, _SOLID, _CREASED, _MEAN, _FX, _FY, _SUM, _SHARE, _TAP, _V, _THROUGH = (
    64 * k for k in (31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 52, 55)
)
_ROWS = 57
_PLUS = 0x7FFFFFFF  # an index masked with it cannot be one from the end, for all the compiler knows: it may vectorise


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
    lean = np.stack([GRAZING * view.rotation[0], ahead / max(float(np.linalg.norm(ahead)), 1e-6)])
    lean = (SLIDE * view.focal / texel * lean).astype(np.float32)
    return Scenery(key, mist, lean, np.float32(texel), sky)


@dataclass(frozen=True, eq=False)
class Mirror:
    """What the wet plane shows, radiance and depth: images (28 width height,) hold the sharp one, (2 height, 2 width,
    4), then three ever more blurred, each (height, width, 4)."""

    images: F32
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What light finds on its way: what the frame shares, and grids over the picture.

    occlusion, depth (h2, w2) at half size · grid (11 or 8, h, w) every `step` pixels: normal, depth, openness (share
    and mean direction), glow of the fog if it has any · bounce (3,): mean light that surfaces throw back
    """

    about: Scenery
    occlusion: F32
    depth: F32
    grid: F32
    step: int
    mirror: Mirror
    bounce: F32


@kernel
def from_half(image, depths, x, y, depth):  # type: ignore[no-untyped-def]
    """A half-size image at a screen place: its own texel if it has one, else the four nearest, weighed by distance and
    depth."""
    gx = min(max((x - _HALF) * _HALF, _0), np.float32(image.shape[1]) - _1)
    gy = min(max((y - _HALF) * _HALF, _0), np.float32(image.shape[0]) - _1)
    ix, iy = np.uint64(gx), np.uint64(gy)
    fx, fy = gx - np.float32(ix), gy - np.float32(iy)
    if fx == _0 and fy == _0:
        return image[iy, ix]
    value, total = _0, _0
    slack = np.float32(33.0) / depth
    for corner in range(4):
        a = min(ix + np.uint64(corner & 1), np.uint64(image.shape[1] - 1))
        b = min(iy + np.uint64(corner >> 1), np.uint64(image.shape[0] - 1))
        share = (fx if corner & 1 else _1 - fx) * (fy if corner >> 1 else _1 - fy) + _CENTI
        gap = min(abs(depths[b, a] - depth) * slack, np.float32(30.0))
        share *= _1 / (_1 + gap * gap * gap * gap) + _LEAST
        total += share
        value += share * image[b, a]
    return value / total


@kernel
def around(s, spots, sx, sy, first, m, grid, step):  # type: ignore[no-untyped-def]
    """Openness and glow of a block: the four nearest grid points, weighed by distance, depth and normal."""
    fields, height, width = grid.shape  # without the glow where nothing glows
    flat = grid.reshape(-1)
    plane = height * width
    most_x, most_y = np.float32(width) - _EDGE, np.float32(height) - _EDGE
    first, part = first & _PLUS, _1 / step
    for i in range(m):
        s[_FX + i], s[_FY + i] = sx[first + i], sy[first + i]
    for i in range(64):
        gx = min(max(s[_FX + i] * part - _HALF, _0), most_x)
        gy = min(max(s[_FY + i] * part - _HALF, _0), most_y)
        x, y = np.floor(gx), np.floor(gy)
        s[_FX + i], s[_FY + i] = gx - x, gy - y
        spots[i] = np.int32(y) * np.int32(width) + np.int32(x)
        s[_SUM + i] = _0
    s[_OPEN : _OPEN + 7 * 64] = _0
    for corner in range(4):
        right, down = np.float32(corner & 1), np.float32(corner >> 1)
        offset = (corner >> 1) * width + (corner & 1)
        for k in range(fields):
            here, at = k * plane + offset, (_TAP + k * 64) & _PLUS
            for i in range(64):
                s[at + i] = flat[np.uint64(here + spots[i])]
        for i in range(64):
            fx, fy, deep, solid = s[_FX + i], s[_FY + i], s[_TAP + 192 + i], s[_SOLID + i]
            share = (_1 - right + fx * (_2 * right - _1)) * (_1 - down + fy * (_2 * down - _1)) + _CENTI
            gap = min(abs(deep - s[_DEPTH + i]) * (_TWENTY / s[_DEPTH + i]), _THOUSAND)
            same = s[_TAP + i] * s[_N + i] + s[_TAP + 64 + i] * s[_N + 64 + i] + s[_TAP + 128 + i] * s[_N + 128 + i]
            alike = max(_ASKEW, same) / (_1 + gap * gap) + _LEAST
            elsewhere = _MILLI if deep < _FARTHEST else _1
            share *= alike if solid > _0 else elsewhere
            s[_SUM + i] += share
            s[_SHARE + i] = share
        for k in range(fields - 4):
            at = (k * 64) & _PLUS
            for i in range(64):
                s[_OPEN + at + i] += s[_SHARE + i] * s[_TAP + 256 + at + i]
    for i in range(64):
        s[_SUM + i] = _1 / s[_SUM + i]
    for k in range(7):
        at = (_OPEN + k * 64) & _PLUS
        for i in range(64):
            s[at + i] *= s[_SUM + i]


@kernel
def above_it(s, spots, blurred):  # type: ignore[no-untyped-def]
    """What of the sky a block reflects: bilinear in the blurred copy of its roughness, an octahedron unfolded."""
    lobes, face = blurred.shape[0], blurred.shape[1]
    flat = blurred.reshape(-1)
    size = np.float32(face) - _EDGE
    for i in range(64):
        x, y, z = s[_R + i], s[_R + 64 + i], s[_R + 128 + i]
        scale = _1 / (abs(x) + abs(y) + abs(z) + _TINY)
        u, v = x * scale, y * scale
        p, q = np.copysign(_1 - abs(v), u), np.copysign(_1 - abs(u), v)
        u, v = (p if z < _0 else u), (q if z < _0 else v)
        u = min(max((u * _HALF + _HALF) * size, _0), size)
        v = min(max((v * _HALF + _HALF) * size, _0), size)
        a, b = np.floor(u), np.floor(v)
        s[_FX + i], s[_FY + i] = u - a, v - b
        rough = s[_ROUGH + i]
        lobe = min(np.float32(lobes - 1), np.floor(rough * rough * np.float32(lobes) * _LOBE))
        spots[i] = np.int32(((lobe * np.float32(face) + b) * np.float32(face) + a) * _3)
    for corner in range(4):
        offset = ((corner >> 1) * face + (corner & 1)) * 3
        for c in range(3):
            at = (_TAP + (corner * 3 + c) * 64) & _PLUS
            for i in range(64):
                s[at + i] = flat[np.uint64(spots[i] + offset + c)]
    for c in range(3):
        lane = (c * 64) & _PLUS
        at = _TAP + lane
        for i in range(64):
            fx, fy = s[_FX + i], s[_FY + i]
            upper = s[at + i] + (s[at + 192 + i] - s[at + i]) * fx
            lower = s[at + 384 + i] + (s[at + 576 + i] - s[at + 384 + i]) * fx
            s[_SKY + lane + i] = upper + (lower - upper) * fy


@kernel
def fogged(s, key, fog):  # type: ignore[no-untyped-def]
    """How much of a block comes through the fog, thinning with height (rational stand-ins for exponentials), and how
    much the fog scatters forward round the key light (Henyey and Greenstein)."""
    dense, thin, kx, ky, kz = fog[0], fog[1], key[0], key[1], key[2]
    for i in range(64):
        x, y, z = s[_P + i], s[_P + 64 + i], s[_P + 128 + i]
        vx, vy, vz = s[_V + i], s[_V + 64 + i], s[_V + 128 + i]
        away = _FOG_END if s[_SOLID + i] <= _0 else min(np.sqrt(x * x + y * y + z * z + _TINY), _FOG_END)
        rise = -vz * away * thin * _HALF
        thick = dense * away / (rise + np.sqrt(_1 + rise * rise)) * _SIXTEENTH
        through = _1 / (_1 + thick)
        through *= through
        through *= through
        through *= through
        aim = _HG_A + _HG_B * (vx * kx + vy * ky + vz * kz)
        s[_THROUGH + i] = through * through
        s[_THROUGH + 64 + i] = _HG_C / (aim * np.sqrt(aim)) + _HG_D


@kernel
def outlook(s):  # type: ignore[no-untyped-def]
    """How much of the sky a block sees over its normals and along its reflections, and what its creases keep."""
    for i in range(64):
        nx, ny, nz = s[_N + i], s[_N + 64 + i], s[_N + 128 + i]
        crease = _CREASE + (_1 - _CREASE) * s[_SHADE + i]  # under a foot it is less than 0
        shade = max(_DEEPEST, s[_SHADE + i])
        s[_SHADE + i] = shade
        o0, o1, o2, o3 = s[_OPEN + i], s[_OPEN + 64 + i], s[_OPEN + 128 + i], s[_OPEN + 192 + i]
        # what an open place would see of the dome over this normal, against what is seen
        could = _QUARTER + _QUARTER * nz + _MILLI
        seen = min(_1, max(_0, (_QUARTER * o0 + _HALF * (o1 * nx + o2 * ny + o3 * nz)) / could))
        open_ = o0 * _GLIMPSE + o1 * s[_R + i] + o2 * s[_R + 64 + i] + o3 * s[_R + 128 + i]
        s[_SEEN + i] = seen
        s[_THROWN + i] = max(_0, _1 - _2 * could * seen - _QUARTER + _QUARTER * nz)
        s[_TAP + i] = min(_1, max(_0, open_)) * (_SHY + (_1 - _SHY) * shade)
        s[_CREASED + i] = crease
        s[_MEAN + i] = _TINY
        s[_PULL + i] *= crease
        s[_PULL + 64 + i] *= crease
        s[_PULL + 128 + i] *= crease


@kernel
def gather_light(s, above, below, bounce, c):  # type: ignore[no-untyped-def]
    """Light of one colour on a block: lamps, sky above and below by harmonics, what surfaces throw back."""
    h0, h1, h2, h3, h4 = above[0, c], above[1, c], above[2, c], above[3, c], above[4, c]
    h5, h6, h7, h8 = above[5, c], above[6, c], above[7, c], above[8, c]
    d0, d1, d2, d3, d4 = below[0, c], below[1, c], below[2, c], below[3, c], below[4, c]
    d5, d6, d7, d8 = below[5, c], below[6, c], below[7, c], below[8, c]
    thrown = bounce[c]
    lane = (c * 64) & _PLUS
    fall_at, sky_at, albedo_at = _FALL + lane, _SKY + lane, _ALBEDO + lane
    for i in range(64):
        nx, ny, nz = s[_N + i], s[_N + 64 + i], s[_N + 128 + i]
        shade, seen, o0 = s[_SHADE + i], s[_SEEN + i], s[_OPEN + i]
        up = h0 + h1 * ny + h2 * nz + h3 * nx + h4 * nx * ny + h5 * ny * nz + h6 * (_3 * nz * nz - _1)
        up += h7 * nx * nz + h8 * (nx * nx - ny * ny)
        down = d0 + d1 * ny + d2 * nz + d3 * nx + d4 * nx * ny + d5 * ny * nz + d6 * (_3 * nz * nz - _1)
        down += d7 * nx * nz + d8 * (nx * nx - ny * ny)
        all_round = max(_0, up) * seen + max(_0, down) * o0 + thrown * s[_THROWN + i]
        # light between surfaces keeps their colour: bright ones darken less in their creases
        tint = shade + min(s[albedo_at + i], _1) * shade * (_1 - shade)
        fall = s[fall_at + i] * s[_CREASED + i] + all_round * tint
        s[fall_at + i] = fall
        s[_MEAN + i] += fall * _THIRD
        s[_PULL + i] += (h3 * seen + d3 * o0) * tint * _THIRD
        s[_PULL + 64 + i] += (h1 * seen + d1 * o0) * tint * _THIRD
        s[_PULL + 128 + i] += (h2 * seen + d2 * o0) * tint * _THIRD
        glimpse = s[_TAP + i]
        s[sky_at + i] = s[sky_at + i] * glimpse + thrown * (_1 - glimpse) * shade * _HALF


@kernel
def soften(  # type: ignore[no-untyped-def]
    values, surface, sx, sy, diffuse, gloss, pull, lit, above, below, blurred, mean, key, fog,
    occlusion, occlusion_depth, grid, step, bounce, table
):  # fmt: skip
    """Fill the soft table (FIELDS, N or more) of the surfels, from the lamps' light (3, N) and the key light's share
    lit (N,) on them: place, normal, surface; light falling on them (FALL), how it grows with the normal, as a share
    (TURN, and LEVEL along this one), occlusion (SHADE); light off the surroundings (ENVELOPE), off the lamps (GLOSS),
    both before Fresnel; light of the fog (VEIL) and what comes THROUGH it; share of the key light (LIT).

    Sixty-four surfels at a time go through one flat scratch array, as in `light`: look-ups field by field, then
    arithmetic.
    """
    s, spots = np.ones(_ROWS * 64, np.float32), np.zeros(64, np.int32)
    for first in range(0, values.shape[1], 64):
        m = min(64, values.shape[1] - first)
        first = first & _PLUS
        for k in range(9):
            for i in range(m):
                s[k * 64 + i] = values[k, first + i]
        for i in range(m):
            s[_ROUGH + i], s[_DEPTH + i] = values[12, first + i], values[16, first + i]
            s[_SOLID + i] = _1 if surface[first + i] >= 0 else _0
        for c in range(3):
            lane = (c * 64) & _PLUS
            for i in range(m):
                s[_FALL + lane + i] = diffuse[c, first + i]
            for i in range(m):
                s[_PULL + lane + i] = pull[c, first + i]
        solid = _0
        for i in range(64):
            x, y, z = s[_P + i], s[_P + 64 + i], s[_P + 128 + i]
            scale = -_1 / np.sqrt(x * x + y * y + z * z + _TINY)
            vx, vy, vz = x * scale, y * scale, z * scale
            there = s[_SOLID + i] > _0
            nx, ny, nz = s[_N + i], s[_N + 64 + i], s[_N + 128 + i]
            nx, ny, nz = nx if there else vx, ny if there else vy, nz if there else vz  # the sky faces the eye
            s[_N + i], s[_N + 64 + i], s[_N + 128 + i] = nx, ny, nz
            s[_V + i], s[_V + 64 + i], s[_V + 128 + i] = vx, vy, vz
            nv = min(_1, max(_0, nx * vx + ny * vy + nz * vz))
            s[_R + i], s[_R + 64 + i], s[_R + 128 + i] = (
                _2 * nv * nx - vx, _2 * nv * ny - vy, _2 * nv * nz - vz
            )  # fmt: skip
        for i in range(m):
            solid += s[_SOLID + i]
        around(s, spots, sx, sy, first, m, grid, step)
        fogged(s, key, fog)
        if solid > _0:
            for i in range(m):
                if s[_SOLID + i] > _0:
                    s[_SHADE + i] = from_half(occlusion, occlusion_depth, sx[first + i], sy[first + i], s[_DEPTH + i])
            above_it(s, spots, blurred)
            outlook(s)
            for c in range(3):
                gather_light(s, above, below, bounce, c)
        for i in range(64):
            s[_MEAN + i] = _1 / s[_MEAN + i]
            turn = s[_PULL + i] * s[_N + i] + s[_PULL + 64 + i] * s[_N + 64 + i] + s[_PULL + 128 + i] * s[_N + 128 + i]
            s[_SHARE + i] = turn * s[_MEAN + i]
        for c in range(3):
            haze, shine, sun, lane = fog[2 + c], mean[c], key[3 + c], (c * 64) & _PLUS
            for i in range(64):
                s[_PULL + lane + i] *= s[_MEAN + i]
                veil = (_1 - s[_THROUGH + i]) * (shine + sun * s[_THROUGH + 64 + i])
                s[_HAZE + lane + i] = haze * (veil + s[_HAZE + lane + i])
            for i in range(m):
                table[PLACE + c, first + i] = s[_P + lane + i]
            for i in range(m):
                table[FACING + c, first + i] = s[_N + lane + i]
            for i in range(m):
                table[FALL + c, first + i] = s[_FALL + lane + i]
            for i in range(m):
                table[TURN + c, first + i] = s[_PULL + lane + i]
            for i in range(m):
                table[ENVELOPE + c, first + i] = s[_SKY + lane + i]
            for i in range(m):
                table[GLOSS + c, first + i] = gloss[c, first + i]
            for i in range(m):
                table[VEIL + c, first + i] = s[_HAZE + lane + i]
        for i in range(m):
            table[SURFACE, first + i] = np.float32(surface[first + i])
            table[LEVEL, first + i], table[SHADE, first + i] = s[_SHARE + i], s[_SHADE + i]
            table[THROUGH, first + i], table[LIT, first + i] = s[_THROUGH + i], lit[first + i]


def soft_of(around: Surroundings) -> tuple[Any, ...]:
    """What `soften` takes from above to bounce."""
    about, sky = around.about, around.about.sky
    return (
        sky.above, sky.below, sky.blurred, sky.mean, about.key, about.fog, around.occlusion, around.depth, around.grid,
        np.float32(around.step), around.bounce,
    )  # fmt: skip
