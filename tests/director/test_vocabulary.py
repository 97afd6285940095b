"""The seam to the stage: whatever the director's rows can put into a storyboard, the stage knows."""

from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from kinema.director.lexicon import Lexicon, lexicon

LEXICON: Lexicon = lexicon()


def _stage(name: str) -> dict[str, Any]:
    """The stage's table of that file name, wherever it keeps it."""
    [path] = Path(str(resources.files("kinema.stage"))).rglob(name)
    table: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return table


def _family(concept: str) -> str:
    return str(_stage("casting.yaml")[concept]["family"])


def test_concepts_have_a_body_of_the_same_family() -> None:
    staged = [row for row in LEXICON.tables["concepts"] if row.stage]
    assert {row.stage: row.family for row in staged} == {row.stage: _family(row.stage) for row in staged}


def test_actions_can_be_blocked() -> None:
    rules = _stage("blocking.yaml")
    emitted = {(family, action) for row in LEXICON.tables["actions"] for family, action in row.stage.items()}
    assert {pair for pair in emitted if pair[1] not in rules[pair[0]]} == set()


def test_actions_of_templates_can_be_blocked() -> None:
    rules = _stage("blocking.yaml")
    for template in LEXICON.templates:
        families = {"subject": template.subject, "target": template.target or "person", "cause": template.cause}
        for beat in template.beats:
            assert beat.action in rules[families[beat.who]], (template.verb, beat.action)
    for ending in LEXICON.endings:
        assert ending.action in rules[ending.subject]


def test_garments_colours_and_materials_are_in_the_wardrobe() -> None:
    wardrobe, colours = _stage("wardrobe.yaml"), _stage("colours.yaml")
    fabrics = _stage("fabrics.yaml")
    assert {row.kind or row.id for row in LEXICON.tables["garments"]} - set(wardrobe) == set()
    assert {row.id for row in LEXICON.tables["colours"]} - set(colours) == set()
    assert {row.id for row in LEXICON.tables["materials"] if row.worn} - set(fabrics) == set()


def test_sets_are_the_ones_the_stage_builds() -> None:
    sets = {row.set or row.id for row in LEXICON.tables["sets"]}
    assert sets == {"city_street", "mountain", "bedroom", "mountain_road", "meadow", "festival_street"}
    styles = set(_stage("street_styles.yaml"))
    assert styles <= {row.id for row in LEXICON.tables["features"]}
