import pytest

from director.prompts import film
from kinema.director.names import introduced, named


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Emma, a young girl in red, wakes up. Emma smiles.", "a young girl in red, wakes up. the girl smiles."),
        ("Rex the dog runs. Rex sleeps.", "a dog runs. the dog sleeps."),
        ("Her dog Rex runs.", "Her dog runs."),
        ("A detective named Tom waves.", "A male detective waves."),
        ("In the morning, the cat, a tabby, sleeps.", "In the morning, the cat, a tabby, sleeps."),
    ],
)  # fmt: skip
def test_who_is_introduced_by_name_is_the_noun(text: str, plain: str) -> None:
    assert introduced(text) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Maria runs.", {"maria": "woman"}),
        ("Tom Hanks walks with Zara.", {"tom": "man", "zara": "person"}),
        ("Mrs Brown dances.", {"brown": "woman"}),
        ("Rose petals fall. A Victorian house.", {}),
        ("Rose walks.", {"rose": "woman"}),
        ("A man walks in Zermatt.", {}),
        ("TOM RUNS.", {"tom": "man"}),
    ],
)
def test_a_name_tells_who_it_is(text: str, shown: dict[str, str]) -> None:
    assert {name: sense.row.stage for name, sense in named(text, "en")[1].items()} == shown


def test_one_name_is_one_person_throughout() -> None:
    board = film("Maria walks her dog. Anna runs. Maria waves at Anna.")
    assert [one.concept for one in board.cast] == ["woman", "dog", "woman"]
    assert ("woman", "wave", "woman_2") in [(beat.subject, beat.action, beat.target) for beat in board.beats]


def test_chinese_names_are_people() -> None:
    board = film("小明和小红走在雪地里，孙悟空跳舞。")
    assert [one.concept for one in board.cast] == ["boy", "girl", "man"]
    assert "孙悟空" in {note.words for note in board.notes}


def test_who_has_a_name_is_nobody_named_before() -> None:
    assert [one.concept for one in film("Tom walks with Zara. Zara waves.").cast] == ["man", "person"]


@pytest.mark.parametrize(
    ("text", "cast"), [("一辆小红车在山路上行驶。", ["car"]), ("一条小龙在街上舞动。", ["dragon_dance"])]
)
def test_what_is_counted_or_worn_has_no_name(text: str, cast: list[str]) -> None:
    assert [one.concept for one in film(text).cast] == cast


def test_a_pronoun_for_nobody_is_somebody_until_a_noun_tells_more() -> None:
    assert [one.concept for one in film("早上他走在街上，晚上他在家里睡觉。").cast] == ["man"]
    assert [one.concept for one in film("As she walks, a girl waves.").cast] == ["girl"]


def test_whom_a_subject_looks_at_is_somebody_else() -> None:
    board = film("A detective follows a woman. He looks at her.")
    assert ("man", "look", "woman") in [(beat.subject, beat.action, beat.target) for beat in board.beats]
