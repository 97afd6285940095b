"""The last word on every sample: key light, soft light, reflection and fog come together."""

from __future__ import annotations

from typing import Any

import numpy as np

from kinema.stage.preview.lamps import FLESH
from kinema.stage.preview.sky import bearing
from kinema.stage.preview.soft import Surroundings
from kinema.stage.raster.kernel import inlined, kernel

# numbers of the shading kernel, in single precision so that its loops stay in it
_0, _1, _2, _4 = (np.float32(x) for x in (0.0, 1.0, 2.0, 4.0))
_HALF, _QUARTER, _TENTH, _PI = (np.float32(x) for x in (0.5, 0.25, 0.1, np.pi))
_TINY, _EDGE, _FAINT = np.float32(1e-12), np.float32(1.001), np.float32(2e-4)
_FARTHEST = np.float32(1e9)
_FACETS = np.float32(2.5)  # Fresnel is full up to a roughness of one minus its inverse
_DRY = np.float32(0.82)  # roughness at which the wet plane no longer mirrors
_FOUR_PERCENT = np.float32(0.04)  # reflectance of anything but metal, seen straight on
_CREASE, _SHY = np.float32(0.6), np.float32(0.3)
_MOST, _SPREAD = np.float32(2.999), np.float32(4.2)  # blur levels of the wet plane, and how fast roughness climbs them
_KARIS_A, _KARIS_B, _KARIS_C = np.float32(0.0425), np.float32(0.0275), np.float32(1.04)
_KARIS_D, _KARIS_E, _KARIS_F = np.float32(0.572), np.float32(1.04), np.float32(0.022)
_FINEST, _SMOOTH = np.float32(0.0025), np.float32(0.02)  # least squared roughness, as in lamps
_FLESH_R, _FLESH_G, _FLESH_B = (np.float32(x) for x in FLESH)
_ALIKE, _SLACK, _LEAST_TURN, _MOST_TURN = (np.float32(x) for x in (0.75, 50.0, 0.2, 2.5))
_WIDE = np.float32(9.0)
_GLINT, _GLITTER, _POLISHED = np.float32(0.1), np.float32(0.35), np.float32(0.5)
# rows of a block's scratch, sixty-four surfels each; up to SHEEN they are a surfel table's own
_P, _N, _ALBEDO, _GLOW, _ROUGH, _METAL, _SOFT, _SHEEN, _DEPTH, _WET, _SURFACE = (
    64 * k for k in (0, 3, 6, 9, 12, 13, 14, 15, 16, 17, 18)
)
_FALL, _TURN, _LEVEL, _SHADE, _ENVELOPE, _GLOSS, _VEIL, _THROUGH, _LIT = (
    64 * k for k in (21, 24, 27, 28, 29, 32, 35, 38, 39)
)
_SUM, _LEAST, _MOST_GLOSS, _SHARE = (64 * k for k in (41, 42, 43, 44))
_RIM4, _RIM5, _SHINE, _ADDED, _WATER, _IMAGE, _V = (64 * k for k in (43, 44, 45, 46, 47, 48, 51))
_X, _Y, _RISE, _PART, _TAP = (64 * k for k in (54, 55, 56, 57, 58))
_ROWS = 74
_SPREADABLE = 19  # rows of the soft table from FALL on
_HAZY = 14  # the first of them that the sky has
_TAPS = 26  # rows of a block's taps: the soft table's
_WIDTH = 72  # of a row of taps
_LINE = _TAPS * _WIDTH  # one of the two lines of samples that a block lies between
_PLUS = 0x7FFFFFFF  # an index masked with it cannot be one from the end, for all the compiler knows: it may vectorise


@kernel
def fetch(s, spots, image, offset, channels):  # type: ignore[no-untyped-def]
    """Bilinear values of a block into the first three of its taps' rows: image is flat, spots the index of the low
    texel in it, X and Y what is left of the texel; offset: to the texel below."""
    for corner in range(4):
        for c in range(3):
            step, at = (corner & 1) * channels + c, (_TAP + (corner * 3 + c) * 64) & _PLUS
            for i in range(64):
                down = offset[i] if corner > 1 else 0
                s[at + i] = image[np.uint64(spots[i] + down + step)]
    for c in range(3):
        at = (_TAP + c * 64) & _PLUS
        for i in range(64):
            upper = s[at + i] + (s[at + 192 + i] - s[at + i]) * s[_X + i]
            lower = s[at + 384 + i] + (s[at + 576 + i] - s[at + 384 + i]) * s[_X + i]
            s[at + i] = upper + (lower - upper) * s[_Y + i]


@kernel
def wet(s, spots, offset, sx, sy, start, m, lean, texel, images, w, h):  # type: ignore[no-untyped-def]
    """IMAGE of a block: radiance off the wet plane, where it is wet. Bumps slide the look-up, roughness and the height
    of what is seen blur it.

    images: the mirror's, flat: the sharp one, then the blurred ones, w by h each · lean: shift sideways and upwards, in
    texels, of something infinitely high
    """
    sharp, start = 16 * w * h, start & _PLUS
    wide, tall = np.float32(w), np.float32(h)
    for i in range(m):
        s[_X + i], s[_Y + i] = sx[start + i], sy[start + i]
    for i in range(64):
        x, y = s[_X + i] / texel - _HALF, s[_Y + i] / texel - _HALF
        s[_X + i], s[_Y + i] = x, y
        u = min(max(np.floor(x * _HALF), _0), wide - _1)
        v = min(max(np.floor(y * _HALF), _0), tall - _1)
        spots[i] = np.int32((v * wide + u) * _4) + np.int32(sharp + 3)
    for i in range(64):
        s[_RISE + i] = images[np.uint64(spots[i])]
    for i in range(64):
        nx, ny, depth = s[_N + i], s[_N + 64 + i], s[_DEPTH + i]
        rise = max(_0, _1 - depth / max(s[_RISE + i], depth))  # 0 at a foot on the ground, 1 far up
        x = s[_X + i] + (nx * lean[0, 0] + ny * lean[0, 1]) * rise
        y = s[_Y + i] - (nx * lean[1, 0] + ny * lean[1, 1]) * rise
        blur = min(_MOST, _SPREAD * s[_ROUGH + i] * (_QUARTER + (_1 - _QUARTER) * rise))
        level = np.floor(blur)
        s[_PART + i] = blur - level
        there = s[_WET + i] > _0  # elsewhere depth may be infinite
        s[_TAP + 768 + i], s[_TAP + 832 + i] = x if there else _0, y if there else _0
        s[_RISE + i] = level if there else _0
    for finer in range(2):
        for i in range(64):
            level = s[_RISE + i] - np.float32(finer)
            whole = level < _0  # the sharp image, twice the size
            size = _2 if whole else _1
            x, y = s[_TAP + 768 + i], s[_TAP + 832 + i]
            x, y = x if whole else x * _HALF - _QUARTER, y if whole else y * _HALF - _QUARTER
            x = min(max(x, _0), wide * size - _EDGE)
            y = min(max(y, _0), tall * size - _EDGE)
            a, b = np.floor(x), np.floor(y)
            s[_X + i], s[_Y + i] = x - a, y - b
            base = np.int32(0) if whole else np.int32(sharp) + np.int32(level) * np.int32(4 * w * h)
            spots[i] = base + np.int32(b * wide * size + a) * np.int32(4)
            offset[i] = np.int32(wide * size) * np.int32(4)
        fetch(s, spots, images, offset, 4)
        for c in range(3):
            tap, at = (_TAP + c * 64) & _PLUS, (_IMAGE + c * 64) & _PLUS
            for i in range(64):
                here = s[tap + i]
                old = s[at + i]
                mixed = here + (old - here) * s[_PART + i] if finer else here
                s[at + i] = mixed if s[_WET + i] > _0 or not finer else _0


@kernel
def beyond(s, spots, offset, sky):  # type: ignore[no-untyped-def]
    """IMAGE of a block: the sky's radiance, where there is only sky; latitude-longitude, bilinear, its first column
    once more at the end."""
    height, width = sky.shape[0], sky.shape[1]
    tall, wide = np.float32(height), np.float32(width - 1)
    for i in range(64):
        x, y, z = -s[_V + i], -s[_V + 64 + i], -s[_V + 128 + i]
        v = bearing(np.sqrt(x * x + y * y), z) * (tall / _PI) - _HALF
        u = bearing(x, y) * (wide / (_2 * _PI)) - _HALF
        u = u + wide if u < _0 else u
        v, u = min(max(v, _0), tall - _EDGE), min(max(u, _0), wide - _FAINT)
        a, b = np.floor(u), np.floor(v)
        s[_X + i], s[_Y + i] = u - a, v - b
        spots[i] = np.int32(b) * np.int32(width * 3) + np.int32(a) * np.int32(3)
        offset[i] = np.int32(width * 3)
    fetch(s, spots, sky.reshape(-1), offset, 3)
    for c in range(3):
        tap, at = (_TAP + c * 64) & _PLUS, (_IMAGE + c * 64) & _PLUS
        for i in range(64):
            s[at + i] = s[tap + i] if s[_SURFACE + i] < _0 else s[at + i]


@inlined
def weigh(s, taps, tap):  # type: ignore[no-untyped-def]
    """How far the sample to one side of each of a block's pixels shows the same surface and plane, added to SUM; and
    the least and greatest highlight of those that do."""
    t, at = ((tap >> 1) * _LINE + (tap & 1)) & _PLUS, (_TAP + tap * 64) & _PLUS
    for i in range(64):
        tx, ty, tz = taps[t + 3 * _WIDTH + i], taps[t + 4 * _WIDTH + i], taps[t + 5 * _WIDTH + i]
        same = tx * s[_N + i] + ty * s[_N + 64 + i] + tz * s[_N + 128 + i]
        dx, dy = s[_P + i] - taps[t + i], s[_P + 64 + i] - taps[t + _WIDTH + i]
        dz = s[_P + 128 + i] - taps[t + 2 * _WIDTH + i]
        gap = (tx * dx + ty * dy + tz * dz) * _SLACK / s[_DEPTH + i]
        gap *= gap
        good = same > _ALIKE and gap < _WIDE and taps[t + 6 * _WIDTH + i] == s[_SURFACE + i]
        share = same * same / (_1 + gap) if good else _0
        shine = taps[t + 18 * _WIDTH + i] + taps[t + 19 * _WIDTH + i] + taps[t + 20 * _WIDTH + i]
        s[at + i] = share
        s[_SUM + i] += share
        s[_LEAST + i] = min(s[_LEAST + i], shine if good else _FARTHEST)
        s[_MOST_GLOSS + i] = max(s[_MOST_GLOSS + i], shine if good else _0)


@kernel
def spread(s, taps, table, home, m, two, wanted):  # type: ignore[no-untyped-def]
    """Soft light of a block of m pixels from the samples beside them, two or (two) four, by how far they show the same
    surface and plane. Every second pixel of a row has a sample, from column home of the table on; of two rows. wanted:
    the first of the soft table's rows from FALL on that are, the others become 0."""
    lines = 2 if two else 1
    s[_FALL : _FALL + wanted * 64] = _0
    s[_SUM : _SUM + 64] = _0
    s[_LEAST : _LEAST + 64] = _FARTHEST
    s[_MOST_GLOSS : _MOST_GLOSS + 64] = _0
    for line in range(lines):
        start = home[line] & _PLUS
        for k in range(_TAPS):
            at = (line * _LINE + k * _WIDTH) & _PLUS
            for j in range(m // 2 + 1):
                value = table[k, start + j]
                taps[at + 2 * j] = value
                taps[at + 2 * j + 1] = value
    for tap in range(2 * lines):
        weigh(s, taps, tap)
    for i in range(64):
        s[_SHARE + i] = _1 / max(s[_SUM + i], _TINY)
    for tap in range(2 * lines):
        at = (_TAP + tap * 64) & _PLUS
        for i in range(64):
            s[at + i] *= s[_SHARE + i]
    for k in range(wanted, _SPREADABLE):
        at, t = (_FALL + k * 64) & _PLUS, ((7 + k) * _WIDTH) & _PLUS
        for i in range(64):
            s[at + i] = s[_TAP + i] * taps[t + i] + s[_TAP + 64 + i] * taps[t + 1 + i]
        if two:
            t += _LINE
            for i in range(64):
                s[at + i] += s[_TAP + 128 + i] * taps[t + i] + s[_TAP + 192 + i] * taps[t + 1 + i]


@kernel
def faced(s):  # type: ignore[no-untyped-def]
    """Direction V of a block to the eye; the sky faces it."""
    for i in range(64):
        x, y, z = s[_P + i], s[_P + 64 + i], s[_P + 128 + i]
        scale = -_1 / np.sqrt(x * x + y * y + z * z + _TINY)
        vx, vy, vz = x * scale, y * scale, z * scale
        sky = s[_SURFACE + i] < _0
        s[_V + i], s[_V + 64 + i], s[_V + 128 + i] = vx, vy, vz
        s[_N + i] = vx if sky else s[_N + i]
        s[_N + 64 + i] = vy if sky else s[_N + 64 + i]
        s[_N + 128 + i] = vz if sky else s[_N + 128 + i]


@kernel
def sunlit(s, key):  # type: ignore[no-untyped-def]
    """Add the key light to a block, on matt matter and as a highlight, both as the lamps' in `light`; soft light turns
    with the normal."""
    kx, ky, kz, kr, kg, kb, wide = key[0], key[1], key[2], key[3], key[4], key[5], key[6]
    for i in range(64):
        nx, ny, nz = s[_N + i], s[_N + 64 + i], s[_N + 128 + i]
        turn = nx * s[_TURN + i] + ny * s[_TURN + 64 + i] + nz * s[_TURN + 128 + i] - s[_LEVEL + i]
        s[_TURN + i] = min(_MOST_TURN, max(_LEAST_TURN, _1 + turn))
    if kr + kg + kb <= _0:
        for c in range(3):
            at = (_FALL + c * 64) & _PLUS
            for i in range(64):
                s[at + i] *= s[_TURN + i]
        return
    for i in range(64):
        nx, ny, nz = s[_N + i], s[_N + 64 + i], s[_N + 128 + i]
        vx, vy, vz = s[_V + i], s[_V + 64 + i], s[_V + 128 + i]
        rough, soft, there, turn = s[_ROUGH + i], s[_SOFT + i], s[_LIT + i], s[_TURN + i]
        cosine = nx * kx + ny * ky + nz * kz
        away = cosine < -_HALF * soft or (cosine <= _0 and soft <= _0)
        there = _0 if away and s[_SURFACE + i] >= _0 else there
        s[_LIT + i] = there
        nh = cosine + nx * vx + ny * vy + nz * vz
        r, g, b = _1 / (_1 + soft * _FLESH_R), _1 / (_1 + soft * _FLESH_G), _1 / (_1 + soft * _FLESH_B)
        a = max(rough * rough, _SMOOTH) + wide
        a2 = max(a * a, _FINEST)
        lv = _1 + kx * vx + ky * vy + kz * vz + _FAINT
        k = nh * nh * (a2 - _1) + _2 * lv
        f = there * a2 * max(_0, cosine) * lv * lv / (k * k * max(lv * _HALF, _TENTH) * (rough + _HALF))
        crease = there * (_CREASE + (_1 - _CREASE) * s[_SHADE + i])
        s[_FALL + i] = s[_FALL + i] * turn + kr * crease * max(_0, cosine * r + _1 - r)
        s[_FALL + 64 + i] = s[_FALL + 64 + i] * turn + kg * crease * max(_0, cosine * g + _1 - g)
        s[_FALL + 128 + i] = s[_FALL + 128 + i] * turn + kb * crease * max(_0, cosine * b + _1 - b)
        s[_GLOSS + i] += kr * f
        s[_GLOSS + 64 + i] += kg * f
        s[_GLOSS + 128 + i] += kb * f


@kernel
def mirrored_share(s):  # type: ignore[no-untyped-def]
    """How much of what a block reflects reaches the eye: Fresnel and the lobe's losses (Karis, Physically Based Shading
    on Mobile, 2014), and water's."""
    for i in range(64):
        nx, ny, nz = s[_N + i], s[_N + 64 + i], s[_N + 128 + i]
        rough = s[_ROUGH + i]
        nv = min(_1, max(_0, nx * s[_V + i] + ny * s[_V + 64 + i] + nz * s[_V + 128 + i]))
        rim = (_1 - nv) * (_1 - nv)
        rim4 = rim * rim
        rim5 = rim4 * (_1 - nv)
        wetness = s[_WET + i] * min(_1, max(_0, (_DRY - rough) * _2))
        q = _1 - rough
        bend = min(q * q, rim5) * q + _KARIS_A - _KARIS_B * rough
        # what is rough hides its own grazing facets, or earth would turn white towards a low sun
        s[_RIM4 + i], s[_RIM5 + i], s[_WET + i] = rim4, rim5 * min(_1, q * _FACETS), wetness
        s[_SHINE + i] = max(_0, _KARIS_C - _KARIS_D * rough - _KARIS_E * bend)
        s[_ADDED + i] = _KARIS_E * bend + _KARIS_F * rough - _FOUR_PERCENT
        s[_WATER + i] = wetness * (_FOUR_PERCENT + (_1 - _FOUR_PERCENT) * rim5) * (_1 - _HALF * rough)


@kernel
def seen_colour(s, c):  # type: ignore[no-untyped-def]
    """One colour of a block's radiance, into FALL, and its matt part, into GLOSS; IMAGE becomes what water mirrors."""
    lane = (c * 64) & _PLUS
    albedo_at, fall_at, gloss_at, glow_at = _ALBEDO + lane, _FALL + lane, _GLOSS + lane, _GLOW + lane
    envelope_at, image_at, veil_at = _ENVELOPE + lane, _IMAGE + lane, _VEIL + lane
    for i in range(64):
        metal, wetness, shade, albedo = s[_METAL + i], s[_WET + i], s[_SHADE + i], s[albedo_at + i]
        base = _FOUR_PERCENT + (albedo - _FOUR_PERCENT) * metal
        velvet = s[_SHEEN + i] * s[_RIM4 + i] * (_QUARTER + _HALF * albedo)
        matter = (albedo * (_1 - metal) + velvet) * s[fall_at + i]
        shine = s[gloss_at + i] * (base + (_1 - base) * s[_RIM5 + i]) * (_HALF + _HALF * shade)
        part = max(_0, base * s[_SHINE + i] + s[_ADDED + i])
        shine += (_1 - wetness) * s[envelope_at + i] * part
        water, image = s[_WATER + i], s[image_at + i]
        matter *= (_1 - _HALF * wetness) * (_1 - water)
        shine += water * image * (_SHY + (_1 - _SHY) * shade)
        sky = s[_SURFACE + i] < _0
        total = image if sky else matter + shine + s[glow_at + i]
        s[fall_at + i] = total * s[_THROUGH + i] + s[veil_at + i]
        s[gloss_at + i] = _0 if sky else matter
        s[image_at + i] = _0 if sky else image


@kernel
def finish(  # type: ignore[no-untyped-def]
    values, surface, sx, sy, count, table, width, key, sky_image, lean, texel, images, across, down,
    out, matt, reflected, lit, lost
):  # fmt: skip
    """Radiance out (3, N), its matt part matt (3, N), reflected (3, N) off the wet plane, and the share of the key
    light lit (N,) of the first `count` surfels; returns how many of them it wrote to lost (N,) because their soft light
    has to be gathered anew.

    width: of a row of the band of pixels, 0 if the table has a row for each surfel · lean (2, 3): the picture's right,
    and forward along the ground, times the focal length in the mirror's texels, of which one is `texel` pixels wide.
    Sixty-four surfels at a time go through one flat scratch array, as in `light`.
    """
    row = count if width == 0 else width
    half, missing = width // 2 + 1, 0
    s, taps = np.ones(_ROWS * 64, np.float32), np.ones(2 * _LINE, np.float32)
    spots, offset = np.zeros(64, np.int32), np.zeros(64, np.int32)
    for y in range(count // row):
        for x in range(0, row, 64):
            m, start = min(64, row - x), (y * row + x) & _PLUS
            for k in range(17):
                for i in range(m):
                    s[k * 64 + i] = values[k, start + i]
            skies, wets = 0, 0
            for i in range(m):
                s[_WET + i] = values[21, start + i]
                s[_SURFACE + i] = np.float32(surface[start + i])
                skies += 1 if surface[start + i] < 0 else 0
                wets += 1 if values[21, start + i] > _0 else 0
            faced(s)
            if width > 0:
                home = (y >> 1) * half + (x >> 1)
                spread(s, taps, table, (home, home + half), m, y & 1, _HAZY if skies == m else 0)
                for i in range(m):
                    least, most = s[_LEAST + i], s[_MOST_GLOSS + i]
                    faint = most * (_QUARTER + s[_METAL + i]) < _GLINT  # little of it comes off anything but metal
                    even = faint or most - least < _GLITTER * most
                    if s[_SUM + i] <= _0 or not (even or s[_ROUGH + i] > _POLISHED or s[_WET + i] > _0):
                        lost[missing] = start + i
                        missing += 1
            else:
                for k in range(_SPREADABLE):
                    at = (_FALL + k * 64) & _PLUS
                    for i in range(m):
                        s[at + i] = table[7 + k, start + i]
            s[_IMAGE : _IMAGE + 192] = _0
            if wets > 0:
                wet(s, spots, offset, sx, sy, start, m, lean, texel, images, across, down)
            if skies > 0:
                beyond(s, spots, offset, sky_image)
            if skies < m:
                sunlit(s, key)
                mirrored_share(s)
            for c in range(3):
                seen_colour(s, c)
                lane = (c * 64) & _PLUS
                for i in range(m):
                    out[c, start + i] = s[_FALL + lane + i]
                for i in range(m):
                    matt[c, start + i] = s[_GLOSS + lane + i]
                for i in range(m):
                    reflected[c, start + i] = s[_IMAGE + lane + i]
            for i in range(m):
                lit[start + i] = s[_LIT + i]
    return missing


def last_of(around: Surroundings) -> tuple[Any, ...]:
    """What `finish` takes from key to down."""
    about, mirror = around.about, around.mirror
    return about.key, about.sky.image, about.lean, about.texel, mirror.images, mirror.width, mirror.height
