"""Homes: where every role begins, before anyone moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.schema.storyboard import Beat, Relation
from kinema.stage.blocking.ground import beside, grounded, mark_at, shifted
from kinema.stage.blocking.roles import Role
from kinema.stage.blocking.rules import Rule, Rules, rule_of
from kinema.stage.chance import chance
from kinema.stage.cue import Mark, Path
from kinema.stage.setting import Setting

SIDE_BY_SIDE = 1.1  # metres between those who begin at one mark
ABREAST = 0.9  # metres, for a body of scale 1, between several of a subject that act at one mark
TALK = (0.62, 0.8)  # metres between two who talk
ON_BED = 0.55  # metres, of bodies of scale 1, when that mark is on something
FILE = 1.7  # metres, for a body of scale 1, from one of a pack to the next
LOOSE = 0.2  # of that, by which each is ahead of its place or behind it, at most
PACES = {"fast": 1.35, "slow": 0.7, "casual": 0.92, "confident": 1.05}  # by manner
RELATED = {"left_of": (-1.3, 0.0), "right_of": (1.3, 0.0), "in_front_of": (0.0, 1.3), "behind": (0.0, -1.3)}


@dataclass(frozen=True, eq=False)
class Home:
    """Where a role begins, and for one in a crowd its lane, how far along it, and its pace against the usual.

    mix: what one who stays there while the others go does by turns, by weight
    """

    mark: Mark
    lane: Path | None = None
    along: float = 0.0
    pace: float = 1.0
    mix: Mapping[str, float] = field(default_factory=dict)


def named_path(rule: Rule, setting: Setting) -> Path:
    """The first of a rule's paths that the setting has."""
    return setting.paths[next((name for name in rule.along if name in setting.paths), "main")]


def start_along(rule: Rule, beat: Beat, path: Path) -> float:
    """Metres along a path at which one begins: at its beginning, or so that the beat passes the path's middle."""
    return max(0.5 * (path.length - rule.speed * float(beat.end - beat.start)), 0.0) if rule.middle else 0.0


def pace(rule: Rule, beat: Beat) -> float:
    """Metres per second at which a beat travels when nothing hinders it."""
    return rule.speed * float(np.prod([PACES.get(word, 1.0) for word in beat.manner]))


def in_ring(role: Role, beats: Sequence[Beat], table: Rules) -> bool:
    """Whether those of a subject face each other for one of the beats."""
    own = [beat for beat in beats if beat.subject == role.subject.id and beat.target is None]
    return any(rule_of(table, role, beat.action).ring for beat in own)


def in_file(role: Role, rule: Rule, beat: Beat, path: Path, seed: int) -> tuple[float, float]:
    """Metres along a path at which one of a pack begins, and by which its first is ahead of it.

    The first leads, and no gap is as the next. All are nearer where a path is short, so that the first does not come to
    its end before the beat does; but they never take less than half of what path there is, and go slower instead.
    """
    start = start_along(rule, beat, path)
    left = path.length - start
    room = max(left - pace(rule, beat) * float(beat.end - beat.start), 0.5 * left)
    gap = min(FILE * role.scale, room / (role.of - 1))
    place = role.of - 1 - role.index
    loose = float(chance(seed, role.id, "file").uniform(-LOOSE, LOOSE)) if 0 < place < role.of - 1 else 0.0
    return start + gap * (place + loose), gap * (role.index - loose)


def find_homes(
    cast: Sequence[Role],
    beats: Sequence[Beat],
    relations: Sequence[Relation],
    setting: Setting,
    table: Rules,
    seed: int,
) -> dict[str, Home]:
    """Homes by role id, and by subject id that of its first member.

    Those whose first act is beside somebody are placed after that somebody.
    """
    finder = _Finder(beats, relations, setting, table, seed)
    waiting = [role for role in cast if finder.waits_for(role) is not None]
    for role in [role for role in cast if role not in waiting] + waiting:
        finder.place(role)
    return finder.homes


def ring(middle: F64, count: int, rng: np.random.Generator) -> list[Mark]:
    """Marks of so many around a place (3,), as near to the next as those who talk, each facing the middle."""
    reach = 0.5 * float(rng.uniform(*TALK)) / np.sin(np.pi / max(count, 2))
    turns = rng.uniform(0.0, 2.0 * np.pi) + 2.0 * np.pi * np.arange(count) / count + rng.normal(0.0, 0.12, count)
    out = np.stack([-np.sin(turns), np.cos(turns), 0.0 * turns], 1)
    return [mark_at(middle + reach * way, float(turn + np.pi)) for way, turn in zip(out, turns, strict=True)]


class _Finder:
    def __init__(
        self, beats: Sequence[Beat], relations: Sequence[Relation], setting: Setting, table: Rules, seed: int
    ) -> None:
        self.beats, self.relations, self.setting, self.table, self.seed = beats, relations, setting, table, seed
        self.homes: dict[str, Home] = {}
        self.begun: list[Mark] = []  # marks of the setting where someone begins already

    def place(self, role: Role) -> None:
        """Give a role its home."""
        home = self._home(role)
        self.homes[role.id] = home
        self.homes.setdefault(role.subject.id, home)

    def waits_for(self, role: Role) -> str | None:
        """Whom a role begins beside, if anyone."""
        first = self._first_beat(role)
        if first is None or role.family == "prop":
            return None
        return first.target if rule_of(self.table, role, first.action).beside else None

    def _first_beat(self, role: Role) -> Beat | None:
        return next((beat for beat in self.beats if beat.subject == role.subject.id), None)

    def _home(self, role: Role) -> Home:
        marks = self.setting.marks
        first = self._first_beat(role)
        if role.family == "prop":
            return Home(self._prop_mark(role))
        if first is None:
            return Home(self._company(role, ("centre",)))
        rule = rule_of(self.table, role, first.action)
        if role.of > 1 and not rule.along and in_ring(role, self.beats, self.table):
            return Home(self._in_ring(role, rule.first))
        if rule.along:
            path = named_path(rule, self.setting)
            along = start_along(rule, first, path)
            if role.is_in_pack:
                along, _ = in_file(role, rule, first, path, self.seed)
            return Home(mark_at(*path.at(along)))
        for name in () if rule.first else rule.at:
            if name in marks:
                return Home(marks[name])
        if rule.beside and first.target in self.homes:
            there = beside(self.homes[first.target].mark, rule.beside * role.scale, marks["centre"], self.setting)
            return Home(shifted(there, ABREAST * role.scale * role.index, 0.0))
        return Home(self._company(role, rule.first))

    def _company(self, role: Role, names: Sequence[str]) -> Mark:
        """The first of the marks there is; related subjects beside each other, company side by side."""
        marks = self.setting.marks
        if role.of > 1 and f"pack_{role.index + 1}" in marks:
            return marks[f"pack_{role.index + 1}"]
        for relation in self.relations:
            if relation.subject == role.subject.id and relation.object in self.homes and relation.kind in RELATED:
                return grounded(shifted(self.homes[relation.object].mark, *RELATED[relation.kind]), self.setting)
        name = next((name for name in names if name in marks), "centre")
        base = marks[name]
        taken = self.begun.count(base)
        self.begun.append(base)
        if taken and grounded(base, self.setting) is base:  # nobody is put beside a bed
            room = shifted(base, -ON_BED * role.scale * taken, 0.0)
            return marks.get(f"{name}_{taken + 1}", room)
        side = (taken + 1) // 2 * (1 if taken % 2 else -1)
        return grounded(shifted(base, SIDE_BY_SIDE * side, -0.25 * taken), self.setting) if taken else base

    def _in_ring(self, role: Role, names: Sequence[str]) -> Mark:
        """Its place among those of its subject, who face each other about the first of the marks there is."""
        marks = self.setting.marks
        base = marks[next((name for name in names if name in marks), "centre")]
        self.begun.append(base)
        rng = chance(self.seed, role.subject.id, "ring")
        return grounded(ring(np.array(base.position), role.of, rng)[role.index], self.setting)

    def _prop_mark(self, role: Role) -> Mark:
        marks = self.setting.marks
        for relation in self.relations:
            if relation.subject == role.subject.id:
                for name in (f"{relation.kind}_{relation.object}", relation.object, f"on_{relation.object}"):
                    if name in marks:
                        return marks[name]
        return marks.get(role.subject.concept, marks["centre"])
