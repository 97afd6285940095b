import pytest

from director.prompts import film
from kinema.director.spelling import mended


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        ("womn", "woman"),
        ("jaket", "jacket"),
        ("blakc", "black"),
        ("throgh", "through"),
        ("runing", "running"),
        ("pedestrains", "pedestrians"),
        ("stret", "street"),
        ("montain", "mountain"),
        ("umbrela", "umbrella"),
    ],
)
def test_a_slip_is_mended_and_said(slip: str, right: str) -> None:
    text, notes = mended(f"There {slip} is")
    assert text == f"There {right} is"
    assert [(note.kind, note.words, note.text) for note in notes] == [("assumed", slip, f"read as {right}")]


@pytest.mark.parametrize(
    "word", ["coast", "cast", "bowl", "plant", "shore", "board", "xylophone", "cat", "walks", "sit"]
)
def test_words_of_their_own_are_left_alone(word: str) -> None:
    assert mended(f"the {word}") == (f"the {word}", [])


def test_a_prompt_full_of_slips_is_filmed() -> None:
    board = film("A womn in a yelow coat wallks her dog down a stret at nihgt.")
    assert [(one.concept, [(g.kind, g.colour) for g in one.garments]) for one in board.cast] == [
        ("woman", [("coat", "yellow")]), ("dog", []),
    ]  # fmt: skip
    assert board.scenes[0].place.hour == "night"
