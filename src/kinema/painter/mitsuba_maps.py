"""Texture maps as Mitsuba bitmaps, tinted, shrunk to what the picture can show, and made once."""

from __future__ import annotations

from typing import Any

import mitsuba as mi
import numpy as np

from kinema.buffers.scene_frame import F32, U8, Texture

mi.set_variant("scalar_rgb")

BRIGHTEST = 0.95  # albedo beyond which light between surfaces would not die out
SMALLEST = 256  # texels across, whatever the picture's size


class Maps:
    """Bitmaps by texture, channel and tint."""

    def __init__(self) -> None:
        self.widest = SMALLEST
        self._made: dict[tuple[object, ...], Any] = {}
        self._linear: dict[tuple[str, str], F32] = {}

    def fit(self, width: int) -> None:
        """Make maps for a picture that many pixels wide; others are forgotten."""
        widest = max(SMALLEST, 2 * width)
        if widest != self.widest:
            self.widest = widest
            self._made.clear()
            self._linear.clear()

    def colour(self, texture: Texture, channel: str, tint: F32) -> Any:
        """A colour map times a linear colour (3,). channel: albedo or emission."""
        key = (texture.key, channel, *(round(float(c), 3) for c in tint))
        if key not in self._made:
            image = self._decoded(texture, channel) * np.asarray(tint, np.float32)
            self._made[key] = _bitmap(np.minimum(image, BRIGHTEST) if channel == "albedo" else image)
        return self._made[key]

    def grey(self, texture: Texture, channel: str, least: float = 0.0) -> Any:
        """A map of numbers 0 to 1, none below least. channel: roughness or height."""
        key = (texture.key, channel)
        if key not in self._made:
            values = shrunk(getattr(texture, channel).astype(np.float32)[..., None] / 255.0, self.widest)
            self._made[key] = _bitmap(np.maximum(values, least))
        return self._made[key]

    def cut_out(self, texture: Texture) -> Any:
        """Coverage, all or nothing at one half."""
        key = (texture.key, "alpha")
        if key not in self._made:
            alpha: U8 = texture.alpha if texture.alpha is not None else np.full((1, 1), 255, np.uint8)
            self._made[key] = _bitmap(shrunk((alpha >= 128).astype(np.float32)[..., None], self.widest))
        return self._made[key]

    def mean(self, texture: Texture) -> float:
        """Mean of the emission map, 0 to 1."""
        return float(self._decoded(texture, "emission").mean())

    def _decoded(self, texture: Texture, channel: str) -> F32:
        key = (texture.key, channel)
        if key not in self._linear:
            self._linear[key] = shrunk(_LINEAR[getattr(texture, channel)], self.widest)
        return self._linear[key]


def shrunk(image: F32, widest: int) -> F32:
    """Halved until it is no wider."""
    while image.shape[1] > widest and not (image.shape[0] % 2 or image.shape[1] % 2):
        image = 0.25 * (image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2])
    return image


def _bitmap(image: F32) -> Any:
    bitmap = mi.Bitmap(np.ascontiguousarray(image, np.float32))
    return mi.load_dict({"type": "bitmap", "bitmap": bitmap, "raw": True, "wrap_mode": "repeat"})


_CODES = np.arange(256) / 255.0  # sRGB (IEC 61966-2-1)
_LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)
