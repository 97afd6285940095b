"""The rules of blocking: where each action of each family happens (blocking.yaml)."""

from __future__ import annotations

from functools import cache
from importlib import resources

from pydantic import Field, TypeAdapter

from kinema.schema.document import Document
from kinema.schema.errors import UnknownConcept
from kinema.schema.tables import parsed
from kinema.stage.blocking.roles import Role


class Rule(Document):
    """Where one action of one family happens; the fields are explained at the head of blocking.yaml."""

    along: tuple[str, ...] = ()
    speed: float = 1.0
    first: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    comes: tuple[str, ...] = ()
    beside: float = 0.0
    handed: tuple[str, ...] = ()
    then: str = "stand"
    middle: bool = False
    ring: bool = False
    mix: dict[str, float] = Field(default_factory=dict)
    carries: dict[str, float] = Field(default_factory=dict)
    in_rain: dict[str, float] = Field(default_factory=dict)
    holding: dict[str, dict[str, float]] = Field(default_factory=dict)
    wears: str = ""


Rules = dict[str, dict[str, Rule]]  # family -> action -> rule


@cache
def rules() -> Rules:
    """The table blocking.yaml."""
    text = resources.files("kinema.stage.blocking").joinpath("blocking.yaml").read_text("utf-8")
    return TypeAdapter(Rules).validate_python(parsed(text))


def rule_of(table: Rules, role: Role, action: str) -> Rule:
    """The rule of an action for a role. Raises UnknownConcept when its family cannot do it."""
    known = table[role.family]
    if action not in known:
        able = ", ".join(sorted(known))
        raise UnknownConcept(f"a {role.subject.concept} cannot {action} (subject {role.subject.id}); it can: {able}")
    return known[action]
