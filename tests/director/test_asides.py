"""Asides: names, ages, years and hours are nobody's number and no length."""

import pytest

from kinema.director.asides import put_plainly
from kinema.director.direct import direct
from kinema.schema.request import FilmRequest


def board(prompt):
    return direct(FilmRequest(prompt=prompt))


@pytest.mark.parametrize(
    "prompt",
    [
        "A 25-year-old man runs",
        "A thirty year old woman walks",
        "At 7 am a man walks",
        "A man in his 30s walks",
        "A 1980s woman walks",
        "一个30岁的女人在走路",
        "一个80年代的女人在跳舞",
    ],
)
def test_ages_years_and_hours_are_not_how_many(prompt):
    film = board(prompt)
    assert [who.count for who in film.cast] == [1]
    assert film.cast[0].traits == ()
    assert film.notes


def test_an_age_beyond_sixty_is_old():
    for prompt in (
        "A man aged 70 years walks",
        "A 75-year-old man sits",
        "An eighty-year-old woman waves",
        "一个70岁的男人在跑",
    ):
        assert board(prompt).cast[0].traits == ("old",)


def test_years_are_no_length_and_seconds_still_are():
    assert board("An 80s film of a man running").seconds == board("A film of a man running").seconds
    assert board("A 30s video of a man running").seconds == 30


@pytest.mark.parametrize(
    ("said", "hour"),
    [("at 7 am", "morning"), ("at 9 p.m.", "night"), ("at 7:30 pm", "evening"), ("at 12 am", "night"), ("3pm", "day")],
)
def test_the_clock_tells_the_hour(said, hour):
    assert board(f"{said} a man walks in a city").scenes[0].place.hour == hour


def test_a_name_means_whoever_bears_it():
    text, notes = put_plainly("A woman named Anna walks. Anna waves at a dog called Rex. Rex runs.", "en")
    assert text == "A woman walks. the woman waves at a dog. the dog runs."
    assert notes == []
    film = board("A lonely wolf named Grey Fang howls, then Grey Fang runs.")
    assert [(who.id, who.count) for who in film.cast] == [("wolf", 1)]
    assert [beat.action for beat in film.beats] == ["howl", "run"]


def test_what_is_no_aside_is_left():
    for prompt in ("A woman looks at 3 men", "She called Tom", "5 dogs run at 20 people", "快一点跑的狗"):
        language = "en" if prompt.isascii() else "zh"
        assert put_plainly(prompt, language) == (prompt, [])
