"""The last word on every sample: key light, soft light, reflection and fog come together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.preview.lamps import FLESH
from kinema.stage.preview.sky import from_sky
from kinema.stage.preview.soft import Surroundings
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.resolve import Surfels

# numbers of the shading kernel, in single precision so that its loops stay in it
_0, _1, _2, _3 = np.float32(0.0), np.float32(1.0), np.float32(2.0), np.float32(3.0)
_HALF, _QUARTER, _TENTH, _SIXTEENTH = (np.float32(x) for x in (0.5, 0.25, 0.1, 1.0 / 16.0))
_TINY, _EDGE, _FAINT = np.float32(1e-12), np.float32(1.001), np.float32(2e-4)
_FARTHEST = np.float32(1e9)  # a depth beyond is sky
_DRY = np.float32(0.82)  # roughness at which the wet plane no longer mirrors
_FOUR_PERCENT = np.float32(0.04)  # reflectance of anything but metal, seen straight on
_CREASE, _SHY = np.float32(0.6), np.float32(0.3)
_MOST, _SPREAD = np.float32(2.999), np.float32(4.2)  # blur levels of the wet plane, and how fast roughness climbs them
_KARIS_A, _KARIS_B, _KARIS_C = np.float32(0.0425), np.float32(0.0275), np.float32(1.04)
_KARIS_D, _KARIS_E, _KARIS_F = np.float32(0.572), np.float32(1.04), np.float32(0.022)
_HG_A, _HG_B, _HG_C, _HG_D = np.float32(1.36), np.float32(1.2), np.float32(0.16), np.float32(0.05)
_P1, _P2, _P3, _P4, _P5, _P6, _P7 = (np.uint64(k) for k in range(1, 8))  # no negative index
_FOG_END = np.float32(2000.0)  # metres
_FINEST, _SMOOTH = np.float32(0.0025), np.float32(0.02)  # least squared roughness, as in lamps
_FLESH_R, _FLESH_G, _FLESH_B = (np.float32(x) for x in FLESH)
_ALIKE, _SLACK, _LEAST_TURN, _MOST_TURN = (np.float32(x) for x in (0.75, 50.0, 0.2, 2.5))
_WIDE = np.float32(9.0)
_GLINT, _GLITTER, _POLISHED = np.float32(0.1), np.float32(0.35), np.float32(0.5)


@kernel
def bilinear(image, start, width, height, x, y):  # type: ignore[no-untyped-def]
    """Clamped bilinear value, four channels, at texel coordinates of an image (height, width, 4) that lies from `start`
    on in a flat array."""
    x = min(max(x, _0), np.float32(width) - _EDGE)
    y = min(max(y, _0), np.float32(height) - _EDGE)
    a, b = int(x), int(y)
    fx, fy = x - np.float32(a), y - np.float32(b)
    aa, ab, ba, bb = (_1 - fx) * (_1 - fy), fx * (_1 - fy), (_1 - fx) * fy, fx * fy
    p = np.uint64(start + (b * width + a) * 4)
    q = np.uint64(start + (b * width + width + a) * 4)
    return (
        image[p] * aa + image[p + _P4] * ab + image[q] * ba + image[q + _P4] * bb,
        image[p + _P1] * aa + image[p + _P5] * ab + image[q + _P1] * ba + image[q + _P5] * bb,
        image[p + _P2] * aa + image[p + _P6] * ab + image[q + _P2] * ba + image[q + _P6] * bb,
        image[p + _P3] * aa + image[p + _P7] * ab + image[q + _P3] * ba + image[q + _P7] * bb,
    )


@kernel
def from_mirror(sharp, soft, w, h, x, y, slide, pitch, depth, rough):  # type: ignore[no-untyped-def]
    """Radiance off the wet plane: bumps slide the look-up, roughness and the height of what is seen blur it.

    sharp, soft: the mirror's images, flat, w by h being the size of the blurred ones · x, y in texels of the sharp
    one · slide, pitch: shift sideways and upwards, in texels, of something infinitely high.
    """
    u = min(max(int(x * _HALF), 0), w - 1)
    v = min(max(int(y * _HALF), 0), h - 1)
    behind = soft[np.uint64((v * w + u) * 4 + 3)]
    rise = max(_0, _1 - depth / max(behind, depth))  # 0 at a foot on the ground, 1 far up
    x, y = x + slide * rise, y - pitch * rise
    blur = min(_MOST, _SPREAD * rough * (_QUARTER + (_1 - _QUARTER) * rise))
    level = int(blur)
    part = blur - np.float32(level)
    p, q = x * _HALF - _QUARTER, y * _HALF - _QUARTER
    if level == 0:  # noqa: SIM108
        fine = bilinear(sharp, 0, 2 * w, 2 * h, x, y)
    else:
        fine = bilinear(soft, (level - 1) * w * h * 4, w, h, p, q)
    wide = bilinear(soft, level * w * h * 4, w, h, p, q)
    return (
        fine[0] + (wide[0] - fine[0]) * part,
        fine[1] + (wide[1] - fine[1]) * part,
        fine[2] + (wide[2] - fine[2]) * part,
    )


@kernel
def spread(s, table, home, low, m, slack):  # type: ignore[no-untyped-def]
    """Add one tap of soft light to lanes [low, low + m) of a block: column home + j of table to lane low + j, if it
    shows the same surface and plane."""
    for j in range(m):
        i = low + j
        t = home + j
        tx, ty, tz = table[3, t], table[4, t], table[5, t]
        same = tx * s[192 + i] + ty * s[256 + i] + tz * s[320 + i]
        gap = tx * (s[i] - table[0, t]) + ty * (s[64 + i] - table[1, t]) + tz * (s[128 + i] - table[2, t])
        gap *= slack / s[1024 + i]
        gap *= gap
        share = same * same / (_1 + gap * gap)
        share = share if same > _ALIKE and gap < _WIDE else _0
        share = share if table[6, t] == s[19 * 64 + i] else _0
        shine = table[20, t] + table[21, t] + table[22, t]
        s[40 * 64 + i] = share
        s[41 * 64 + i] += share
        s[42 * 64 + i] = min(s[42 * 64 + i], shine if share > _0 else _FARTHEST)
        s[43 * 64 + i] = max(s[43 * 64 + i], shine if share > _0 else _0)
    for k in range(20):
        for j in range(m):
            s[(20 + k) * 64 + low + j] += s[40 * 64 + low + j] * table[3 + k, home + j]


@kernel
def finish(  # type: ignore[no-untyped-def]
    values, surface, sx, sy, index, table, width, half, visible, key, sky_image, sky_mean, fog, lean, texel,
    sharp, blurred, across, down, out, matt, reflected, lost
):  # fmt: skip
    """Radiance out (3, N), its matt part matt (3, N), and reflected (3, N) off the wet plane, at the columns that index
    (M,) names; returns how many of them it wrote to lost (M,) because their soft light has to be gathered anew.

    width, half: of a row of the band of pixels, and of its table's; width is 0 if index has a row of the table each.
    visible (N,): share of the key light · lean (2, 3): the picture's right, and forward along the ground, times the
    focal length in the mirror's texels, of which one is `texel` pixels wide. Sixty-four surfels at a time go through
    one flat scratch array, as in `light`.
    """
    blocks = (width + 63) // 64
    count = (index.shape[0] + 63) // 64 if width == 0 else index.shape[0] // width * blocks
    missing = 0
    s = np.empty(56 * 64, np.float32)
    s[:] = _1
    dense, thin = fog[0], fog[1]
    kx, ky, kz, kr, kg, kb, wide = key[0], key[1], key[2], key[3], key[4], key[5], key[6]
    for first in range(count):
        if width > 0:
            y, x = first // blocks, first % blocks * 64
            m = min(64, width - x)
            start = y * width + x
            odd = m // 2
            even = m - odd
            for k in range(17):
                for j in range(even):
                    s[k * 64 + j] = values[k, start + 2 * j]
                for j in range(odd):
                    s[k * 64 + 32 + j] = values[k, start + 2 * j + 1]
            for i in range(m):
                lane, n = (i >> 1) + (i & 1) * 32, start + i
                s[1088 + lane] = values[21, n]
                s[1152 + lane] = visible[n]
                s[1216 + lane] = np.float32(surface[n])
            s[20 * 64 : 42 * 64] = _0
            s[42 * 64 : 43 * 64] = _FARTHEST
            s[43 * 64 : 44 * 64] = _0
            home = (y >> 1) * half + (x >> 1)
            spread(s, table, home, 0, even, _SLACK)
            spread(s, table, home, 32, odd, _SLACK)
            spread(s, table, home + 1, 32, odd, _SLACK)
            if y & 1:
                spread(s, table, home + half, 0, even, _SLACK)
                spread(s, table, home + half, 32, odd, _SLACK)
                spread(s, table, home + half + 1, 32, odd, _SLACK)
            for i in range(64):
                s[41 * 64 + i] = _1 / max(s[41 * 64 + i], _TINY)
            for k in range(20):
                for i in range(64):
                    s[(20 + k) * 64 + i] *= s[41 * 64 + i]
            for i in range(m):
                lane = (i >> 1) + (i & 1) * 32
                if s[1216 + lane] < _0:
                    for k in range(3):
                        s[(34 + k) * 64 + lane] = table[17 + k, home + (i >> 1)]
                    continue
                least, most = s[42 * 64 + lane], s[43 * 64 + lane]
                even_gloss = most < _GLINT or most - least < _GLITTER * most
                if least == _FARTHEST or not (even_gloss or s[768 + lane] > _POLISHED or s[1088 + lane] > _0):
                    lost[missing] = start + i
                    missing += 1
        else:
            m = min(64, index.shape[0] - first * 64)
            start = 0
            for i in range(m):
                n = index[first * 64 + i]
                for k in range(17):
                    s[k * 64 + i] = values[k, n]
                s[1088 + i] = values[21, n]
                s[1152 + i] = visible[n]
            for k in range(20):
                for i in range(m):
                    s[(20 + k) * 64 + i] = table[3 + k, first * 64 + i]
        for i in range(64):
            x, y, z = s[i], s[64 + i], s[128 + i]
            nx, ny, nz = s[192 + i], s[256 + i], s[320 + i]
            far = np.sqrt(x * x + y * y + z * z + _TINY)
            scale = -_1 / far
            vx, vy, vz = x * scale, y * scale, z * scale
            rough, soft, there = s[768 + i], s[896 + i], s[1152 + i]
            cosine = nx * kx + ny * ky + nz * kz
            nv = nx * vx + ny * vy + nz * vz
            # the key light on matt matter and as a highlight, both as the lamps' in `light`
            r, g, b = _1 / (_1 + soft * _FLESH_R), _1 / (_1 + soft * _FLESH_G), _1 / (_1 + soft * _FLESH_B)
            a = max(rough * rough, _SMOOTH) + wide
            a2 = max(a * a, _FINEST)
            lv = _1 + kx * vx + ky * vy + kz * vz + _FAINT
            nh = cosine + nv
            k = nh * nh * (a2 - _1) + _2 * lv
            f = there * a2 * max(_0, cosine) * lv * lv / (k * k * max(lv * _HALF, _TENTH) * (rough + _HALF))
            nv = min(_1, max(_0, nv))
            shade = s[30 * 64 + i]
            crease = there * (_CREASE + (_1 - _CREASE) * shade)
            # soft light turns with the normal
            turn = (nx - s[20 * 64 + i]) * s[27 * 64 + i] + (ny - s[21 * 64 + i]) * s[28 * 64 + i]
            turn += (nz - s[22 * 64 + i]) * s[29 * 64 + i]
            turn = min(_MOST_TURN, max(_LEAST_TURN, _1 + turn))
            s[24 * 64 + i] = s[24 * 64 + i] * turn + kr * crease * max(_0, cosine * r + _1 - r)
            s[25 * 64 + i] = s[25 * 64 + i] * turn + kg * crease * max(_0, cosine * g + _1 - g)
            s[26 * 64 + i] = s[26 * 64 + i] * turn + kb * crease * max(_0, cosine * b + _1 - b)
            s[37 * 64 + i] += kr * f
            s[38 * 64 + i] += kg * f
            s[39 * 64 + i] += kb * f
            rim = (_1 - nv) * (_1 - nv)
            rim4 = rim * rim
            rim5 = rim4 * (_1 - nv)
            wet = s[1088 + i] * min(_1, max(_0, (_DRY - rough) * _2))
            # Fresnel and the lobe's losses (Karis, Physically Based Shading on Mobile, 2014)
            q = _1 - rough
            bend = min(q * q, rim5) * q + _KARIS_A - _KARIS_B * rough
            # fog, thinning with height; both curves are rational stand-ins for exponentials
            away = _FOG_END if s[1024 + i] > _FARTHEST else min(far, _FOG_END)
            rise = -vz * away * thin * _HALF
            thick = dense * away / (rise + np.sqrt(_1 + rise * rise)) * _SIXTEENTH
            through = _1 / (_1 + thick)
            through *= through
            through *= through
            through *= through
            # forward scattering round the key light (Henyey and Greenstein)
            aim = _HG_A + _HG_B * (vx * kx + vy * ky + vz * kz)
            s[40 * 64 + i], s[41 * 64 + i], s[42 * 64 + i] = -vx, -vy, -vz
            s[43 * 64 + i], s[44 * 64 + i], s[45 * 64 + i] = rim4, rim5, wet
            s[46 * 64 + i] = max(_0, _KARIS_C - _KARIS_D * rough - _KARIS_E * bend)
            s[47 * 64 + i] = _KARIS_E * bend + _KARIS_F * rough - _FOUR_PERCENT
            s[48 * 64 + i] = wet * (_FOUR_PERCENT + (_1 - _FOUR_PERCENT) * rim5) * (_1 - _HALF * rough)
            s[49 * 64 + i] = through * through
            s[50 * 64 + i] = _HG_C / (aim * np.sqrt(aim)) + _HG_D
            s[51 * 64 + i], s[52 * 64 + i], s[53 * 64 + i] = _0, _0, _0
        for place in range(m):
            if width > 0:
                i, n = (place >> 1) + (place & 1) * 32, start + place
            else:
                i, n = place, index[first * 64 + place]
            if surface[n] < 0:
                sky = from_sky(sky_image, s[40 * 64 + i], s[41 * 64 + i], s[42 * 64 + i])
                s[51 * 64 + i], s[52 * 64 + i], s[53 * 64 + i] = sky
            elif s[45 * 64 + i] > _0:
                nx, ny = s[192 + i], s[256 + i]
                slide = nx * lean[0, 0] + ny * lean[0, 1]
                pitch = nx * lean[1, 0] + ny * lean[1, 1]
                px, py = sx[n] / texel - _HALF, sy[n] / texel - _HALF
                image = from_mirror(sharp, blurred, across, down, px, py, slide, pitch, s[1024 + i], s[768 + i])
                s[51 * 64 + i], s[52 * 64 + i], s[53 * 64 + i] = image
        for c in range(3):
            haze, mean, sun = fog[2 + c], sky_mean[c], key[3 + c]
            for i in range(64):
                metal, wet, shade, albedo = s[832 + i], s[45 * 64 + i], s[30 * 64 + i], s[(6 + c) * 64 + i]
                base = _FOUR_PERCENT + (albedo - _FOUR_PERCENT) * metal
                velvet = s[960 + i] * s[43 * 64 + i] * (_QUARTER + _HALF * albedo)
                matter = (albedo * (_1 - metal) + velvet) * s[(24 + c) * 64 + i]
                shine = s[(37 + c) * 64 + i] * (base + (_1 - base) * s[44 * 64 + i]) * (_HALF + _HALF * shade)
                part = max(_0, base * s[46 * 64 + i] + s[47 * 64 + i])
                shine += (_1 - wet) * s[(31 + c) * 64 + i] * part
                water, image = s[48 * 64 + i], s[(51 + c) * 64 + i]
                matter *= (_1 - _HALF * wet) * (_1 - water)
                shine += water * image * (_SHY + (_1 - _SHY) * shade)
                sky_pixel = s[1024 + i] > _FARTHEST
                total = image if sky_pixel else matter + shine + s[(9 + c) * 64 + i]
                through = s[49 * 64 + i]
                veil = (_1 - through) * haze * (mean + sun * s[50 * 64 + i])
                s[(24 + c) * 64 + i] = total * through + veil + s[(34 + c) * 64 + i] * haze
                s[(37 + c) * 64 + i] = _0 if sky_pixel else matter
                s[(51 + c) * 64 + i] = _0 if sky_pixel else image
            if width > 0:
                for j in range(even):
                    out[c, start + 2 * j] = s[(24 + c) * 64 + j]
                    matt[c, start + 2 * j] = s[(37 + c) * 64 + j]
                    reflected[c, start + 2 * j] = s[(51 + c) * 64 + j]
                for j in range(odd):
                    out[c, start + 2 * j + 1] = s[(24 + c) * 64 + 32 + j]
                    matt[c, start + 2 * j + 1] = s[(37 + c) * 64 + 32 + j]
                    reflected[c, start + 2 * j + 1] = s[(51 + c) * 64 + 32 + j]
            else:
                for i in range(m):
                    n = index[first * 64 + i]
                    out[c, n] = s[(24 + c) * 64 + i]
                    matt[c, n] = s[(37 + c) * 64 + i]
                    reflected[c, n] = s[(51 + c) * 64 + i]
    return missing


@dataclass(frozen=True, eq=False)
class Shaded:
    """Each (3, N): radiance · matt: its matt part · reflected: what the wet plane reflects, before Fresnel."""

    radiance: F32
    matt: F32
    reflected: F32


def unlit(count: int) -> Shaded:
    """Room for so many surfels."""
    return Shaded(*(np.empty((3, count), np.float32) for _ in range(3)))


def compose(
    points: Surfels, index: I32, table: F32, width: int, visible: F32, around: Surroundings, into: Shaded
) -> I32:
    """Shade the surfels that index (M,) names, from the soft table. width 0: it has a row for each of them. Otherwise
    they are a band of so many pixels a row, and it has one for every second pixel of every second row; then returns
    the surfels (K,) whose soft light no such row tells."""
    about, sky = around.about, around.about.sky
    lost = np.empty(len(index), np.int32)
    sharp, blurred = around.mirror
    missing = finish(
        points.values, points.surface, points.x, points.y, index, table, width, width // 2 + 1, visible, about.key,
        sky.image, sky.mean, about.fog, about.lean, about.texel, sharp.reshape(-1), blurred.reshape(-1),
        blurred.shape[2], blurred.shape[1], into.radiance, into.matt,
        into.reflected, lost,
    )  # fmt: skip
    return lost[:missing]
