from fractions import Fraction

import pytest

from director.prompts import film
from kinema.director.script import script
from kinema.director.terms import SHOT, language_of
from kinema.schema.format import Format


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("A 25-second clip of a dog.", 25),
        ("Make me a 12 second video of a cat", 12),
        ("A wolf howls. 40s.", 40),
        ("A one-minute film about a wolf", 60),
        ("Half a minute: a cat sleeps", 30),
        ("A cat sleeps, duration 18 seconds", 18),
        ("一只猫在睡觉，时长25秒", 25),
        ("一分钟的短片：一只狼", 60),
        ("二十秒。一只狗在跑", 20),
        ("She waits for five seconds and runs.", None),
        ("两分钟后，狼跑了", None),
        ("A dog runs.", None),
    ],
)
def test_a_length_is_that_of_the_film_or_none(text: str, seconds: int | None) -> None:
    assert script(text, language_of(text)).seconds == (None if seconds is None else Fraction(seconds))


def test_a_prompt_sets_the_length_and_a_request_wins() -> None:
    assert film("A 25-second clip of a dog running down a street").seconds == 25
    assert film("A 25-second clip of a dog running down a street", seconds=8).seconds == 8


@pytest.mark.parametrize(
    ("text", "width", "height", "fps"),
    [
        ("A vertical video (9:16) of a girl dancing", 720, 1280, 24),
        ("竖屏，9:16：一个女孩在跳舞", 720, 1280, 24),
        ("4K, 60 fps, a girl dances", 1280, 720, 60),
        ("Square video for a girl who dances, 1080p", 1080, 1080, 24),
        ("A girl dances, 640x480", 640, 480, 24),
        ("TikTok video: a girl dances", 720, 1280, 24),
        ("方形视频，30帧，女孩跳舞", 720, 720, 30),
        ("1080p 60fps vertical: a girl dances", 1080, 1920, 60),
        ("21:9 widescreen, a girl dances", 1680, 720, 24),
    ],
)
def test_the_shape_of_the_picture_is_the_films_and_nobodys_number(text: str, width: int, height: int, fps: int) -> None:
    board = film(text)
    assert [(one.concept, one.count) for one in board.cast] == [("girl", 1)]
    assert board.format == Format(width=width, height=height, fps=fps)


@pytest.mark.parametrize(
    "text", ["4K, a girl dances", "一个女孩在跳舞，8K超清", "A girl dances, 240 fps", "A girl dances, 8000x10"]
)
def test_what_cannot_be_made_so_is_noted(text: str) -> None:
    board = film(text)
    assert board.format is None
    assert [note.kind for note in board.notes if note.words and note.words in text] == ["not_understood"]


def test_a_clock_is_no_shape() -> None:
    assert film("At 8:30 a girl dances").format is None


@pytest.mark.parametrize(
    "text",
    [
        'A woman turns around and says "Two tigers ate my car." Then she runs.',
        "“两只老虎吃了我的车！”一个女人说，然后她跑了。",
    ],
)
def test_what_is_spoken_is_noted_not_cast(text: str) -> None:
    board = film(text)
    assert [one.concept for one in board.cast] == ["woman"]
    assert any("quoted" in note.text for note in board.notes)


def test_a_prompt_in_quotation_marks_is_a_prompt() -> None:
    assert script('"A cat sleeps on a bed."', "en").text == "A cat sleeps on a bed."


def test_numbered_shots_are_marked_and_are_no_numbers() -> None:
    for text in ("Shot 1: a cat sits. Shot 2: a dog runs.", "镜头一：一只猫坐着。镜头二：一只狗在跑。"):
        assert script(text, language_of(text)).text.count(SHOT) == 2
        assert [(one.concept, one.count) for one in film(text).cast] == [("cat", 1), ("dog", 1)]
    assert [one.count for one in film("1) A cat sits. 2) A dog runs. 3) The cat runs.").cast] == [1, 1]


@pytest.mark.parametrize(
    ("prompt", "sizes"),
    [
        ("SHOT 1 - WIDE: A lantern street, a crowd. SHOT 2 - CU: A girl smiles and waves.", ["wide", "close"]),
        ("镜头1：全景，灯笼街，人群。镜头2：特写，女孩挥手。", ["wide", "close"]),
    ],
)
def test_a_shot_in_which_nothing_is_done_is_seen_too(prompt: str, sizes: list[str]) -> None:
    board = film(prompt)
    assert [shot.framing.size for shot in board.shots] == sizes
    assert [shot.framing.subject for shot in board.shots] == ["crowd", "girl"]


@pytest.mark.parametrize("prompt", ["Two men dance in the square.", "A man looks for the phone."])
def test_a_square_to_dance_in_and_a_phone_to_look_for_are_no_formats(prompt: str) -> None:
    assert film(prompt).format is None
