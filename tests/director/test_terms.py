import pytest

from kinema.director.english import base_forms
from kinema.director.terms import cut, language_of


def words(text: str) -> list[str]:
    return [term.text for term in cut(text, language_of(text))]


def senses(text: str) -> list[set[str]]:
    return [{f"{sense.table}.{sense.row.id}" for sense in term.senses} for term in cut(text, language_of(text))]


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("wolves", "wolf"),
        ("women", "woman"),
        ("running", "run"),
        ("waking", "wake"),
        ("carries", "carry"),
        ("watches", "watch"),
        ("gave", "give"),
        ("lying", "lie"),
        ("parked", "park"),
        ("hopped", "hop"),
    ],
)
def test_base_forms(word: str, base: str) -> None:
    assert base in [form for form, _ in base_forms(word)]


def test_short_words_and_double_s_keep_their_s() -> None:
    assert base_forms("is") == [("is", "base"), ("be", "s")]
    assert ("dres", "s") not in base_forms("dress")


def test_the_longest_english_phrase_wins() -> None:
    assert words("a winding dirt road") == ["a", "winding", "dirt road"]
    assert "sets.dirt_road" in senses("a dirt road")[1]


def test_a_particle_is_read_with_its_verb_across_the_object() -> None:
    assert "actions.hold_off" in senses("to hold the cat off")[1]
    assert words("to hold the cat off") == ["to", "hold off", "the", "cat"]


def test_a_plural_is_told_from_its_singular() -> None:
    assert [term.plural for term in cut("cats and a cat", "en")] == [True, False, False, False]


def test_unknown_english_words_stand_alone() -> None:
    assert [(term.text, term.kind) for term in cut("a flibber cat", "en")][1] == ("flibber", "unknown")


def test_chinese_is_cut_by_the_lexicon() -> None:
    assert words("一只白猫睡在床上。") == ["一只", "白", "猫", "睡在", "床上", "。"]


def test_chinese_prefers_the_cut_that_leaves_nothing_over() -> None:
    assert words("黑色皮夹克") == ["黑色", "皮", "夹克"]
    assert words("狼群") == ["狼群"]


def test_unknown_chinese_characters_are_kept_together() -> None:
    assert [(term.text, term.kind) for term in cut("一只囧囧猫", "zh")] == [
        ("一只", "known"),
        ("囧囧", "unknown"),
        ("猫", "known"),
    ]


def test_a_character_of_a_strange_word_says_no_sex() -> None:
    assert words("一个英雄在走") == ["一个", "英雄", "在", "走"]
    assert words("一座公寓") == ["一座", "公寓"]
    assert words("一只囧囧母狼") == ["一只", "囧囧", "母", "狼"]


def test_the_language_is_told_by_its_letters() -> None:
    assert language_of("A white SUV") == "en"
    assert language_of("一辆白色老式SUV") == "zh"
    assert language_of("Café in Zürich") == "en"
