from fractions import Fraction

import numpy as np

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
        return iter([flat(200 if shot.id == "one" else 100)] * count)

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
    frames = [int(frame[0, 0, 0]) for frame in joined(shots, 24, lambda shot, count: iter([flat(140)] * count))]
    assert frames[89] == 140
    assert frames[95] == frames[96] == 20
    assert frames[102] == 140
