"""Direct light on surfels: the key light and the strongest lamps, in loops a compiler can vectorise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Camera, KeyLight, Lamp
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels

LAMPS = 16  # lit per frame
GRAIN = 32768
BLOCK = 64  # samples tested together against a lamp's reach

# columns of a lamp's row
X, Y, Z, RED, GREEN, BLUE, RADIUS, AX, AY, AZ, DIRECTED, SPOT, SPOT_SLOPE, STANDS = range(14)

_0 = np.float32(0.0)
_1 = np.float32(1.0)
_2 = np.float32(2.0)
_HALF = np.float32(0.5)
_TENTH = np.float32(0.1)
_FINEST = np.float32(0.0025)  # least squared-roughness: a highlight no pixel misses
_FAINT = np.float32(2e-4)


@dataclass(frozen=True, eq=False)
class Direct:
    """diffuse (3, N): light on a white matt surface · gloss (3, N): highlights, before Fresnel."""

    diffuse: F32
    gloss: F32


@kernel
def light(values, start, end, key, visible, lamps, diffuse, gloss):  # type: ignore[no-untyped-def]
    """Light columns [start, end). Microfacet lobes after Karis (Physically Based Shading on Mobile, 2014); a lamp's
    size widens them. The red end of the light reaches further round flesh, leaves and cloth."""
    for s in range(start, end, 64):
        e = min(s + 64, end)
        mx, my, mz = _0, _0, _0
        for n in range(s, e):
            mx += values[0, n]
            my += values[1, n]
            mz += values[2, n]
        share = _1 / np.float32(e - s)
        mx, my, mz = mx * share, my * share, mz * share
        spread = _0
        for n in range(s, e):
            dx, dy, dz = values[0, n] - mx, values[1, n] - my, values[2, n] - mz
            spread = max(spread, dx * dx + dy * dy + dz * dz)
        spread = np.sqrt(spread)
        kx, ky, kz, kr, kg, kb, width = key[0], key[1], key[2], key[3], key[4], key[5], key[6]
        for n in range(s, e):
            x, y, z = values[0, n], values[1, n], values[2, n]
            nx, ny, nz = values[3, n], values[4, n], values[5, n]
            far = _1 / np.sqrt(x * x + y * y + z * z + _FAINT)
            vx, vy, vz = -x * far, -y * far, -z * far
            cosine = nx * kx + ny * ky + nz * kz
            nv = nx * vx + ny * vy + nz * vz
            soft = values[14, n]
            wr, wg, wb = soft * np.float32(0.5), soft * np.float32(0.28), soft * np.float32(0.18)
            there = visible[n]
            diffuse[0, n] = kr * there * max(_0, (cosine + wr) / (_1 + wr))
            diffuse[1, n] = kg * there * max(_0, (cosine + wg) / (_1 + wg))
            diffuse[2, n] = kb * there * max(_0, (cosine + wb) / (_1 + wb))
            rough = values[12, n]
            a = max(rough * rough, np.float32(0.02)) + width
            a2 = max(a * a, _FINEST)
            lv = _1 + kx * vx + ky * vy + kz * vz
            nh = cosine + nv
            k = nh * nh / (_2 * lv + _FAINT) * (a2 - _1) + _1
            g = there * a2 * max(_0, cosine) / (k * k * np.float32(4.0) * max(lv * _HALF, _TENTH) * (rough + _HALF))
            gloss[0, n], gloss[1, n], gloss[2, n] = kr * g, kg * g, kb * g
        for q in range(lamps.shape[0]):
            px, py, pz = lamps[q, 0], lamps[q, 1], lamps[q, 2]
            lr, lg, lb = lamps[q, 3], lamps[q, 4], lamps[q, 5]
            radius, ax, ay, az = lamps[q, 6], lamps[q, 7], lamps[q, 8], lamps[q, 9]
            directed, spot, slope, stands = lamps[q, 10], lamps[q, 11], lamps[q, 12], lamps[q, 13]
            bx, by, bz = mx - px, my - py, mz - pz
            gap = max(_0, np.sqrt(bx * bx + by * by + bz * bz) - spread)
            r2 = radius * radius
            if max(lr, max(lg, lb)) < np.float32(0.002) * (gap * gap + r2):
                continue
            if directed > _HALF and bx * ax + by * ay + bz * az + spread < _0:
                continue
            for n in range(s, e):
                x, y, z = values[0, n], values[1, n], values[2, n]
                nx, ny, nz = values[3, n], values[4, n], values[5, n]
                far = _1 / np.sqrt(x * x + y * y + z * z + _FAINT)
                vx, vy, vz = -x * far, -y * far, -z * far
                lx, ly, lz = px - x, py - y, pz - z
                d2 = lx * lx + ly * ly + lz * lz
                near = _1 / np.sqrt(d2 + _FAINT)
                lx, ly, lz = lx * near, ly * near, lz * near
                away = -(lx * ax + ly * ay + lz * az)
                power = (max(away, _0) * directed + _1 - directed) / (d2 + r2)
                power *= min(_1, max(_0, (away - spot) * slope))
                cosine = nx * lx + ny * ly + nz * lz
                nv = nx * vx + ny * vy + nz * vz
                soft = values[14, n]
                wr, wg, wb = soft * np.float32(0.5), soft * np.float32(0.28), soft * np.float32(0.18)
                # a lamp with size lights a little round the corner
                bend = min(radius * near, _1) * np.float32(0.3)
                wr, wg, wb = wr + bend, wg + bend, wb + bend
                diffuse[0, n] += lr * power * max(_0, (cosine + wr) / (_1 + wr))
                diffuse[1, n] += lg * power * max(_0, (cosine + wg) / (_1 + wg))
                diffuse[2, n] += lb * power * max(_0, (cosine + wb) / (_1 + wb))
                rough = values[12, n]
                a = min(_1, max(rough * rough, np.float32(0.02)) + radius * near * _HALF)
                a2 = max(a * a, _FINEST)
                lv = _1 + lx * vx + ly * vy + lz * vz
                nh = cosine + nv
                k = nh * nh / (_2 * lv + _FAINT) * (a2 - _1) + _1
                g = power * a2 * max(_0, cosine)
                g /= k * k * np.float32(4.0) * max(lv * _HALF, _TENTH) * (rough + _HALF)
                g *= _1 - stands * values[21, n]
                gloss[0, n] += lr * g
                gloss[1, n] += lg * g
                gloss[2, n] += lb * g


def direct(points: Surfels, key_light: KeyLight | None, visible: F32, rows: F32) -> Direct:
    """Light the surfels: visible (N,) of the key light, rows (L, 14) from lamp_rows."""
    count = len(points.surface)
    result = Direct(np.empty((3, count), np.float32), np.empty((3, count), np.float32))
    key = np.zeros(7, np.float32)
    if key_light is not None:
        key[:] = *key_light.direction, *key_light.colour, 2.0 * key_light.angular_radius
    over(
        count,
        GRAIN,
        lambda a, b: light(points.values, a, b, key, visible, rows, result.diffuse, result.gloss),
    )
    return result


def lamp_rows(lamps: tuple[Lamp, ...], camera: Camera, reach: float, count: int = LAMPS) -> F32:
    """The lamps that light the view most (L, 14), relative to the eye; the weakest fade before another takes over.

    reach: how far into the picture (m) it matters.
    """
    if not lamps:
        return np.zeros((0, 14), np.float32)
    eye = np.asarray(camera.position, np.float64)
    table = np.array([_row(lamp, eye) for lamp in lamps], np.float32)
    score = _score(table, np.asarray(camera.rotation, np.float64), reach)
    if len(lamps) <= count:
        return table
    order = np.argsort(-score, kind="stable")
    fade = np.clip((score / max(float(score[order[count]]), 1e-9) - 1.0) / 0.3, 0.0, 1.0)
    table[:, 3:6] *= fade[:, None].astype(np.float32)
    return np.ascontiguousarray(table[np.sort(order[:count])])


def _row(lamp: Lamp, eye: F64) -> tuple[float, ...]:
    place = np.asarray(lamp.position, np.float64) - eye
    normal = (0.0, 0.0, 0.0) if lamp.normal is None else lamp.normal
    spot = -2.0 if lamp.spot is None or lamp.normal is None else lamp.spot
    slope = 1.0 if spot < -1.0 else 2.0 / max(1.0 - spot, 1e-3)
    return (
        *place, *lamp.colour, max(lamp.radius, 0.02), *normal, float(lamp.normal is not None), spot, slope,
        float(lamp.stands_for_surface),
    )  # fmt: skip


def _score(table: F32, rotation: F64, reach: float) -> F64:
    """Light each lamp brings to a few places along the view."""
    total = np.zeros(len(table))
    strength = table[:, 3:6].sum(1).astype(np.float64)
    for share in (0.15, 0.4, 1.0):
        towards = share * reach * rotation[2] - table[:, :3]
        d2 = (towards**2).sum(1)
        away = (towards * table[:, 7:10]).sum(1) / np.sqrt(d2 + 1e-6)
        directed = np.where(table[:, 10] > 0.5, np.clip(0.5 + away, 0.1, 1.0), 1.0)
        total += strength * directed / (d2 + (0.25 * reach * share) ** 2 + 1.0)
    return total
