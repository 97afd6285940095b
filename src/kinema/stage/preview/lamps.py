"""Light of the strongest lamps on surfels, in loops a compiler can vectorise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Camera, Lamp
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.resolve import Surfels

LAMPS = 16  # lit per frame
SUBJECT = 1.0 / 3.0  # where in the reach the subject stands
EVENLY = 0.25  # of a lamp's light, what a surface turned any way gets in the mean

# columns of a lamp's row
X, Y, Z, RED, GREEN, BLUE, RADIUS, AX, AY, AZ, DIRECTED, SPOT, SPOT_SLOPE, STANDS = range(14)

_0 = np.float32(0.0)
_1 = np.float32(1.0)
_2 = np.float32(2.0)
_HALF, _THIRD = np.float32(0.5), np.float32(1.0 / 3.0)
_TENTH = np.float32(0.1)
_FINEST = np.float32(0.0025)  # least squared-roughness: a highlight no pixel misses
_FAINT = np.float32(2e-4)
_SMOOTH = np.float32(0.02)  # least roughness squared of any surface
FLESH = (0.5, 0.28, 0.18)  # how far light wraps round a fully soft surface
_FLESH_R, _FLESH_G, _FLESH_B = (np.float32(x) for x in FLESH)
_BEND = np.float32(0.12)
_PLUS = 0x7FFFFFFF  # an index masked with it cannot be one from the end, for all the compiler knows: it may vectorise
_WEAK = np.float32(0.002)  # radiance below which a lamp is left out of a block


@dataclass(frozen=True, eq=False)
class LampLight:
    """diffuse (3, N): light on a white matt surface · gloss (3, N): highlights, before Fresnel · pull (3, N): how the
    diffuse light's luminance grows with the normal."""

    diffuse: F32
    gloss: F32
    pull: F32


@kernel
def light(values, lamps, diffuse, gloss, pull):  # type: ignore[no-untyped-def]
    """Light the columns of values. Microfacet lobes after Karis (Physically Based Shading on
    Mobile, 2014); a lamp's size widens them. The red end of the light reaches further round flesh, leaves and cloth.

    Sixty-four surfels at a time are copied to one flat scratch array, field by field: with a single array the compiler
    can prove that loads and stores do not overlap, and vectorises the inner loops.
    """
    count = values.shape[1]
    s = np.empty(26 * 64, np.float32)
    s[:] = _1
    for first in range(0, count, 64):
        m = min(64, count - first)
        first = first & _PLUS
        mx, my, mz = _0, _0, _0
        for k in range(6):
            for i in range(m):
                s[k * 64 + i] = values[k, first + i]
        for i in range(m):
            s[384 + i], s[448 + i], s[512 + i] = values[12, first + i], values[14, first + i], values[21, first + i]
            mx, my, mz = mx + s[i], my + s[64 + i], mz + s[128 + i]
        share = _1 / np.float32(m)
        mx, my, mz = mx * share, my * share, mz * share
        spread = _0
        for i in range(m):
            dx, dy, dz = s[i] - mx, s[64 + i] - my, s[128 + i] - mz
            spread = max(spread, dx * dx + dy * dy + dz * dz)
        spread = np.sqrt(spread)
        for i in range(64):
            x, y, z = s[i], s[64 + i], s[128 + i]
            far = -_1 / np.sqrt(x * x + y * y + z * z + _FAINT)
            vx, vy, vz = x * far, y * far, z * far
            nv = s[192 + i] * vx + s[256 + i] * vy + s[320 + i] * vz
            s[576 + i], s[640 + i], s[704 + i], s[768 + i] = vx, vy, vz, nv
            rough, soft = s[384 + i], s[448 + i]
            s[832 + i] = max(rough * rough, _SMOOTH)
            s[896 + i] = _1 / (rough + _HALF)
            r, g, b = _1 / (_1 + soft * _FLESH_R), _1 / (_1 + soft * _FLESH_G), _1 / (_1 + soft * _FLESH_B)
            s[1536 + i], s[448 + i], s[384 + i] = r, g, b
        s[960 : 24 * 64] = _0
        for q in range(lamps.shape[0]):
            px, py, pz = lamps[q, 0], lamps[q, 1], lamps[q, 2]
            lr, lg, lb = lamps[q, 3], lamps[q, 4], lamps[q, 5]
            radius, ax, ay, az = lamps[q, 6], lamps[q, 7], lamps[q, 8], lamps[q, 9]
            directed, spot, slope, stands = lamps[q, 10], lamps[q, 11], lamps[q, 12], lamps[q, 13]
            bx, by, bz = mx - px, my - py, mz - pz
            gap = max(_0, np.sqrt(bx * bx + by * by + bz * bz) - spread)
            r2 = radius * radius
            if max(lr, max(lg, lb)) < _WEAK * (gap * gap + r2):
                continue
            if directed > _HALF and bx * ax + by * ay + bz * az + spread < _0:
                continue
            plain = _1 - directed
            mean = (lr + lg + lb) * _THIRD
            for i in range(64):
                lx, ly, lz = px - s[i], py - s[64 + i], pz - s[128 + i]
                d2 = lx * lx + ly * ly + lz * lz
                near = _1 / np.sqrt(d2 + _FAINT)
                lx, ly, lz = lx * near, ly * near, lz * near
                away = -(lx * ax + ly * ay + lz * az)
                power = (max(away, _0) * directed + plain) * min(_1, max(_0, (away - spot) * slope)) / (d2 + r2)
                cosine = s[192 + i] * lx + s[256 + i] * ly + s[320 + i] * lz
                size = radius * near
                bend = min(size, _1) * _BEND  # a lamp with size lights a little round the corner
                soft = cosine - _1
                half = soft * s[448 + i] + _1 + bend
                s[960 + i] += lr * power * max(_0, soft * s[1536 + i] + _1 + bend)
                s[1024 + i] += lg * power * max(_0, half)
                s[1088 + i] += lb * power * max(_0, soft * s[384 + i] + _1 + bend)
                steer = mean * power * s[448 + i] if half > _0 else _0
                s[1344 + i] += steer * lx
                s[1408 + i] += steer * ly
                s[1472 + i] += steer * lz
                a = min(_1, s[832 + i] + size * _HALF)
                a2 = max(a * a, _FINEST)
                lv = _1 + lx * s[576 + i] + ly * s[640 + i] + lz * s[704 + i] + _FAINT
                nh = cosine + s[768 + i]
                k = nh * nh * (a2 - _1) + _2 * lv
                f = power * a2 * max(_0, cosine) * lv * lv * (_1 - stands * s[512 + i]) * s[896 + i]
                f /= k * k * max(lv * _HALF, _TENTH)
                s[1152 + i] += lr * f
                s[1216 + i] += lg * f
                s[1280 + i] += lb * f
        for c in range(3):
            lane = (c * 64) & _PLUS
            for i in range(m):
                diffuse[c, first + i] = s[960 + lane + i]
            for i in range(m):
                gloss[c, first + i] = s[1152 + lane + i]
            for i in range(m):
                pull[c, first + i] = s[1344 + lane + i]


def lamp_light(points: Surfels, rows: F32) -> LampLight:
    """Light the surfels with rows (L, 14) from lamp_rows."""
    result = LampLight(*np.zeros((3, 3, len(points.surface)), np.float32))
    if len(rows):
        light(points.values, rows, result.diffuse, result.gloss, result.pull)
    return result


def lamp_rows(lamps: tuple[Lamp, ...], camera: Camera, reach: float, count: int = LAMPS) -> tuple[F32, F32]:
    """The lamps that light the view most (L, 14), relative to the eye, and what all others shed around it (3,).

    reach: how far into the picture (m) it matters. The weakest fade into the others' glow before another takes over,
    so that nothing jumps as the camera moves.
    """
    if not lamps:
        return np.zeros((0, 14), np.float32), np.zeros(3, np.float32)
    eye = np.asarray(camera.position, np.float64)
    table = _table(lamps, eye)
    share = _shares(table, np.asarray(camera.rotation, np.float64), reach)
    score = share * table[:, 3:6].sum(1)
    order = np.argsort(-score, kind="stable")
    kept = np.ones(len(lamps))
    if len(lamps) > count:
        kept = np.clip((score / max(float(score[order[count]]), 1e-9) - 1.0) / 0.2, 0.0, 1.0)
        kept[order[count:]] = 0.0
    others = (table[:, 3:6] * (share * (1.0 - kept))[:, None]).sum(0)
    table[:, 3:6] *= kept[:, None].astype(np.float32)
    return np.ascontiguousarray(table[np.sort(order[:count])]), np.asarray(others * EVENLY, np.float32)


def _table(lamps: tuple[Lamp, ...], eye: F64) -> F32:
    """Rows (L, 14) of lamps, their places relative to the eye."""
    normals = [lamp.normal for lamp in lamps]
    spots = [-2.0 if lamp.spot is None or lamp.normal is None else lamp.spot for lamp in lamps]
    table = np.empty((len(lamps), 14), np.float32)
    table[:, X : Z + 1] = np.array([lamp.position for lamp in lamps], np.float64) - eye
    table[:, RED : BLUE + 1] = [lamp.colour for lamp in lamps]
    table[:, RADIUS] = [max(lamp.radius, 0.02) for lamp in lamps]
    table[:, AX : AZ + 1] = [(0.0, 0.0, 0.0) if normal is None else normal for normal in normals]
    table[:, DIRECTED] = [normal is not None for normal in normals]
    table[:, SPOT] = spots
    table[:, SPOT_SLOPE] = [1.0 if spot < -1.0 else 2.0 / max(1.0 - spot, 1e-3) for spot in spots]
    table[:, STANDS] = [lamp.stands_for_surface for lamp in lamps]
    return table


def _shares(table: F32, rotation: F64, reach: float) -> F64:
    """How much of each lamp's light (L,) reaches a few places along the view, in the mean; the subject's counts twice,
    and lamps on the camera's side of it, which light what is seen, count more."""
    total = np.zeros(len(table))
    places = {0.15: 1.0, SUBJECT: 2.0, 1.0: 1.0}
    for share, count in places.items():
        towards = share * reach * rotation[2] - table[:, :3]
        d2 = (towards**2).sum(1)
        path = towards / np.sqrt(d2 + 1e-6)[:, None]
        away = (path * table[:, 7:10]).sum(1)
        directed = np.where(table[:, 10] > 0.5, np.clip(0.5 + away, 0.1, 1.0), 1.0)
        before = 0.6 + np.maximum(path @ rotation[2], 0.0)
        total += count * directed * before / (d2 + (0.25 * reach * share) ** 2 + 1.0)
    return total / sum(places.values())
