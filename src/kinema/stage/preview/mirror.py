"""What a wet plane shows: the scene seen by the mirrored camera, at half size, with ever wider blur.

Wet asphalt is a rough mirror seen at a grazing angle, so its blur is several times taller than wide: lamps and signs
become the long streaks of a street after rain.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F32
from kinema.stage.preview.soft import MIRROR_STEP, Mirror
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.triangles import View

STEP = MIRROR_STEP
SPREAD = ((0.5, 1.4), (2.1, 9.0), (5.0, 26.0))  # sigma across and along, in texels of each level
CLEARANCE = 0.03  # metres above the plane that are left out, so that the ground does not mirror itself


def mirrored(view: View, height: float) -> View:
    """The view of the world turned over at z = height, at half size, aligned with the picture."""
    position = np.array([view.position[0], view.position[1], 2.0 * height - view.position[2]])
    small = replace(
        view,
        width=view.width // STEP,
        height=view.height // STEP,
        focal=view.focal / STEP,
        centre=(view.centre[0] / STEP, view.centre[1] / STEP),
    )
    turned = view.rotation * np.array([1.0, 1.0, -1.0])
    return replace(small, position=position, rotation=turned, mirrored=True, water=height + CLEARANCE)


def blurred(sharp: F32) -> Mirror:
    """The wet plane's image from the reflection and its depth (h, w, 4): sharp, and blurred to three widths at half
    its size."""
    height, width = sharp.shape[0] // 2, sharp.shape[1] // 2
    sharp = sharp[: 2 * height, : 2 * width]
    first = _blur(_halved(sharp), *SPREAD[0])
    second = _blur(first, *SPREAD[1])
    third = _blur(second, *SPREAD[2])
    return Mirror(np.concatenate([image.reshape(-1) for image in (sharp, first, second, third)]), width, height)


def _halved(image: F32) -> F32:
    return np.asarray((image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2]) * np.float32(0.25))


def _blur(image: F32, across: float, along: float) -> F32:
    """Two box passes each way: near enough to a Gaussian, and the same cost at any width."""
    wide, tall = (max(1, round(sigma * np.sqrt(6.0)) | 1) for sigma in (across, along))
    height, width, channels = image.shape
    result = image.copy()
    flat = result.reshape(height, width * channels)
    slide_across(flat, channels, wide)
    slide_down(flat, tall)
    return result


@kernel
def slide_across(image, channels, size):  # type: ignore[no-untyped-def]
    """Two running means over `size` pixels along each row of image (H, W channels), in place; ends are repeated."""
    height, width = image.shape[0], image.shape[1] // channels
    half, part = size // 2, 1.0 / size
    row = np.empty(width + 2 * half, np.float64)
    for y in range(height):
        for channel in range(channels):
            for _ in range(2):
                for x in range(width):
                    row[half + x] = image[y, x * channels + channel]
                row[:half], row[half + width :] = row[half], row[half + width - 1]
                total = 0.0
                for x in range(size - 1):
                    total += row[x]
                for x in range(width):
                    total += row[x + size - 1]
                    image[y, x * channels + channel] = total * part
                    total -= row[x]


@kernel
def slide_down(image, size):  # type: ignore[no-untyped-def]
    """Two running means over `size` rows of image (H, N), in place; ends are repeated."""
    height, width = image.shape
    half, part = size // 2, 1.0 / size
    total, before = np.empty(width, np.float64), image.copy()
    for _ in range(2):
        before[:] = image
        total[:] = 0.0
        for y in range(-half, half):
            for x in range(width):
                total[x] += before[min(max(y, 0), height - 1), x]
        for y in range(height):
            enter, leave = min(y + half, height - 1), max(y - half, 0)
            for x in range(width):
                total[x] += before[enter, x]
                image[y, x] = total[x] * part
                total[x] -= before[leave, x]
