"""The last word on every sample: direct light, sky, bounce, reflection and fog come together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, Fog, KeyLight
from kinema.stage.preview.lamps import Direct
from kinema.stage.preview.sky import SkyLight, from_face, from_sky
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.resolve import Surfels
from kinema.stage.raster.triangles import View

MIRROR_STEP = 2  # pixels to a texel of the wet plane's image
SLIDE = 1.3  # how far a bump shifts what the wet plane shows

# numbers of the shading kernel, in single precision so that its loops stay in it
_0, _1, _2, _3 = np.float32(0.0), np.float32(1.0), np.float32(2.0), np.float32(3.0)
_HALF, _QUARTER, _SIXTEENTH = np.float32(0.5), np.float32(0.25), np.float32(1.0 / 16.0)
_TINY, _MILLI, _CENTI, _LEAST, _EDGE = (np.float32(x) for x in (1e-12, 1e-3, 1e-2, 1e-5, 1.001))
_FARTHEST = np.float32(1e9)  # a depth beyond is sky
_DRY = np.float32(0.82)  # roughness at which the wet plane no longer mirrors
_FOUR_PERCENT = np.float32(0.04)  # reflectance of anything but metal, seen straight on
_CREASE, _SHY, _GLIMPSE = np.float32(0.6), np.float32(0.3), np.float32(0.6)
_LOBE = np.float32(1.2)
_MOST, _SPREAD = np.float32(2.999), np.float32(4.2)  # blur levels of the wet plane, and how fast roughness climbs them
_KARIS_A, _KARIS_B, _KARIS_C = np.float32(0.0425), np.float32(0.0275), np.float32(1.04)
_KARIS_D, _KARIS_E, _KARIS_F = np.float32(0.572), np.float32(1.04), np.float32(0.022)
_HG_A, _HG_B, _HG_C, _HG_D = np.float32(1.36), np.float32(1.2), np.float32(0.16), np.float32(0.05)
_FOG_END = np.float32(2000.0)  # metres


@dataclass(frozen=True, eq=False)
class Scenery:
    """What a whole frame shares, in the kernel's own form: key (6,) · fog (5,): density at the eye, 1 / scale
    height, colour · lean (2, 3) and texel, see compose."""

    key: F32
    fog: F32
    lean: F32
    texel: np.float32
    sky: SkyLight


def scenery(key_light: KeyLight | None, sky: SkyLight, fog: Fog | None, view: View) -> Scenery:
    """Gather it for one view."""
    key = np.zeros(6, np.float32)
    if key_light is not None:
        key[:] = *key_light.direction, *key_light.colour
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
    mean direction), glow of the fog · mirror: four (h, w, 4) of ever wider blur, the blurred ones at half the
    first's size, radiance and depth of what the wet plane shows · bounce (3,): mean light that surfaces throw back
    """

    about: Scenery
    occlusion: F32
    depth: F32
    grid: F32
    step: int
    mirror: tuple[F32, F32, F32, F32]
    bounce: F32


@kernel
def bilinear(image, x, y):  # type: ignore[no-untyped-def]
    """Clamped bilinear value, four channels, of image (h, w, 4) at texel coordinates."""
    x = min(max(x, _0), np.float32(image.shape[1]) - _EDGE)
    y = min(max(y, _0), np.float32(image.shape[0]) - _EDGE)
    a, b = int(x), int(y)
    fx, fy = x - np.float32(a), y - np.float32(b)
    aa, ab, ba, bb = (_1 - fx) * (_1 - fy), fx * (_1 - fy), (_1 - fx) * fy, fx * fy
    return (
        image[b, a, 0] * aa + image[b, a + 1, 0] * ab + image[b + 1, a, 0] * ba + image[b + 1, a + 1, 0] * bb,
        image[b, a, 1] * aa + image[b, a + 1, 1] * ab + image[b + 1, a, 1] * ba + image[b + 1, a + 1, 1] * bb,
        image[b, a, 2] * aa + image[b, a + 1, 2] * ab + image[b + 1, a, 2] * ba + image[b + 1, a + 1, 2] * bb,
        image[b, a, 3] * aa + image[b, a + 1, 3] * ab + image[b + 1, a, 3] * ba + image[b + 1, a + 1, 3] * bb,
    )


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
def from_mirror(m0, m1, m2, m3, x, y, slide, pitch, depth, rough):  # type: ignore[no-untyped-def]
    """Radiance off the wet plane: bumps slide the look-up, roughness and the height of what is seen blur it.

    x, y in texels of m0; slide, pitch: shift sideways and upwards, in texels, of something infinitely high.
    """
    behind = bilinear(m1, x * _HALF - _QUARTER, y * _HALF - _QUARTER)[3]
    rise = max(_0, _1 - depth / max(behind, depth))  # 0 at a foot on the ground, 1 far up
    x, y = x + slide * rise, y - pitch * rise
    blur = min(_MOST, _SPREAD * rough * (_QUARTER + (_1 - _QUARTER) * rise))
    level = int(blur)
    part = blur - np.float32(level)
    u, v = x * _HALF - _QUARTER, y * _HALF - _QUARTER
    if level == 0:
        fine, wide = bilinear(m0, x, y), bilinear(m1, u, v)
    elif level == 1:
        fine, wide = bilinear(m1, u, v), bilinear(m2, u, v)
    else:
        fine, wide = bilinear(m2, u, v), bilinear(m3, u, v)
    return (
        fine[0] + (wide[0] - fine[0]) * part,
        fine[1] + (wide[1] - fine[1]) * part,
        fine[2] + (wide[2] - fine[2]) * part,
    )


@kernel
def compose(  # type: ignore[no-untyped-def]
    values, surface, sx, sy, diffuse, gloss, key, sky_image, above, below, blurred, sky_mean, fog, lean, texel,
    occlusion, occlusion_depth, grid, step, mirror0, mirror1, mirror2, mirror3, bounce, out, matt, reflected
):  # fmt: skip
    """Radiance out (3, N), its matt part matt (3, N), and reflected (3, N) off the wet plane.

    lean (2, 3): the picture's right, and forward along the ground, times the focal length in the mirror's texels, of
    which one is `texel` pixels wide. As in `light`, sixty-four surfels at a time go through one flat scratch array:
    first what arithmetic can do, then the look-ups one by one, then arithmetic again.
    """
    lobes = blurred.shape[0]
    count = surface.shape[0]
    s = np.empty(50 * 64, np.float32)
    s[:] = _1
    for first in range(0, count, 64):
        m = min(64, count - first)
        for k in range(16):
            for i in range(m):
                s[k * 64 + i] = values[k, first + i]
        for i in range(m):
            n = first + i
            s[1024 + i] = values[16, n]
            s[1088 + i] = values[21, n]
            for c in range(3):
                s[(40 + c) * 64 + i] = diffuse[c, n]
                s[(43 + c) * 64 + i] = gloss[c, n]
        for i in range(64):
            x, y, z = s[i], s[64 + i], s[128 + i]
            nx, ny, nz = s[192 + i], s[256 + i], s[320 + i]
            far = np.sqrt(x * x + y * y + z * z + _TINY)
            scale = -_1 / far
            vx, vy, vz = x * scale, y * scale, z * scale
            nv = min(_1, max(_0, nx * vx + ny * vy + nz * vz))
            s[18 * 64 + i], s[19 * 64 + i], s[20 * 64 + i], s[21 * 64 + i] = vx, vy, vz, far
            s[22 * 64 + i] = nv
            s[23 * 64 + i] = _2 * nv * nx - vx
            s[24 * 64 + i] = _2 * nv * ny - vy
            s[25 * 64 + i] = _2 * nv * nz - vz
            s[26 * 64 + i] = s[1088 + i] * min(_1, max(_0, (_DRY - s[768 + i]) * _2))
        for i in range(m):
            n = first + i
            solid = surface[n] >= 0
            depth = s[1024 + i]
            near = from_grid(grid, step, sx[n], sy[n], s[192 + i], s[256 + i], s[320 + i], depth, solid)
            for k in range(7):
                s[(27 + k) * 64 + i] = near[k]
            if not solid:
                sky = from_sky(sky_image, -s[18 * 64 + i], -s[19 * 64 + i], -s[20 * 64 + i])
                s[35 * 64 + i], s[36 * 64 + i], s[37 * 64 + i] = sky
                reflected[0, n], reflected[1, n], reflected[2, n] = _0, _0, _0
                continue
            s[34 * 64 + i] = from_half(occlusion, occlusion_depth, sx[n], sy[n], depth)
            rough = s[768 + i]
            lobe = min(lobes - 1, int(rough * rough * lobes * _LOBE))
            sky = from_face(blurred, lobe, s[23 * 64 + i], s[24 * 64 + i], s[25 * 64 + i])
            s[35 * 64 + i], s[36 * 64 + i], s[37 * 64 + i] = sky
            image = (_0, _0, _0)
            if s[26 * 64 + i] > _0:
                nx, ny = s[192 + i], s[256 + i]
                slide = nx * lean[0, 0] + ny * lean[0, 1]
                pitch = nx * lean[1, 0] + ny * lean[1, 1]
                px, py = sx[n] / texel - _HALF, sy[n] / texel - _HALF
                image = from_mirror(mirror0, mirror1, mirror2, mirror3, px, py, slide, pitch, depth, rough)
            s[46 * 64 + i], s[47 * 64 + i], s[48 * 64 + i] = image
            reflected[0, n], reflected[1, n], reflected[2, n] = image
        dense, thin = fog[0], fog[1]
        kx, ky, kz = key[0], key[1], key[2]
        for i in range(64):
            nx, ny, nz = s[192 + i], s[256 + i], s[320 + i]
            rough, nv, wet, shade = s[768 + i], s[22 * 64 + i], s[26 * 64 + i], s[34 * 64 + i]
            o0, o1, o2, o3 = s[27 * 64 + i], s[28 * 64 + i], s[29 * 64 + i], s[30 * 64 + i]
            rim = (_1 - nv) * (_1 - nv)
            rim4 = rim * rim
            # what an open place would see of the dome over this normal, against what is seen
            could = _QUARTER + _QUARTER * nz + _MILLI
            seen = min(_1, max(_0, (_QUARTER * o0 + _HALF * (o1 * nx + o2 * ny + o3 * nz)) / could))
            open_ = o0 * _GLIMPSE + o1 * s[23 * 64 + i] + o2 * s[24 * 64 + i] + o3 * s[25 * 64 + i]
            # Fresnel and the lobe's losses (Karis, Physically Based Shading on Mobile, 2014)
            q = _1 - rough
            bend = min(q * q, rim4 * rim) * q + _KARIS_A - _KARIS_B * rough
            # fog, thinning with height; both curves are rational stand-ins for exponentials
            away = _FOG_END if s[1024 + i] > _FARTHEST else min(s[21 * 64 + i], _FOG_END)
            rise = -s[20 * 64 + i] * away * thin * _HALF
            thick = dense * away / (rise + np.sqrt(_1 + rise * rise)) * _SIXTEENTH
            through = _1 / (_1 + thick)
            through *= through
            through *= through
            through *= through
            # forward scattering round the key light (Henyey and Greenstein)
            aim = _HG_A + _HG_B * (s[18 * 64 + i] * kx + s[19 * 64 + i] * ky + s[20 * 64 + i] * kz)
            s[18 * 64 + i] = rim4
            s[19 * 64 + i] = rim4 * (_1 - nv)
            s[20 * 64 + i] = seen
            s[21 * 64 + i] = max(_0, _1 - _2 * could * seen - _QUARTER + _QUARTER * nz)
            s[22 * 64 + i] = _KARIS_C - _KARIS_D * rough - _KARIS_E * bend
            s[23 * 64 + i] = _KARIS_E * bend + _KARIS_F * rough - _FOUR_PERCENT
            s[24 * 64 + i] = min(_1, max(_0, open_)) * (_SHY + (_1 - _SHY) * shade)
            s[25 * 64 + i] = wet * (_FOUR_PERCENT + (_1 - _FOUR_PERCENT) * rim4 * (_1 - nv)) * (_1 - _HALF * rough)
            s[28 * 64 + i] = through * through
            s[29 * 64 + i] = _HG_C / (aim * np.sqrt(aim)) + _HG_D
        for c in range(3):
            h0, h1, h2, h3, h4 = above[0, c], above[1, c], above[2, c], above[3, c], above[4, c]
            h5, h6, h7, h8 = above[5, c], above[6, c], above[7, c], above[8, c]
            d0, d1, d2, d3, d4 = below[0, c], below[1, c], below[2, c], below[3, c], below[4, c]
            d5, d6, d7, d8 = below[5, c], below[6, c], below[7, c], below[8, c]
            thrown, haze, mean, sun = bounce[c], fog[2 + c], sky_mean[c], key[3 + c]
            for i in range(64):
                nx, ny, nz = s[192 + i], s[256 + i], s[320 + i]
                metal, wet, shade = s[832 + i], s[26 * 64 + i], s[34 * 64 + i]
                up = h0 + h1 * ny + h2 * nz + h3 * nx + h4 * nx * ny + h5 * ny * nz + h6 * (_3 * nz * nz - _1)
                up += h7 * nx * nz + h8 * (nx * nx - ny * ny)
                down = d0 + d1 * ny + d2 * nz + d3 * nx + d4 * nx * ny + d5 * ny * nz + d6 * (_3 * nz * nz - _1)
                down += d7 * nx * nz + d8 * (nx * nx - ny * ny)
                albedo = s[(6 + c) * 64 + i]
                around = max(_0, up) * s[20 * 64 + i] + max(_0, down) * s[27 * 64 + i] + thrown * s[21 * 64 + i]
                # light between surfaces keeps their colour: bright ones darken less in their creases
                tint = shade + min(albedo, _1) * shade * (_1 - shade)
                fall = s[(40 + c) * 64 + i] * (_CREASE + (_1 - _CREASE) * shade) + around * tint
                base = _FOUR_PERCENT + (albedo - _FOUR_PERCENT) * metal
                velvet = s[960 + i] * s[18 * 64 + i] * (_QUARTER + _HALF * albedo)
                matter = (albedo * (_1 - metal) + velvet) * fall
                shine = s[(43 + c) * 64 + i] * (base + (_1 - base) * s[19 * 64 + i]) * (_HALF + _HALF * shade)
                part = max(_0, base * s[22 * 64 + i] + s[23 * 64 + i])
                glimpse = s[24 * 64 + i]
                envelope = s[(35 + c) * 64 + i] * glimpse + thrown * (_1 - glimpse) * shade * _HALF
                shine += (_1 - wet) * envelope * part
                water = s[25 * 64 + i]
                matter *= (_1 - _HALF * wet) * (_1 - water)
                shine += water * s[(46 + c) * 64 + i] * (_SHY + (_1 - _SHY) * shade)
                sky_pixel = s[1024 + i] > _FARTHEST
                total = s[(35 + c) * 64 + i] if sky_pixel else matter + shine + s[(9 + c) * 64 + i]
                through = s[28 * 64 + i]
                veil = (_1 - through) * haze * (mean + sun * s[29 * 64 + i])
                s[(40 + c) * 64 + i] = total * through + veil + s[(31 + c) * 64 + i] * haze
                s[(43 + c) * 64 + i] = _0 if sky_pixel else matter
            for i in range(m):
                out[c, first + i] = s[(40 + c) * 64 + i]
                matt[c, first + i] = s[(43 + c) * 64 + i]


def composed(points: Surfels, lit: Direct, around: Surroundings) -> tuple[F32, F32, F32]:
    """Radiance (3, N), its matt part (3, N), and what the wet plane reflects (3, N), before Fresnel."""
    count = len(points.surface)
    out, matt, reflected = (np.empty((3, count), np.float32) for _ in range(3))
    about, sky = around.about, around.about.sky
    compose(
        points.values, points.surface, points.x, points.y, lit.diffuse, lit.gloss, about.key, sky.image, sky.above,
        sky.below, sky.blurred, sky.mean, about.fog, about.lean, about.texel, around.occlusion, around.depth,
        around.grid, np.float32(around.step), *around.mirror, around.bounce, out, matt, reflected,
    )  # fmt: skip
    return out, matt, reflected
