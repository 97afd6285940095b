"""Eight frames of one shot as arrays: everything the painter and the finishing know of the world."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAMES_PER_CHUNK = 8

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
I8 = NDArray[np.int8]
I16 = NDArray[np.int16]

# name -> (dtype, channels); every array is (T, H, W) or (T, H, W, C); 64 bytes a pixel.
# No float16: Numba cannot read it on a CPU, and NumPy needs 16 ms to write three 720p channels of it.
LAYOUT: dict[str, tuple[str, int]] = {
    "preview": ("float32", 3),
    "depth": ("float32", 0),
    "normal": ("int8", 3),
    "albedo": ("uint8", 3),
    "roughness": ("uint8", 0),
    "metallic": ("uint8", 0),
    "emission": ("uint8", 3),
    "key_visibility": ("uint8", 0),
    "reflected": ("uint8", 3),
    "instance": ("uint16", 0),
    "concept": ("uint16", 0),
    "motion": ("float32", 2),
    "valid": ("uint8", 0),
    "layer": ("float32", 4),
    "layer_motion": ("int16", 2),
}
RADIANCE_CEILING = 16.0  # emission and reflected hold sqrt(radiance / this) * 255
MOTION_STEPS = 16  # layer_motion counts sixteenths of a pixel


@dataclass(frozen=True, eq=False)
class Lens:
    """What finishing needs of each frame's camera: focal (px), aperture (m), focus distance (m)."""

    focal: float
    aperture: float
    focus: float


@dataclass(frozen=True, eq=False)
class Chunk:
    """T frames (8, fewer at a take's end) of per-pixel truth. Linear Rec.709; shapes in LAYOUT.

    preview: shaded radiance, anti-aliased, fog in it, translucent layers NOT in it
    depth: view-space z in metres, inf where there is only sky · normal: world space times 127, 0 on sky
    albedo: sqrt(linear) * 255 · roughness, metallic: times 255 · emission: see RADIANCE_CEILING
    key_visibility: 0 shadowed to 255 lit · reflected: radiance of the mirror pass before Fresnel, as emission
    instance, concept: 0 is nothing · motion: (x, y) pixels such that p + motion is where the point was a frame ago
    valid: 1 where that place showed the same surface · layer: premultiplied rgb + coverage of smoke, rain, sparks
    to be laid over the painted picture · layer_motion: its own motion, in MOTION_STEPS
    first_frame: index of the chunk's first frame in its take (0 starts a new history)
    """

    first_frame: int
    lenses: tuple[Lens, ...]
    preview: F32
    depth: F32
    normal: I8
    albedo: U8
    roughness: U8
    metallic: U8
    emission: U8
    key_visibility: U8
    reflected: U8
    instance: U16
    concept: U16
    motion: F32
    valid: U8
    layer: F32
    layer_motion: I16

    def __post_init__(self) -> None:
        frames, height, width = self.depth.shape
        if len(self.lenses) != frames:
            raise ValueError(f"a chunk of {frames} frames needs {frames} lenses (got {len(self.lenses)})")
        for name, (dtype, channels) in LAYOUT.items():
            array: NDArray[Any] = getattr(self, name)
            shape = (frames, height, width, channels) if channels else (frames, height, width)
            if array.shape != shape or array.dtype != dtype:
                raise ValueError(f"{name} must be {dtype} {shape} (got {array.dtype} {array.shape})")

    @property
    def shape(self) -> tuple[int, int, int]:
        """(T, H, W)."""
        frames, height, width = self.depth.shape
        return frames, height, width


def empty_arrays(frames: int, height: int, width: int) -> dict[str, NDArray[Any]]:
    """Zeroed arrays in the contract's layout, for a renderer to fill: name -> (T, H, W[, C])."""
    shapes = {name: (frames, height, width, c) if c else (frames, height, width) for name, (_, c) in LAYOUT.items()}
    return {name: np.zeros(shapes[name], dtype) for name, (dtype, _) in LAYOUT.items()}


assert set(LAYOUT) == {f.name for f in fields(Chunk)} - {"first_frame", "lenses"}
