"""Figures: levels are made when they are asked for, once, and kept one by one."""

import pickle
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kinema.schema.storyboard import Subject
from kinema.stage.bodies.people.appearance import appearance
from kinema.stage.bodies.people.figure import Figure, Frame
from kinema.stage.bodies.people.levels import AWAY, FAR, FARTHEST, MID, NEAR
from kinema.stage.bodies.people.person import Wardrobe, dress
from kinema.stage.cache import code_version


class Told:
    """A dresser that writes down what it was asked for."""

    def __init__(self):
        self.asked = []

    def frame(self):
        return Frame("bones", 1.7)

    def model(self, level):
        self.asked.append(level.name)
        return f"model {level.name}"

    def drapes(self, level):
        return (level.name,)

    def order(self, level):
        return level.name


@pytest.fixture
def told():
    return Told()


def test_a_level_is_made_when_it_is_first_seen_and_only_then(told):
    figure = Figure(told, (NEAR, MID, FAR, FARTHEST))
    assert told.asked == []
    assert [figure.shown(pixels) for pixels in (80.0, 80.0, 10.0)] == ["model far", "model far", "model farthest"]
    assert told.asked == ["far", "farthest"]
    assert figure[0] == "model near"
    assert list(figure) == ["model near", "model mid", "model far", "model farthest"]
    assert sorted(told.asked) == ["far", "farthest", "mid", "near"]


def test_the_level_is_the_first_that_so_many_pixels_are_worth(told):
    figure = Figure(told, (NEAR, MID, FAR, FARTHEST))
    bounds = [figure.shown(level.pixels) for level in figure.levels]
    assert bounds == ["model near", "model mid", "model far", "model farthest"]
    assert figure.shown(NEAR.pixels - 0.1) == "model mid"


def test_every_level_can_be_ordered_and_what_hangs_is_the_finest(told):
    figure = Figure(told, (FAR, FARTHEST))
    assert figure.orders() == ["far", "farthest"]
    assert figure.drapes() == ("far",)
    with pytest.raises(IndexError):
        figure[2]


class Slow(Told):
    """A dresser who takes a while over everything, and notes how many are at it at once."""

    def __init__(self):
        super().__init__()
        self.busy = self.most = 0

    def slowly(self, answer):
        self.busy += 1
        self.most = max(self.most, self.busy)
        time.sleep(0.02)
        self.busy -= 1
        return answer

    def model(self, level):
        self.drapes(level)
        return self.slowly(super().model(level))

    def drapes(self, level):
        return self.slowly(super().drapes(level))


def test_threads_that_ask_at_once_have_nothing_made_side_by_side():
    slow = Slow()
    figure = Figure(slow, (NEAR, MID))
    asks = [figure.drapes, lambda: figure[0], figure.drapes, lambda: figure[1]]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda ask: ask(), asks))
    assert slow.most == 1
    with figure.lock:  # whoever holds it may ask on
        assert figure.drapes() == ("near",)


def test_uncut_pieces_are_let_go_when_the_last_level_of_them_is_found_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    looks = appearance(Subject(id="tom", concept="man"), 3)
    one, other = Wardrobe(looks, 3, "tom-0", "extra"), Wardrobe(looks, 3, "tom-0", "extra")
    one.model(FARTHEST)
    one.model(AWAY)
    other.model(FAR)
    other.model(AWAY)
    assert set(other._pieces) == {False}  # for the farthest
    other.model(FARTHEST)
    one.model(FAR)
    assert other._pieces == one._pieces == {}


def test_what_another_process_leaves_on_the_disk_is_what_one_would_make(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    looks = appearance(Subject(id="tom", concept="man"), 3)
    order = pickle.loads(pickle.dumps(Wardrobe(looks, 3, "tom-0", "extra").order(FARTHEST)))
    order()
    stored = len(list((tmp_path / "kinema" / "stage" / code_version()).iterdir()))
    figure = dress(looks, 3, "tom-0", "extra")
    there = figure[-1]
    assert len(list((tmp_path / "kinema" / "stage" / code_version()).iterdir())) == stored + 1  # its frame alone
    own = Wardrobe(looks, 3, "tom-0", "extra")._made(FARTHEST)
    assert there.mesh.positions.tobytes() == own.mesh.positions.tobytes()
    assert there.mesh.key == own.mesh.key
