"""A picture's buffers in a chunk's own number formats, in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import MOTION_STEPS, RADIANCE_CEILING
from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.kernel import kernel, over

GRAIN = 16  # rows


@kernel
def pack(  # type: ignore[no-untyped-def]
    values, surface, radiance, lit, mirror, ids, before, ceiling, y0, y1, preview, depth, normal, albedo, roughness,
    metallic, emission, key_visibility, reflected, instance, concept, motion, valid
):  # fmt: skip
    """Write rows [y0, y1). valid: the place a frame ago is inside the picture and as deep as the point then was."""
    height, width = depth.shape
    for y in range(y0, y1):
        for x in range(width):
            n = y * width + x
            s = surface[n]
            far = values[16, n]
            depth[y, x] = far
            for c in range(3):
                preview[y, x, c] = radiance[c, n]
                normal[y, x, c] = np.int8(np.rint(values[3 + c, n] * 127.0)) if s >= 0 else 0
                albedo[y, x, c] = np.uint8(np.sqrt(min(max(values[6 + c, n], 0.0), 1.0)) * 255.0 + 0.5)
                emission[y, x, c] = np.uint8(np.sqrt(min(max(values[9 + c, n] / ceiling, 0.0), 1.0)) * 255.0 + 0.5)
                reflected[y, x, c] = np.uint8(np.sqrt(min(max(mirror[c, n] / ceiling, 0.0), 1.0)) * 255.0 + 0.5)
            roughness[y, x] = np.uint8(min(max(values[12, n], 0.0), 1.0) * 255.0 + 0.5)
            metallic[y, x] = np.uint8(min(max(values[13, n], 0.0), 1.0) * 255.0 + 0.5)
            key_visibility[y, x] = np.uint8(min(max(lit[n], 0.0), 1.0) * 255.0 + 0.5) if s >= 0 else 255
            instance[y, x] = ids[s, 0] if s >= 0 else 0
            concept[y, x] = ids[s, 1] if s >= 0 else 0
            dx, dy, expected = values[18, n], values[19, n], values[20, n]
            motion[y, x, 0], motion[y, x, 1] = dx, dy
            u, v = x + 0.5 + dx, y + 0.5 + dy
            valid[y, x] = 0
            if u >= 0.0 and v >= 0.0 and u < width and v < height and expected >= 0.0:
                there = before[int(v), int(u)]
                if there == expected or abs(there - expected) < 0.02 * expected + 0.01:
                    valid[y, x] = 1


def pack_picture(
    arrays: dict[str, NDArray[Any]], index: int, values: F32, surface: I32, radiance: F32, visible: F32,
    reflected: F32, ids: I32, before: F32,
) -> None:  # fmt: skip
    """Fill place `index` of a chunk's arrays; values (FIELDS, N), radiance and reflected (3, H W), before (H, W)."""
    names = (
        "preview", "depth", "normal", "albedo", "roughness", "metallic", "emission", "key_visibility", "reflected",
        "instance", "concept", "motion", "valid",
    )  # fmt: skip
    out = [arrays[name][index] for name in names]
    over(
        len(arrays["depth"][index]),
        GRAIN,
        lambda a, b: pack(values, surface, radiance, visible, reflected, ids, before, RADIANCE_CEILING, a, b, *out),
    )


def pack_layer(arrays: dict[str, NDArray[Any]], index: int, colour: F32, motion: F32) -> None:
    """Fill place `index` with a translucent layer (H, W, 4) and its motion (H, W, 2) in pixels."""
    arrays["layer"][index] = colour
    steps = np.rint(motion * np.float32(MOTION_STEPS))
    arrays["layer_motion"][index] = np.clip(steps, -32768, 32767)
