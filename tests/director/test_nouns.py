"""Who is told from whom, and what is said of clothes, parts and kin."""

import pytest

from director.prompts import film
from director.test_grammar import acts, read, shown
from kinema.schema.storyboard import Subject


def dressed(text: str) -> list[tuple[str, int, list[tuple[str, str]]]]:
    return [(s.concept, s.count, [(g.kind, g.colour) for g in s.garments]) for s in film(text).cast]


@pytest.mark.parametrize(
    "text",
    [
        "Two men, one in a yellow coat and the other in a green shirt, walk down a street.",
        "Two men walk down a street. One wears a yellow coat. The other wears a green shirt.",
        "两个男人，一个穿黄色大衣，另一个穿绿色衬衫，走在街上。",
    ],
)
def test_two_who_are_told_apart_are_two(text: str) -> None:
    assert dressed(text) == [("man", 1, [("coat", "yellow")]), ("man", 1, [("shirt", "green")])]
    assert {(beat.subject, beat.action) for beat in film(text).beats} == {("man", "walk"), ("man_2", "walk")}


def test_one_of_many_leaves_the_rest() -> None:
    cast = film("Four dogs, one brown and the others white, run.").cast
    assert [(one.count, one.colours) for one in cast] == [(1, {"body": "brown"}), (3, {"body": "white"})]


def test_each_of_two_may_do_something_else() -> None:
    assert acts(read("Two cats: one sleeps and the other sits."))[-2:] == [(["cat"], "sleep", []), (["cat"], "sit", [])]


@pytest.mark.parametrize("text", ["Two women and one dog walk.", "两个女人和一只狗在走。"])
def test_a_number_with_its_noun_tells_nobody_apart(text: str) -> None:
    assert [one.count for one in film(text).cast] == [2, 1]


@pytest.mark.parametrize(
    "text",
    ["A man whose scarf is blue walks.", "A man walks. His scarf is blue.", "A man sits and his scarf is blue."],
)
def test_what_is_said_of_a_garment_is_not_said_of_its_wearer(text: str) -> None:
    [man] = film(text).cast
    assert ([(g.kind, g.colour) for g in man.garments], man.colours) == ([("scarf", "blue")], {})


def only(text: str) -> Subject:
    [one] = film(text).cast
    return one


def test_parts_before_and_behind_the_noun() -> None:
    assert only("A black-haired girl sits.").colours == {"hair": "black"}
    assert only("A tall grey-haired man sits.").traits == ("tall",)
    assert only("A girl sits. Her hair is red.").colours == {"hair": "red"}


def test_a_colour_that_is_worn_is_clothes() -> None:
    assert [(g.kind, g.colour) for g in only("A woman in green walks.").garments] == [("dress", "green")]
    assert [(g.kind, g.colour) for g in only("A man dressed in white walks.").garments] == [("suit", "white")]
    assert [(g.kind, g.colour) for g in only("一个穿红衣服的女孩在走。").garments] == [("dress", "red")]


def test_the_mother_of_an_animal_is_one_too() -> None:
    assert shown(read("A kitten and its mother sit.")) == ["cat", "cat"]
    assert shown(read("A boy and his mother sit.")) == ["boy", "woman"]


@pytest.mark.parametrize("text", ["A man walks under a red umbrella.", "一个男人撑着红伞在走。"])
def test_whoever_is_under_an_umbrella_carries_it(text: str) -> None:
    board = film(text)
    assert [(r.subject, r.kind, r.object) for r in board.relations] == [("man", "carries", "umbrella")]
    assert board.cast[1].colours == {"body": "red"}


@pytest.mark.parametrize(("text", "count"), [("12 wolves run", 12), ("35个行人在走", 35), ("999 people walk", 400)])
def test_digits_count(text: str, count: int) -> None:
    assert film(text).cast[0].count == count


@pytest.mark.parametrize("text", ["A man walks down a street on a rainy night.", "雨夜，一个男人走在街上。"])
def test_a_word_may_say_weather_and_hour(text: str) -> None:
    place = film(text).scenes[0].place
    assert (place.weather, place.hour) == ("rain", "night")


@pytest.mark.parametrize(
    "text", ["Two men walk one by one.", "Two men walk, and each one waves.", "两个男人一个接一个地走。"]
)
def test_one_by_one_tells_nobody_apart(text: str) -> None:
    assert [who.count for who in film(text).cast] == [2]


@pytest.mark.parametrize("text", ["A photo of a wolf at night.", "A photograph of a wolf.", "一张狼的照片"])
def test_a_photograph_is_of_somebody_and_is_nobody(text: str) -> None:
    assert [one.concept for one in film(text).cast] == ["wolf"]
