"""Light on surfels: key light, lamps, sky."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, SceneFrame
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels


@kernel
def plain(values, surface, start, end, key, lamps, sky, image, out):  # type: ignore[no-untyped-def]
    """Key light, lamps without shadows, sky from above and below; out (N, 3)."""
    height, width = image.shape[0], image.shape[1]
    for n in range(start, end):
        x, y, z = values[0, n], values[1, n], values[2, n]
        far = np.sqrt(x * x + y * y + z * z)
        if surface[n] < 0:
            row = np.arccos(min(1.0, max(-1.0, z / far))) / np.pi * height
            column = np.arctan2(x, y) / (2.0 * np.pi) * width
            for c in range(3):
                out[n, c] = image[min(height - 1, int(row)), int(np.floor(column)) % width, c]
            continue
        nx, ny, nz = values[3, n], values[4, n], values[5, n]
        wrap = 0.5 * values[14, n]
        rough = max(values[12, n], 0.08)
        metal = values[13, n]
        a2 = rough * rough * rough * rough
        vx, vy, vz = -x / far, -y / far, -z / far
        for c in range(3):
            up = 0.5 + 0.5 * nz
            out[n, c] = values[9 + c, n] + values[6 + c, n] * (sky[0, c] * up + sky[1, c] * (1.0 - up))
        for p in range(lamps.shape[0] + 1):
            if p == 0:
                lx, ly, lz = key[0], key[1], key[2]
                power = 1.0
                r, g, b = key[3], key[4], key[5]
            else:
                q = p - 1
                lx, ly, lz = lamps[q, 0] - x, lamps[q, 1] - y, lamps[q, 2] - z
                d2 = lx * lx + ly * ly + lz * lz
                d = np.sqrt(d2)
                lx, ly, lz = lx / d, ly / d, lz / d
                power = 1.0 / (d2 + lamps[q, 6] * lamps[q, 6])
                if lamps[q, 11] > 0.5:
                    away = -(lx * lamps[q, 7] + ly * lamps[q, 8] + lz * lamps[q, 9])
                    power *= max(0.0, away)
                    if lamps[q, 10] > -1.0:
                        power *= min(1.0, max(0.0, (away - lamps[q, 10]) / (1.0 - lamps[q, 10]) * 3.0))
                r, g, b = lamps[q, 3], lamps[q, 4], lamps[q, 5]
            cosine = nx * lx + ny * ly + nz * lz
            diffuse = max(0.0, (cosine + wrap) / (1.0 + wrap)) * power
            if diffuse <= 0.0:
                continue
            hx, hy, hz = lx + vx, ly + vy, lz + vz
            hl = np.sqrt(hx * hx + hy * hy + hz * hz) + 1e-6
            nh = max(0.0, (nx * hx + ny * hy + nz * hz) / hl)
            vh = max(0.0, (vx * hx + vy * hy + vz * hz) / hl)
            k = nh * nh * (a2 - 1.0) + 1.0
            gloss = a2 / (k * k * 4.0 * max(0.1, vh * vh) * (rough + 0.5)) * max(0.0, cosine) * power
            out[n, 0] += r * (values[6, n] * diffuse * (1.0 - metal) + gloss * (0.04 + (values[6, n] - 0.04) * metal))
            out[n, 1] += g * (values[7, n] * diffuse * (1.0 - metal) + gloss * (0.04 + (values[7, n] - 0.04) * metal))
            out[n, 2] += b * (values[8, n] * diffuse * (1.0 - metal) + gloss * (0.04 + (values[8, n] - 0.04) * metal))


def shade(frame: SceneFrame, points: Surfels) -> F32:
    """Radiance (N, 3) of the surfels."""
    out = np.empty((len(points.surface), 3), np.float32)
    key = np.zeros(6, np.float32)
    if frame.key_light is not None:
        key[:3], key[3:] = frame.key_light.direction, frame.key_light.colour
    eye = np.asarray(frame.camera.position)
    lamps = np.array([lamp_row(lamp, eye) for lamp in strongest(frame)], np.float32).reshape(-1, 12)
    image = np.ascontiguousarray(frame.sky.image, np.float32)
    half = max(1, len(image) // 2)
    weights = np.sin((np.arange(len(image)) + 0.5) / len(image) * np.pi)[:, None, None]
    sky = np.array([(part * w).mean((0, 1)) / w.mean() for part, w in ((image[:half], weights[:half]),
                                                                       (image[-half:], weights[-half:]))], np.float32)  # fmt: skip
    over(len(out), 32768, lambda a, b: plain(points.values, points.surface, a, b, key, lamps, sky, image, out))
    return out


def strongest(frame: SceneFrame, count: int = 16) -> list:  # type: ignore[type-arg]
    """The lamps that matter most to this view, in the frame's order."""
    eye = np.asarray(frame.camera.position)
    ahead = eye + 6.0 * np.asarray(frame.camera.rotation)[2]

    def weight(lamp):  # type: ignore[no-untyped-def]
        return sum(lamp.colour) / (1.0 + ((np.asarray(lamp.position) - ahead) ** 2).sum())

    order = sorted(range(len(frame.lamps)), key=lambda i: -weight(frame.lamps[i]))[:count]
    return [frame.lamps[i] for i in sorted(order)]


def lamp_row(lamp, eye):  # type: ignore[no-untyped-def]
    """Position from the eye, colour, radius, normal, spot, whether it has a normal."""
    normal = lamp.normal or (0.0, 0.0, 0.0)
    place = np.asarray(lamp.position) - eye
    return (
        *place,
        *lamp.colour,
        lamp.radius,
        *normal,
        -1.0 if lamp.spot is None else lamp.spot,
        lamp.normal is not None,
    )
