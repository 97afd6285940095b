"""OpenVINO must answer as torch does, and the painter must run what was exported."""

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from kinema.painter.features import MOST, encoded, seen
from kinema.painter.native import NativePainter
from kinema.painter.weights import checked
from kinema.training.export import export
from kinema.training.unet import UNet, UNetConfig
from samples.chunks import chunk


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(1)
    made = UNet(UNetConfig((32, 64), 1))
    torch.nn.init.normal_(made.outlet.weight, std=0.02)
    return made.eval()


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights")
    export(network, path, 1, {"trained": "never"})
    return path


def test_manifest_tells_how_it_was_trained(folder):
    assert checked(folder)["trained"] == "never"


def test_openvino_answers_as_torch(network, folder):
    film = chunk(frames=1, height=64, width=96)
    painter = NativePainter(folder=folder)
    view = seen(film, 0, 1)
    answer = painter._ratio(view, None)
    with torch.no_grad():
        guides = torch.from_numpy(view.guides[None])
        truth = network(guides, torch.zeros(1, 3, 64, 96), torch.zeros(1, 1, 1, 1), torch.zeros(1, 4, 64, 96))
    assert np.abs(answer).max() > 0.01
    np.testing.assert_allclose(answer, truth[0].numpy().transpose(1, 2, 0), atol=0.01)


def test_paints_any_size_and_remembers(folder):
    painter = NativePainter(steps=2, folder=folder)
    first, state = painter.paint(chunk(frames=2, height=70, width=100), {})
    assert first.shape == (2, 70, 100, 3)
    assert np.isfinite(first).all()
    assert state["previous"].shape == (70, 100, 3)
    later = chunk(frames=2, height=70, width=100, first_frame=2)
    with_memory, _ = painter.paint(later, state)
    without, _ = painter.paint(later, {})
    assert np.abs(with_memory - without).max() > 1e-4


def test_a_new_take_forgets(folder):
    painter = NativePainter(folder=folder)
    film = chunk(frames=2, height=64, width=96)
    _, state = painter.paint(film, {})
    np.testing.assert_array_equal(painter.paint(film, state)[0], painter.paint(film, {})[0])


def test_never_strays_far_from_the_preview(folder):
    film = chunk(frames=1, height=64, width=96)
    painted, _ = NativePainter(folder=folder).paint(film, {})
    assert np.abs(encoded(painted) - encoded(film.preview)).max() <= MOST + 1e-3


def test_no_steps_is_the_preview(folder):
    film = chunk(frames=2, height=64, width=96)
    painted, state = NativePainter(steps=0, folder=folder).paint(film, {})
    np.testing.assert_array_equal(painted, film.preview)
    assert state == {}
