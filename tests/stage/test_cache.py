import multiprocessing
import os
import time
from functools import partial

import numpy as np
import pytest

from kinema.buffers.scene_frame import Material, Mesh
from kinema.stage import cache
from kinema.stage.cache import code_version, directory, kept


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "kinema" / "stage" / code_version()


class Counted:
    def __init__(self, value):
        self.value, self.times = value, 0

    def __call__(self):
        self.times += 1
        return self.value


def mesh():
    points = np.arange(9, dtype=np.float32).reshape(3, 3)
    return Mesh("m", np.array([[0, 1, 2]], np.int32), points, points, (Material("paint", (0.1, 0.2, 0.3)),))


def test_what_was_built_once_is_read_back_the_same(folder):
    build = Counted(mesh())
    first, second = kept("mesh", (1, "a"), build), kept("mesh", (1, "a"), build)
    assert build.times == 1
    assert second.positions.tobytes() == first.positions.tobytes()
    assert second.positions.dtype == np.float32
    assert second.materials[0].albedo == (0.1, 0.2, 0.3)
    assert len(list(folder.iterdir())) == 1


def test_other_inputs_and_other_names_are_built_anew(folder):
    build = Counted(1)
    for name, inputs in (("a", 1), ("a", 1.0), ("a", "1"), ("b", 1)):
        kept(name, inputs, build)
    assert build.times == 4


@pytest.mark.parametrize(
    "damage", [lambda good: good[:-7], lambda good: good[:40] + b"\xff" + good[41:], lambda _: b""]
)
def test_a_damaged_file_is_built_again(folder, damage):
    build = Counted(np.arange(3))
    kept("x", 1, build)
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert kept("x", 1, build).tolist() == [0, 1, 2]
    assert kept("x", 1, build).tolist() == [0, 1, 2]
    assert build.times == 2


def slowly(folder, seconds=1.0):
    """Build something, saying that it was built here."""
    with (folder / "built").open("a") as said:
        said.write("once ")
    time.sleep(seconds)
    return 7


def test_what_another_process_is_building_is_waited_for(folder, tmp_path):
    other = multiprocessing.get_context("spawn").Process(target=kept, args=("x", 1, partial(slowly, tmp_path)))
    other.start()
    while not (tmp_path / "built").exists():
        time.sleep(0.01)
    assert kept("x", 1, partial(slowly, tmp_path)) == 7
    other.join()
    assert (tmp_path / "built").read_text() == "once "
    assert len(list(folder.iterdir())) == 1


def test_what_another_process_has_just_built_is_not_built_again(folder, monkeypatch):
    build = Counted(8)

    def beaten(path):  # another is done with it before the lock is asked for
        monkeypatch.undo()
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parents[2]))
        kept("x", 1, Counted(7))
        raise FileNotFoundError

    monkeypatch.setattr(cache, "_read", beaten)
    assert kept("x", 1, build) == 7
    assert build.times == 0


def test_what_a_killed_process_was_building_is_not_waited_for(folder, tmp_path, monkeypatch):
    other = multiprocessing.get_context("spawn").Process(target=kept, args=("x", 1, partial(slowly, tmp_path, 60.0)))
    other.start()
    while not (tmp_path / "built").exists():
        time.sleep(0.01)
    other.kill()
    other.join()
    monkeypatch.setattr(cache.time, "sleep", pytest.fail)
    assert kept("x", 1, Counted(5)) == 5


def test_files_that_nobody_will_finish_are_dropped_after_a_while(folder):
    kept("x", 1, Counted(1))
    old, new = folder / "old.part", folder / "new.part"
    old.touch()
    new.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    kept("x", 2, Counted(1))
    assert new.exists()
    assert not old.exists()


def test_a_file_can_run_no_code(folder, tmp_path):
    import hashlib
    import os
    import pickle

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)

    kept("x", 1, Counted(0))
    (path,) = folder.iterdir()
    content = pickle.dumps(Evil())
    path.write_bytes(hashlib.sha256(content).digest() + content)
    assert kept("x", 1, Counted(5)) == 5
    assert not (tmp_path / "made").exists()


def test_without_a_place_to_write_things_are_built_each_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    build = Counted(7)
    assert [kept("x", 1, build), kept("x", 1, build)] == [7, 7]
    assert build.times == 2


def test_no_home_is_no_failure(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(cache.Path, "home", homeless)
    assert directory() is None
    assert kept("x", 1, Counted(3)) == 3


def test_inputs_whose_words_do_not_tell_them_apart_are_refused():
    with pytest.raises(AssertionError):
        kept("x", np.zeros(3), Counted(0))


def test_the_longest_unused_goes_when_room_is_short(folder, monkeypatch):
    import os

    monkeypatch.setattr(cache, "LIMIT", 3000)
    for k in range(3):
        kept("x", k, Counted(bytes(1000)))
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (1000 + k, 1000 + k))
    builds = [Counted(bytes(1000)) for _ in range(3)]
    assert len(list(folder.iterdir())) == 2
    kept("x", 1, builds[1])
    kept("x", 0, builds[0])
    assert (builds[0].times, builds[1].times) == (1, 0)


def test_a_file_that_another_process_takes_away_is_no_failure(folder):
    kept("x", 1, Counted(1))
    (folder / "gone.part").symlink_to(folder / "renamed")  # listed, yet not there
    kept("x", 2, Counted(2))
    again = Counted(2)
    assert (kept("x", 2, again), again.times) == (2, 0)
