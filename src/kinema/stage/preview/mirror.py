"""What a wet plane shows: the scene seen by the mirrored camera, at half size, with ever wider blur.

Wet asphalt is a rough mirror seen at a grazing angle, so its blur is several times taller than wide: lamps and signs
become the long streaks of a street after rain.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F32
from kinema.stage.preview.soft import MIRROR_STEP, Mirror
from kinema.stage.raster.kernel import disjoint, kernel
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
    images = np.empty(28 * height * width, np.float32)
    whole = images[: 16 * height * width].reshape(2 * height, 2 * width, 4)
    levels = images[16 * height * width :].reshape(3, height, width * 4)
    whole[:] = sharp[: 2 * height, : 2 * width]
    halve(whole.reshape(2 * height, width * 8), levels[0])
    for k, (across, along) in enumerate(SPREAD):
        if k > 0:
            levels[k] = levels[k - 1]
        slide_across(levels[k], _box(across))
        slide_down(levels[k], _box(along))
    return Mirror(images, width, height)


def _box(sigma: float) -> int:
    """Width of the box that, passed over twice, is near enough to a Gaussian, and costs the same at any width."""
    return max(1, int(np.rint(sigma * np.sqrt(6.0))) | 1)


@disjoint
def halve(image, out):  # type: ignore[no-untyped-def]
    """Mean of four pixels each: image (2 h, 8 w), out (h, 4 w)."""
    quarter, four = np.float32(0.25), np.uint64(4)
    for y in range(np.uint64(out.shape[0])):
        above, below = y + y, y + y + np.uint64(1)
        for x in range(np.uint64(out.shape[1] // 4)):
            for c in range(four):
                at = np.uint64(8) * x + c
                upper, lower = image[above, at] + image[above, at + four], image[below, at] + image[below, at + four]
                out[y, four * x + c] = (upper + lower) * quarter


@disjoint
def slide_across(image, size):  # type: ignore[no-untyped-def]
    """Two running means over `size` pixels along each row of image (H, 4 W), in place; ends are repeated."""
    height, width = image.shape[0], image.shape[1] // 4
    half, part, four = size // 2, 1.0 / size, np.uint64(4)
    row, total = np.empty(4 * (width + 2 * half), np.float64), np.zeros(4, np.float64)
    for y in range(height):
        for _ in range(2):
            row[4 * half : 4 * (half + width)] = image[y]
            for k in range(half):
                row[4 * k : 4 * k + 4] = image[y, :4]
                row[4 * (half + width + k) : 4 * (half + width + k) + 4] = image[y, 4 * width - 4 :]
            total[:] = 0.0
            for n in range(np.uint64(4 * size - 4)):
                total[n & np.uint64(3)] += row[n]
            ahead = np.uint64(4 * size - 4)
            for x in range(np.uint64(width)):
                for c in range(four):  # colours side by side: none waits for another's sum
                    at = four * x + c
                    total[c] += row[at + ahead]
                    image[y, at] = total[c] * part
                    total[c] -= row[at]


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
