"""Targets: whole files or none, and pure samples for those that judge."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from kinema.buffers.scene_frame import Fog, KeyLight, Sky, Surface
from kinema.training import targets
from kinema.training.clips import footage
from kinema.training.references import read_reference, reference_path
from kinema.training.targets import TargetConfig, clip_paths, data_folder, render_targets
from kinema.training.worlds import World
from reference.worlds import AHEAD, box, camera, flat, frame, moved

WALK = World(id="walk", prompt="A man walks down a city street on a sunny day", seed=5, clips=2)
SKY = Sky("even", np.full((8, 16, 3), 0.5, np.float32))
JUDGE = WALK.model_copy(update={"id": "judge", "clips": 1, "held_out": True})


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Targets of a box on the ground, in place of whatever world was asked for."""
    things = Surface(flat(30.0), np.eye(4)), Surface(box(1.0), moved(y=5.0, z=0.5))

    def take(world, shot, span, fps, width, height):
        eye = camera((0.0, 0.0, 1.5), AHEAD, width, height)
        key = KeyLight((0.5, 0.0, 0.8), (1.0, 1.0, 1.0))
        return [frame(things, eye, key_light=key, fog=Fog(0.02), sky=SKY) for _ in span]

    monkeypatch.setattr(targets, "build_world", lambda *given: None)
    monkeypatch.setattr(targets, "take", take)
    return TargetConfig(tmp_path, width=64, height=32, frames=2, samples=2, truth_samples=4)


def test_what_is_there_is_not_rendered_again(config):
    done: list[str] = []
    render_targets([WALK], config, done.append)
    assert done == ["walk-0", "walk-1"]
    (config.folder / "train" / "walk-0.npz").unlink()
    render_targets([WALK], config, done.append)
    assert done == ["walk-0", "walk-1", "walk-0"]
    assert not list(config.folder.rglob("*.part"))


def test_a_clip_reads_back_as_footage(config):
    render_targets([WALK, JUDGE], config, lambda name: None)
    (path,) = clip_paths(config.folder, held_out=True)
    assert path.stem == "judge-0"
    clip = footage(path)
    assert clip.truth.shape == clip.preview.shape == (2, 32, 64, 3)
    assert np.isfinite(clip.truth).all()
    ground = clip.truth[:, 26:].mean() / clip.preview[:, 26:].mean()
    assert 0.7 < ground < 1.4  # the same world under the same light


def test_the_halves_of_those_that_judge_keep_their_noise(config):
    render_targets([WALK, JUDGE], config, lambda name: None)
    learnt, judged = (footage(next(clip_paths(config.folder, held_out))) for held_out in (False, True))
    np.testing.assert_array_equal(learnt.halves, [learnt.truth, learnt.truth])
    grain = [np.abs(np.diff(light[:, 28:], axis=2)).mean() for light in (judged.truth, *judged.halves)]
    assert min(grain[1:]) > 2.0 * grain[0]


def test_the_same_seed_traces_the_same_noise(config):
    render_targets([JUDGE], config, lambda name: None)
    (path,) = clip_paths(config.folder, held_out=True)
    once = footage(path).truth
    reference_path(path).unlink()
    render_targets([JUDGE], config, lambda name: None)
    np.testing.assert_array_equal(footage(path).truth, once)
    reference_path(path).unlink()
    render_targets([JUDGE.model_copy(update={"seed": 6})], config, lambda name: None)
    assert not np.array_equal(footage(path).truth, once)


def test_a_reference_grows_when_more_is_asked_for(config):
    done: list[str] = []
    for samples in (4, 4, 48):
        render_targets([JUDGE], replace(config, truth_samples=samples), done.append)
    assert done == ["judge-0", "judge-0"]
    (path,) = clip_paths(config.folder, held_out=True)
    assert read_reference(reference_path(path)).samples.sum(0).min() >= 48
    assert not list(config.folder.rglob("*.part"))


@pytest.mark.parametrize("frames", [0, 9])
def test_a_clip_is_one_chunk_at_most(tmp_path, frames):
    with pytest.raises(ValueError, match=f"1 to 8 frames, one chunk .got {frames}."):
        TargetConfig(tmp_path, frames=frames)


def test_the_folder_must_be_named(monkeypatch):
    monkeypatch.delenv("KINEMA_DATA", raising=False)
    with pytest.raises(ValueError, match="KINEMA_DATA"):
        data_folder()
