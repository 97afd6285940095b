"""A picture's buffers in a chunk's own number formats."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import MOTION_STEPS, RADIANCE_CEILING, empty_arrays
from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.edges import Samples
from kinema.stage.raster.kernel import disjoint, inlined, kernel

NAMES = (
    "preview", "depth", "normal", "albedo", "roughness", "metallic", "emission", "key_visibility", "reflected",
    "instance", "concept", "motion", "valid",
)  # fmt: skip
_0, _HALF, _1, _127, _255 = (np.float32(x) for x in (0.0, 0.5, 1.0, 127.0, 255.0))
_128 = np.float32(128.5)  # rounds to the nearest where int() rounds down
NONE, MIDDLE = np.int32(0), np.int32(128)  # what a byte counts from
# unsigned, for an index that may be negative counts from the end and lets nothing run side by side
U1, U2, U3, U6, U9, L1, L2 = (np.uint64(k) for k in (1, 2, 3, 6, 9, 64, 128))
# rows of a block's scratch, sixty-four surfels each; three more come first
ALBEDO, NORMAL, GLOW, WATER, THERE = (np.uint64(64 * k) for k in (3, 6, 9, 12, 15))
ROWS = 16
_MILLI = np.float32(1e-3)
_LEAST, _FULL = np.float32(1e-4), np.float32(32767.0)  # coverage; steps of motion
_FAR, _NEAR = np.float32(0.02), np.float32(0.01)  # by how much depth may differ and still be the same
Slot = dict[str, NDArray[Any]]  # one frame's arrays (H, W[, C]) by name


@inlined
def coded(s, values, radiance, lit, mirror, scale, start, m):  # type: ignore[no-untyped-def]
    """What of surfels [start, start + m) becomes bytes, scaled and rounded half up, into rows of s: roughness, metal,
    key light, albedo, normal (from 0 up), emission, reflection."""
    for i in range(m):
        s[i], s[L1 + i], s[L2 + i] = values[12, start + i], values[13, start + i], lit[start + i]
    for c in range(U3):
        for i in range(m):
            s[ALBEDO + c * L1 + i] = np.sqrt(min(max(values[U6 + c, start + i], _0), _1))
        for i in range(m):
            s[NORMAL + c * L1 + i] = values[U3 + c, start + i] * _127 + _128
        for i in range(m):
            s[GLOW + c * L1 + i] = np.sqrt(min(max(values[U9 + c, start + i] * scale, _0), _1))
        for i in range(m):
            s[WATER + c * L1 + i] = np.sqrt(min(max(mirror[c, start + i] * scale, _0), _1))
    for i in range(NORMAL):  # the first six rows
        s[i] = min(max(s[i], _0), _1) * _255 + _HALF
    for i in range(GLOW, WATER + L1 + L2):
        s[i] = s[i] * _255 + _HALF


@inlined
def thrice(out, s, at, to, m, less):  # type: ignore[no-untyped-def]
    """Three rows of bytes, `less` taken off, side by side into out (3 H W,)."""
    for i in range(m):
        k = U3 * (to + i)
        out[k] = np.uint8(np.int32(s[at + i]) - less)
        out[k + U1] = np.uint8(np.int32(s[at + L1 + i]) - less)
        out[k + U2] = np.uint8(np.int32(s[at + L2 + i]) - less)


@inlined
def follow(s, q, values, depths, height, width, start, to, m, motion, valid):  # type: ignore[no-untyped-def]
    """Motion of a block, and whether it is valid: the place a frame ago is inside the picture and as deep as the point
    then was; depths (H W,)."""
    wide, tall = np.float32(width), np.float32(height)
    for i in range(m):
        s[i], s[L1 + i], s[L2 + i] = values[18, start + i], values[19, start + i], values[20, start + i]
    for i in range(m):
        motion[U2 * (to + i)], motion[U2 * (to + i) + U1] = s[i], s[L1 + i]
    row, column = np.float32(to // width), np.float32(to % width)
    for i in range(L1):
        u, v = column + np.float32(i) + _HALF + s[i], row + _HALF + s[L1 + i]
        inside = (u >= _0) & (v >= _0) & (u < wide) & (v < tall) & (s[L2 + i] >= _0)
        s[THERE + i] = _1 if inside else _0
        q[i] = np.int32(np.floor(v if inside else _0)) * np.int32(width) + np.int32(np.floor(u if inside else _0))
    for i in range(m):
        s[ALBEDO + i] = depths[np.uint64(q[i])]
    for i in range(m):
        there, expected = s[ALBEDO + i], s[L2 + i]
        good = (there == expected) | (abs(there - expected) < _FAR * expected + _NEAR)
        valid[to + i] = np.uint8(1) if good & (s[THERE + i] > _0) else np.uint8(0)


@disjoint
def pack(  # type: ignore[no-untyped-def]
    values, surface, radiance, lit, mirror, first, stride, lines, wide, ids, before, ceiling, preview, depth, normal,
    albedo, roughness, metallic, emission, key_visibility, reflected, instance, concept, motion, valid
):  # fmt: skip
    """Write surfels as so many lines of pixels, `wide` each, from number `first` on, the next one `stride` further;
    every output is flat, (H W C,), the normal's bytes unsigned."""
    scale = np.float32(1.0 / ceiling)
    height, width = np.uint64(before.shape[0]), np.uint64(before.shape[1])
    depths = before.reshape(-1)
    s, q = np.zeros(ROWS * 64, np.float32), np.zeros(64, np.int32)
    blocks = (np.uint64(wide) + L1 - U1) // L1
    for number in range(np.uint64(lines) * blocks):
        line, across = number // blocks, number % blocks * L1
        m, start = min(L1, np.uint64(wide) - across), line * np.uint64(wide) + across
        to = np.uint64(first) + line * np.uint64(stride) + across
        coded(s, values, radiance, lit, mirror, scale, start, m)
        for i in range(m):
            depth[to + i] = values[16, start + i]
        for i in range(m):
            roughness[to + i] = np.uint8(np.int32(s[i]))
        for i in range(m):
            metallic[to + i] = np.uint8(np.int32(s[L1 + i]))
        for i in range(m):
            key_visibility[to + i] = np.uint8(np.int32(s[L2 + i]))
        for i in range(m):
            k = U3 * (to + i)
            preview[k] = radiance[0, start + i]
            preview[k + U1] = radiance[1, start + i]
            preview[k + U2] = radiance[2, start + i]
        thrice(normal, s, NORMAL, to, m, MIDDLE)  # bytes are bytes: the signed one wraps round
        thrice(albedo, s, ALBEDO, to, m, NONE)
        thrice(emission, s, GLOW, to, m, NONE)
        thrice(reflected, s, WATER, to, m, NONE)
        for i in range(m):
            thing = surface[start + i]
            own = np.uint64(max(thing, 0))
            instance[to + i] = np.uint16(ids[own, 0] if thing >= 0 else 0)
            concept[to + i] = np.uint16(ids[own, 1] if thing >= 0 else 0)
        follow(s, q, values, depths, height, width, start, to, m, motion, valid)


@inlined
def squeezed(light):  # type: ignore[no-untyped-def]
    """Radiance as an edge is mixed in: 1 at most."""
    return light / (_1 + light)


@disjoint
def blend(preview, pixel, weight, radiance):  # type: ignore[no-untyped-def]
    """Mix the edge samples (3, E) into their pixels (H W, 3), bright light squeezed so that an edge against a lamp is
    smooth on the screen too."""
    e, count = np.uint64(0), np.uint64(pixel.shape[0])
    while e < count:
        p, stop, own = np.uint64(pixel[e]), e, _0
        r = g = b = _0
        while stop < count and np.uint64(pixel[stop]) == p:
            share = weight[stop]
            own += share
            r += share * squeezed(radiance[0, stop])
            g += share * squeezed(radiance[1, stop])
            b += share * squeezed(radiance[2, stop])
            stop += U1
        rest = _1 - own
        r += rest * squeezed(preview[p, 0])
        g += rest * squeezed(preview[p, 1])
        b += rest * squeezed(preview[p, 2])
        preview[p, 0] = r / max(_1 - r, _MILLI)
        preview[p, 1] = g / max(_1 - g, _MILLI)
        preview[p, 2] = b / max(_1 - b, _MILLI)
        e = stop


def empty_slot(height: int, width: int) -> Slot:
    """Arrays for one frame, for whoever wants no chunk."""
    return {name: array[0] for name, array in empty_arrays(1, height, width).items()}


def paper(slot: Slot, ids: I32, before: F32) -> tuple[Any, ...]:
    """What `pack` takes from ids on, to write a frame's arrays: ids (S, 2) · before (H, W): the depth a frame ago."""
    flat = [slot[name].reshape(-1) for name in NAMES]
    flat[NAMES.index("normal")] = flat[NAMES.index("normal")].view(np.uint8)
    return ids, before, RADIANCE_CEILING, *flat


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
