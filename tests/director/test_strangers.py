import pytest

from director.prompts import film
from kinema.director.strangers import ADJECTIVES, NOUNS, VERBS, kind_of, nearest, slot
from kinema.director.terms import cut


def test_a_strange_word_is_read_as_the_nearest_row_and_said_so() -> None:
    board = film("A gigantic dog runs down the street.")
    assert [(subject.concept, subject.size) for subject in board.cast] == [("dog", "large")]
    assert [(note.kind, note.words) for note in board.notes] == [("assumed", "gigantic")]


@pytest.mark.parametrize(
    ("word", "tables", "row"),
    [("hatchback", NOUNS, "car"), ("gigantic", ADJECTIVES, "large"), ("glancing", VERBS, "look")],
)
def test_nearest_rows(word: str, tables: tuple[str, ...], row: str) -> None:
    found = nearest(word, "en", tables)
    assert found is not None
    assert found.row.id == row


@pytest.mark.parametrize("word", ["walrus", "trombone", "cathedral", "yacht", "algebra"])
def test_words_far_from_everything_are_not_guessed(word: str) -> None:
    assert nearest(word, "en", NOUNS) is None


def test_strange_words_are_noted_with_their_words() -> None:
    board = film("A cat sleeps on the bed beside a trombone and a walrus.")
    assert {note.words for note in board.notes if note.kind == "not_understood"} == {"trombone", "walrus"}
    assert [subject.id for subject in board.cast] == ["cat"]


def test_someone_stands_in_when_nobody_else_is_left() -> None:
    board = film("A lion walks on a mountain.")
    assert [subject.concept for subject in board.cast] == ["tiger"]
    assert [(note.kind, note.words) for note in board.notes] == [("not_understood", "lion"), ("assumed", "lion")]
    assert [beat.action for beat in board.beats] == ["walk"]


def test_nobody_stands_in_beside_someone_who_is_there() -> None:
    assert [subject.id for subject in film("A lion walks past a woman.").cast] == ["woman"]


def test_the_slot_comes_from_ending_and_neighbours() -> None:
    terms = cut("a flibber glomping snarkly", "en")
    assert slot(terms, 1, "en") == NOUNS
    assert slot(terms, 2, "en") == VERBS
    assert slot(cut("a flibber jacket", "en"), 1, "en") == ADJECTIVES


def test_whoever_acts_or_is_dressed_is_played_by_the_nearest() -> None:
    told = film("An old blacksmith in a blue coat walks down a street with his dog.")
    assert [(one.concept, [garment.kind for garment in one.garments]) for one in told.cast] == [
        ("man", ["coat"]), ("dog", []),
    ]  # fmt: skip
    assert told.cast[0].traits == ("old",)
    assert [note.words for note in told.notes if "read as" in note.text] == ["blacksmith"]


@pytest.mark.parametrize("prompt", ["A female fisherman walks down a street.", "A female knight walks down a street."])
def test_who_stands_in_is_of_the_sex_that_is_said(prompt: str) -> None:
    assert [one.concept for one in film(prompt).cast] in (["woman"], ["girl"])


def test_what_no_body_could_do_is_played_by_nobody() -> None:
    told = film("A fox sleeps while a zeppelin floats over the mountain.")
    assert [one.concept for one in told.cast] == ["fox"]


@pytest.mark.parametrize("word", ["kettle", "stapler", "telegram", "dumbbell", "stool"])
def test_no_body_plays_a_thing(word: str) -> None:
    assert kind_of(word, "en") is None


@pytest.mark.parametrize(
    ("word", "family"), [("goalkeeper", "person"), ("wombat", "quadruped"), ("lemur", "quadruped")]
)
def test_most_of_the_nearest_words_tell_what_lives(word: str, family: str) -> None:
    assert kind_of(word, "en") == family


@pytest.mark.parametrize("word", ["壁虎", "蜥蜴", "水獭", "沙鼠"])
def test_a_character_in_common_makes_no_animal_of_another(word: str) -> None:
    assert nearest(word, "zh", NOUNS) is None
    board = film(f"一只{word}和一只猫在床上。")
    assert [one.concept for one in board.cast] == ["cat"]
    assert any(word in note.words for note in board.notes)


def test_whoever_is_chased_is_cast_though_nobody_knows_the_word() -> None:
    board = film("A dog chases a goalkeeper down the street.")
    assert [one.concept for one in board.cast] == ["dog", "man"]
    assert [note.words for note in board.notes if "stands in" in note.text or "read as" in note.text] == ["goalkeeper"]
