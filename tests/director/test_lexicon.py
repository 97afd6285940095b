import pytest
from pydantic import ValidationError

from kinema.director.lexicon import TABLES, Lexicon, lexicon
from kinema.director.rows import Concept

LEXICON = lexicon()


@pytest.mark.parametrize("table", sorted(TABLES))
def test_rows_have_ids_of_their_own_and_words(table: str) -> None:
    rows = LEXICON.tables[table]
    assert len({row.id for row in rows}) == len(rows) > 0
    assert all(row.en or row.zh for row in rows)


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"relations", "pronouns"}))
def test_rows_speak_both_languages(table: str) -> None:
    assert [row.id for row in LEXICON.tables[table] if not (row.en and row.zh)] == []


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="colour"):
        Concept.model_validate({"id": "cow", "family": "quadruped", "home": "mountain", "colour": "white"})


def test_a_word_listed_twice_in_a_table_is_refused() -> None:
    cat, dog = LEXICON.row("concepts", "cat"), LEXICON.row("concepts", "dog")
    double = dog.model_copy(update={"en": (*dog.en, cat.en[0].upper())})
    with pytest.raises(ValidationError, match="'CAT' is listed in cat and dog"):
        Lexicon(tables={"concepts": (cat, double)}, templates=(), endings=(), defaults=())


def test_rows_refer_to_rows_that_exist() -> None:
    ids = {table: {row.id for row in rows} for table, rows in LEXICON.tables.items()}
    sets = {row.set or row.id for row in LEXICON.tables["sets"]}
    for row in LEXICON.tables["concepts"]:
        assert row.home in sets, row.id
        assert row.idle is None or row.idle in ids["actions"], row.id
        assert row.feature is None or row.feature in ids["features"], row.id
        assert set(row.traits) <= ids["traits"], row.id
        assert set(row.sexes.values()) <= ids["concepts"], row.id
        assert row.member is None or row.member in ids["concepts"], row.id
    for row in LEXICON.tables["actions"]:
        assert row.with_object is None or row.with_object in ids["actions"], row.id
        assert row.feature is None or row.feature in ids["features"], row.id
        assert row.home is None or row.home in sets, row.id
        assert row.manner is None or row.manner in ids["manners"], row.id
    for row in LEXICON.tables["sets"]:
        assert set(row.features) <= ids["features"], row.id
    for row in LEXICON.tables["features"]:
        assert row.set is None or row.set in sets, row.id
        assert row.hour is None or row.hour in ids["hours"], row.id
        assert row.crowd is None or row.crowd in ids["concepts"], row.id
    for row in LEXICON.tables["weathers"]:
        assert set(row.features) <= ids["features"], row.id
        assert row.season is None or row.season in ids["seasons"], row.id
    for row in LEXICON.tables["occasions"]:
        assert row.set in sets, row.id
        assert set(row.features) <= ids["features"], row.id
        assert row.crowd is None or row.crowd.concept in ids["concepts"], row.id


def test_templates_name_verbs_and_earlier_beats() -> None:
    verbs = {row.id for row in LEXICON.tables["actions"]}
    for template in LEXICON.templates:
        assert template.verb in verbs
        for number, beat in enumerate(template.beats):
            if isinstance(beat.because, int):
                assert beat.because < number, template.verb
