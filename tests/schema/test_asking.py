import pytest

from kinema.schema.asking import film_request, poured, size, source
from kinema.schema.errors import InvalidRequest, InvalidStoryboard
from kinema.schema.files import to_json, to_yaml
from samples.boards import board


@pytest.mark.parametrize(
    ("wishes", "rule"),
    [
        ({"prompt": ""}, "the prompt must hold words"),
        ({"prompt": " \x00 ... "}, "the prompt must hold words"),
        ({"prompt": "word " * 200_000}, "at most 4000 characters"),
        ({"prompt": "a cat", "seconds": 0}, r"seconds must be 1 to 600 \(got 0\); try --seconds 20"),
        ({"prompt": "a cat", "seconds": "10000"}, "seconds must be 1 to 600"),
        ({"prompt": "a cat", "seconds": "soon"}, "a time must be a number"),
        ({"prompt": "a cat", "width": 641}, "width must be an even number"),
        ({"prompt": "a cat", "height": 99999}, "height must be an even number from 64 to 3840"),
        ({"prompt": "a cat", "width": 1280, "height": 64}, r"at most 8 times the other \(got 1280x64\)"),
        ({"prompt": "a cat", "width": 64, "height": 514}, "at most 8 times the other"),
        ({"prompt": "a cat", "fps": 0}, "fps must be 1 to 60"),
        ({"prompt": "a cat", "look": "oil"}, "natural"),
        ({"prompt": "a cat", "painter": "magic"}, "preview"),
        ({}, "either a prompt or a storyboard"),
    ],
)
def test_refuses_in_one_sentence(wishes, rule):
    with pytest.raises(InvalidRequest, match=rule) as refused:
        film_request(**wishes)
    assert "\n" not in str(refused.value)


def test_prompts_lose_control_characters_and_double_spaces():
    assert film_request(prompt="a\x00 cat \n\n sleeps\x07").prompt == "a cat sleeps"


def test_sizes():
    assert size("1280x720") == {"width": 1280, "height": 720}
    with pytest.raises(InvalidRequest, match="size must be WIDTHxHEIGHT"):
        size("large")


def test_a_missing_storyboard_file_is_named():
    with pytest.raises(InvalidStoryboard, match=r"cannot read nowhere\.yaml: No such file"):
        source("nowhere.yaml")


def test_a_prompt_is_a_prompt():
    assert source("a cat.") == {"prompt": "a cat."}


def test_a_long_prompt_may_end_like_a_file():
    text = "a cat " * 100 + "reads story.json"
    assert source(text) == {"prompt": text}
    with pytest.raises(InvalidStoryboard, match="File name too long"):
        source("a" * 600 + ".json")


@pytest.mark.parametrize("text", [to_yaml(board()), to_yaml(board()).replace("scenes:", '"scenes":'), to_json(board())])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_storyboard_is_poured_quoted_or_behind_a_mark(text, mark):
    assert poured(mark + text) == {"storyboard": board()}
