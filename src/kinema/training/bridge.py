"""Training the bridge: from the preview to the path-traced frame, one frame after the other with a memory of the last.

The path runs from the preview's light x0 to the truth x1: z_t = (1 - t) x0 + t x1 + sigma sqrt(t (1 - t)) noise
(Albergo and Vanden-Eijnden 2023, Liu et al. 2023; RenderFlow uses it for rendering), and the network predicts x1 from
z_t. All of it is written as differences to the preview: x0 is 0, x1 the ratio to be painted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from kinema.painter.features import MOST
from kinema.training.clips import Batch, Footage, batch
from kinema.training.unet import UNet, UNetConfig

Report = Callable[[int, float], None]


@dataclass(frozen=True)
class BridgeConfig:
    """steps: of training · batch: crops a step · frames: of each crop, one after the other · crop: height, width.

    sigma: noise of the bridge · outset: share of examples that start at t = 0, the only time one step ever sees ·
    forget: share of crops without a memory · own: share of memories that are what the network itself painted, at the
    end of training; until then they are more often the truth · jitter: noise on true memories ·
    edges: weight of the loss on differences between neighbours · steady: and on what of it changes from frame to frame
    """

    network: UNetConfig = field(default_factory=UNetConfig)
    steps: int = 2200
    batch: int = 8
    frames: int = 2
    crop: tuple[int, int] = (96, 160)
    rate: float = 8e-4
    warm_up: int = 50
    decay: float = 0.01
    average: float = 0.995
    sigma: float = 0.02
    outset: float = 0.7
    forget: float = 0.25
    own: float = 0.8
    jitter: float = 0.03
    edges: float = 0.5
    steady: float = 0.5
    seed: int = 0
    save_every: int = 200


def network_for(config: UNetConfig) -> UNet:
    """The network a configuration describes; another kind of network is another case here."""
    return UNet(config)


class Trainer:
    """One run: weights in single precision, arithmetic in bfloat16, their running average, and where it stands."""

    def __init__(self, config: BridgeConfig) -> None:
        torch.manual_seed(config.seed)
        self.config = config
        self.network = network_for(config.network).to(memory_format=torch.channels_last)
        self.averaged = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=config.rate, betas=(0.9, 0.98), weight_decay=config.decay
        )
        self.step = 0

    def run(
        self, clips: Sequence[Footage], until: int, checkpoint: Path | None = None, report: Report | None = None
    ) -> float:
        """Train up to a step; returns the last loss. Saves as it goes when given a checkpoint's path."""
        loss = math.nan
        while self.step < until:
            c = self.config
            loss = self._step(batch(clips, self.step, c.seed, c.batch, c.frames, c.crop))
            self.step += 1
            if report is not None:
                report(self.step, loss)
            if checkpoint is not None and (self.step % c.save_every == 0 or self.step == until):
                self.save(checkpoint)
        return loss

    def _step(self, crops: Batch) -> float:
        c, lot = self.config, torch.Generator().manual_seed(self.config.seed * 1_000_003 + self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = c.rate * _schedule(self.step, c.warm_up, c.steps)
        self.optimizer.zero_grad(set_to_none=True)
        before, known = torch.from_numpy(crops.before), torch.from_numpy(~crops.begins)
        before = before + c.jitter * torch.randn(before.shape, generator=lot)
        known = known & (torch.rand(len(known), generator=lot) >= c.forget)
        total, wrong = 0.0, torch.zeros(crops.ratio.shape[1:])
        own = c.own * min(1.0, self.step / max(c.steps / 2, 1))
        for k in range(c.frames):
            motion, valid = torch.from_numpy(crops.motion[k]), torch.from_numpy(crops.valid[k])
            memory = carried(before, motion, valid * known[:, None, None])
            truth = torch.from_numpy(crops.ratio[k])
            painted = self._painted(torch.from_numpy(crops.guides[k]), truth, memory, lot)
            off = (painted - truth) * torch.from_numpy(crops.trust[k])[:, None]
            loss = _loss(off, c.edges) / c.frames
            if k > 0:
                loss = loss + c.steady * _unrest(off, carried(wrong, motion, valid))
            wrong = off.detach()
            loss.backward()
            total += float(loss.detach())
            jittered = truth + c.jitter * torch.randn(truth.shape, generator=lot)
            mine = (torch.rand(len(truth), generator=lot) < own)[:, None, None, None]
            before, known = torch.where(mine, painted.detach().clamp(-MOST, MOST), jittered), torch.ones_like(known)
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self._average()
        return total

    def _painted(self, guides: Tensor, truth: Tensor, memory: Tensor, lot: torch.Generator) -> Tensor:
        size = len(truth)
        time = torch.rand(size, generator=lot) * (torch.rand(size, generator=lot) >= self.config.outset)
        time = time[:, None, None, None]
        noise = torch.randn(truth.shape, generator=lot)
        noisy = time * truth + self.config.sigma * (time * (1.0 - time)).sqrt() * noise
        inputs = [part.contiguous(memory_format=torch.channels_last) for part in (guides, noisy, memory)]
        with torch.autocast("cpu", torch.bfloat16):
            painted = self.network(inputs[0], inputs[1], time, inputs[2])
        return painted.float()

    def _average(self) -> None:
        keep = min(self.config.average, (1.0 + self.step) / (10.0 + self.step))
        with torch.no_grad():
            for name, value in self.network.state_dict().items():
                self.averaged[name].lerp_(value, 1.0 - keep)

    def finished(self) -> UNet:
        """A network with the averaged weights, for judging and export."""
        network = network_for(self.config.network)
        network.load_state_dict(self.averaged)
        network.eval()
        return network

    def save(self, path: Path) -> None:
        """Write weights, averages and the optimizer's moments, whole or not at all."""
        arrays = {"step": np.array(self.step)}
        for name, value in self.network.named_parameters():
            moments = self.optimizer.state.get(value, {})
            arrays[f"weight/{name}"] = value.detach().numpy()
            arrays[f"average/{name}"] = self.averaged[name].numpy()
            arrays |= {f"{key}/{name}": moment.numpy() for key, moment in moments.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as out:
            np.savez(out, allow_pickle=False, **arrays)
        part.replace(path)

    def resume(self, path: Path) -> None:
        """Take up a run where `save` left it. Raises: KeyError when the network is another."""
        with np.load(path, allow_pickle=False) as file:
            self.step = int(file["step"])
            with torch.no_grad():
                for name, value in self.network.named_parameters():
                    value.copy_(torch.from_numpy(file[f"weight/{name}"]))
                    self.averaged[name].copy_(torch.from_numpy(file[f"average/{name}"]))
                    keys = [key for key in ("step", "exp_avg", "exp_avg_sq") if f"{key}/{name}" in file.files]
                    if keys:
                        self.optimizer.state[value] = {key: torch.from_numpy(file[f"{key}/{name}"]) for key in keys}


def carried(ratio: Tensor, motion: Tensor, valid: Tensor) -> Tensor:
    """The last ratio (B, 3, h, w) where its surfaces are now, and where that is known: (B, 4, h, w).

    motion (B, h, w, 2) pixels, valid (B, h, w); the same as kinema.painter.kernels.warp
    """
    h, w = valid.shape[1:]
    rows, columns = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    u, v = columns + motion[..., 0], rows + motion[..., 1]  # (B, h, w)
    known = (u >= 0) & (v >= 0) & (u <= w - 1) & (v <= h - 1) & (valid > 0)
    where = torch.stack([2.0 * u / (w - 1) - 1.0, 2.0 * v / (h - 1) - 1.0], -1)
    fetched = nn.functional.grid_sample(ratio, where, mode="bilinear", padding_mode="border", align_corners=True)
    mask = known[:, None].float()
    return torch.cat([fetched * mask, mask], 1)


def _loss(wrong: Tensor, edges: float) -> Tensor:
    """Mean absolute error (B, 3, h, w), of the ratio and of its differences between neighbours."""
    across, down = wrong[..., 1:] - wrong[..., :-1], wrong[..., 1:, :] - wrong[..., :-1, :]
    return wrong.abs().mean() + edges * (across.abs().mean() + down.abs().mean())


def _unrest(wrong: Tensor, before: Tensor) -> Tensor:
    """Mean absolute change of what is wrong (B, 3, h, w) where what was wrong a frame ago is known: flicker."""
    return (before[:, 3:] * (wrong - before[:, :3])).abs().mean()


def _schedule(step: int, warm_up: int, steps: int) -> float:
    """Up in a line, down along a cosine to a twentieth."""
    if step < warm_up:
        return (step + 1) / warm_up
    share = min(1.0, (step - warm_up) / max(steps - warm_up, 1))
    return 0.05 + 0.95 * 0.5 * (1.0 + math.cos(math.pi * share))
