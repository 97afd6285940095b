"""The bridge's network as a plain U-Net: few, wide convolutions, no normalisation, no attention."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from kinema.painter.features import GUIDES, free

STEADY = 0.7  # share of the last ratio that is kept where it is known and the new one is near it
FLEETING = 0.06  # change of ratio from which it is believed: a moving shadow, not unrest
DOUBT = 0.04  # ratio of which half is painted: smaller ones are as often wrong as right, and the preview stays
FOLD = 2  # the network works at half its picture's size: the first layer strides, the last is unfolded


@dataclass(frozen=True)
class UNetConfig:
    """widths: channels from half size down, multiples of 32 · deep: blocks at the bottom."""

    widths: tuple[int, ...] = (32, 64, 96, 160, 192)
    deep: int = 2


class UNet(nn.Module):  # type: ignore[misc]
    """Predicts the ratio of painted to previewed light, in the units of kinema.painter.features.

    forward: guides (B, GUIDES, H, W), noisy (B, 3, H, W), time (B, 1, 1, 1), previous (B, 4, H, W) -> (B, 3, H, W);
    H and W are multiples of 32. A new network answers zero: it starts from the preview.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        widths = config.widths
        # a layer for each input: to join them first would cost as much as the widest convolution
        self.see = nn.Conv2d(GUIDES, widths[0], 2 * FOLD, stride=FOLD, padding=FOLD // 2)
        self.start = nn.Conv2d(3, widths[0], FOLD, stride=FOLD, bias=False)
        self.clock = nn.Parameter(torch.zeros(1, widths[0], 1, 1))
        self.remember = nn.Conv2d(4, widths[0], FOLD, stride=FOLD, bias=False)
        self.down = nn.ModuleList(Block(width) for width in widths[:-1])
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairwise(widths))
        self.deep = nn.Sequential(*(Block(widths[-1]) for _ in range(config.deep)))
        self.grow = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairwise(widths))
        self.merge = nn.ModuleList(nn.Conv2d(2 * width, width, 1) for width in widths[:-1])
        self.up = nn.ModuleList(Block(width) for width in widths[:-1])
        self.outlet = nn.Conv2d(widths[0], 3 * FOLD**2, 3, padding=1)
        nn.init.zeros_(self.outlet.weight)
        nn.init.zeros_(self.outlet.bias)

    def forward(self, guides: Tensor, noisy: Tensor, time: Tensor, previous: Tensor) -> Tensor:
        """See the class."""
        x = self.see(guides) + self.start(noisy) + self.remember(previous) + self.clock * time
        kept = []
        for block, shrink in zip(self.down, self.shrink, strict=True):
            x = block(x)
            kept.append(x)
            x = shrink(x)
        x = self.deep(x)
        for level in reversed(range(len(kept))):
            x = nn.functional.interpolate(self.grow[level](x), scale_factor=2.0, mode="nearest")
            x = self.up[level](self.merge[level](torch.cat([x, kept[level]], 1)))
        ratio = nn.functional.pixel_shuffle(self.outlet(x), FOLD)
        if not self.training:  # about nothing `sure` has no slope: a new network would never learn
            ratio = sure(ratio)
        return settled(ratio, previous) * free(guides)


def settled(ratio: Tensor, previous: Tensor) -> Tensor:
    """The ratio (B, 3, H, W), drawn towards what was painted a frame ago (B, 4, H, W; the last: where it is known)."""
    change = previous[:, :3] - ratio
    return ratio + STEADY * previous[:, 3:] * change / (1.0 + (change / FLEETING).square())


def sure(ratio: Tensor) -> Tensor:
    """The ratio (B, 3, H, W), less of it the smaller it is in the mean of its colours."""
    strength = ratio.mean(1, keepdim=True).square()
    return ratio * strength / (strength + DOUBT**2)


class Block(nn.Module):  # type: ignore[misc]
    """Two convolutions added to what came in; at first they add little."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():
            self.second.weight.mul_(0.1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) to the same."""
        y: Tensor = x + self.second(nn.functional.silu(self.first(nn.functional.silu(x))))
        return y
