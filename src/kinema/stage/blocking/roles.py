"""Roles: one actor to be for every single of the cast, and the part it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kinema.schema.document import Document
from kinema.schema.errors import UnknownConcept
from kinema.schema.storyboard import Storyboard, Subject
from kinema.stage.cue import Cue


class Body(Document):
    """What performs a concept; see casting.yaml."""

    family: str
    scale: float = 1.0
    held: bool = False


# From so many on, members of a subject are extras, and people keep to a crowd's lanes instead of each other's company.
CROWD = 4
PACK = 3  # animals of one subject from which on they are a pack


@dataclass(frozen=True)
class Role:
    """One actor to be: a member of a subject, number `index` of `of`."""

    id: str
    subject: Subject
    family: str
    index: int
    of: int
    scale: float = 1.0
    held: bool = False

    @property
    def is_in_crowd(self) -> bool:
        """Whether it is one of many people, who keep to the crowd's lanes."""
        return self.of >= CROWD and self.family == "person"

    @property
    def has_own_mind(self) -> bool:
        """Whether it does by turns what its kind does while its subject stays: one of a crowd, or of a pack but its
        first, whom others come to."""
        return self.is_in_crowd or (self.is_in_pack and self.index > 0)

    @property
    def is_in_pack(self) -> bool:
        """Whether it is one of several animals, who go one behind the other."""
        return self.of >= PACK and self.family == "quadruped"


@dataclass(frozen=True, eq=False)
class Part:
    """A role with its cues; the cues' targets and instruments are still subject ids, by cue.

    entrance: scene seconds from which the role is there at all
    """

    role: Role
    cues: tuple[Cue, ...]
    targets: tuple[str | None, ...]
    instruments: tuple[str | None, ...]
    entrance: float

    @property
    def has_partners(self) -> bool:
        """Whether it does anything to, for or with another."""
        return any(self.targets) or any(self.instruments)


def passers(parts: Sequence[Part]) -> list[str]:
    """Roles of those in a crowd whom the story would not miss: without a partner, and nobody's."""
    sought = {name for part in parts if part.role.family != "prop" for name in part.targets}
    return [
        part.role.id
        for part in parts
        if part.role.is_in_crowd and not part.has_partners and not {part.role.id, part.role.subject.id} & sought
    ]


def roles(storyboard: Storyboard, bodies: Mapping[str, Body]) -> list[Role]:
    """One role for every single of the cast. Raises UnknownConcept for a concept no family performs."""
    result = []
    for subject in storyboard.cast:
        if subject.concept not in bodies:
            known = ", ".join(sorted(bodies))
            raise UnknownConcept(f"no body is known for {subject.concept!r} (subject {subject.id}); known: {known}")
        body = bodies[subject.concept]
        single = subject.model_copy(update={"count": 1})
        for index in range(subject.count):
            name = subject.id if subject.count == 1 else f"{subject.id}#{index + 1}"
            result.append(Role(name, single, body.family, index, subject.count, body.scale, body.held))
    return result
