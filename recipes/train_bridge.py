"""Train the native painter: python recipes/train_bridge.py [trial | bridge], with KINEMA_DATA set; resumes by itself.
OMP_NUM_THREADS=1 on a busy machine: threads that wait for each other take ten times as long.

`trial` shows in minutes whether anything is learnt; `bridge` is the shipped size. A run ends at the gate: weights are
written to KINEMA_DATA/weights, and are fit to be shipped (copied to src/kinema/painter/weights) only if it says so.
`auto` prefers them to the preview only when their manifest's "auto" is true: whoever ships them sets it, having looked
at frames at full size and at the milliseconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kinema.training.bridge import BridgeConfig, Trainer
from kinema.training.clips import Footage, footage
from kinema.training.export import export
from kinema.training.judge import Verdict, judge
from kinema.training.references import reference_path
from kinema.training.targets import clip_paths, data_folder
from kinema.training.unet import UNetConfig

ASTRAY = 0.08  # mean ratio of a clip beyond which stage and path tracer do not light the same scene
STEPS = (1, 2)  # evaluations a frame that are judged; the fewer win a tie


def trial() -> BridgeConfig:
    """A narrow network for a few minutes."""
    return BridgeConfig(UNetConfig((32, 32, 64, 64, 64), 1), steps=200, batch=4, save_every=100)


def bridge() -> BridgeConfig:
    """The network that ships: 3.1 million weights, some 0.6 seconds of one core a step."""
    return BridgeConfig()


PRESETS = {"trial": trial, "bridge": bridge}


def main(name: str) -> None:
    """Train to the end, or on from the last checkpoint, then judge and export."""
    config, data = PRESETS[name](), data_folder()
    train = [clip for clip in _clips(data, held_out=False) if abs(float(clip.ratio.mean())) < ASTRAY]
    if not train:
        raise SystemExit("no targets: run recipes/render_targets.py first")
    trainer, checkpoint = Trainer(config), data / f"{name}.npz"
    if checkpoint.exists():
        trainer.resume(checkpoint)
    begin = time.monotonic()
    trainer.run(train, config.steps, checkpoint, lambda step, loss: _tell(step, loss, time.monotonic() - begin))
    held_out = _clips(data, held_out=True)
    if not held_out:
        raise SystemExit("no held-out targets: the checkpoint waits for them; render them, then run this again")
    _judge(trainer, held_out, len(train))


def _clips(data: Path, held_out: bool) -> list[Footage]:
    """A held-out clip without its reference is left out: it would be judged against what the denoiser made of it."""
    paths = clip_paths(data / "targets", held_out)
    return [footage(path) for path in paths if not held_out or reference_path(path).exists()]


def _judge(trainer: Trainer, held_out: list[Footage], clips: int) -> None:
    network = trainer.finished()
    verdicts = {steps: judge(network, held_out, steps) for steps in STEPS}
    best = max(verdicts, key=lambda steps: (round(verdicts[steps].figures()["painter_psnr"], 1), -steps))
    for steps, verdict in verdicts.items():
        print(steps, "steps" if steps > 1 else "step", verdict.figures(), "passed" if verdict.passed else "not passed")
        _table(verdict)
    facts = {"clips": clips, "training_steps": trainer.step, "passed": verdicts[best].passed, "auto": False}
    export(network, data_folder() / "weights", best, {**facts, **verdicts[best].figures()})


def _table(verdict: Verdict) -> None:
    for before, after in zip(verdict.preview, verdict.painter, strict=True):
        figures = [
            f"{what} {getattr(before, what):.3f} -> {getattr(after, what):.3f}" for what in ("psnr", "ssim", "flicker")
        ]
        print(f"  {before.name:28s}", "   ".join(figures))


def _tell(step: int, loss: float, seconds: float) -> None:
    if step % 20 == 0:
        print(f"{seconds:7.0f} s  step {step:6d}  loss {loss:.4f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "bridge")
