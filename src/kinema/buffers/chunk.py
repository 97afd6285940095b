"""Eight frames of one shot as arrays: everything the painter and the finishing know of the world."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAMES_PER_CHUNK = 8

F16 = NDArray[np.float16]
F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]

# name -> (dtype, channels); every array is (T, H, W) or (T, H, W, C)
LAYOUT: dict[str, tuple[str, int]] = {
    "preview": ("float16", 3),
    "depth": ("float32", 0),
    "normal": ("float16", 3),
    "albedo": ("float16", 3),
    "roughness": ("uint8", 0),
    "metallic": ("uint8", 0),
    "emission": ("float16", 3),
    "key_visibility": ("uint8", 0),
    "reflected": ("float16", 3),
    "instance": ("uint16", 0),
    "concept": ("uint16", 0),
    "motion": ("float16", 2),
    "valid": ("uint8", 0),
    "layer": ("float16", 4),
    "layer_motion": ("float16", 2),
}


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
    depth: view-space z in metres, inf where there is only sky · normal: world space, unit, 0 on sky
    key_visibility: 0 shadowed to 255 lit · reflected: radiance of the mirror pass, before Fresnel
    instance, concept: 0 is nothing · motion: (x, y) pixels such that p + motion is where the point was a frame ago
    valid: 1 where that place showed the same surface · layer: premultiplied rgb + coverage of smoke, rain, sparks
    to be laid over the painted picture · layer_motion: its own motion
    first_frame: index of the chunk's first frame in its take (0 starts a new history)
    """

    first_frame: int
    lenses: tuple[Lens, ...]
    preview: F16
    depth: F32
    normal: F16
    albedo: F16
    roughness: U8
    metallic: U8
    emission: F16
    key_visibility: U8
    reflected: F16
    instance: U16
    concept: U16
    motion: F16
    valid: U8
    layer: F16
    layer_motion: F16

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
