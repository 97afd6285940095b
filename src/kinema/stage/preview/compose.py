"""The last word on every sample: direct light, sky, bounce, reflection and fog come together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Fog, KeyLight
from kinema.stage.preview.lamps import Direct
from kinema.stage.preview.sky import SkyLight, from_face, from_sky
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.resolve import Surfels
from kinema.stage.raster.triangles import View


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What light finds on its way, on grids over the picture.

    occlusion, depth (h2, w2) at half size · grid (h, w, 11) every `step` pixels: normal, depth, openness (share and
    mean direction), glow of the fog · mirror: four (h, w, 4) of ever wider blur, radiance and depth of what the wet
    plane shows · bounce (3,): mean light that surfaces throw back
    """

    occlusion: F32
    depth: F32
    grid: F32
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
def from_grid(grid, step, x, y, nx, ny, nz, depth, solid):  # type: ignore[no-untyped-def]
    """Openness and glow at a screen place: the four nearest grid points, weighed by distance, depth and normal."""
    gx = min(max((x - 0.5 * step) / step, 0.0), grid.shape[1] - 1.001)
    gy = min(max((y - 0.5 * step) / step, 0.0), grid.shape[0] - 1.001)
    ix, iy = int(gx), int(gy)
    fx, fy = gx - ix, gy - iy
    o0, o1, o2, o3, g0, g1, g2, total = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    slack = 20.0 / depth
    for corner in range(4):
        b, a = iy + (corner >> 1), ix + (corner & 1)
        share = (fx if corner & 1 else 1.0 - fx) * (fy if corner >> 1 else 1.0 - fy) + 0.01
        if solid:
            gap = min(abs(grid[b, a, 3] - depth) * slack, 1e3)
            same = grid[b, a, 0] * nx + grid[b, a, 1] * ny + grid[b, a, 2] * nz
            share *= max(0.02, same) / (1.0 + gap * gap) + 1e-5
        elif grid[b, a, 3] < 1e9:
            share *= 1e-3
        total += share
        o0, o1 = o0 + share * grid[b, a, 4], o1 + share * grid[b, a, 5]
        o2, o3 = o2 + share * grid[b, a, 6], o3 + share * grid[b, a, 7]
        g0, g1, g2 = g0 + share * grid[b, a, 8], g1 + share * grid[b, a, 9], g2 + share * grid[b, a, 10]
    total = 1.0 / total
    return o0 * total, o1 * total, o2 * total, o3 * total, g0 * total, g1 * total, g2 * total


@kernel
def from_half(image, depths, x, y, depth):  # type: ignore[no-untyped-def]
    """A half-size image at a screen place: the four nearest texels, weighed by distance and depth."""
    gx = min(max((x - 0.5) * 0.5, 0.0), image.shape[1] - 1.001)
    gy = min(max((y - 0.5) * 0.5, 0.0), image.shape[0] - 1.001)
    ix, iy = int(gx), int(gy)
    fx, fy = gx - ix, gy - iy
    value, total = 0.0, 0.0
    slack = 33.0 / depth
    for corner in range(4):
        a, b = ix + (corner & 1), iy + (corner >> 1)
        share = (fx if corner & 1 else 1.0 - fx) * (fy if corner >> 1 else 1.0 - fy) + 0.01
        gap = min(abs(depths[b, a] - depth) * slack, 30.0)
        share *= 1.0 / (1.0 + gap * gap * gap * gap) + 1e-5
        total += share
        value += share * image[b, a]
    return value / total


@kernel
def from_mirror(m0, m1, m2, m3, x, y, slide, pitch, depth, rough):  # type: ignore[no-untyped-def]
    """Radiance off the wet plane: bumps slide the look-up, roughness and the height of what is seen blur it.

    x, y in texels of m0; slide, pitch: shift sideways and upwards, in texels, of something infinitely high.
    """
    behind = bilinear(m1, x, y, 3)
    rise = max(0.0, 1.0 - depth / max(behind, depth))  # 0 at a foot on the ground, 1 far up
    x, y = x + slide * rise, y - pitch * rise
    blur = min(2.999, 4.2 * rough * (0.25 + 0.75 * rise))
    part = blur - int(blur)
    u, v = x * 0.5 - 0.25, y * 0.5 - 0.25
    if blur < 1.0:
        r = bilinear(m0, x, y, 0) * (1.0 - part) + bilinear(m1, x, y, 0) * part
        g = bilinear(m0, x, y, 1) * (1.0 - part) + bilinear(m1, x, y, 1) * part
        b = bilinear(m0, x, y, 2) * (1.0 - part) + bilinear(m1, x, y, 2) * part
    elif blur < 2.0:
        r = bilinear(m1, x, y, 0) * (1.0 - part) + bilinear(m2, u, v, 0) * part
        g = bilinear(m1, x, y, 1) * (1.0 - part) + bilinear(m2, u, v, 1) * part
        b = bilinear(m1, x, y, 2) * (1.0 - part) + bilinear(m2, u, v, 2) * part
    else:
        r = bilinear(m2, u, v, 0) * (1.0 - part) + bilinear(m3, u, v, 0) * part
        g = bilinear(m2, u, v, 1) * (1.0 - part) + bilinear(m3, u, v, 1) * part
        b = bilinear(m2, u, v, 2) * (1.0 - part) + bilinear(m3, u, v, 2) * part
    return r, g, b


@kernel
def compose(  # type: ignore[no-untyped-def]
    values, surface, sx, sy, start, end, diffuse, gloss, key, sky_image, above, below, blurred, sky_mean, fog, eye,
    lean, texel, occlusion, occlusion_depth, grid, step, mirror0, mirror1, mirror2, mirror3, bounce,
    out, matt, reflected
):  # fmt: skip
    """Radiance out (3, N), its matt part matt (3, N), and reflected (3, N) off the wet plane.

    lean (2, 3): the picture's right, and forward along the ground, times the focal length in the mirror's texels, of
    which one is `texel` pixels wide.
    """
    lobes = blurred.shape[0]
    for n in range(start, end):
        x, y, z = values[0, n], values[1, n], values[2, n]
        far = np.sqrt(x * x + y * y + z * z)
        vx, vy, vz = -x / far, -y / far, -z / far
        depth = values[16, n]
        nx, ny, nz = values[3, n], values[4, n], values[5, n]
        for c in range(3):
            matt[c, n], reflected[c, n] = 0.0, 0.0
        solid = surface[n] >= 0
        o0, o1, o2, o3, g0, g1, g2 = from_grid(grid, step, sx[n], sy[n], nx, ny, nz, depth, solid)
        if not solid:
            out[0, n], out[1, n], out[2, n] = from_sky(sky_image, -vx, -vy, -vz)
        else:
            shade = from_half(occlusion, occlusion_depth, sx[n], sy[n], depth)
            rough, metal, sheen = values[12, n], values[13, n], values[15, n]
            nv = min(1.0, max(0.0, nx * vx + ny * vy + nz * vz))
            rim = (1.0 - nv) * (1.0 - nv)
            rim4 = rim * rim
            grazing = rim4 * (1.0 - nv)
            # what an open place would see of the dome over this normal, against what is seen
            could = 0.25 + 0.25 * nz + 1e-3
            seen = min(1.0, max(0.0, (0.25 * o0 + 0.5 * (o1 * nx + o2 * ny + o3 * nz)) / could))
            b1, b2, b3 = 0.488603 * ny, 0.488603 * nz, 0.488603 * nx
            b4, b5, b6 = 1.092548 * nx * ny, 1.092548 * ny * nz, 0.315392 * (3.0 * nz * nz - 1.0)
            b7, b8 = 1.092548 * nx * nz, 0.546274 * (nx * nx - ny * ny)
            hidden = max(0.0, 1.0 - could * seen - (0.5 - 0.5 * nz) * 0.5)
            rx, ry, rz = 2.0 * nv * nx - vx, 2.0 * nv * ny - vy, 2.0 * nv * nz - vz
            glimpse = min(1.0, max(0.0, o0 * 0.6 + 0.8 * (o1 * rx + o2 * ry + o3 * rz))) * (0.3 + 0.7 * shade)
            sky = from_face(blurred, min(lobes - 1, int(rough * rough * lobes * 1.2)), rx, ry, rz)
            # Fresnel and the lobe's losses (Karis, Physically Based Shading on Mobile, 2014)
            q0, q1, q2, q3 = 1.0 - rough, 0.0425 - 0.0275 * rough, 1.04 - 0.572 * rough, 0.022 * rough - 0.04
            bend = min(q0 * q0, rim4 * rim) * q0 + q1
            scale, shift = -1.04 * bend + q2, 1.04 * bend + q3
            wet = values[21, n] * min(1.0, max(0.0, (0.82 - rough) / 0.5))
            water = 0.0
            image = (0.0, 0.0, 0.0)
            if wet > 0.0:
                slide = 1.3 * (nx * lean[0, 0] + ny * lean[0, 1])
                pitch = 1.3 * (nx * lean[1, 0] + ny * lean[1, 1])
                px, py = sx[n] / texel - 0.5, sy[n] / texel - 0.5
                image = from_mirror(mirror0, mirror1, mirror2, mirror3, px, py, slide, pitch, depth, rough)
                reflected[0, n], reflected[1, n], reflected[2, n] = image
                water = wet * (0.035 + 0.965 * grazing) * (1.0 - 0.55 * rough)
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
                around = max(0.0, up) * seen + max(0.0, down) * o0 + bounce[c] * hidden
                # light between surfaces keeps their colour: bright ones darken less in their creases
                tint = shade + min(albedo, 1.0) * shade * (1.0 - shade)
                fall = diffuse[c, n] * (0.6 + 0.4 * shade) + around * tint
                base = 0.04 + (albedo - 0.04) * metal
                matter = albedo * (1.0 - metal) * fall + sheen * rim4 * fall * (0.25 + 0.5 * albedo)
                shine = gloss[c, n] * (base + (1.0 - base) * grazing) * (0.5 + 0.5 * shade)
                envelope = sky[c] * glimpse + bounce[c] * (1.0 - glimpse) * shade * 0.6
                shine += (1.0 - wet) * envelope * (base * scale + shift)
                if wet > 0.0:
                    matter *= (1.0 - 0.5 * wet) * (1.0 - water)
                    shine += water * image[c] * (0.35 + 0.65 * shade)
                matt[c, n] = matter
                out[c, n] = matter + shine + values[9 + c, n]
        if fog[0] > 0.0:
            away = min(far, 2000.0) if solid else 2000.0
            rise = -vz * away / fog[1]
            thick = fog[0] * np.exp(-eye[2] / fog[1]) * away
            if abs(rise) > 1e-4:
                thick *= (1.0 - np.exp(-min(max(rise, -60.0), 60.0))) / rise
            through = np.exp(-min(thick, 60.0))
            # forward scattering round the key light (Henyey and Greenstein)
            aim = 1.36 + 1.2 * (vx * key[0] + vy * key[1] + vz * key[2])
            ahead = 0.16 / (aim * np.sqrt(aim)) + 0.05
            veil = 1.0 - through
            out[0, n] = out[0, n] * through + veil * fog[2] * (sky_mean[0] + key[3] * ahead) + g0 * fog[2]
            out[1, n] = out[1, n] * through + veil * fog[3] * (sky_mean[1] + key[4] * ahead) + g1 * fog[3]
            out[2, n] = out[2, n] * through + veil * fog[4] * (sky_mean[2] + key[5] * ahead) + g2 * fog[4]


@dataclass(frozen=True, eq=False)
class Scenery:
    """What a whole frame shares, in the kernel's own form: key (6,) · fog (5,) · eye (3,) · lean (2, 3) and texel, see
    compose."""

    key: F64
    fog: F64
    eye: F64
    lean: F64
    texel: float
    sky: SkyLight


def scenery(key_light: KeyLight | None, sky: SkyLight, fog: Fog | None, view: View, around: Surroundings) -> Scenery:
    """Gather it for one view."""
    key = np.zeros(6)
    if key_light is not None:
        key[:] = *key_light.direction, *key_light.colour
    mist = np.zeros(5)
    if fog is not None:
        mist[:] = fog.density, fog.scale_height, *fog.colour
    ahead = view.rotation[2] * [1.0, 1.0, 0.0]
    texel = view.height / around.mirror[0].shape[0]
    lean = np.stack([view.rotation[0], ahead / max(float(np.linalg.norm(ahead)), 1e-6)]) * view.focal / texel
    return Scenery(key, mist, view.position, lean, texel, sky)


def composed(points: Surfels, lit: Direct, about: Scenery, around: Surroundings) -> tuple[F32, F32, F32]:
    """Radiance (3, N), its matt part (3, N), and what the wet plane reflects (3, N), before Fresnel."""
    count = len(points.surface)
    out, matt, reflected = (np.empty((3, count), np.float32) for _ in range(3))
    sky = about.sky
    compose(
        points.values, points.surface, points.x, points.y, 0, count, lit.diffuse, lit.gloss, about.key, sky.image,
        sky.above, sky.below, sky.blurred, sky.mean, about.fog, about.eye, about.lean, about.texel, around.occlusion,
        around.depth, around.grid, around.step, *around.mirror, around.bounce, out, matt, reflected,
    )  # fmt: skip
    return out, matt, reflected
