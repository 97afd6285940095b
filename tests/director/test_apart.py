"""Who is meant: nouns that tell more of somebody, and what tells one of several from the others."""

import pytest

from kinema.director.direct import direct
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Storyboard


def plan(prompt: str) -> Storyboard:
    return direct(FilmRequest(prompt=prompt))


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("A dog greets its owner, a tall man in a grey suit.", ["dog", "man"]),
        ("狗迎接它的主人——一个穿着灰色西装、正在打哈欠的男人。", ["dog", "man"]),
        ("A friend, a boy and a cat run.", ["person", "boy", "cat"]),  # a list, nobody is told more of
        ("Van commercial: a yellow jeep climbs a hill.", ["suv"]),
        ("She waves. He waves back.", ["woman", "man"]),
        ("A man jumps like a tiger and looks like a king.", ["man"]),
    ],
)
def test_who_is_meant_once_is_cast_once(prompt: str, cast: list[str]) -> None:
    assert [subject.concept for subject in plan(prompt).cast] == cast


@pytest.mark.parametrize(
    ("prompt", "deeds"),
    [
        ("A grey cat and a white cat sit. The grey cat jumps.", {"grey": "jump", "white": "sit"}),
        ("Two dogs: the first is brown and runs, the second is black and sleeps.", {"brown": "run", "black": "sleep"}),
        ("Two cats stand. One cat is black and eats, the other cat is orange.", {"black": "eat", "orange": "stand"}),
    ],
)
def test_of_several_the_one_that_is_described_acts(prompt: str, deeds: dict[str, str]) -> None:
    board = plan(prompt)
    last = {beat.subject: beat.action for beat in board.beats}
    assert {subject.colours["body"]: last[subject.id] for subject in board.cast if subject.colours} == deeds


@pytest.mark.parametrize(
    "prompt", ["Two women in green and purple coats wave.", "两个女人穿着绿、紫两种颜色的大衣挥手。"]
)
def test_as_many_colours_as_wearers_are_shared_out(prompt: str) -> None:
    worn = [[(worn.kind, worn.colour) for worn in subject.garments] for subject in plan(prompt).cast]
    assert worn == [[("coat", "green")], [("coat", "purple")]]


def test_a_second_colour_of_one_coat_is_said_not_to_be_shown() -> None:
    board = plan("A woman in a green and purple coat waves.")
    assert [note.words for note in board.notes if note.kind == "not_understood"] == ["purple"]


@pytest.mark.parametrize("prompt", ["三个女人，一个高一个矮。", "Two men, one tall, one fat."])
def test_several_are_told_apart_by_a_list_of_qualities(prompt: str) -> None:
    assert ["tall" in subject.traits for subject in plan(prompt).cast][:2] == [True, False]


@pytest.mark.parametrize(
    ("prompt", "action", "target"),
    [
        ("A cat pats the cheek of a boy. The boy sleeps. The cat pats his nose.", "paw", "boy"),
        ("男人睡着了，猫拍拍他的脸。", "paw", "man"),
        ("A bed. A man will not wake up.", "sleep", None),
    ],
)
def test_deeds_reach_whoever_is_touched_and_what_is_denied_leaves_its_opposite(
    prompt: str, action: str, target: str | None
) -> None:
    told = [(beat.action, beat.target) for beat in plan(prompt).beats]
    assert (action, target) in told


def test_a_woman_a_girl_and_a_man_do_it_all_three() -> None:
    assert {beat.subject for beat in plan("A woman, a girl and a man dance.").beats if beat.action == "dance"} == {
        "woman",
        "girl",
        "man",
    }


def test_vanishing_is_said_not_to_be_shown() -> None:
    assert "vanishes" in [
        note.words for note in plan("A fox runs and vanishes.").notes if note.kind == "not_understood"
    ]


def test_a_couple_is_a_woman_and_a_man_once_one_of_them_is_told_of() -> None:
    board = plan("A couple stands in a street. He wears a brown hat; she waves.")
    dressed = {subject.concept: [worn.kind for worn in subject.garments] for subject in board.cast}
    assert dressed == {"man": ["hat"], "woman": []}
    assert ("woman", "wave") in [(beat.subject, beat.action) for beat in board.beats]


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("A boy and his sister run.", ["boy", "girl"]),
        ("A woman and her sister run.", ["woman", "woman"]),
        ("A pair of green boots walks through the mud.", ["person"]),  # somebody is in them
        ("I need a short clip of a wolf.", ["wolf"]),  # what is wished for is the film
        ("An orange fox doesn't run on the serengeti.", ["fox"]),
        ("A wolf meets a dog and the pack runs.", ["wolf", "dog", "wolf"]),
    ],
)
def test_who_is_cast(prompt: str, cast: list[str]) -> None:
    assert [subject.concept for subject in plan(prompt).cast] == cast


@pytest.mark.parametrize(
    "prompt", ["A man steps out of a van and walks down the street.", "男人从面包车上下来，走在街上。"]
)
def test_a_car_that_is_left_waits(prompt: str) -> None:
    deeds = {(beat.subject, beat.action) for beat in plan(prompt).beats}
    assert ("car", "park") in deeds
    assert ("car", "drive") not in deeds


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("A boy and his brother run.", ["boy", "boy"]),
        ("The cat eats. Its brother sleeps.", ["cat", "cat"]),
        ("A blue Mustang drives along a coastal highway.", ["car"]),
        ("一辆宝马在公路上飞驰。", ["car"]),
        ("A man in a pine forest dresses up. He is dressed as a wolf.", ["man"]),
    ],
)
def test_nobody_is_lost_in_another(prompt: str, cast: list[str]) -> None:
    assert [subject.concept for subject in plan(prompt).cast] == cast


@pytest.mark.parametrize("prompt", ["A herd of horses runs in a meadow.", "马群在草地上奔跑。"])
def test_a_herd_is_five(prompt: str) -> None:
    assert [(subject.concept, subject.count) for subject in plan(prompt).cast] == [("horse", 5)]


def test_two_who_are_joined_both_act_though_one_is_told_more_of() -> None:
    board = plan("A cat and its owner, a boy in a blue coat, walk.")
    assert {beat.subject for beat in board.beats if beat.action == "walk"} == {"cat", "boy"}


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("一只老虎穿过森林。", "walk"),
        ("一只老虎奔跑着穿过森林。", "run"),
        ("老虎在睡觉，阳光穿过森林。", "sleep"),
        ("一辆越野车穿过森林。", "drive"),
        ("A van crosses a field.", "drive"),
        ("A girl dances on a street.", "dance"),
    ],
)
def test_what_is_done_on_the_way(prompt: str, action: str) -> None:
    assert [beat.action for beat in plan(prompt).beats] == [action]


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("A boy hits a tree.", "hits"),
        ("A tiger roars.", "roars"),
        ("A girl dressed as a tiger waves.", "tiger"),
        ("A girl waves, shallow depth of field.", "shallow depth of field"),
    ],
)
def test_what_is_not_shown_is_said(prompt: str, words: str) -> None:
    assert words in [note.words for note in plan(prompt).notes if note.kind == "not_understood"]


def test_a_coat_of_leather_in_one_word_does_not_lend_its_leather() -> None:
    (woman,) = plan("一个穿棕色皮衣、红色半身裙的女人。").cast
    assert [(worn.kind, worn.colour, worn.material) for worn in woman.garments] == [
        ("jacket", "brown", "leather"),
        ("skirt", "red", ""),
    ]
