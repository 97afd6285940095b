"""The registry: which module builds a set, and which performs a family. A new one is a row here and a file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from kinema.buffers.scene_frame import F64
from kinema.schema.errors import UnknownConcept
from kinema.schema.storyboard import Place, Subject
from kinema.stage.actor import Actor
from kinema.stage.cue import Cue
from kinema.stage.setting import Setting

SETS = {
    "city_street": "kinema.stage.sets.street",
    "festival_street": "kinema.stage.sets.festival_street",
    "bedroom": "kinema.stage.sets.bedroom",
    "mountain": "kinema.stage.sets.mountain",
    "mountain_road": "kinema.stage.sets.mountain_road",
    "meadow": "kinema.stage.sets.meadow",
}
FAMILIES = {
    "person": "kinema.stage.bodies.person",
    "quadruped": "kinema.stage.bodies.quadruped.actor",
    "vehicle": "kinema.stage.bodies.vehicle.actor",
    "dragon": "kinema.stage.bodies.dragon",
    "prop": "kinema.stage.bodies.props",
}


def known_set(place: Place) -> str:
    """The module that builds a place. Raises UnknownConcept with the nearest known name."""
    if place.set not in SETS:
        near = difflib.get_close_matches(place.set, SETS, 1, 0.0)[0]
        raise UnknownConcept(f"no set is called {place.set!r}; try {near!r}; known: {', '.join(sorted(SETS))}")
    return SETS[place.set]


def build_setting(place: Place, seed: int) -> Setting:
    """The set of a place. Raises UnknownConcept, as known_set."""
    built: Setting = import_module(known_set(place)).build_setting(place, seed)
    return built


def perform(
    family: str, subject: Subject, cues: Sequence[Cue], ground: Callable[[F64], F64], seed: int, detail: str
) -> Actor:
    """An actor of a family. Raises UnknownConcept for species and garments it lacks."""
    module = import_module(FAMILIES[family])
    extra: dict[str, Any] = {}
    if family in ("person", "quadruped"):
        extra["detail"] = detail
    if family == "dragon":
        extra["bearer"] = _bearer(ground)
    performed: Actor = module.perform(subject, cues, ground, seed, **extra)
    return performed


def _bearer(ground: Callable[[F64], F64]) -> Callable[..., Actor]:
    """Persons who carry: given to families that are carried, so that they need not know people."""
    person = import_module(FAMILIES["person"])

    def bearer(subject: Subject, cues: Sequence[Cue], hands: Any, seed: int) -> Actor:
        carried: Actor = person.perform(subject, cues, ground, seed, detail="extra", hands=hands)
        return carried

    return bearer
