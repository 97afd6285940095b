"""The walk against what gait laboratories measure (Perry 1992; Winter 1991), with room for manners."""

from itertools import product

import numpy as np
import pytest

from kinema.stage.motion.performance import Performance
from kinema.stage.motion.rig import Rig
from kinema.stage.setting import flat_ground
from stage.motion.figure import adult, cue, path

RIG = Rig(adult())
SPRY = list(product(("woman", "man"), ((), ("confident", "casual"), ("happy",), ("heeled",)), (1, 5)))
WEARY = list(product(("woman", "man"), (("sad",), ("tired",), ("sad", "tired", "heeled")), (1, 5)))
WALKERS = SPRY + WEARY
LIVELY = [walker for walker in WALKERS if len(walker[1]) < 3]  # not those who are all sorrow


def walking(build: str, words: tuple[str, ...], seed: int, action: str = "walk") -> Performance:
    there = cue(action, 0, 14, path=path((0, 0), (0, 60)))
    return Performance(RIG, [there], flat_ground, seed, "somebody", build=build, words=words)


class Stride:
    """A stride in full walk from one landing of the left foot to the next, 101 instants."""

    def __init__(self, performance: Performance) -> None:
        self.prints = performance.passages[0].afoot.stepping.prints
        land = self.prints[0].land
        first, second = land[(land > 5.0)][:2]
        self.times = np.linspace(first, second, 101)
        self.joints, _ = performance.joints(self.times)

    def place(self, name: str) -> np.ndarray:
        return self.joints.places[:, RIG.row[name]]

    def right(self, name: str) -> np.ndarray:
        """The way to the right of a joint (101, 3)."""
        return self.joints.turns[:, RIG.row[name], :, 0]

    def knee(self) -> np.ndarray:
        """Degrees by which the left knee is bent."""
        hip, knee, ankle = (self.place(f"{name}_left") for name in ("upper_leg", "lower_leg", "foot"))
        thigh, shin = knee - hip, ankle - knee
        cosine = (thigh * shin).sum(1) / np.linalg.norm(thigh, axis=1) / np.linalg.norm(shin, axis=1)
        return np.degrees(np.arccos(cosine))


@pytest.mark.parametrize(("build", "words", "seed"), WALKERS)
def test_feet_go_on_two_lines(build, words, seed):
    left, right = Stride(walking(build, words, seed)).prints
    width = right.places[4:-4, 0].mean() - left.places[4:-4, 0].mean()
    assert 0.06 < width < 0.15
    assert np.degrees(left.yaws[5]) > 2.0 > np.degrees(right.yaws[5])  # both toes out


@pytest.mark.parametrize(("build", "words", "seed"), SPRY)
def test_the_hips_sink_at_each_landing_and_rise_over_the_standing_leg(build, words, seed):
    height = Stride(walking(build, words, seed)).place("hips")[:, 2]
    assert 0.018 < np.ptp(height) < 0.065
    for half in (height[:50], height[50:]):
        assert 18 < half.argmax() < 42  # per cent of the stride after a landing
        assert half.argmin() < 16 or half.argmin() > 44


@pytest.mark.parametrize(("build", "words", "seed"), WEARY)
def test_the_weary_sag_but_a_little(build, words, seed):
    height, usual = (Stride(walking(build, each, seed)).place("hips")[:, 2] for each in (words, ()))
    assert np.ptp(height) < 0.065
    assert usual.max() - 0.03 < height.max() < usual.max() + 0.015


@pytest.mark.parametrize("build", ["woman", "man"])
def test_who_carries_and_is_weary_sinks_no_further_than_one_who_is_not(build):
    plain, weary = (Stride(walking(build, words, 1, "carry_dragon")) for words in ((), ("sad", "tired", "heeled")))
    assert weary.place("hips")[:, 2].min() > plain.place("hips")[:, 2].min() - 0.03
    assert weary.knee()[8:38].max() < 50.0
    assert weary.place("hips")[:, 2].min() > 0.8


@pytest.mark.parametrize(("build", "words", "seed"), WALKERS)
def test_the_hips_go_over_the_leg_that_bears_and_drop_on_the_other_side(build, words, seed):
    stride = Stride(walking(build, words, seed))
    aside = stride.place("hips")[:, 0]
    assert aside[30] < -0.008 < 0.008 < aside[80]  # left leg, then right leg
    assert 0.025 < np.ptp(aside) < 0.08
    list_ = np.degrees(np.arcsin(stride.right("hips")[:, 2]))
    assert -11.0 < list_[20] < -1.5
    assert 1.5 < list_[70] < 11.0


@pytest.mark.parametrize(("build", "words", "seed"), WALKERS)
def test_shoulders_turn_against_the_hips(build, words, seed):
    stride = Stride(walking(build, words, seed))
    hips, chest = (np.degrees(np.arctan2(r[:, 1], r[:, 0])) for r in (stride.right("hips"), stride.right("chest")))
    assert np.corrcoef(hips, chest)[0, 1] < -0.8
    assert 5.0 < np.ptp(hips) < 24.0


@pytest.mark.parametrize(("build", "words", "seed"), LIVELY)
def test_the_shoulder_over_the_standing_leg_sinks_while_that_hip_rises(build, words, seed):
    stride = Stride(walking(build, words, seed))
    hips, chest, head = (np.degrees(np.arcsin(stride.right(name)[:, 2])) for name in ("hips", "chest", "head"))
    assert chest[20] > 0.6 > -0.6 > chest[70]  # left leg, then right leg
    assert np.corrcoef(hips, chest)[0, 1] < -0.9
    assert np.ptp(head) < 0.5 * np.ptp(hips)
    assert np.ptp(stride.place("neck")[:, 0]) < 0.97 * np.ptp(stride.place("hips")[:, 0])


@pytest.mark.parametrize(("build", "words", "seed"), LIVELY)
def test_hands_swing_beside_the_body_each_with_the_other_leg(build, words, seed):
    stride = Stride(walking(build, words, seed))
    middle = stride.place("hips")
    hands = {name: stride.place(f"hand_{name}") - middle for name in ("left", "right")}
    for name, sign in (("left", -1.0), ("right", 1.0)):
        assert (sign * hands[name][:, 0]).min() > 0.07  # of the hips' middle
    ahead = hands["right"][:, 1]
    assert ahead.argmax() < 15 or ahead.argmax() > 90  # as the left foot lands
    assert 40 < ahead.argmin() < 65
    assert np.corrcoef(hands["left"][:, 1], ahead)[0, 1] < -0.8


def test_the_old_take_shorter_flatter_steps_and_bear_longer_on_both_feet():
    young, old = (Stride(walking("man", words, 1)) for words in ((), ("aged",)))

    def stance(stride: Stride) -> float:
        left = stride.prints[0]
        return float((left.lift[5] - left.land[5]) / (left.land[6] - left.land[5]))

    def length(stride: Stride) -> float:
        return float(np.diff(stride.prints[0].places[4:8, 1]).mean())

    assert length(old) < 0.85 * length(young)
    assert stance(old) > stance(young) + 0.02
    assert np.ptp(old.place("hand_right")[:, 1] - old.place("hips")[:, 1]) < 0.7 * np.ptp(
        young.place("hand_right")[:, 1] - young.place("hips")[:, 1]
    )


@pytest.mark.parametrize(("build", "words", "seed"), WALKERS)
def test_a_knee_yields_under_the_load_and_stretches_before_it_lands(build, words, seed):
    knee = Stride(walking(build, words, seed)).knee()
    assert 12.0 < knee[8:20].max() < 36.0
    assert knee[30:38].min() < 15.0
    assert 50.0 < knee[65:85].max() < 75.0
    assert knee[93:].min() < 24.0
    assert np.abs(np.diff(knee)).max() < 6.0  # a hundredth of a stride: no snap


@pytest.mark.parametrize("action", ["walk", "stroll", "run"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_head_is_carried_without_a_jerk(action, seed):
    performance = walking("man", (), seed, action)
    times = np.arange(4.0, 8.0, 1 / 48)
    height = performance.joints(times)[0].places[:, RIG.row["head"], 2]
    assert np.abs(np.diff(height, 2)).max() * 48**2 < (55.0 if action == "run" else 22.0)  # m/s^2


def lean(performance: Performance, time: float) -> float:
    """Degrees ahead of the line from the hips to the neck."""
    joints, _ = performance.joints(np.array([time]))
    up = joints.places[0, RIG.row["neck"]] - joints.places[0, RIG.row["hips"]]
    return float(np.degrees(np.arctan2(up[1], up[2])))


def test_one_leans_into_a_start_and_back_at_a_stop():
    along = path((0, 0), (0, 60))
    performance = Performance(
        RIG, [cue("stand", 0, 3), cue("run", 3, 8, path=along), cue("stand", 8, 11, along.at(14.0)[0])],
        flat_ground, 3, "somebody",
    )  # fmt: skip
    steady = np.mean([lean(performance, time) for time in np.arange(5.0, 6.5, 0.1)])
    start = max(lean(performance, time) for time in np.arange(2.6, 3.8, 0.1))
    stop = min(lean(performance, time) for time in np.arange(7.4, 9.0, 0.1))
    assert start > steady + 2.0
    assert stop < min(steady, lean(performance, 10.5)) - 2.0


def test_the_head_turns_first():
    performance = Performance(RIG, [cue("stand", 0, 2), cue("stand", 2, 6, yaw=2.2)], flat_ground, 3, "somebody")
    times = np.arange(1.0, 5.0, 0.05)
    joints, _ = performance.joints(times)

    def when(name: str) -> float:
        ahead = joints.turns[:, RIG.row[name], :, 1]
        return float(times[np.argmax(np.arctan2(-ahead[:, 0], ahead[:, 1]) > 1.1)])

    assert when("head") < when("hips") - 0.08


def test_who_stands_bears_on_one_leg_and_shifts():
    shifts, steps = [], []
    for seed in range(8):
        performance = Performance(RIG, [cue("stand", 0, 40)], flat_ground, seed, "somebody")
        joints, _ = performance.joints(np.arange(0.0, 40.0, 0.5))
        middle = joints.places[:, [RIG.row["foot_left"], RIG.row["foot_right"]]].mean(1)
        shifts.append(joints.places[:, RIG.row["hips"], 0] - middle[:, 0])
        feet = joints.places[0, [RIG.row["foot_left"], RIG.row["foot_right"]]]
        steps.append(feet[1, 1] - feet[0, 1])
    assert np.median(np.abs(shifts)) > 0.015
    assert np.median(np.ptp(shifts, axis=1)) > 0.03
    assert np.abs(steps).max() > 0.03  # not all with their feet in line
    assert min(steps) < 0.0 < max(steps)


def test_who_stands_in_a_crowd_turns_the_head_and_never_freezes():
    for seed in range(4):
        performance = Performance(RIG, [cue("stand", 0, 30, manner=("passing",))], flat_ground, seed, "somebody")
        times = np.arange(2.0, 28.0, 0.25)
        joints, _ = performance.joints(times)
        ahead = joints.turns[:, RIG.row["head"], :, 1]
        yaw = np.degrees(np.arctan2(-ahead[:, 0], ahead[:, 1]))
        assert 15.0 < np.ptp(yaw) < 80.0
        for first in range(0, len(times) - 12, 12):  # three seconds
            assert np.ptp(joints.places[first : first + 12, RIG.row["head"]], axis=0).max() > 0.001
