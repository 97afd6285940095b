"""Targets: clips of worlds with every buffer of the preview and the path-traced truth, one file a clip, resumable."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import FRAMES_PER_CHUNK, LAYOUT
from kinema.buffers.scene_frame import F32, SceneFrame
from kinema.painter.fog import haze
from kinema.painter.pathtrace import PASS, PathTracer
from kinema.stage.casting import build_world
from kinema.stage.preview.render import Renderer
from kinema.stage.world import take
from kinema.training.clips import blocks
from kinema.training.denoise import denoised
from kinema.training.references import read_reference, reference_path, refine
from kinema.training.worlds import FPS, Clip, World, board_of, clips_of

Report = Callable[[str], None]
Arrays = dict[str, NDArray[Any]]
THICK = 0.05  # least share of light through fog that is divided by
NEEDLESS = ("layer", "layer_motion", "concept")  # laid over after the painter, or unknown to it


@dataclass(frozen=True)
class TargetConfig:
    """width, height: of the truth; the buffers are detail times as large, for the painter sees them so too.

    frames: of a clip · samples, truth_samples: paths a pixel for training clips and for held-out ones, whose two halves
    are kept as they are beside the denoised target; more can be asked for later
    """

    folder: Path
    width: int = 256
    height: int = 144
    detail: int = 2
    frames: int = 8
    samples: int = 16
    truth_samples: int = 512

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= FRAMES_PER_CHUNK:
            raise ValueError(f"a clip has 1 to {FRAMES_PER_CHUNK} frames, one chunk (got {self.frames})")

    @property
    def fine(self) -> tuple[int, int]:
        """Width and height of the buffers."""
        return self.width * self.detail, self.height * self.detail

    @property
    def passes(self) -> int:
        """Of a reference; two at least, one a half."""
        return max(-(-self.truth_samples // PASS), 2)

    def path(self, clip: Clip) -> Path:
        """Where a clip goes."""
        kind = "held_out" if clip.world.held_out else "train"
        return self.folder / kind / f"{clip.name}.npz"


def data_folder() -> Path:
    """The folder of the environment variable KINEMA_DATA. Raises: ValueError when it is not set."""
    if not os.environ.get("KINEMA_DATA"):
        raise ValueError("KINEMA_DATA must name the folder for training data (got nothing); export KINEMA_DATA=...")
    return Path(os.environ["KINEMA_DATA"])


def render_targets(worlds: Sequence[World], config: TargetConfig, report: Report) -> None:
    """Render every clip that is not there yet. May be stopped at any time: a file is whole or absent."""
    for world in worlds:
        board = board_of(world)
        missing = [c for c in clips_of(world, board, config.frames) if not _there(c, config)]
        staged: dict[str, Any] = {}
        tracer = PathTracer(min(config.truth_samples, PASS) if world.held_out else config.samples, world.seed)
        for clip in missing:
            scene = next(s for s in board.scenes if s.id == clip.shot.scene)
            if scene.id not in staged:
                staged[scene.id] = build_world(board, scene, world.seed)
            span = range(clip.first, clip.first + config.frames)
            fine = list(take(staged[scene.id], clip.shot, span, FPS, *config.fine))
            path, buffers = config.path(clip), _buffers(fine)
            small = [smaller(frame, config.detail) for frame in fine]
            if world.held_out:
                refine(small, tracer, clip.first, reference_path(path), config.passes)
                traced = list(read_reference(reference_path(path)).light)
            else:
                traced = [tracer.picture(frame, clip.first + k) for k, frame in enumerate(small)]
            _save(path, clip, _denoised(traced, {**buffers, **_mist(fine, buffers, config)}, config.detail))
            report(clip.name)


def _there(clip: Clip, config: TargetConfig) -> bool:
    """Whether a clip is as good as asked for."""
    path = config.path(clip)
    if not (clip.world.held_out and path.exists()):
        return path.exists()
    light = reference_path(path)
    return light.exists() and int(read_reference(light).samples.sum(0).min()) >= config.truth_samples


def smaller(frame: SceneFrame, factor: int) -> SceneFrame:
    """The same frame in a picture so many times smaller."""
    camera = frame.camera
    small = replace(camera, width=camera.width // factor, height=camera.height // factor, focal=camera.focal / factor)
    return replace(frame, camera=small)


def _buffers(frames: Sequence[SceneFrame]) -> Arrays:
    chunk = next(Renderer().render(frames))
    return {name: getattr(chunk, name) for name in LAYOUT if name not in NEEDLESS}


def _mist(fine: Sequence[SceneFrame], buffers: Arrays, config: TargetConfig) -> Arrays:
    """through (T, H, W, 1) and veil (T, H, W, 3): to put the fog over traced light."""
    hazes = [haze(frame, buffers["depth"][k]) for k, frame in enumerate(fine)]
    stacks = {"through": np.stack([mist.through for mist in hazes]), "veil": np.stack([mist.veil for mist in hazes])}
    return {name: blocks(stack, config.detail).astype(np.float16) for name, stack in stacks.items()}


def _denoised(traced: Sequence[F32], arrays: Arrays, factor: int) -> Arrays:
    """The arrays of a clip and its target (T, H, W, 3): the traced light without fog and noise."""
    albedo = blocks((arrays["albedo"].astype(np.float32) / 255.0) ** 2, factor)
    normal = blocks(arrays["normal"].astype(np.float32) / 127.0, factor)
    through, veil = arrays["through"].astype(np.float32), arrays["veil"].astype(np.float32)
    bare = np.maximum(blocks(arrays["preview"], factor) - veil, 0.0) / np.maximum(through, THICK)
    target = np.stack([denoised(*frame) for frame in zip(traced, albedo, normal, bare, strict=True)])
    return {**arrays, "target": target.astype(np.float16)}


def _save(path: Path, clip: Clip, arrays: Arrays) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = json.dumps({"prompt": clip.world.prompt, "seed": clip.world.seed, "first": clip.first,
                        "shot": clip.shot.model_dump(mode="json")})  # fmt: skip
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        np.savez_compressed(out, allow_pickle=False, facts=np.array(facts), **arrays)
    part.replace(path)


def clip_paths(folder: Path, held_out: bool) -> Iterator[Path]:
    """The clips that are there, in order of their names."""
    yield from sorted((folder / ("held_out" if held_out else "train")).glob("*.npz"))
