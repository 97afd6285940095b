from dataclasses import fields

import numpy as np
import pytest

from kinema.stage.motion.gait import Gait, cadence_at, gait_table, own_gait


def test_every_row_names_only_what_a_gait_has():
    names = {field.name for field in fields(Gait)}
    table = gait_table()
    for row in table["gaits"].values():
        assert set(row) == names
    for row in (*table["manners"].values(), *table["builds"].values()):
        assert set(row) <= names


def test_natural_speed_is_that_of_people():
    assert 1.0 < own_gait("walk", "woman", (), 1, "a").speed(0.85) < 1.5
    assert 2.3 < own_gait("run", "man", (), 1, "a").speed(0.9) < 3.6


def test_long_legs_walk_faster():
    gait = own_gait("walk", "", (), 1, "a")
    assert gait.speed(1.0) == pytest.approx(gait.speed(0.25) * 2.0)


def test_manners_change_the_walk_and_unknown_words_do_not():
    plain = own_gait("walk", "woman", (), 1, "a")
    confident = own_gait("walk", "woman", ("confident",), 1, "a")
    assert confident.sway > plain.sway
    assert confident.width < plain.width
    assert own_gait("walk", "woman", ("purple",), 1, "a") == plain


def test_no_two_of_a_crowd_walk_alike():
    assert own_gait("walk", "man", (), 1, "a") != own_gait("walk", "man", (), 1, "b")
    assert own_gait("walk", "man", (), 1, "a") == own_gait("walk", "man", (), 1, "a")


def test_faster_means_more_and_longer_steps():
    speeds = np.array([0.8, 1.2, 1.6])
    cadence = cadence_at(speeds, np.full(3, 1.9), np.full(3, 1.2), 0.9)
    assert (np.diff(cadence) > 0).all()
    assert (np.diff(speeds / cadence) > 0).all()


def test_words_make_a_gait_sag_by_the_same_whatever_it_is_and_together_no_more_than_the_weariest():
    for kind, ridden in (("walk", 0.003), ("carry", 0.05)):
        sad = own_gait(kind, "woman", ("sad",), 1, "a")
        assert sad.crouch == pytest.approx(ridden + 0.009)
        both = own_gait(kind, "woman", ("sad", "tired", "heeled"), 1, "a")
        assert both.crouch == pytest.approx(ridden + 0.015)
