"""Fog lit by the lamps: the glow each spreads along every line of sight, on a coarse grid."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Fog
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels


@kernel
def glow(values, start, end, lamps, density, out):  # type: ignore[no-untyped-def]
    """Light scattered into the eye from every lamp, per unit of scattering colour: the integral of 1 / distance^2
    along the line, which is an arc tangent over the lamp's distance from the line."""
    count = lamps.shape[0]
    for n in range(start, end):
        x, y, z = values[0, n], values[1, n], values[2, n]
        far = np.sqrt(x * x + y * y + z * z)
        x, y, z = x / far, y / far, z / far
        far = min(far, 150.0) if values[16, n] < 1e9 else 150.0
        red, green, blue = 0.0, 0.0, 0.0
        for q in range(count):
            lx, ly, lz = lamps[q, 0], lamps[q, 1], lamps[q, 2]
            along = lx * x + ly * y + lz * z
            aside2 = max(lx * lx + ly * ly + lz * lz - along * along, 0.0) + lamps[q, 6] * lamps[q, 6] + 0.02
            aside = np.sqrt(aside2)
            a, b = -along / aside, (far - along) / aside
            # atan(b) - atan(a), each by a rational fit good to a hundredth
            ra = a / (1.0 + 0.28 * a * a) if abs(a) < 1.0 else np.copysign(1.5708, a) - a / (a * a + 0.28)
            rb = b / (1.0 + 0.28 * b * b) if abs(b) < 1.0 else np.copysign(1.5708, b) - b / (b * b + 0.28)
            amount = max(0.0, rb - ra) / aside
            if lamps[q, 10] > 0.5:
                # lit only before its face: ask at the line's nearest point
                near = min(max(along, 0.0), far)
                bx, by, bz = x * near - lx, y * near - ly, z * near - lz
                front = bx * lamps[q, 7] + by * lamps[q, 8] + bz * lamps[q, 9]
                reach = np.sqrt(bx * bx + by * by + bz * bz) + 0.3
                amount *= min(1.0, max(0.0, 0.5 + 0.7 * front / reach))
            amount /= (1.0 + 0.5 * density * max(along, 0.0)) ** 2  # about exp(-density along)
            red += lamps[q, 3] * amount
            green += lamps[q, 4] * amount
            blue += lamps[q, 5] * amount
        k = 0.25 * density  # an even phase function against the lamps' unit, radiance of white at a metre
        out[n, 0], out[n, 1], out[n, 2] = red * k, green * k, blue * k


def lamp_glow(points: Surfels, eye: F64, fog: Fog | None, lamps: F32) -> F32:
    """(N, 3) on the way to each surfel."""
    out = np.zeros((len(points.surface), 3), np.float32)
    if fog is not None and len(lamps):
        density = fog.density * float(np.exp(-max(eye[2], 0.0) / fog.scale_height))
        over(len(out), 2048, lambda a, b: glow(points.values, a, b, lamps, density, out))
    return out
