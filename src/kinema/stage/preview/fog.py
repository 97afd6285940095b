"""Fog lit by the lamps: the glow each spreads along every line of sight, on a coarse grid."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Fog
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels

# numbers of the kernel, in single precision
_0, _HALF, _1, _RIGHT, _BEND = (np.float32(x) for x in (0.0, 0.5, 1.0, np.pi / 2.0, 0.28))
_LEAST, _FADE, _REACH, _STEEP, _QUARTER = (np.float32(x) for x in (0.02, 0.5, 0.3, 0.7, 0.25))
_SKY, _END = np.float32(1e9), np.float32(150.0)  # metres; beyond this no lamp's light comes back


@kernel
def arc(x):  # type: ignore[no-untyped-def]
    """arctan(x), by a rational fit good to a hundredth."""
    square = x * x
    return x / (_1 + _BEND * square) if abs(x) < _1 else np.copysign(_RIGHT, x) - x / (square + _BEND)


@kernel
def glow(values, start, end, lamps, density, out):  # type: ignore[no-untyped-def]
    """Light scattered into the eye from every lamp, per unit of scattering colour, into out (3, N): the integral of
    1 / distance^2 along the line, which is an arc tangent over the lamp's distance from the line. By blocks, as
    `obscure`; s: direction, length of the line of sight, light."""
    unit = _QUARTER * density  # an even phase function against the lamps' unit, radiance of white at a metre
    s = np.ones(7 * 64, np.float32)
    for first in range(start, end, 64):
        m = min(64, end - first)
        for i in range(m):
            for k in range(3):
                s[k * 64 + i] = values[k, first + i]
            s[192 + i] = values[16, first + i]
        for i in range(64):
            x, y, z = s[i], s[64 + i], s[128 + i]
            far = np.sqrt(x * x + y * y + z * z)
            s[i], s[64 + i], s[128 + i] = x / far, y / far, z / far
            s[192 + i] = min(far, _END) if s[192 + i] < _SKY else _END
            s[256 + i], s[320 + i], s[384 + i] = _0, _0, _0
        for q in range(lamps.shape[0]):
            lx, ly, lz = lamps[q, 0], lamps[q, 1], lamps[q, 2]
            red, green, blue, radius = lamps[q, 3], lamps[q, 4], lamps[q, 5], lamps[q, 6]
            ax, ay, az, directed = lamps[q, 7], lamps[q, 8], lamps[q, 9], lamps[q, 10]
            square, size = lx * lx + ly * ly + lz * lz, radius * radius + _LEAST
            for i in range(64):
                x, y, z, far = s[i], s[64 + i], s[128 + i], s[192 + i]
                along = lx * x + ly * y + lz * z
                aside = _1 / np.sqrt(max(square - along * along, _0) + size)
                amount = max(_0, arc((far - along) * aside) - arc(-along * aside)) * aside
                # lit only before its face: ask at the line's nearest point
                near = min(max(along, _0), far)
                bx, by, bz = x * near - lx, y * near - ly, z * near - lz
                front = (bx * ax + by * ay + bz * az) / (np.sqrt(bx * bx + by * by + bz * bz) + _REACH)
                face = min(_1, max(_0, _HALF + _STEEP * front))
                fade = _1 + _FADE * density * max(along, _0)
                amount *= (_1 + directed * (face - _1)) / (fade * fade)  # about exp(-density along)
                s[256 + i] += red * amount
                s[320 + i] += green * amount
                s[384 + i] += blue * amount
        for k in range(3):
            for i in range(m):
                out[k, first + i] = s[(4 + k) * 64 + i] * unit


def lamp_glow(points: Surfels, eye: F64, fog: Fog, lamps: F32) -> F32:
    """(N, 3) on the way to each surfel."""
    out = np.zeros((3, len(points.surface)), np.float32)
    density = np.float32(fog.density * float(np.exp(-max(eye[2], 0.0) / fog.scale_height)))
    over(out.shape[1], 2048, lambda a, b: glow(points.values, a, b, lamps, density, out))
    return out.T
