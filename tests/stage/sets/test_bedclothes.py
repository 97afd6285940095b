import numpy as np
import pytest

from kinema.schema.storyboard import Place
from kinema.stage.sets.bedroom import BED_TOP, HEAD, HIPS, build_setting
from samples.puppets import Puppet

X, Y = HIPS
LYING = {
    "hip": (X, Y, 0.64), "chest": (X, 1.48, 0.70), "upper_leg_left": (X + 0.1, Y, 0.64),
    "upper_leg_right": (X - 0.1, Y, 0.64), "knee_left": (X + 0.1, 0.75, 0.64), "knee_right": (X - 0.1, 0.75, 0.64),
    "foot_left": (X + 0.1, 0.3, 0.62), "foot_right": (X - 0.1, 0.3, 0.62), "hand_left": (0.6, 1.2, 0.62),
    "hand_right": (0.0, 1.2, 0.9),
}  # fmt: skip


class Sleeper(Puppet):
    """One who lies in the bed on the back; places by name are moved to others."""

    def __init__(self, **moved):
        super().__init__(1.7)
        self.places = {**LYING, **moved}

    def anchor(self, time, name):
        return np.array(self.places[name])


class Walker(Puppet):
    def __init__(self, *treads):
        super().__init__(0.3)
        self.treads = np.array(treads)

    def anchor(self, time, name):
        raise KeyError(name)

    def bears(self, time):
        return self.treads


@pytest.fixture(scope="module")
def bed():
    return build_setting(Place(set="bedroom", hour="morning"), 1).soft


def height(surface, x, y):
    at = surface.positions
    near = np.hypot(at[:, 0] - x, at[:, 1] - y) < 0.04
    return float(at[near, 2].max())


def test_the_cover_breathes_over_a_sleeper_and_lies_still_on_an_empty_bed(bed):
    def over(time, *company):
        return height(bed(time, company)[0], X, 1.22)

    breath = [over(t, Sleeper()) for t in np.arange(0.0, 4.8, 0.6)]
    assert 0.015 < max(breath) - min(breath) < 0.04
    assert over(0.0) == over(1.2) == over(3.6)


def test_a_knee_drawn_up_lifts_the_cover_and_is_not_seen_through_it(bed):
    up = Sleeper(knee_left=(X + 0.1, 0.75, 0.95))
    assert height(bed(0.0, [up])[0], X + 0.1, 0.75) > 1.03
    assert height(bed(0.0, [Sleeper()])[0], X + 0.1, 0.75) < 0.98


def test_the_hem_falls_when_the_sleeper_sits_up(bed):
    sitting = Sleeper(chest=(X, 1.3, BED_TOP + 0.62))
    assert height(bed(0.0, [sitting])[0], X, 1.33) < height(bed(0.0, [Sleeper()])[0], X, 1.33) - 0.08


def test_a_hand_under_the_pillow_lifts_it(bed):
    under = Sleeper(hand_right=(HEAD[0] + 0.26, HEAD[1] - 0.16, BED_TOP + 0.08))
    above = Sleeper(hand_right=(HEAD[0] + 0.26, HEAD[1] - 0.16, BED_TOP + 0.30))
    raised, resting = (height(bed(0.0, [one])[1], HEAD[0] + 0.26, HEAD[1] - 0.14) for one in (under, above))
    assert raised > resting + 0.06


def test_a_head_makes_a_hollow_in_the_pillow_it_lies_on(bed):
    def pillow(z):
        return height(bed(0.0, [Sleeper(head=(HEAD[0], HEAD[1], z))])[1], HEAD[0], HEAD[1])

    assert pillow(1.10) > pillow(0.84) + 0.02 > pillow(0.80) + 0.04
    assert pillow(0.80) == pytest.approx(0.70, abs=0.02)


def test_the_mattress_gives_way_under_who_lies_on_it_and_not_under_who_sits_up(bed):
    lying, sitting = (height(bed(0.0, [Sleeper(chest=(X, 1.58, BED_TOP + up))])[1], X, 1.58) for up in (0.16, 0.62))
    assert 0.02 < sitting - lying < 0.05


def test_a_paw_dents_the_cover(bed):
    top = height(bed(0.0, ())[0], -0.4, 0.9)
    trodden = bed(0.0, [Walker((-0.4, 0.9, top - 0.06, 0.06))])[0]
    at = trodden.positions
    near = np.hypot(at[:, 0] + 0.4, at[:, 1] - 0.9) < 0.02
    assert at[near, 2].max() < top - 0.035
