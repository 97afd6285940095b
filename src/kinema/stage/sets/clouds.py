"""Clouds as layers over the sky: cirrus combed out by wind, broken heaps with a lit side, and closed overcast."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, Colour
from kinema.stage.sets.directions import F64, rays
from kinema.stage.sets.noise import Noise, smooth

# How far over the horizon the layer's plane bends away (a flat layer would crowd into a line there).
CURVE = 0.075


def _sheet(x: F32, y: F32, z: F32) -> tuple[F32, F32]:
    """Where a ray meets a cloud layer, in units of the layer's height."""
    reach = np.asarray(1.0 / (np.maximum(z, 0.0) + CURVE), np.float32)
    return x * reach, y * reach


def cirrus(seed: int, elevation: F32, azimuth: F32, amount: float) -> F32:
    """Coverage (H, W) of ice clouds: patches of long fibres that curl at one end; amount 0 to 1."""
    px, py = _sheet(*rays(elevation, azimuth))
    wind = 0.9
    along, across = px * np.cos(wind) + py * np.sin(wind), -px * np.sin(wind) + py * np.cos(wind)
    broad, fine = Noise.of(seed, "sky", "cirrus"), Noise.of(seed, "sky", "fibres")
    bend = broad.sum(along * 0.35, across * 0.5, 3)
    curl = fine.sum(along * 0.9 + 40, across * 0.9, 2)
    fibre_across = across + 0.55 * bend + 0.10 * curl
    fibres = fine.sum(along * 0.55 + 0.35 * curl, fibre_across * 3.4, 5, 0.58)
    veil = broad.sum(along * 0.3 + 7.3, fibre_across * 0.55 + 2.1, 4)
    patches = smooth(0.30 - 0.55 * amount, 0.75 - 0.35 * amount, veil + 0.25 * bend)
    strands = smooth(-0.35, 0.75, fibres + 0.35 * veil)
    return np.asarray(np.clip(patches * (0.18 + 0.95 * strands**1.6), 0.0, 0.92), np.float32)


def heaps(seed: int, elevation: F32, azimuth: F32, sun: F64, amount: float) -> tuple[F32, F32]:
    """Coverage and lit share (H, W) each of broken cumulus: thickness towards the sun shades it."""
    px, py = _sheet(*rays(elevation, azimuth))
    noise = Noise.of(seed, "sky", "heaps")
    flat = np.hypot(sun[0], sun[1]) + 1e-6
    step = 0.16 * sun[:2] / flat

    def thickness(x: F32, y: F32) -> F32:
        warp = noise.sum(x * 0.8 + 31, y * 0.8, 2)
        return noise.sum(x * 1.1 + 0.3 * warp, y * 1.1 - 0.3 * warp, 6, 0.54)

    here = thickness(px, py)
    ahead = thickness(px + step[0], py + step[1])
    level = 0.42 - 0.6 * amount
    cover = smooth(level, level + 0.22, here)
    lit = np.clip(0.62 + 1.1 * (here - ahead) - 0.45 * smooth(level, level + 0.9, here), 0.12, 1.0)
    return cover, lit.astype(np.float32)


def overcast(seed: int, elevation: F32, azimuth: F32, zenith: Colour, horizon: Colour) -> F32:
    """Radiance (H, W, 3) of a closed deck: brighter overhead as in the CIE overcast sky, with sagging billows."""
    px, py = _sheet(*rays(elevation, azimuth))
    noise = Noise.of(seed, "sky", "overcast")
    warp = noise.sum(px * 0.5, py * 0.5 + 11, 3)
    billow = noise.sum(px * 0.7 + 0.5 * warp, py * 1.2 + 0.5 * warp, 5, 0.55)
    share = ((1 + 2 * np.clip(np.sin(elevation), 0, 1)) / 3)[..., None]
    deck = np.asarray(horizon, np.float32) * (1 - share) * 1.5 + np.asarray(zenith, np.float32) * share
    fade = smooth(0.0, 0.35, np.broadcast_to(elevation, billow.shape))
    return np.asarray(deck * (1 + 0.3 * fade * billow)[..., None], np.float32)
