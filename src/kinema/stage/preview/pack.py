"""A picture's buffers in a chunk's own number formats."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import MOTION_STEPS, RADIANCE_CEILING, empty_arrays
from kinema.buffers.scene_frame import F32, I32
from kinema.stage.preview.frame_light import Band
from kinema.stage.raster.edges import Samples
from kinema.stage.raster.kernel import kernel

NAMES = (
    "preview", "depth", "normal", "albedo", "roughness", "metallic", "emission", "key_visibility", "reflected",
    "instance", "concept", "motion", "valid",
)  # fmt: skip
_0, _HALF, _1, _127, _255 = (np.float32(x) for x in (0.0, 0.5, 1.0, 127.0, 255.0))
_128 = np.float32(128.5)  # rounds to the nearest where int() rounds down
_FAR, _NEAR = np.float32(0.02), np.float32(0.01)  # by how much depth may differ and still be the same
Slot = dict[str, NDArray[Any]]  # one frame's arrays (H, W[, C]) by name


@kernel
def byte(x):  # type: ignore[no-untyped-def]
    """x in [0, 1] as 0 to 255."""
    return np.uint8(np.int32(min(max(x, _0), _1) * _255 + _HALF))


@kernel
def signed_byte(x):  # type: ignore[no-untyped-def]
    """x in [-1, 1] as -127 to 127."""
    return np.int8(np.int32(x * _127 + _128) - 128)


@kernel
def root_byte(x):  # type: ignore[no-untyped-def]
    """sqrt(x) in 0 to 255, in single precision."""
    return byte(np.sqrt(max(x, _0)))


@kernel
def pack(  # type: ignore[no-untyped-def]
    values, surface, radiance, lit, mirror, ids, before, ceiling, first, preview, depth, normal, albedo, roughness,
    metallic, emission, key_visibility, reflected, instance, concept, motion, valid
):  # fmt: skip
    """Write surfels as pixels from number `first` on, over zeros; every output is flat, (H W,) or (H W, C).

    valid: the place a frame ago is inside the picture and as deep as the point then was.
    """
    height, width = before.shape
    scale = np.float32(1.0 / ceiling)
    wide, tall = np.float32(width), np.float32(height)
    count = radiance.shape[1]
    s = np.ones(3 * 64, np.float32)
    for start in range(0, count, 64):
        m = min(64, count - start)
        for c in range(3):
            for i in range(m):
                s[c * 64 + i] = values[6 + c, start + i]
        for i in range(3 * 64):
            s[i] = np.sqrt(min(max(s[i], _0), _1))
        for j in range(m):
            i, n = start + j, first + start + j
            depth[n] = values[16, i]
            roughness[n], metallic[n], key_visibility[n] = byte(values[12, i]), byte(values[13, i]), byte(lit[i])
            for c in range(3):
                preview[n, c] = radiance[c, i]
                normal[n, c] = signed_byte(values[3 + c, i])
                albedo[n, c] = byte(s[c * 64 + j])
                if values[9 + c, i] > _0:
                    emission[n, c] = root_byte(values[9 + c, i] * scale)
                if mirror[c, i] > _0:
                    reflected[n, c] = root_byte(mirror[c, i] * scale)
    for i in range(count):
        thing = surface[i]
        instance[first + i] = ids[thing, 0] if thing >= 0 else 0
        concept[first + i] = ids[thing, 1] if thing >= 0 else 0
    for i in range(count):
        dx, dy, expected = values[18, i], values[19, i], values[20, i]
        motion[first + i, 0], motion[first + i, 1] = dx, dy
        row = (first + i) // width
        u, v = np.float32(first + i - row * width) + _HALF + dx, np.float32(row) + _HALF + dy
        good = False
        if u >= _0 and v >= _0 and u < wide and v < tall and expected >= _0:
            there = before[int(v), int(u)]
            good = there == expected or abs(there - expected) < _FAR * expected + _NEAR
        valid[first + i] = good


@kernel
def blend(preview, pixel, weight, radiance):  # type: ignore[no-untyped-def]
    """Mix the edge samples (3, E) into their pixels (H W, 3), bright light squeezed so that an edge against a lamp is
    smooth on the screen too."""
    e = 0
    while e < pixel.shape[0]:
        p, stop, own = pixel[e], e, 0.0
        while stop < pixel.shape[0] and pixel[stop] == p:
            own += weight[stop]
            stop += 1
        for c in range(3):
            mixed = (1.0 - own) * preview[p, c] / (1.0 + preview[p, c])
            for k in range(e, stop):
                mixed += weight[k] * radiance[c, k] / (1.0 + radiance[c, k])
            preview[p, c] = mixed / max(1.0 - mixed, 1e-3)
        e = stop


def empty_slot(height: int, width: int) -> Slot:
    """Arrays for one frame, for whoever wants no chunk."""
    return {name: array[0] for name, array in empty_arrays(1, height, width).items()}


def pack_pixels(slot: Slot, first: int, band: Band, ids: I32, before: F32) -> None:
    """Write a band as pixels from number `first` on; before (H, W) is the depth a frame ago."""
    flat = [slot[name].reshape(-1, *slot[name].shape[2:]) for name in NAMES]
    pack(
        band.points.values, band.points.surface, band.light.radiance, band.light.lit, band.light.reflected, ids, before,
        RADIANCE_CEILING, first, *flat,
    )  # fmt: skip


def blend_edges(slot: Slot, samples: Samples, radiance: F32) -> None:
    """Smooth the preview's edges with the extra samples' light (3, E)."""
    blend(slot["preview"].reshape(-1, 3), samples.pixel, samples.weight, radiance)


def pack_layer(slot: Slot, colour: F32, motion: F32) -> None:
    """Write a translucent layer (H, W, 4) and its motion (H, W, 2) in pixels; the slot starts empty."""
    if not colour[..., 3].any():
        return
    slot["layer"][...] = colour
    slot["layer_motion"][...] = np.clip(np.rint(motion * np.float32(MOTION_STEPS)), -32768, 32767)
