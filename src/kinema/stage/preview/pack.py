"""A picture's buffers in a chunk's own number formats."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import MOTION_STEPS, RADIANCE_CEILING, empty_arrays
from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.edges import Samples
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.resolve import Surfels

NAMES = (
    "preview", "depth", "normal", "albedo", "roughness", "metallic", "emission", "key_visibility", "reflected",
    "instance", "concept", "motion", "valid",
)  # fmt: skip
Slot = dict[str, NDArray[Any]]  # one frame's arrays (H, W[, C]) by name


@kernel
def root_byte(x):  # type: ignore[no-untyped-def]
    """sqrt(x) in 0 to 255, in single precision."""
    return np.uint8(np.sqrt(min(max(x, np.float32(0.0)), np.float32(1.0))) * np.float32(255.0) + np.float32(0.5))


@kernel
def pack(  # type: ignore[no-untyped-def]
    values, surface, radiance, lit, mirror, ids, before, ceiling, first, preview, depth, normal, albedo, roughness,
    metallic, emission, key_visibility, reflected, instance, concept, motion, valid
):  # fmt: skip
    """Write surfels as pixels from number `first` on; every output is flat, (H W,) or (H W, C).

    valid: the place a frame ago is inside the picture and as deep as the point then was.
    """
    height, width = before.shape
    scale = np.float32(1.0 / ceiling)
    for i in range(surface.shape[0]):
        n = first + i
        s = surface[i]
        depth[n] = values[16, i]
        for c in range(3):
            preview[n, c] = radiance[c, i]
            normal[n, c] = np.int8(np.rint(values[3 + c, i] * 127.0)) if s >= 0 else 0
            albedo[n, c] = root_byte(values[6 + c, i])
            emission[n, c] = root_byte(values[9 + c, i] * scale) if values[9 + c, i] > 0.0 else 0
            reflected[n, c] = root_byte(mirror[c, i] * scale) if mirror[c, i] > 0.0 else 0
        roughness[n] = np.uint8(min(max(values[12, i], 0.0), 1.0) * 255.0 + 0.5)
        metallic[n] = np.uint8(min(max(values[13, i], 0.0), 1.0) * 255.0 + 0.5)
        key_visibility[n] = np.uint8(min(max(lit[i], 0.0), 1.0) * 255.0 + 0.5) if s >= 0 else 255
        instance[n] = ids[s, 0] if s >= 0 else 0
        concept[n] = ids[s, 1] if s >= 0 else 0
        dx, dy, expected = values[18, i], values[19, i], values[20, i]
        motion[n, 0], motion[n, 1] = dx, dy
        u, v = n % width + 0.5 + dx, n // width + 0.5 + dy
        valid[n] = 0
        if u >= 0.0 and v >= 0.0 and u < width and v < height and expected >= 0.0:
            there = before[int(v), int(u)]
            if there == expected or abs(there - expected) < 0.02 * expected + 0.01:
                valid[n] = 1


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


def pack_pixels(
    slot: Slot, first: int, points: Surfels, radiance: F32, visible: F32, reflected: F32, ids: I32, before: F32
) -> None:
    """Write surfels and their light, (3, N) and (N,), as pixels from number `first` on; before (H, W) is the depth a
    frame ago."""
    flat = [slot[name].reshape(-1, *slot[name].shape[2:]) for name in NAMES]
    pack(points.values, points.surface, radiance, visible, reflected, ids, before, RADIANCE_CEILING, first, *flat)


def blend_edges(slot: Slot, samples: Samples, radiance: F32) -> None:
    """Smooth the preview's edges with the extra samples' light (3, E)."""
    blend(slot["preview"].reshape(-1, 3), samples.pixel, samples.weight, radiance)


def pack_layer(slot: Slot, colour: F32, motion: F32) -> None:
    """Write a translucent layer (H, W, 4) and its motion (H, W, 2) in pixels; the slot starts empty."""
    if not colour[..., 3].any():
        return
    slot["layer"][...] = colour
    slot["layer_motion"][...] = np.clip(np.rint(motion * np.float32(MOTION_STEPS)), -32768, 32767)
