"""Loads on strings."""

import numpy as np
import pytest

from kinema.stage.bodies.people.pendulum import MOST, MOST_TURN, swinging, turning

RATE = 48
TIMES = np.arange(4 * RATE) / RATE
NEVER = np.arange(len(TIMES)) == 0  # but at first


def along(x: np.ndarray) -> np.ndarray:
    return np.stack([x, 0 * x, 1 + 0 * x], -1)


def swung(held: np.ndarray, afresh: np.ndarray) -> np.ndarray:
    return swinging(held, afresh, np.zeros((3, 2)), 1 / RATE)[0]


def test_what_goes_on_evenly_hangs_straight() -> None:
    up = swung(along(1.3 * TIMES), NEVER)
    np.testing.assert_allclose(up, [[0, 0, 1]] * len(TIMES), atol=1e-9)


def test_it_stays_behind_swings_through_and_comes_to_rest() -> None:
    speed = np.clip((TIMES - 0.5) * 4, 0, 1)
    up = swung(along(np.cumsum(speed) / RATE), NEVER)[:, 0]
    assert up[TIMES < 0.7].max() > 0.02  # the load is behind: up to the hand is ahead
    assert up.min() < -0.02
    assert abs(up[-1]) < 0.005


def test_it_never_flies_up_and_a_cut_brings_it_to_rest() -> None:
    wild = along(0.5 * np.sin(TIMES * 9))
    afresh = NEVER.copy()
    afresh[100] = True
    up = swung(wild, afresh)
    assert 0.5 * MOST < np.abs(up[:, 0]).max() <= MOST
    assert up[100, 0] == pytest.approx(0.0)


def test_it_goes_on_from_where_it_was_left() -> None:
    held = along(0.2 * np.sin(TIMES * 6))
    whole = swung(held, NEVER)
    first, state = swinging(held[:81], NEVER[:81], np.zeros((3, 2)), 1 / RATE)
    second, _ = swinging(held[80:], np.zeros(len(held) - 80, bool), state, 1 / RATE)
    np.testing.assert_allclose(np.concatenate([first, second[1:]]), whole, atol=1e-9)


def turned(yaws: np.ndarray) -> np.ndarray:
    return turning(yaws, NEVER, np.zeros(2), 1 / RATE)[0]


def test_it_turns_little_with_a_hand_that_turns_much() -> None:
    yaws = turned(0.7 * np.sin(TIMES * 5.7))
    assert 0.05 < np.ptp(yaws[RATE:]) < 2.4 * MOST_TURN
    assert np.abs(turned(2.5 * np.sign(np.sin(TIMES * 3)))).max() < 1.3 * MOST_TURN


def test_it_turns_late_and_comes_to_rest() -> None:
    yaws = turned(np.where(TIMES < 1, 0.0, 0.5))
    assert yaws[np.searchsorted(TIMES, 1.1)] < 0.5 * yaws[-1]
    assert np.ptp(yaws[-RATE // 2 :]) < 0.002


def test_its_turn_goes_on_from_where_it_was_left() -> None:
    hand = 0.6 * np.sin(TIMES * 6)
    first, state = turning(hand[:81], NEVER[:81], np.zeros(2), 1 / RATE)
    second, _ = turning(hand[80:], np.zeros(len(hand) - 80, bool), state, 1 / RATE)
    np.testing.assert_allclose(np.concatenate([first, second[1:]]), turned(hand), atol=1e-9)
