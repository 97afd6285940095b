import json
from pathlib import Path

from kinema.schema.files import json_schema, to_json
from samples.boards import board

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "storyboard.json"


def test_the_published_schema_is_the_schema():
    assert json.loads(PUBLISHED.read_text("utf-8")) == json_schema(), "run `make schema`"


def test_it_names_what_a_storyboard_has_and_refuses_the_rest():
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    assert schema["additionalProperties"] is False
    assert set(json.loads(to_json(board()))) <= set(schema["properties"])
    assert set(schema["required"]) == {"title", "scenes", "cast", "shots"}
