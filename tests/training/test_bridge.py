"""Two steps of a tiny bridge, and two more after resuming."""

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from kinema.painter import kernels
from kinema.painter.features import GUIDES
from kinema.training.bridge import BridgeConfig, Trainer, carried
from kinema.training.clips import Footage, batch
from kinema.training.unet import UNet, UNetConfig, settled, sure

TINY = BridgeConfig(UNetConfig((32, 32), 1), steps=8, batch=2, frames=2, crop=(32, 64), warm_up=1, rate=2e-3)


def footage(seed: int = 0, frames: int = 4) -> Footage:
    lot = np.random.default_rng(seed)
    guides = lot.random((frames, GUIDES, 64, 96)).astype(np.float16)
    guides[:, [10, 12, 13, 14, 15, 17, 18, 19]] = 0.0  # neither sky nor metal nor lamps nor wet planes
    guides[:, 9] = np.arange(96) < 48  # near on the left, and there the truth is brighter
    ratio = np.repeat(0.6 * (guides[:, 9:10] - np.float16(0.5)), 3, 1)
    motion = lot.normal(0.0, 1.0, (frames, 64, 96, 2)).astype(np.float32)
    light = np.ones((frames, 64, 96, 3), np.float32)
    sure = np.ones((frames, 64, 96), np.float32)
    return Footage("random", guides, ratio, sure, motion, sure, light, np.stack([light, light]), light)


def test_trains_two_steps_and_resumes_to_four(tmp_path):
    clips, path = [footage()], tmp_path / "run.npz"
    straight = Trainer(TINY)
    straight.run(clips, 4)
    first = Trainer(TINY)
    first.run(clips, 2, path)
    second = Trainer(TINY)
    second.resume(path)
    assert second.step == 2
    loss = second.run(clips, 4)
    assert np.isfinite(loss)
    for name, value in straight.network.state_dict().items():
        torch.testing.assert_close(second.network.state_dict()[name], value, msg=name)
        torch.testing.assert_close(second.averaged[name], straight.averaged[name], msg=name)


def test_loss_falls_on_one_batch():
    trainer, losses = Trainer(TINY), []
    crops = batch([footage()], 0, 0, 2, 2, (32, 64))
    for _ in range(20):
        losses.append(trainer._step(crops))
        trainer.step += 1
    assert losses[-1] < 0.8 * losses[0]


def test_new_network_answers_with_the_preview():
    network = UNet(UNetConfig((32, 64), 1))
    given = torch.rand(1, GUIDES, 32, 64), torch.rand(1, 3, 32, 64), torch.zeros(1, 1, 1, 1), torch.zeros(1, 4, 32, 64)
    assert torch.count_nonzero(network(*given)) == 0


def test_a_small_change_is_settled_and_a_great_one_believed():
    new, last = torch.tensor([0.10, 0.10, 0.10]), torch.tensor([0.11, 0.50, 0.11])
    previous = torch.cat(
        [last.expand(3, 3)[None, :, None], torch.tensor([[[[1.0, 1.0, 0.0]]]])], 1
    )  # the third unknown
    shown = settled(new.expand(3, 3)[None, :, None], previous)[0, 0, 0]
    assert shown[0] == pytest.approx(0.107, abs=3e-4)
    assert shown[1] == pytest.approx(0.10, abs=8e-3)
    assert shown[2] == pytest.approx(0.10, abs=1e-6)


def test_small_ratios_are_left_to_the_preview():
    given = torch.tensor([0.004, 0.04, 0.4]).expand(3, 3)[None, :, None]
    np.testing.assert_allclose(sure(given)[0, 0, 0].numpy(), [0.00004, 0.02, 0.396], rtol=0.02)


def test_batches_depend_on_seed_and_step_alone():
    clips = [footage(1), footage(2)]
    one, again, other = (batch(clips, step, 7, 2, 2, (32, 64)) for step in (5, 5, 6))
    np.testing.assert_array_equal(one.guides, again.guides)
    assert not np.array_equal(one.guides, other.guides)
    assert one.guides.shape == (2, 2, GUIDES, 32, 64)


def test_memory_is_carried_as_the_painter_carries_it():
    lot = np.random.default_rng(3)
    ratio = lot.random((24, 32, 3)).astype(np.float32)
    motion = lot.normal(0.0, 3.0, (24, 32, 2)).astype(np.float32)
    valid = (lot.random((24, 32)) < 0.8).astype(np.float32)
    out = np.empty((4, 24, 32), np.float32)
    kernels.warp(ratio, motion, valid, out)
    same = carried(*(torch.from_numpy(a[None]) for a in (ratio.transpose(2, 0, 1), motion, valid)))[0].numpy()
    np.testing.assert_allclose(out, same, atol=1e-4)
