"""Clips as the painter sees them: features, the ratio it should paint, and crops of them by lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import RADIANCE_CEILING, Chunk, Lens
from kinema.buffers.scene_frame import F32
from kinema.painter.features import GUIDES, MOST, RANGE, encoded, free, seen
from kinema.stage.chance import chance
from kinema.training.references import read_reference, reference_path

COLOURS = (0, 3, 13, 17)  # guides where a colour begins
RECOLOURED = 0.5  # share of crops whose red, green and blue change places: light does not know their names
F16 = NDArray[np.float16]
EDGE = (0.12, 0.03, 0.3)  # change of root albedo, of depth as the painter sees it and of normal that make an outline
UNSURE = 0.1  # what such a pixel counts in training: two things share it, and a denoiser smears across it
LEVEL = (0.8, 1.6)  # by how much a clip's light may be made weaker or stronger to match the preview's exposure


@dataclass(frozen=True, eq=False)
class Footage:
    """guides (T, GUIDES, h, w), ratio (T, 3, h, w): half precision, to hold many · trust (T, h, w): what the ratio's
    pixels count · motion (T, h, w, 2) · valid (T, h, w) · truth (T, h, w, 3), its noisy halves (2, T, h, w, 3), which
    share no noise, and preview (T, h, w, 3): linear light."""

    name: str
    guides: F16
    ratio: F16
    trust: F32
    motion: F32
    valid: F32
    truth: F32
    halves: F32
    preview: F32


def footage(path: Path) -> Footage:
    """Read one clip of kinema.training.targets, and the reference of a held-out one."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files if name != "facts"}
    traced, through, veil = (arrays.pop(name).astype(np.float32) for name in ("target", "through", "veil"))
    light = reference_path(path)
    halves = read_reference(light).halves if light.exists() else np.stack([traced, traced])
    chunk = _chunk(arrays)
    factor = chunk.shape[1] // traced.shape[1]
    views = [seen(chunk, k, factor) for k in range(len(traced))]
    guides = np.stack([view.guides for view in views])
    preview = blocks(chunk.preview, factor)
    emission = _light(arrays["emission"], factor)
    gain = level(traced, preview, through, veil, emission, guides[:, 10])
    truth, *sides = (
        levelled(light, gain, emission, guides[:, 10]) * through + veil for light in (traced, *halves)
    )  # fmt: skip
    ratio = np.clip(encoded(truth).transpose(0, 3, 1, 2) - guides[:, :3], -MOST, MOST) * free(guides)
    return Footage(
        path.stem, guides.astype(np.float16), ratio.astype(np.float16), trusted(guides),
        np.stack([view.motion for view in views]), np.stack([view.valid for view in views]),
        truth, np.stack(sides), preview,
    )  # fmt: skip


def level(traced: F32, preview: F32, through: F32, veil: F32, emission: F32, sky: F32) -> float:
    """What brings the traced light to the preview's exposure: how a scene is exposed is the stage's to say, how light
    falls in it is the path tracer's. One factor a clip.

    (T, h, w, 3) all but through (T, h, w, 1) and sky (T, h, w), the share of it
    """
    bare = np.maximum((preview - veil) / np.maximum(through, 0.05), 0.0)
    matter = (sky < 0.01) & (emission.max(-1) < 0.02) & (through[..., 0] > 0.3)
    if not matter.any():
        return 1.0
    gap = encoded(bare[matter]) - encoded(traced[matter])
    return float(np.clip(np.exp(np.median(gap) * RANGE), *LEVEL))


def levelled(traced: F32, gain: float, emission: F32, sky: F32) -> F32:
    """The traced light (T, h, w, 3) with that exposure, on what surfaces scatter; not on sky and lamps."""
    scattered = np.maximum(traced - emission, 0.0) * (1.0 - sky[..., None])
    return np.asarray(traced + (gain - 1.0) * scattered, np.float32)


@dataclass(frozen=True, eq=False)
class Batch:
    """Crops of consecutive frames: guides (T, B, GUIDES, h, w), ratio (T, B, 3, h, w), trust (T, B, h, w),
    motion (T, B, h, w, 2), valid (T, B, h, w), before (B, 3, h, w): the true ratio a frame earlier, begins (B,):
    whether there was one."""

    guides: F32
    ratio: F32
    trust: F32
    motion: F32
    valid: F32
    before: F32
    begins: NDArray[np.bool_]


def batch(clips: Sequence[Footage], step: int, seed: int, size: int, frames: int, crop: tuple[int, int]) -> Batch:
    """The batch of a training step: a function of its arguments alone, so that a resumed run sees the same.

    crop: height and width, multiples of 32, no larger than the clips
    """
    lot = chance(seed, str(step), "batch")
    height, width = crop
    parts = []
    for _ in range(size):
        clip = clips[int(lot.integers(len(clips)))]
        order = lot.permutation(3) if lot.random() < RECOLOURED else np.arange(3)
        t = int(lot.integers(len(clip.ratio) - frames + 1))
        y = int(lot.integers(clip.ratio.shape[2] - height + 1))
        x = int(lot.integers(clip.ratio.shape[3] - width + 1))
        rows, columns, times = slice(y, y + height), slice(x, x + width), slice(t, t + frames)
        parts.append((
            clip.guides[times, :, rows, columns][:, _recoloured(order)], clip.ratio[times, :, rows, columns][:, order],
            clip.trust[times, rows, columns], clip.motion[times, rows, columns], clip.valid[times, rows, columns],
            clip.ratio[max(t - 1, 0), :, rows, columns][order], t == 0,
        ))  # fmt: skip
    guides, ratio, trust, motion, valid, before, begins = zip(*parts, strict=True)
    return Batch(
        _stacked(guides, 1), _stacked(ratio, 1), _stacked(trust, 1), _stacked(motion, 1), _stacked(valid, 1),
        _stacked(before, 0), np.array(begins),
    )  # fmt: skip


def trusted(guides: F32) -> F32:
    """What pixels count in training (T, h, w): little beside an outline. guides (T, GUIDES, h, w)"""
    edge = np.zeros((len(guides), *guides.shape[2:]), bool)
    for channels, most in zip((slice(3, 6), slice(9, 10), slice(6, 9)), EDGE, strict=True):
        image = guides[:, channels]
        for axis in (2, 3):
            apart = np.abs(np.diff(image, axis=axis)).max(1) > most
            first, second = [slice(None)] * 3, [slice(None)] * 3
            first[axis - 1], second[axis - 1] = slice(None, -1), slice(1, None)
            edge[tuple(first)] |= apart
            edge[tuple(second)] |= apart
    return np.where(edge, UNSURE, 1.0).astype(np.float32)


def _recoloured(order: NDArray[np.int64]) -> list[int]:
    """The guides' order when red, green and blue change places."""
    channels = list(range(GUIDES))
    for first in COLOURS:
        channels[first : first + 3] = [first + int(k) for k in order]
    return channels


def _stacked(arrays: Sequence[NDArray[Any]], axis: int) -> F32:
    return np.stack(arrays, axis).astype(np.float32)


def _chunk(arrays: dict[str, NDArray[Any]]) -> Chunk:
    shape = arrays["depth"].shape
    absent = {
        "concept": np.zeros(shape, np.uint16), "layer": np.zeros((*shape, 4), np.float32),
        "layer_motion": np.zeros((*shape, 2), np.int16),
    }  # fmt: skip
    return Chunk(first_frame=0, lenses=(Lens(1.0, 0.0, 1.0),) * shape[0], **{**absent, **arrays})


def blocks(image: F32, factor: int) -> F32:
    """Means over blocks of factor by factor pixels of (T, H, W, C)."""
    t, h, w, c = image.shape
    return np.asarray(image.reshape(t, h // factor, factor, w // factor, factor, c).mean((2, 4)), np.float32)


def _light(emission: NDArray[Any], factor: int) -> F32:
    return blocks((emission.astype(np.float32) / 255.0) ** 2 * RADIANCE_CEILING, factor)
