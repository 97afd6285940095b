"""The gate: a network paints the held-out clips, and must beat the preview on them to be shipped.

The references are noisy. Their two halves share no noise, so the mean product of a picture's errors against the one and
against the other is its mean squared error against a reference without noise. For that, an error must not bend with the
noise: it is taken in linear light, times the slope of the display curve between the picture and the denoised reference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from kinema.buffers.scene_frame import F32
from kinema.metrics.fidelity import shown, ssim
from kinema.metrics.flicker import moved
from kinema.painter.features import MOST, decoded
from kinema.training.bridge import carried
from kinema.training.clips import Footage
from kinema.training.unet import UNet

LEAST = 1e-9  # mean squared error a reference can tell from none
CLOSE = np.float32(1e-3)  # linear light between which the display curve counts as straight
WORST = -0.1  # dB a single clip may lose against the preview
FLICKER = 1.0  # times the preview's own flicker


@dataclass(frozen=True)
class Score:
    """Of one clip: PSNR (dB), SSIM, flicker (root mean square of display values)."""

    name: str
    psnr: float
    ssim: float
    flicker: float


@dataclass(frozen=True)
class Verdict:
    """Scores of preview and painter on every clip."""

    preview: tuple[Score, ...]
    painter: tuple[Score, ...]

    @property
    def passed(self) -> bool:
        """Better in the mean, on no clip visibly worse, and as steady."""
        gains = [b.psnr - a.psnr for a, b in zip(self.preview, self.painter, strict=True)]
        steady = _mean(self.painter, "flicker") <= FLICKER * _mean(self.preview, "flicker")
        return sum(gains) > 0.0 and min(gains) >= WORST and steady

    def figures(self) -> dict[str, float]:
        """Means, for manifest and log."""
        kinds = {"preview": self.preview, "painter": self.painter}
        return {
            f"{kind}_{what}": round(_mean(scores, what), 4)
            for kind, scores in kinds.items()
            for what in ("psnr", "ssim", "flicker")
        }


def judge(network: UNet, clips: Sequence[Footage], steps: int) -> Verdict:
    """Score preview and network on clips it was not trained on."""
    return Verdict(
        tuple(_score(clip, clip.preview) for clip in clips),
        tuple(_score(clip, painted(network, clip, steps)) for clip in clips),
    )


def painted(network: UNet, clip: Footage, steps: int) -> F32:
    """What the network makes of a clip (T, h, w, 3), from its first frame on with its own memory."""
    frames: list[F32] = []
    _, _, h, w = clip.guides.shape
    ratio = torch.zeros(1, 3, h, w)
    pad = _padder(h, w)
    with torch.no_grad():
        for k in range(len(clip.guides)):
            valid = torch.from_numpy(clip.valid[k : k + 1]) * float(k > 0)
            memory = pad(carried(ratio, torch.from_numpy(clip.motion[k : k + 1]), valid))
            guides = pad(torch.from_numpy(clip.guides[k : k + 1].astype(np.float32)))
            answer = torch.zeros_like(guides[:, :3])
            for step in range(steps):
                time = torch.full((1, 1, 1, 1), step / steps)
                answer = network(guides, answer * time, time, memory)
            ratio = answer[..., :h, :w].clamp(-MOST, MOST)
            light = decoded(ratio[0].numpy() + clip.guides[k, :3].astype(np.float32))
            frames.append(np.maximum(light, 0.0).transpose(1, 2, 0))
    return np.stack(frames)


def _padder(h: int, w: int) -> Callable[[torch.Tensor], torch.Tensor]:
    size = (0, -w % 32, 0, -h % 32)
    return lambda image: torch.nn.functional.pad(image, size, mode="replicate")


def _score(clip: Footage, frames: F32) -> Score:
    likeness = [ssim(a, b) for a, b in zip(frames, clip.truth, strict=True)]
    return Score(clip.name, psnr(frames, clip), float(np.mean(likeness)), flicker(frames, clip))


def psnr(frames: F32, clip: Footage) -> float:
    """Decibels of the frames (T, h, w, 3), from the squared error of them all: a logarithm of each frame's would be
    bent by what noise the references have."""
    first, second = _wrong(frames, clip)
    return float(-10.0 * np.log10(max(float((first * second).mean()), LEAST)))


def flicker(frames: F32, clip: Footage) -> float:
    """Root mean square of what changes from frame to frame that neither motion nor the reference accounts for."""
    off, total, count = _wrong(frames, clip), 0.0, 0
    for t in range(1, len(frames)):
        known = clip.valid[t] > 0
        first, second = ((wrong[t] - moved(wrong[t - 1], clip.motion[t]))[known] for wrong in off)
        total, count = total + float((first * second).sum()), count + first.size
    return float(np.sqrt(max(total, 0.0) / max(count, 1)))


def _wrong(frames: F32, clip: Footage) -> tuple[F32, F32]:
    """Errors of display values (T, h, w, 3) against either half."""
    gap = frames - clip.truth
    near = np.abs(gap) < CLOSE
    other = np.where(near, clip.truth + CLOSE, frames)
    slope = (shown(other) - shown(clip.truth)) / np.where(near, CLOSE, gap)
    return slope * (frames - clip.halves[0]), slope * (frames - clip.halves[1])


def _mean(scores: Sequence[Score], what: str) -> float:
    return float(np.mean([getattr(score, what) for score in scores]))
