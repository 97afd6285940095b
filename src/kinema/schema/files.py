"""Storyboards to YAML and JSON text and back, without loss."""

from __future__ import annotations

import json
from typing import Any

import yaml
from pydantic import ValidationError

from kinema.schema.errors import InvalidStoryboard
from kinema.schema.storyboard import Storyboard

LARGEST = 2_000_000  # characters
MOST = 5  # broken rules that are told at once
MESSAGES = {  # pydantic's kinds of errors, in plain words
    "extra_forbidden": "no such key is known here; mend its spelling or leave it out",
    "missing": "is missing; `kinema plan` prints a storyboard that has it",
    "too_short": "must hold at least {min_length}",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be below {lt}",
    "finite_number": "must be a finite number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "string_type": "must be text",
    "string_too_long": "must be at most {max_length} characters",
    "string_pattern_mismatch": "must be small letters, digits and _, a letter first",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
}


def to_yaml(storyboard: Storyboard) -> str:
    """YAML text, defaults left out, keys in the schema's order."""
    return yaml.safe_dump(_plain(storyboard), sort_keys=False, allow_unicode=True, width=120)


def to_json(storyboard: Storyboard) -> str:
    """JSON text, defaults left out."""
    return json.dumps(_plain(storyboard), indent=2, ensure_ascii=False)


def read_storyboard(text: str) -> Storyboard:
    """The storyboard in a YAML or JSON text.

    Raises: InvalidStoryboard with the rules that were broken, where, and what to do.
    """
    if len(text) > LARGEST:
        raise InvalidStoryboard(f"a storyboard must be under {LARGEST} characters (got {len(text)}); split the film")
    try:
        content = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, Loader=_PlainLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidStoryboard(f"the storyboard is not YAML or JSON: {_fault(error)}; mend it there") from None
    except RecursionError:
        raise InvalidStoryboard("the storyboard is nested too deeply; write it flat, as `kinema plan` does") from None
    if not isinstance(content, dict):
        raise InvalidStoryboard("a storyboard must be a mapping with scenes, cast and shots; see `kinema plan`")
    try:
        return Storyboard.model_validate(content)
    except ValidationError as error:
        raise InvalidStoryboard(broken_rules(error)) from None


def broken_rules(error: ValidationError) -> str:
    """A validation error as one sentence a rule: where, what, and the value that was given; of many, the first few."""
    items = error.errors(include_url=False)
    wrong = [item["loc"] for item in items if item["type"] != "too_short"]
    told = [
        _broken_rule(dict(item))
        for item in items  # a list is not too short because its items are wrong
        if item["type"] != "too_short" or not any(loc[: len(item["loc"])] == item["loc"] for loc in wrong)
    ]
    return "; ".join(told[:MOST] + ([f"and {len(told) - MOST} more"] if len(told) > MOST else []))


def _broken_rule(item: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in item["loc"])
    plain = MESSAGES.get(item["type"])
    message = plain.format(**item.get("ctx", {})) if plain else item["msg"].removeprefix("Value error, ")
    untold = "got" not in message and item["type"] not in ("missing", "value_error")
    given = f" (got {item['input']!r:.60})" if untold else ""
    if not where or (not plain and where in message):  # it names what it speaks of
        return f"{message}{given}"
    return f"{where} {message}{given}" if plain and not message.startswith("no ") else f"{where}: {message}{given}"


def _fault(error: Exception) -> str:
    """What is wrong with a text, in one line."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem and error.problem_mark:
        return f"{error.problem} in line {error.problem_mark.line + 1}"
    return str(error).splitlines()[0]


def json_schema() -> dict[str, Any]:
    """The published JSON Schema of a storyboard."""
    return Storyboard.model_json_schema()


def _plain(storyboard: Storyboard) -> dict[str, Any]:
    content: dict[str, Any] = storyboard.model_dump(mode="json", exclude_defaults=True)
    return {"version": storyboard.version, **content}


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases (a few lines of them can unfold to gigabytes) and without dates."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not used in storyboards")
        return super().compose_node(parent, index)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
