"""Hours and weathers that change, and who runs when somebody is chased."""

import pytest

from director.prompts import film


@pytest.mark.parametrize(
    "text",
    [
        "At sunrise a dog runs through the city; by night it sleeps on the street.",
        "日出时一只狗在城市里奔跑；到了夜里，它睡在街上。",
    ],
)
def test_another_hour_is_another_scene(text: str) -> None:
    board = film(text)
    assert [(s.place.set, s.place.hour) for s in board.scenes] == [("city_street", "dawn"), ("city_street", "night")]
    assert [(b.scene, b.action) for b in board.beats] == [("scene_1", "run"), ("scene_2", "sleep")]


@pytest.mark.parametrize(
    ("text", "weathers"),
    [
        ("A woman walks down a street. Suddenly it starts to snow, and she runs.", ["clear", "snow"]),
        ("A woman walks down a street in the rain. It is foggy.", ["rain"]),
        ("A woman walks down a street. It is raining.", ["rain"]),
        ("It starts to rain. A woman walks down a street.", ["rain"]),
        ("A woman walks as rain falls on the street and she waves.", ["rain"]),
    ],
)
def test_a_weather_that_comes_up_between_two_deeds_is_another_scene(text: str, weathers: list[str]) -> None:
    assert [scene.place.weather for scene in film(text).scenes] == weathers


def test_the_moon_stays_out_of_the_day() -> None:
    board = film("By day a wolf sleeps on a mountain. At night it howls at the moon.")
    assert [(s.place.hour, "moon" in s.place.features) for s in board.scenes] == [("day", False), ("night", True)]


@pytest.mark.parametrize(
    ("text", "beats"),
    [
        ("A dog chases a cat down a street.", {("dog", "run"), ("cat", "run")}),
        ("A cat is chased by a dog.", {("dog", "run"), ("cat", "run")}),
        ("小偷在前面跑，警察在后面追。", {("man", "run"), ("man_2", "run")}),
        ("A girl runs. A dog follows her.", {("girl", "run"), ("dog", "walk")}),
        ("A girl is followed by a dog down a street.", {("girl", "walk"), ("dog", "walk")}),
    ],
)
def test_whoever_is_chased_or_followed_is_on_the_way(text: str, beats: set[tuple[str, str]]) -> None:
    assert {(beat.subject, beat.action) for beat in film(text).beats} == beats


@pytest.mark.parametrize(
    "text",
    [
        "Then stops and looks back at us. A boat watches a tiger eat. Fireworks burst overhead.",
        "A boy hugs his teddy bear, the camera slowly pushes in on his face. Two women wave.",
    ],
)
def test_whatever_is_asked_a_body_does_one_thing_at_a_time(text: str) -> None:
    beats = film(text).beats
    for one in beats:
        for other in beats:
            same = (one.scene, one.subject) == (other.scene, other.subject)
            assert one is other or not same or one.end <= other.start or other.end <= one.start


def test_a_place_named_with_another_hour_is_not_where_the_film_began() -> None:
    board = film("A woman walks at night. In the morning the woman sits in her bedroom.")
    assert [(scene.place.set, scene.place.hour) for scene in board.scenes] == [
        ("city_street", "night"),
        ("bedroom", "morning"),
    ]


def test_a_place_after_another_hour_begins_a_scene_of_its_own() -> None:
    board = film("In the morning a man walks in a street. At night he runs. He sleeps in a bedroom.")
    assert [scene.place.set for scene in board.scenes] == ["city_street", "city_street", "bedroom"]


@pytest.mark.parametrize(
    "prompt", ["Autumn turns to spring while a dog sleeps in the park.", "秋去春来，一只狗睡在公园里。"]
)
def test_one_season_gives_way_to_another(prompt: str) -> None:
    seasons = [scene.place.season for scene in film(prompt).scenes]
    assert seasons == ["autumn", "spring"]
