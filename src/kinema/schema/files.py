"""Storyboards to YAML and JSON text and back, without loss."""

from __future__ import annotations

import json
from typing import Any

import yaml
from pydantic import ValidationError

from kinema.schema.errors import InvalidStoryboard
from kinema.schema.storyboard import Storyboard

LARGEST = 2_000_000  # characters
MESSAGES = {"extra_forbidden": "no such key is known here; mend its spelling or leave it out"}


def to_yaml(storyboard: Storyboard) -> str:
    """YAML text, defaults left out, keys in the schema's order."""
    return yaml.safe_dump(_plain(storyboard), sort_keys=False, allow_unicode=True, width=120)


def to_json(storyboard: Storyboard) -> str:
    """JSON text, defaults left out."""
    return json.dumps(_plain(storyboard), indent=2, ensure_ascii=False)


def read_storyboard(text: str) -> Storyboard:
    """The storyboard in a YAML or JSON text.

    Raises: InvalidStoryboard with every rule that was broken, where, and what to do.
    """
    if len(text) > LARGEST:
        raise InvalidStoryboard(f"a storyboard must be under {LARGEST} characters (got {len(text)}); split the film")
    try:
        content = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, Loader=_PlainLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidStoryboard(f"the storyboard is not YAML or JSON: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise InvalidStoryboard("the storyboard is nested too deeply; write it flat, as `kinema plan` does") from None
    if not isinstance(content, dict):
        raise InvalidStoryboard("a storyboard must be a mapping with scenes, cast and shots; see `kinema plan`")
    try:
        return Storyboard.model_validate(content)
    except ValidationError as error:
        raise InvalidStoryboard(broken_rules(error)) from None


def broken_rules(error: ValidationError) -> str:
    """A validation error as one sentence a rule: where, what, and the value that was given."""
    lines = []
    for item in error.errors(include_url=False):
        where = ".".join(str(part) for part in item["loc"])
        message = MESSAGES.get(item["type"]) or item["msg"].removeprefix("Value error, ")
        given = (
            "" if "got" in message or item["type"] in ("missing", "value_error") else f" (got {item['input']!r:.60})"
        )
        lines.append(f"{where}: {message}{given}" if where else f"{message}{given}")
    return "; ".join(lines)


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
