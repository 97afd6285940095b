"""The last word on every sample: direct light, sky, bounce, reflection and fog come together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Fog, KeyLight
from kinema.stage.preview.lamps import Direct
from kinema.stage.preview.sky import SkyLight, from_sky
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels

GRAIN = 16384


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What light finds on its way, on grids over the picture.

    occlusion (h2, w2) with its depth (h2, w2) · openness (h, w, 4) and glow (h, w, 3) on the coarse grid of `step`
    pixels, with guide (h, w, 4): normal and depth · mirror: four (h, w, 4) of ever wider blur, radiance and depth of
    what the wet plane shows · bounce (3,): mean light that surfaces throw back
    """

    occlusion: F32
    depth: F32
    openness: F32
    glow: F32
    guide: F32
    step: int
    mirror: tuple[F32, F32, F32, F32]
    bounce: F32


@kernel
def bilinear(image, x, y, channel):  # type: ignore[no-untyped-def]
    """Clamped bilinear value of image (h, w, C) at texel coordinates."""
    h, w = image.shape[0], image.shape[1]
    x = min(max(x, 0.0), w - 1.001)
    y = min(max(y, 0.0), h - 1.001)
    ix, iy = int(x), int(y)
    fx, fy = x - ix, y - iy
    top = image[iy, ix, channel] * (1.0 - fx) + image[iy, ix + 1, channel] * fx
    low = image[iy + 1, ix, channel] * (1.0 - fx) + image[iy + 1, ix + 1, channel] * fx
    return top * (1.0 - fy) + low * fy


@kernel
def compose(  # type: ignore[no-untyped-def]
    values, surface, sx, sy, start, end, diffuse, gloss, visible, key, sky_image, above, below, blurred, sky_mean,
    fog, eye, right, forward, focal, height_px, occlusion, occlusion_depth, openness, glow, guide, step,
    mirror0, mirror1, mirror2, mirror3, bounce, out, matt, reflected
):  # fmt: skip
    """Radiance out (3, N), its matt part without emission matt (N,) luminance, reflected (3, N) off the wet plane."""
    h2, w2 = occlusion.shape
    h4, w4 = guide.shape[0], guide.shape[1]
    lobes = blurred.shape[0]
    for n in range(start, end):
        x, y, z = values[0, n], values[1, n], values[2, n]
        far = np.sqrt(x * x + y * y + z * z)
        vx, vy, vz = -x / far, -y / far, -z / far
        depth = values[16, n]
        red, green, blue = 0.0, 0.0, 0.0
        matt[0, n], matt[1, n], matt[2, n] = 0.0, 0.0, 0.0
        reflected[0, n], reflected[1, n], reflected[2, n] = 0.0, 0.0, 0.0
        # the coarse grid, by place, depth and normal
        nx, ny, nz = values[3, n], values[4, n], values[5, n]
        gx = min(max((sx[n] - 0.5 * step) / step, 0.0), w4 - 1.001)
        gy = min(max((sy[n] - 0.5 * step) / step, 0.0), h4 - 1.001)
        ix, iy = int(gx), int(gy)
        fx, fy = gx - ix, gy - iy
        o0, o1, o2, o3, weight = 0.0, 0.0, 0.0, 0.0, 0.0
        g0, g1, g2 = 0.0, 0.0, 0.0
        for corner in range(4):
            a, b = ix + (corner & 1), iy + (corner >> 1)
            share = (fx if corner & 1 else 1.0 - fx) * (fy if corner >> 1 else 1.0 - fy) + 0.01
            if surface[n] < 0:
                share *= 1.0 if guide[b, a, 3] > 1e9 else 1e-3
            else:
                gap = abs(guide[b, a, 3] - depth) / (0.05 * depth)
                same = guide[b, a, 0] * nx + guide[b, a, 1] * ny + guide[b, a, 2] * nz
                share *= (1.0 / (1.0 + gap * gap) if gap < 1e3 else 0.0) * max(0.02, same) + 1e-5
            weight += share
            o0 += share * openness[b, a, 0]
            o1 += share * openness[b, a, 1]
            o2 += share * openness[b, a, 2]
            o3 += share * openness[b, a, 3]
            g0 += share * glow[b, a, 0]
            g1 += share * glow[b, a, 1]
            g2 += share * glow[b, a, 2]
        o0, o1, o2, o3 = o0 / weight, o1 / weight, o2 / weight, o3 / weight
        g0, g1, g2 = g0 / weight, g1 / weight, g2 / weight
        if surface[n] < 0:
            red, green, blue = from_sky(sky_image, -vx, -vy, -vz)
        else:
            # half-size occlusion, by place and depth
            gx = min(max((sx[n] - 0.5) * 0.5, 0.0), w2 - 1.001)
            gy = min(max((sy[n] - 0.5) * 0.5, 0.0), h2 - 1.001)
            ix, iy = int(gx), int(gy)
            fx, fy = gx - ix, gy - iy
            shade, weight = 0.0, 0.0
            for corner in range(4):
                a, b = ix + (corner & 1), iy + (corner >> 1)
                share = (fx if corner & 1 else 1.0 - fx) * (fy if corner >> 1 else 1.0 - fy) + 0.01
                gap = abs(occlusion_depth[b, a] - depth) / (0.03 * depth)
                share *= 1.0 / (1.0 + gap * gap * gap * gap) + 1e-5 if gap < 1e3 else 1e-5
                weight += share
                shade += share * occlusion[b, a]
            shade /= weight
            rough, metal = values[12, n], values[13, n]
            nv = min(1.0, max(0.0, nx * vx + ny * vy + nz * vz))
            # what an open place would see of the dome over this normal, against what is seen
            could = 0.25 + 0.25 * nz + 1e-3
            seen = min(1.0, max(0.0, (0.25 * o0 + 0.5 * (o1 * nx + o2 * ny + o3 * nz)) / could))
            b1, b2, b3 = 0.488603 * ny, 0.488603 * nz, 0.488603 * nx
            b4, b5, b6 = 1.092548 * nx * ny, 1.092548 * ny * nz, 0.315392 * (3.0 * nz * nz - 1.0)
            b7, b8 = 1.092548 * nx * nz, 0.546274 * (nx * nx - ny * ny)
            away = (1.0 - nv) ** 4
            grazing = (1.0 - nv) ** 5
            hidden = 1.0 - could * seen - (0.5 - 0.5 * nz) * 0.5
            # reflection of the sky, blurred by roughness
            rx, ry, rz = 2.0 * nv * nx - vx, 2.0 * nv * ny - vy, 2.0 * nv * nz - vz
            length = np.sqrt(rx * rx + ry * ry + rz * rz) + 1e-9
            rx, ry, rz = rx / length, ry / length, rz / length
            lobe = min(lobes - 1, int(rough * rough * lobes * 1.2))
            s0, s1, s2 = from_sky(blurred[lobe], rx, ry, rz)
            glimpse = min(1.0, max(0.0, o0 * 0.6 + 0.8 * (o1 * rx + o2 * ry + o3 * rz))) * (0.3 + 0.7 * shade)
            # Fresnel and the lobe's losses (Karis, Physically Based Shading on Mobile, 2014)
            q0, q1, q2, q3 = 1.0 - rough, 0.0425 - 0.0275 * rough, 1.04 - 0.572 * rough, 0.022 * rough - 0.04
            bend = min(q0 * q0, 2.0 ** (-9.28 * nv)) * q0 + q1
            scale, shift = -1.04 * bend + q2, 1.04 * bend + q3
            wet = values[21, n] * min(1.0, max(0.0, (0.82 - rough) / 0.5))
            m0, m1, m2 = 0.0, 0.0, 0.0
            if wet > 0.0:
                k0 = height_px / mirror0.shape[0]
                px, py = sx[n] / k0 - 0.5, sy[n] / k0 - 0.5
                # the bump leans the reflected ray sideways and up or down
                tilt = nx * right[0] + ny * right[1]
                pitch = nx * forward[0] + ny * forward[1]
                behind = bilinear(mirror1, px, py, 3)
                rise = max(0.0, 1.0 - depth / max(behind, depth))  # 0 at a foot on the ground, 1 far up
                px += 1.3 * focal / k0 * tilt * rise
                py -= 1.3 * focal / k0 * pitch * rise
                blur = min(2.999, 4.2 * rough * (0.25 + 0.75 * rise))
                low = int(blur)
                part = blur - low
                for c in range(3):
                    fine = (
                        bilinear(mirror0, px, py, c)
                        if low == 0
                        else bilinear(mirror1, px, py, c)
                        if low == 1
                        else bilinear(mirror2, px * 0.5 - 0.25, py * 0.5 - 0.25, c)
                    )
                    wide = (
                        bilinear(mirror1, px, py, c)
                        if low == 0
                        else bilinear(mirror2, px * 0.5 - 0.25, py * 0.5 - 0.25, c)
                        if low == 1
                        else bilinear(mirror3, px * 0.5 - 0.25, py * 0.5 - 0.25, c)
                    )
                    value = fine * (1.0 - part) + wide * part
                    reflected[c, n] = value
                m0, m1, m2 = reflected[0, n], reflected[1, n], reflected[2, n]
            for c in range(3):
                albedo = values[6 + c, n]
                up = (
                    above[0, c] * 0.282095 + above[1, c] * b1 + above[2, c] * b2 + above[3, c] * b3 + above[4, c] * b4
                    + above[5, c] * b5 + above[6, c] * b6 + above[7, c] * b7 + above[8, c] * b8
                )  # fmt: skip
                down = (
                    below[0, c] * 0.282095 + below[1, c] * b1 + below[2, c] * b2 + below[3, c] * b3 + below[4, c] * b4
                    + below[5, c] * b5 + below[6, c] * b6 + below[7, c] * b7 + below[8, c] * b8
                )  # fmt: skip
                around = max(0.0, up) * seen + max(0.0, down) * o0 + bounce[c] * max(0.0, hidden)
                # light between surfaces keeps their colour: bright ones darken less (Jimenez et al. 2016)
                tint = shade ** (1.0 - 0.5 * min(albedo, 1.0)) if shade < 1.0 else 1.0
                fall = diffuse[c, n] * (0.6 + 0.4 * shade) + around * tint
                base = 0.04 + (albedo - 0.04) * metal
                mirror = base * scale + shift
                envelope = (s0 if c == 0 else s1 if c == 1 else s2) * glimpse + bounce[c] * (
                    1.0 - glimpse
                ) * shade * 0.6
                matter = albedo * (1.0 - metal) * fall
                matter += values[15, n] * away * fall * (0.25 + 0.5 * albedo)
                matt[c, n] = matter
                shine = gloss[c, n] * (base + (1.0 - base) * grazing) * (0.5 + 0.5 * shade)
                if wet > 0.0:
                    water = 0.035 + 0.965 * grazing
                    water *= 1.0 - 0.55 * rough
                    image = m0 if c == 0 else m1 if c == 1 else m2
                    matter = matter * (1.0 - 0.5 * wet) * (1.0 - water * wet)
                    shine = shine + wet * water * image * (0.35 + 0.65 * shade) + (1.0 - wet) * envelope * mirror
                else:
                    shine = shine + envelope * mirror
                total = matter + shine + values[9 + c, n]
                if c == 0:
                    red = total
                elif c == 1:
                    green = total
                else:
                    blue = total
        if fog[0] > 0.0:
            away = min(far, 2000.0) if surface[n] >= 0 else 2000.0
            rise = -vz * away / fog[1]
            thick = fog[0] * np.exp(-eye[2] / fog[1]) * away
            if abs(rise) > 1e-4:
                thick *= (1.0 - np.exp(-min(max(rise, -60.0), 60.0))) / rise
            through = np.exp(-min(thick, 60.0))
            # forward scattering round the key light (Henyey and Greenstein)
            aim = -(vx * key[0] + vy * key[1] + vz * key[2])
            ahead = 0.25 * 0.64 / (1.36 - 1.2 * aim) ** 1.5 + 0.05
            red = red * through + (1.0 - through) * fog[2] * (sky_mean[0] + key[3] * ahead) + g0 * fog[2]
            green = green * through + (1.0 - through) * fog[3] * (sky_mean[1] + key[4] * ahead) + g1 * fog[3]
            blue = blue * through + (1.0 - through) * fog[4] * (sky_mean[2] + key[5] * ahead) + g2 * fog[4]
        out[0, n], out[1, n], out[2, n] = red, green, blue


def composed(
    points: Surfels, direct: Direct, visible: F32, key_light: KeyLight | None, sky: SkyLight, fog: Fog | None,
    eye: F64, rotation: F64, focal: float, height: int, around: Surroundings,
) -> tuple[F32, F32, F32]:  # fmt: skip
    """Radiance (3, N), its matt part (3, N), and what the wet plane reflects (3, N), before Fresnel."""
    count = len(points.surface)
    out, matt, reflected = (np.empty((3, count), np.float32) for _ in range(3))
    key = np.zeros(6)
    if key_light is not None:
        key[:] = *key_light.direction, *key_light.colour
    mist = np.zeros(5)
    if fog is not None:
        mist[:] = fog.density, fog.scale_height, *fog.colour
    right, forward = rotation[0], rotation[2] * [1.0, 1.0, 0.0]
    forward = forward / max(float(np.linalg.norm(forward)), 1e-6)
    over(
        count,
        GRAIN,
        lambda a, b: compose(
            points.values, points.surface, points.x, points.y, a, b, direct.diffuse, direct.gloss, visible, key,
            sky.image, sky.above, sky.below, sky.blurred, sky.mean, mist, eye, right, forward, focal, float(height),
            around.occlusion, around.depth, around.openness, around.glow, around.guide, around.step, *around.mirror,
            around.bounce, out, matt, reflected,
        ),
    )  # fmt: skip
    return out, matt, reflected
