"""Who carries what of the cast from a scene's beginning on."""

from __future__ import annotations

from collections.abc import Sequence

from kinema.schema.storyboard import Beat, Relation
from kinema.stage.blocking.roles import Role

TAKING = ("reach", "give")  # what a person does to a prop that ends with it in the hand


def find_carriers(cast: Sequence[Role], beats: Sequence[Beat], relations: Sequence[Relation]) -> dict[str, str]:
    """Role ids of carriers by that of their thing.

    Whom the storyboard names; or, of what is for a hand and has no place of its own, somebody of those who are as many
    and whose hands are free. Nobody, if it is taken or given away later.
    """
    used = {name for beat in beats for name in (beat.instrument, beat.target)}
    things = [role for role in cast if role.family == "prop" and role.subject.id not in used]
    found: dict[str, str] = {}
    for thing in things:
        named = [r.subject for r in relations if r.kind == "carries" and r.object == thing.subject.id]
        who = [one for one in cast if one.subject.id in named]
        if who:
            found[thing.id] = who[min(thing.index, len(who) - 1)].id
    placed = {name for relation in relations for name in (relation.subject, relation.object)}
    busy = {beat.subject for beat in beats if beat.action in TAKING and beat.instrument}
    people = [one for one in cast if one.family == "person" and one.subject.id not in busy]
    free = [one for one in people if one.id not in found.values()]
    for thing in things:
        one = next((one for one in free if one.of == thing.of), None)
        if one is not None and thing.held and thing.subject.id not in placed:
            found[thing.id] = one.id
            free.remove(one)
    return found
