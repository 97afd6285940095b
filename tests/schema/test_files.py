import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.schema.errors import InvalidStoryboard
from kinema.schema.files import json_schema, read_storyboard, to_json, to_yaml
from samples.boards import CONTENT, board


@pytest.mark.parametrize("write", [to_yaml, to_json])
def test_written_storyboards_read_back_the_same(write):
    assert read_storyboard(write(board())) == board()


@given(st.text(min_size=1, max_size=40), st.fractions(min_value=7, max_value=100))
def test_any_title_and_any_rational_length_survive_yaml(title, duration):
    scenes = [{"id": "s1", "place": {"set": "street", "hour": "night"}, "duration": duration}]
    original = board(title=title, scenes=scenes)
    assert read_storyboard(to_json(original)) == original


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("just words", "must be a mapping"),
        ("a: [", "not YAML or JSON"),
        ("title: x", "scenes is missing; `kinema plan` prints a storyboard that has it; cast is missing"),
        ("title: !!int x", "not YAML or JSON"),
        ("title: " + "9" * 5000, "not YAML or JSON"),
        ("a: &x [1]\nb: *x", "aliases are not used"),
        ("[" * 100_000, "nested too deeply|not YAML"),
        ("x" * 2_000_001, "must be under 2000000 characters"),
    ],
)
def test_refuses_other_files_in_a_sentence(text, rule):
    with pytest.raises(InvalidStoryboard, match=rule):
        read_storyboard(text)


def test_a_broken_line_is_named():
    with pytest.raises(InvalidStoryboard, match="in line 3; mend it there"):
        read_storyboard("title: a\nscenes:\n  - [}\n")


def test_a_list_whose_items_are_wrong_is_not_called_too_short():
    broken = to_yaml(board()).replace("framing:", "zoom: 3\n  framing:", 1)
    with pytest.raises(InvalidStoryboard) as refused:
        read_storyboard(broken)
    assert str(refused.value).startswith("shots.0.zoom: no such key is known here")
    assert "at least" not in str(refused.value)
    with pytest.raises(InvalidStoryboard, match=r"^shots must hold at least 1 \(got \[\]\)$"):
        read_storyboard(json.dumps(CONTENT | {"shots": []}))


def test_of_many_broken_rules_the_first_few_are_told():
    with pytest.raises(InvalidStoryboard, match=r"and 7 more$") as refused:
        read_storyboard(to_yaml(board()) + "".join(f"stray{k}: 1\n" for k in range(12)))
    assert str(refused.value).count("no such key") == 5


def test_the_schema_is_published_and_refuses_unknown_keys():
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert "shots" in schema["required"]
    assert json.dumps(schema)
