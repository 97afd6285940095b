import subprocess
import sys

import av
import numpy as np
import pytest

from kinema.film.encode import Encoder
from kinema.schema.errors import MissingExtra, OutputFailed


def picture(k: int):
    frame = np.zeros((64, 96, 3), np.uint8)
    frame[:, : 8 * k + 8] = (200, 40, 90)
    return frame


def write_film(path, frames=10):
    with Encoder(path, 96, 64, 24) as encoder:
        for k in range(frames):
            encoder.write(picture(k))


def test_a_film_reads_back_with_its_frames_rate_and_colours(tmp_path):
    write_film(tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (96, 64, 24)
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
    assert len(frames) == 10
    assert np.abs(frames[5].astype(int) - picture(5)).mean() < 6


def test_smaller_frames_are_enlarged_to_the_film(tmp_path):
    small = np.zeros((48, 72, 3), np.uint8)
    small[:, :36] = (200, 40, 90)
    with Encoder(tmp_path / "film.mp4", 96, 64, 24) as encoder:
        encoder.write(small)
    with av.open(str(tmp_path / "film.mp4")) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert frame.shape == (64, 96, 3)
    assert np.abs(frame[:, :40].astype(int) - (200, 40, 90)).mean() < 8
    assert frame[:, 56:].mean() < 8


def test_the_same_frames_give_the_same_bytes(tmp_path):
    write_film(tmp_path / "a.mp4")
    write_film(tmp_path / "b.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_an_interrupted_film_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), Encoder(tmp_path / "film.mp4", 96, 64, 24) as encoder:
        encoder.write(picture(0))
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_whatever_raises_at_the_end_leaves_nothing(tmp_path):
    encoder = Encoder(tmp_path / "film.mp4", 96, 64, 24)

    closed = []

    class Broken:
        def encode(self):
            raise ValueError("broken")

    class Watched:
        def __init__(self, container):
            self.container = container

        def close(self):
            closed.append(True)
            self.container.close()

    with pytest.raises(ValueError, match="broken"), encoder:
        encoder.stream, encoder.container = Broken(), Watched(encoder.container)
    assert closed == [True]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputFailed, match=r"cannot write .*film\.mp4"):
        write_film(tmp_path / "taken" / "film.mp4")


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    full = OSError(28, "No space left on device")

    def refuse(*args, **kwargs):
        raise full

    monkeypatch.setattr("kinema.film.encode.av.open", refuse)
    with pytest.raises(OutputFailed, match="the disk is full"):
        write_film(tmp_path / "film.mp4")


def test_a_disk_that_fills_while_encoding_leaves_nothing(tmp_path):
    film = f"""
import resource, sys
import numpy as np
from pathlib import Path
from kinema.film.encode import Encoder
from kinema.schema.errors import OutputFailed
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
noise = np.random.default_rng(0).integers(0, 255, (50, 64, 96, 3), np.uint8)
try:
    with Encoder(Path({str(tmp_path / "film.mp4")!r}), 96, 64, 24) as encoder:
        for frame in noise:
            encoder.write(frame)
except OutputFailed as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", film], capture_output=True, text=True, check=True)
    assert "film.mp4: File too large" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_build_without_the_codec_is_named_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("kinema.film.encode.CODEC", "libnothing")
    with pytest.raises(MissingExtra, match="cannot write libnothing"):
        write_film(tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []
