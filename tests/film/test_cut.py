from fractions import Fraction

import numpy as np
import pytest

from kinema.film.cut import frame_span, joined
from samples.boards import board


def flat(value: int):
    return np.full((2, 2, 3), value, np.uint8)


def test_spans_share_their_boundary_whatever_the_rate():
    one, two = board().shots
    for fps in (12, 24, 25, 30):
        assert frame_span(one, fps)[1] == frame_span(two, fps)[0]
    assert frame_span(two, 24) == (96, 160)


def test_a_dissolve_runs_the_outgoing_take_on_under_the_incoming_shot():
    asked = {}

    def take(shot, count):
        asked[shot.id] = count
        return (flat(200 if shot.id == "one" else 100) for _ in range(count))

    frames = [int(frame[0, 0, 0]) for frame in joined(board().shots, 24, take)]
    assert asked == {"one": 96 + 12, "two": 64}
    assert len(frames) == 160
    assert frames[:96] == [200] * 96
    mixed = frames[96:108]
    assert mixed == sorted(mixed, reverse=True)
    assert 185 < mixed[0] < 200
    assert 100 < mixed[-1] < 115
    assert frames[108:] == [100] * 52


def test_a_fade_darkens_one_shot_and_lightens_the_next():
    shots = board().shots
    shots = (shots[0], shots[1].model_copy(update={"transition": "fade", "transition_duration": Fraction(1, 4)}))
    frames = [int(frame[0, 0, 0]) for frame in joined(shots, 24, lambda shot, count: (flat(140) for _ in range(count)))]
    assert frames[89] == 140
    assert frames[95] == frames[96] == 20
    assert frames[102] == 140


def test_the_next_take_is_begun_once_the_one_before_has_nothing_left_to_begin():
    told = []

    def take(shot, count):
        for k in range(count):
            told.append((shot.id, k))
            yield flat(100)

    shots = (board().shots[0], board().shots[1].model_copy(update={"transition": "cut"}))
    frames = joined(shots, 24, take)
    assert [len([next(frames) for _ in range(88)]), told[-1]] == [88, ("one", 87)]  # eleven of its twelve chunks
    next(frames)
    assert told[-2:] == [("one", 88), ("two", 0)]
    assert len(list(frames)) == 71
    assert told[-1] == ("two", 63)
    assert len(set(told)) == len(told) == 160


def test_a_take_that_runs_on_is_nearly_over_when_the_next_is_begun():
    told = []

    def take(shot, count):
        for k in range(count):
            told.append((shot.id, k))
            yield flat(100)

    assert len(list(joined(board().shots, 24, take))) == 160
    assert told.index(("two", 0)) == told.index(("one", 104)) + 1  # of 96 frames and 12 under the dissolve


def test_a_shot_without_a_frame_is_passed_over():
    one, two = board().shots
    short = two.model_copy(update={"duration": Fraction(1, 100), "transition": "cut"})
    last = two.model_copy(update={"start": two.start + Fraction(1, 100), "transition": "cut"})
    frames = joined((one, short, last), 24, lambda shot, count: (flat(9) for _ in range(count)))
    assert len(list(frames)) == 160


def test_takes_are_closed_when_one_fails():
    closed = []

    def take(shot, count):
        try:
            yield flat(1)
            raise OSError("no more")
        finally:
            closed.append(shot.id)

    one, two = board().shots
    short = one.model_copy(update={"duration": Fraction(1, 6)})
    follows = two.model_copy(update={"start": Fraction(1, 6), "transition": "cut"})
    with pytest.raises(OSError, match="no more"):
        list(joined((short, follows), 24, take))
    assert sorted(closed) == ["one", "two"]
