import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.prompts import PAIRS, film

PROMPTS = [text for pair in PAIRS.values() for text in pair]
RIGHT = {"front_right", "right", "back_right"}
LEFT = {"front_left", "left", "back_left"}


@given(st.sampled_from(PROMPTS), st.fractions(min_value=1, max_value=600))
@settings(max_examples=80, deadline=None)
def test_shots_and_beats_fit_any_length(prompt: str, seconds: Fraction) -> None:
    board = film(prompt, seconds)
    assert board.seconds == seconds
    for scene in board.scenes:
        shots = [shot for shot in board.shots if shot.scene == scene.id]
        assert shots[0].offset == 0
        assert shots[-1].offset + shots[-1].duration * shots[-1].speed == scene.duration
        assert all(a.offset + a.duration * a.speed == b.offset for a, b in itertools.pairwise(shots))
        for subject in board.cast:
            beats = sorted(
                (b for b in board.beats if b.scene == scene.id and b.subject == subject.id), key=lambda b: b.start
            )
            assert all(a.end <= b.start for a, b in itertools.pairwise(beats))
            assert all(b.end <= scene.duration for b in beats)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_no_shot_is_a_flicker_and_none_cuts_to_the_same_picture(prompt: str) -> None:
    board = film(prompt, 30)
    assert min(shot.duration for shot in board.shots) >= Fraction(3, 2)
    for a, b in zip(board.shots, board.shots[1:], strict=False):
        assert (a.framing, a.move, a.scene) != (b.framing, b.move, b.scene)


def test_the_camera_stays_on_its_side_of_the_line() -> None:
    board = film(PAIRS["breakfast"][0], 30)
    sides = {
        who: {shot.framing.side for shot in board.shots if shot.framing.subject == who} for who in ("cat", "owner")
    }
    assert sides["cat"] <= RIGHT
    assert sides["owner"] <= LEFT | {"front"}  # a view along the line, from its end, does not cross it


def test_a_story_opens_wide_and_looks_back_at_the_end() -> None:
    board = film(PAIRS["pack"][1], 30)
    assert board.shots[0].framing.size == "wide"
    assert board.shots[-1].move == "pull"
    assert board.shots[-1].to is not None
    assert (board.shots[-1].to.size, board.shots[-1].to.also) == ("wide", ("pack",))
    assert "close" in {shot.to.size for shot in board.shots if shot.to}


def test_time_that_passes_is_a_dissolve() -> None:
    board = film(PAIRS["pack"][0], 30)
    search = next(beat.start for beat in board.beats if beat.action == "search")
    assert [(shot.start, shot.transition_duration) for shot in board.shots if shot.transition == "dissolve"] == [
        (search, 1)
    ]


@pytest.mark.parametrize("seconds", [20, 60])
@pytest.mark.parametrize("prompt", PAIRS["street walk"])
def test_a_portrait_on_the_way_is_one_take_that_ends_on_the_face(prompt: str, seconds: int) -> None:
    glasses = " She wears sunglasses." if prompt.isascii() else "她戴着墨镜。"
    [shot] = film(prompt + glasses, seconds).shots
    assert (shot.move, shot.framing.size, shot.framing.side) == ("push", "wide", "front")
    assert shot.to is not None
    assert (shot.to.size, shot.to.side) == ("close", "front")


@pytest.mark.parametrize("prompt", PAIRS["one take"])
def test_one_take_is_honoured(prompt: str) -> None:
    assert len(film(prompt, 40).shots) == 1


@pytest.mark.parametrize(
    ("prompt", "move", "size", "side", "angle"),
    [
        (PAIRS["pickup"][0], "follow", "full", "back", "eye"),
        (PAIRS["pickup"][1], "follow", "full", "back", "eye"),
        ("Close-up of a cat eating treats", "static", "close", "front_right", "eye"),
        ("A wolf walks on a mountain, seen from above", "static", "wide", "front_right", "high"),
        ("A dog runs, seen from behind, low angle, close-up", "follow", "close", "back", "low"),
        ("A woman dances on the street, zoom in", "push", "wide", "front", "eye"),
        ("The camera orbits a parked car", "orbit", "full", "front_right", "eye"),
        ("镜头环绕一辆停着的红色汽车", "orbit", "full", "front_right", "eye"),
    ],
)
def test_camera_phrases_decide(prompt: str, move: str, size: str, side: str, angle: str) -> None:
    [shot] = film(prompt, 12).shots
    assert (shot.move, shot.framing.size, shot.framing.side, shot.framing.angle) == (move, size, side, angle)


def test_an_orbit_goes_all_the_way_round() -> None:
    assert film("The camera orbits a parked car", 12).shots[0].turn == 360


def test_slow_motion_runs_the_scene_at_half_speed() -> None:
    board = film("A dog runs in slow motion", 10)
    assert {shot.speed for shot in board.shots} == {Fraction(1, 2)}
    assert (board.seconds, board.scenes[0].duration) == (10, 5)


def test_lengths_nobody_asked_for_fit_the_story() -> None:
    assert film(PAIRS["runner"][0]).seconds == 20
    assert film(PAIRS["two cats"][0]).seconds == 12
    assert 25 <= film(PAIRS["breakfast"][0]).seconds <= 40
    assert 25 <= film(PAIRS["pack"][0]).seconds <= 35


def test_a_festival_shows_its_crowd() -> None:
    board = film(PAIRS["spring festival"][0], 20)
    assert {shot.framing.subject for shot in board.shots} == {"dragon", "crowd"}
    assert board.shots[-1].move == "crane"


@pytest.mark.parametrize("seconds", [16, 20, 60])
def test_a_look_at_the_crowd_is_short(seconds: int) -> None:
    board = film(PAIRS["spring festival"][0], seconds)
    aside = [shot.duration for shot in board.shots if shot.framing.subject == "crowd"]
    assert aside
    assert max(aside) <= 3
    assert max(shot.duration for shot in board.shots) > max(aside)


def test_a_rising_camera_at_the_end_looks_at_the_subjects_face() -> None:
    shot = film(PAIRS["spring festival"][0], 20).shots[-1]
    assert shot.to is not None
    assert (shot.framing.side, shot.to.side) == ("front", "front")
    assert (shot.framing.angle, shot.to.angle) == ("low", "low")  # the crane's own rise is enough


@pytest.mark.parametrize(
    ("prompt", "move"),
    [
        ("Close-up of a woman walking down a city street.", "follow"),
        ("Static camera, close-up of a woman walking down a city street.", "static"),
        ("Close-up of a woman sleeping in a bedroom.", "static"),
        ("特写：一个女人走在城市街道上。", "follow"),
    ],
)
def test_a_close_view_of_somebody_on_the_way_goes_along(prompt, move):
    shot = film(prompt).shots[0]
    assert (shot.framing.size, shot.move) == ("close", move)


def test_who_touches_somebody_is_seen_close_from_beside_with_whom_it_touches() -> None:
    board = film("A cat paws its sleeping owner. The owner turns over. The cat paws the owner again, then it sits.", 30)
    pawing = [beat for beat in board.beats if beat.action == "paw"]
    shots = [s for s in board.shots if any(b.start <= s.offset < b.end for b in pawing) and s.framing.size == "close"]
    assert shots
    assert {(s.framing.subject, s.framing.side, s.framing.also) for s in shots} == {("cat", "right", ("owner",))}


def test_what_is_taken_from_under_something_is_seen_close_with_who_takes_it() -> None:
    board = film(PAIRS["breakfast"][0], 30)
    taking = next(beat for beat in board.beats if beat.action == "reach" and beat.instrument)
    shot = next(s for s in board.shots if s.offset == taking.start)
    assert (shot.framing.subject, shot.framing.also) == (taking.subject, (taking.instrument, "cat"))
    assert (shot.framing.size, shot.offset + shot.duration) == ("close", taking.end)


def test_what_is_given_is_seen_from_before_the_giver_who_stays_in_the_picture_while_it_is_eaten() -> None:
    board = film(PAIRS["breakfast"][0], 30)
    giving = next(beat for beat in board.beats if beat.action == "give")
    shot = next(s for s in board.shots if s.offset == giving.start)
    assert (shot.framing.subject, shot.framing.side) == (giving.subject, "front")
    eating = next(beat for beat in board.beats if beat.action == "eat")
    shot = next(s for s in board.shots if s.offset == eating.start)
    assert {shot.framing.subject, *shot.framing.also} == {giving.subject, eating.subject, eating.target}


def test_a_camera_phrase_beside_a_later_deed_is_that_deeds_alone() -> None:
    for text in (
        "A dog walks down a street. Close-up of the dog barking. Then it runs away.",
        "镜头一：街道全景，一只狗在走。镜头二：狗叫的特写。镜头三：狗跑了。",
    ):
        board = film(text)
        bark = next(beat for beat in board.beats if beat.action == "meow")
        close = [shot for shot in board.shots if shot.framing.size == "close"]
        assert [(shot.framing.subject, shot.offset, shot.duration) for shot in close] == [
            ("dog", bark.start, bark.end - bark.start)
        ]


def test_the_shots_of_a_list_are_as_asked() -> None:
    board = film("Shot 1: wide shot of a mountain. Shot 2: a fox walks. Shot 3: low angle, the fox sits and looks.")
    assert board.shots[0].framing.size == "wide"
    assert {shot.framing.angle for shot in board.shots if shot.offset >= board.beats[1].start} >= {"low"}
