"""Weights that are not what was trained must never paint."""

import numpy as np
import pytest

from kinema.painter import engines
from kinema.painter.features import encoded
from kinema.painter.native import NativePainter
from kinema.painter.preview import PreviewPainter
from kinema.painter.weights import checked, recommended, write_manifest
from kinema.schema.errors import MissingExtra, WeightsDamaged
from samples.chunks import chunk


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bridge.xml").write_text("<net/>")
    (tmp_path / "bridge.bin").write_bytes(bytes(range(256)) * 40)
    write_manifest(tmp_path, ("bridge.xml", "bridge.bin"), {"steps": 1})
    return tmp_path


def test_sound_weights_pass(folder):
    assert checked(folder)["steps"] == 1


def test_shipped_weights_are_sound_and_small():
    manifest = checked()
    assert sum(facts["bytes"] for facts in manifest["files"].values()) < 15e6
    assert manifest["painter_psnr"] > manifest["preview_psnr"]


def test_shipped_weights_paint():
    film = chunk(frames=2, height=72, width=128)
    painted, state = NativePainter().paint(film, {})
    shift = np.abs(encoded(painted) - encoded(film.preview))
    assert 1e-3 < shift.mean() < 0.3
    assert state["previous"].shape == (72, 128, 3)


def test_truncated_weights_are_refused(folder):
    (folder / "bridge.bin").write_bytes((folder / "bridge.bin").read_bytes()[:-1])
    with pytest.raises(WeightsDamaged, match=r"bridge\.bin must have 10240 bytes \(got 10239\)"):
        NativePainter(folder=folder)


def test_one_flipped_bit_is_refused(folder):
    content = bytearray((folder / "bridge.bin").read_bytes())
    content[5000] ^= 1
    (folder / "bridge.bin").write_bytes(content)
    with pytest.raises(WeightsDamaged, match="altered"):
        checked(folder)


def test_a_lost_file_is_refused(folder):
    (folder / "bridge.bin").unlink()
    with pytest.raises(WeightsDamaged, match=r"lack bridge\.bin"):
        checked(folder)


def test_a_broken_manifest_is_refused(folder):
    for text in ("{", "[]", '{"files": {}}', '{"files": {"bridge.xml": 3}}'):
        (folder / "manifest.json").write_text(text)
        with pytest.raises(WeightsDamaged, match="manifest"):
            checked(folder)


def test_no_weights_are_named_as_missing(tmp_path):
    with pytest.raises(MissingExtra, match="not installed"):
        NativePainter(folder=tmp_path)


def test_auto_without_weights_is_the_preview_and_says_so(monkeypatch):
    monkeypatch.setattr(engines, "installed", lambda: False)
    said = []
    assert isinstance(engines.painter_for("auto", said.append), PreviewPainter)
    assert "not installed" in said[0]


@pytest.mark.parametrize("facts", [{"auto": False}, {}])
def test_auto_with_weights_that_did_not_win_is_the_preview_and_says_so(folder, facts, monkeypatch):
    write_manifest(folder, ("bridge.xml", "bridge.bin"), facts)
    monkeypatch.setattr(engines, "installed", lambda: True)
    monkeypatch.setattr(engines, "recommended", lambda: recommended(folder))
    said = []
    assert isinstance(engines.painter_for("auto", said.append), PreviewPainter)
    assert "do not recommend themselves (see docs/model-card.md)" in said[0]


def test_weights_that_won_recommend_themselves(folder):
    write_manifest(folder, ("bridge.xml", "bridge.bin"), {"auto": True})
    assert recommended(folder)


def test_the_preview_is_no_scene_painter():
    assert engines.scene_painter_for("preview", 0) is None
