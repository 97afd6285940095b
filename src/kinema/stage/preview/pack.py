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
# rows of a block's scratch, sixty-four surfels each; three more come first
_ALBEDO, _NORMAL, _GLOW, _WATER = (64 * k for k in (3, 6, 9, 12))
_PLUS = 0x7FFFFFFF  # an index masked with it cannot be one from the end, for all the compiler knows: it may vectorise
_LEAST, _FULL = np.float32(1e-4), np.float32(32767.0)  # coverage; steps of motion
_FAR, _NEAR = np.float32(0.02), np.float32(0.01)  # by how much depth may differ and still be the same
Slot = dict[str, NDArray[Any]]  # one frame's arrays (H, W[, C]) by name


@kernel
def coded(s, q, values, radiance, lit, mirror, scale, start, m):  # type: ignore[no-untyped-def]
    """The bytes of surfels [start, start + m) into q: roughness, metal, key light, albedo, normal, emission, reflection
    (rows of 64); s: room for as many numbers."""
    start = start & _PLUS
    for i in range(m):
        s[i], s[64 + i], s[128 + i] = values[12, start + i], values[13, start + i], lit[start + i]
    for c in range(3):
        lane = (c * 64) & _PLUS
        for i in range(m):
            s[_ALBEDO + lane + i] = values[6 + c, start + i]
        for i in range(m):
            s[_NORMAL + lane + i] = values[3 + c, start + i]
        for i in range(m):
            s[_GLOW + lane + i] = values[9 + c, start + i]
        for i in range(m):
            s[_WATER + lane + i] = mirror[c, start + i]
    for i in range(_GLOW, _WATER + 192):
        s[i] *= scale
    for i in range(_ALBEDO, _ALBEDO + 192):
        s[i] = np.sqrt(min(max(s[i], _0), _1))
    for i in range(_GLOW, _WATER + 192):
        s[i] = np.sqrt(min(max(s[i], _0), _1))
    for i in range(_NORMAL):
        q[i] = np.int32(min(max(s[i], _0), _1) * _255 + _HALF)
    for i in range(_NORMAL, _GLOW):
        q[i] = np.int32(s[i] * _127 + _128) - 128
    for i in range(_GLOW, _WATER + 192):
        q[i] = np.int32(s[i] * _255 + _HALF)


@kernel
def follow(s, q, values, before, first, start, m, motion, valid):  # type: ignore[no-untyped-def]
    """Motion of a block, and whether it is valid: the place a frame ago is inside the picture and as deep as the point
    then was."""
    height, width = before.shape
    depths = before.reshape(-1)
    wide, tall = np.float32(width), np.float32(height)
    start, to = start & _PLUS, (first + start) & _PLUS
    for i in range(m):
        s[i], s[64 + i], s[128 + i] = values[18, start + i], values[19, start + i], values[20, start + i]
    for i in range(m):
        motion[to + i, 0], motion[to + i, 1] = s[i], s[64 + i]
    row, column = to // width, to % width
    for i in range(64):
        x = column + i
        below = 1 if x >= width else 0  # a block may run over the end of a row, once
        u = np.float32(x - below * width) + _HALF + s[i]
        v = np.float32(row + below) + _HALF + s[64 + i]
        inside = u >= _0 and v >= _0 and u < wide and v < tall and s[128 + i] >= _0
        s[192 + i] = _1 if inside else _0
        q[i] = np.int32(np.floor(v if inside else _0)) * np.int32(width) + np.int32(np.floor(u if inside else _0))
    for i in range(m):
        s[256 + i] = depths[np.uint64(q[i])]
    for i in range(m):
        there, expected = s[256 + i], s[128 + i]
        good = there == expected or abs(there - expected) < _FAR * expected + _NEAR
        valid[to + i] = 1 if good and s[192 + i] > _0 else 0


@kernel
def pack(  # type: ignore[no-untyped-def]
    values, surface, radiance, lit, mirror, ids, before, ceiling, first, preview, depth, normal, albedo, roughness,
    metallic, emission, key_visibility, reflected, instance, concept, motion, valid
):  # fmt: skip
    """Write surfels as pixels from number `first` on; every output is flat, (H W,) or (H W, C). Pictures narrower than
    a block of sixty-four go row by row."""
    scale = np.float32(1.0 / ceiling)
    count, width = radiance.shape[1], before.shape[1]
    s, q = np.zeros(_WATER + 192, np.float32), np.zeros(_WATER + 192, np.int32)
    step = min(64, width)
    for start in range(0, count, step):
        m = min(step, count - start)
        start, to = start & _PLUS, (first + start) & _PLUS
        coded(s, q, values, radiance, lit, mirror, scale, start, m)
        for i in range(m):
            depth[to + i] = values[16, start + i]
        for i in range(m):
            roughness[to + i], metallic[to + i] = np.uint8(q[i]), np.uint8(q[64 + i])
            key_visibility[to + i] = np.uint8(q[128 + i])
        for i in range(m):
            for c in range(3):
                preview[to + i, c] = radiance[c, start + i]
        for i in range(m):
            for c in range(3):
                normal[to + i, c] = np.int8(q[_NORMAL + 64 * c + i])
                albedo[to + i, c] = np.uint8(q[_ALBEDO + 64 * c + i])
        for i in range(m):
            for c in range(3):
                emission[to + i, c] = np.uint8(q[_GLOW + 64 * c + i])
                reflected[to + i, c] = np.uint8(q[_WATER + 64 * c + i])
        for i in range(m):
            thing = surface[start + i]
            own = max(thing, 0)
            instance[to + i] = ids[own, 0] if thing >= 0 else 0
            concept[to + i] = ids[own, 1] if thing >= 0 else 0
        follow(s, q, values, before, first, start, m, motion, valid)


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


def pack_pixels(slot: Slot, band: Band, ids: I32, before: F32) -> None:
    """Write a band's pixels; before (H, W) is the depth a frame ago."""
    flat = [slot[name].reshape(-1, *slot[name].shape[2:]) for name in NAMES]
    pack(
        band.points.values, band.points.surface, band.light.radiance, band.light.lit, band.light.reflected, ids, before,
        RADIANCE_CEILING, band.top * before.shape[1], *flat,
    )  # fmt: skip


def blend_edges(slot: Slot, samples: Samples, radiance: F32) -> None:
    """Smooth the preview's edges with the extra samples' light (3, E)."""
    blend(slot["preview"].reshape(-1, 3), samples.pixel, samples.weight, radiance)


@kernel
def settle(layer, motion, steps, out):  # type: ignore[no-untyped-def]
    """Motion (H W, 2) times coverage to plain motion in steps, where the layer (H W, 4) covers anything."""
    for n in range(layer.shape[0]):
        if layer[n, 3] > _0:
            share = steps / max(layer[n, 3], _LEAST)
            for c in range(2):
                out[n, c] = np.int16(min(max(np.floor(motion[n, c] * share + _HALF), -_FULL), _FULL))


def pack_layer(slot: Slot, motion: F32) -> None:
    """Write the motion of the slot's translucent layer, from (H, W, 2) pixels times coverage; the slot starts empty."""
    settle(
        slot["layer"].reshape(-1, 4), motion.reshape(-1, 2), np.float32(MOTION_STEPS),
        slot["layer_motion"].reshape(-1, 2),
    )  # fmt: skip
