import numpy as np
import pytest

from kinema.stage.cue import Mark
from kinema.stage.motion.gait import own_gait
from kinema.stage.motion.itinerary import RATE, Errand, tracks
from kinema.stage.motion.trail import trail_along
from stage.motion.figure import path

STYLE = own_gait("walk", "", (), 1, "a").row()


def stay(start, end, x=0.0, y=0.0, yaw=0.0):
    return Errand(start, end, Mark((x, y, 0.0), yaw), STYLE)


def go(start, end, along, speed=1.2, path_start=0.0):
    return Errand(start, end, Mark((0.0, 0.0, 0.0)), STYLE, along, path_start, speed)


def at(track, time):
    return track.places[round((time - track.first) * RATE)]


def test_a_walk_that_opens_the_scene_is_in_full_stride():
    (track,) = tracks([go(0.0, 5.0, path((0, 0), (0, 30)))])
    np.testing.assert_allclose(at(track, 0.0), [0.0, 0.0], atol=0.01)
    np.testing.assert_allclose(at(track, 5.0), [0.0, 6.0], atol=0.01)
    speed = track.speeds[round(-track.first * RATE)]
    assert speed == pytest.approx(1.2, abs=0.01)


def test_starting_and_stopping_end_where_the_speed_says():
    (track,) = tracks([stay(0, 2), go(2.0, 6.0, path((0, 0), (0, 30))), stay(6, 9, 0.0, 4.8)])
    np.testing.assert_allclose(at(track, 1.0), [0.0, 0.0], atol=1e-3)
    np.testing.assert_allclose(at(track, 8.0), [0.0, 4.8], atol=0.02)
    assert np.abs(np.diff(track.speeds)).max() < 0.06  # no jolt


def test_a_path_that_runs_out_is_not_overrun():
    (track,) = tracks([stay(0, 1), go(1.0, 9.0, path((0, 0), (0, 3)))])
    np.testing.assert_allclose(at(track, 9.0), [0.0, 3.0], atol=0.02)


def test_a_mark_somewhere_else_is_walked_to():
    (track,) = tracks([stay(0, 2), stay(2, 8, 2.0, 0.0, yaw=1.0)])
    np.testing.assert_allclose(at(track, 7.5), [2.0, 0.0], atol=0.02)
    assert track.yaws[-RATE] == pytest.approx(1.0, abs=0.02)


def test_a_mark_out_of_reach_is_a_cut():
    assert len(tracks([stay(0, 2), stay(2, 3, 50.0, 0.0)])) == 2


def test_corners_are_rounded():
    trail = trail_along(np.array([[0, 0, 0], [0, 4, 0], [4, 4, 0.0]]))
    distances = np.linspace(0.0, trail.length, 200)
    _, yaws = trail.at(distances)
    assert np.abs(np.diff(yaws)).max() < np.radians(6)
    np.testing.assert_allclose([yaws[0], yaws[-1]], [0.0, -np.pi / 2], atol=1e-2)


def test_a_trail_needs_a_way_to_go():
    with pytest.raises(ValueError, match="two points"):
        trail_along(np.zeros((3, 3)))
