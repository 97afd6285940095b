import numpy as np
import pytest

from kinema.stage.motion.performance import Performance
from kinema.stage.motion.rig import Rig
from kinema.stage.setting import flat_ground
from stage.motion.figure import Point, adult, cue

RIG = Rig(adult())


def giving(height: float) -> Performance:
    cues = [cue("stand", 0, 2), cue("give", 2, 6, target=Point(0, 1.0, height)), cue("stand", 6, 9)]
    return Performance(RIG, cues, flat_ground, 3, "someone")


def place(performance: Performance, time: float, name: str) -> np.ndarray:
    return performance.at(time).places[RIG.row[name]]


def test_who_gives_to_a_low_one_goes_down_on_one_knee_and_up_again():
    performance = giving(0.35)
    assert place(performance, 4.5, "lower_leg_right")[2] < 0.1
    assert place(performance, 4.5, "lower_leg_left")[2] > 0.4
    assert place(performance, 4.5, "foot_left")[1] - place(performance, 4.5, "toes_right")[1] > 0.5
    assert place(performance, 4.5, "hips")[2] < 0.55 < 0.85 < place(performance, 8.0, "hips")[2]


def test_nobody_is_shot_up_from_his_knee():
    performance = giving(0.35)
    heights = [place(performance, time, "hips")[2] for time in np.arange(2.0, 9.0, 1 / 24)]
    assert np.abs(np.diff(heights)).max() * 24 < 1.6  # metres a second


def test_nobody_kneels_before_one_as_tall():
    assert place(giving(1.1), 4.5, "hips")[2] > 0.85


@pytest.mark.parametrize("name", ["foot", "toes", "lower_leg"])
def test_nothing_goes_into_the_ground_on_the_way(name):
    performance = giving(0.35)
    times = np.arange(2.0, 8.0, 1 / 24)
    heights = [place(performance, time, f"{name}_{side}")[2] for time in times for side in ("left", "right")]
    assert min(heights) > 0.015
