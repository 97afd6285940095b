"""Blocking: beats to cues. Decides where everyone is, by the setting's marks and paths and by who is with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources

import numpy as np
import yaml
from pydantic import TypeAdapter

from kinema.buffers.scene_frame import F64
from kinema.schema.document import Document
from kinema.schema.errors import UnknownConcept
from kinema.schema.storyboard import Beat, Scene, Storyboard, Subject
from kinema.stage.actor import forward
from kinema.stage.chance import chance
from kinema.stage.cue import Cue, Mark, Path
from kinema.stage.setting import Setting

NEAR = 0.6  # metres: closer than this counts as being there
STEP_UP = 0.25  # metres: a higher step is a jump
PACES = {"fast": 1.35, "speeding": 1.35, "slow": 0.7, "slowly": 0.7, "casual": 0.92, "confident": 1.05}
TAKING = ("reach", "give")  # what a person does to a prop that ends with it in the hand


class Rule(Document):
    """Where one action of one family happens; see blocking.yaml."""

    along: tuple[str, ...] = ()
    speed: float = 1.0
    first: tuple[str, ...] = ("centre",)
    at: tuple[str, ...] = ()
    beside: float = 0.0
    then: str = "stand"


def rules() -> dict[str, dict[str, Rule]]:
    """The table: family -> action -> rule."""
    text = resources.files("kinema.stage").joinpath("blocking.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, dict[str, Rule]]).validate_python(yaml.safe_load(text))


@dataclass(frozen=True)
class Role:
    """One actor to be: a member of a subject, number `index` of `of`."""

    id: str
    subject: Subject
    family: str
    index: int
    of: int


@dataclass(frozen=True, eq=False)
class Part:
    """A role with its cues; the cues' targets and instruments are still subject ids, by cue."""

    role: Role
    cues: tuple[Cue, ...]
    targets: tuple[str | None, ...]
    instruments: tuple[str | None, ...]
    entrance: float


def roles(storyboard: Storyboard, families: Mapping[str, str]) -> list[Role]:
    """One role for every single of the cast. Raises UnknownConcept for a concept no family performs."""
    result = []
    for subject in storyboard.cast:
        if subject.concept not in families:
            known = ", ".join(sorted(families))
            raise UnknownConcept(f"no body is known for {subject.concept!r} (subject {subject.id}); known: {known}")
        single = subject.model_copy(update={"count": 1})
        for index in range(subject.count):
            name = subject.id if subject.count == 1 else f"{subject.id}#{index + 1}"
            result.append(Role(name, single, families[subject.concept], index, subject.count))
    return result


class Blocker:
    """Blocks one scene: goes through each role's beats in order, keeping track of where it stands."""

    def __init__(self, storyboard: Storyboard, scene: Scene, setting: Setting, seed: int) -> None:
        self.scene, self.setting, self.seed = scene, setting, seed
        self.length = float(scene.duration)
        self.beats = sorted((b for b in storyboard.beats if b.scene == scene.id), key=lambda b: b.start)
        self.relations = [r for r in storyboard.relations if r.scene == scene.id]
        self.shots = [s for s in storyboard.shots if s.scene == scene.id]
        self.rules = rules()
        self.homes: dict[str, Mark] = {}

    def part(self, role: Role) -> Part:
        """The cues of one role, from 0 to the scene's end without gaps."""
        beats = [beat for beat in self.beats if beat.subject == role.subject.id]
        if role.family == "prop":
            return self._prop(role)
        walker = _Walker(self, role, beats)
        for beat in beats:
            walker.act(beat)
        walker.rest_until(self.length + 2.0)
        return Part(
            role, tuple(walker.cues), tuple(walker.targets), tuple(walker.instruments), self._entrance(role, beats)
        )

    def rule(self, role: Role, action: str) -> Rule:
        """The rule of an action. Raises UnknownConcept when the family cannot do it."""
        table = self.rules[role.family]
        if action not in table:
            known = ", ".join(sorted(table))
            raise UnknownConcept(
                f"a {role.subject.concept} cannot {action} (subject {role.subject.id}); it can: {known}"
            )
        return table[action]

    def home(self, role: Role, marks: Sequence[str]) -> Mark:
        """Where a role begins: the first of the marks there is, members of a group and company side by side."""
        marks_here = self.setting.marks
        if role.of > 1 and f"pack_{role.index + 1}" in marks_here:
            return marks_here[f"pack_{role.index + 1}"]
        name = next((m for m in marks if m in marks_here), "centre")
        base = marks_here[name]
        beside = self._related(role)
        if beside is not None:
            return beside
        taken = sum(1 for mark in self.homes.values() if _apart(mark, base) < 4.0)
        if not taken:
            return base
        side = (taken + 1) // 2 * (1 if taken % 2 else -1)
        return self.grounded(_shifted(base, sideways=1.1 * side, ahead=-0.25 * taken))

    def _related(self, role: Role) -> Mark | None:
        offsets = {"left_of": (-1.3, 0.0), "right_of": (1.3, 0.0), "in_front_of": (0.0, 1.3), "behind": (0.0, -1.3)}
        for relation in self.relations:
            if relation.subject == role.subject.id and relation.object in self.homes and relation.kind in offsets:
                base = self.homes[relation.object]
                sideways, ahead = offsets[relation.kind]
                return self.grounded(_shifted(base, sideways, ahead))
        return None

    def grounded(self, mark: Mark) -> Mark:
        """Keep a shifted mark at its height above the ground."""
        x, y, z = mark.position
        height = float(self.setting.ground(np.array([[x, y]]))[0])
        return replace(mark, position=(x, y, max(z, height) if z > height + STEP_UP else height))

    def is_cut(self, time: float) -> bool:
        """Whether a shot begins at that scene time."""
        return any(abs(float(shot.offset) - time) < 0.05 for shot in self.shots)

    def lanes(self) -> list[Path]:
        """Paths for crowds, in order of name."""
        return [path for name, path in sorted(self.setting.paths.items()) if name.startswith("crowd")]

    def _entrance(self, role: Role, beats: Sequence[Beat]) -> float:
        """From when a role is there: its first beat, or the first shot that means to show it."""
        if not beats or beats[0].start <= 0:
            return 0.0
        shown = [float(s.offset) for s in self.shots if role.subject.id in (s.framing.subject, *s.framing.also)]
        begins = float(beats[0].start)
        around = [float(s.offset) for s in self.shots if float(s.offset) <= begins]
        return min([begins, *shown, *around[-1:]])

    def _prop(self, role: Role) -> Part:
        """A prop rests where its relation says until someone takes it; then it is held."""
        mark = self._prop_mark(role.subject.id)
        taken = [b for b in self.beats if role.subject.id in (b.target, b.instrument) and b.action in TAKING]
        end = self.length + 2.0
        if not taken:
            return Part(role, (Cue("rest", 0.0, end, mark),), (None,), (None,), 0.0)
        beat = taken[0]
        when = float(beat.start + (beat.end - beat.start) * 3 / 5) if beat.action == "reach" else float(beat.start)
        hidden = any(r.subject == role.subject.id and r.kind in ("under", "inside") for r in self.relations)
        cues = (
            Cue("hidden" if hidden else "rest", 0.0, max(when, 0.01), mark),
            Cue("held", max(when, 0.01), end, mark),
        )
        return Part(role, cues, (None, beat.subject), (None, None), 0.0)

    def _prop_mark(self, name: str) -> Mark:
        marks = self.setting.marks
        for relation in self.relations:
            if relation.subject == name:
                for candidate in (f"{relation.kind}_{relation.object}", relation.object, f"on_{relation.object}"):
                    if candidate in marks:
                        return marks[candidate]
        return marks.get(name, marks["centre"])


class _Walker:
    """Builds one role's cues; `mark` is where it stands, `travelled` how far along which path."""

    def __init__(self, blocker: Blocker, role: Role, beats: Sequence[Beat]) -> None:
        self.blocker, self.role = blocker, role
        self.cues: list[Cue] = []
        self.targets: list[str | None] = []
        self.instruments: list[str | None] = []
        self.time = 0.0
        self.then = "stand"
        self.path: Path | None = None
        self.travelled = 0.0
        self.mark = self._begin(beats)
        blocker.homes[role.id] = self.mark
        blocker.homes.setdefault(role.subject.id, self.mark)

    def act(self, beat: Beat) -> None:
        """Perform one beat, going to where it happens first."""
        start, end = float(beat.start), float(beat.end)
        rule = self.blocker.rule(self.role, beat.action)
        if rule.along and self.role.family != "prop":
            self.rest_until(start)
            self._travel(beat, rule, start, end)
        else:
            where = self._place(beat, rule)
            arrive = self._go(where, start, end)
            self._cue(beat.action, arrive, end, beat.target, beat.instrument, beat.manner)
        self.then = rule.then

    def rest_until(self, time: float) -> None:
        """Fill with what the subject does between beats."""
        if time > self.time + 1e-6:
            self._cue(self._idle(), self.time, time, None, None, ())

    def _idle(self) -> str:
        if self.role.family == "vehicle":
            return "park" if self.then == "stand" else self.then
        if self.role.family == "dragon":
            return "dance"
        return self.then

    def _begin(self, beats: Sequence[Beat]) -> Mark:
        rng = chance(self.blocker.seed, self.role.id, "place")
        lanes = self.blocker.lanes()
        if self.role.of > 1 and self.role.family == "person" and lanes:
            return self._in_crowd(beats, lanes, rng)
        if not beats:
            return self.blocker.home(self.role, ("centre",))
        rule = self.blocker.rule(self.role, beats[0].action)
        if rule.along:
            path = self._named_path(rule)
            place, yaw = path.at(0.0)
            lead = 1.0 if self.role.of == 1 else 1.4 * self.role.index
            if self.role.of > 1:
                place, yaw = path.at(lead)
            return _mark_at(place, yaw)
        for name in rule.at:
            if name in self.blocker.setting.marks:
                return self.blocker.setting.marks[name]
        if rule.beside and beats[0].target in self.blocker.homes:
            return self._beside(self.blocker.homes[beats[0].target or ""], rule.beside)
        return self.blocker.home(self.role, rule.first)

    def _in_crowd(self, beats: Sequence[Beat], lanes: Sequence[Path], rng: np.random.Generator) -> Mark:
        """A place in a lane: walkers anywhere along it, spectators spread evenly and looking at the middle."""
        lane = lanes[self.role.index % len(lanes)]
        row, rows = self.role.index // len(lanes), -(-self.role.of // len(lanes))
        along = (row + 0.2 + 0.6 * rng.random()) / rows * lane.length
        walks = bool(beats) and bool(self.blocker.rule(self.role, beats[0].action).along)
        self.path, self.travelled = _sidestepped(lane, float(rng.uniform(-0.35, 0.35))), along
        place, yaw = self.path.at(along)
        if not walks:
            middle, _ = _nearest(self.blocker.setting.paths["main"], place)
            yaw = float(np.arctan2(-(middle - place)[0], (middle - place)[1])) + float(rng.normal(0.0, 0.2))
        return _mark_at(place, yaw)

    def _named_path(self, rule: Rule) -> Path:
        paths = self.blocker.setting.paths
        return paths[next((name for name in rule.along if name in paths), "main")]

    def _travel(self, beat: Beat, rule: Rule, start: float, end: float) -> None:
        """Go along a path for the beat's time; a second such beat goes on where the first stopped."""
        crowd = self.role.of > 1 and self.role.family == "person" and self.path is not None
        target = self.blocker.homes.get(beat.target or "")
        path = self.path if crowd and self.path is not None else self._named_path(rule)
        if target is not None and not crowd:
            self._skip_ahead(target, rule.speed * (end - start), start)
            path = self._line_to(self._beside(target, 1.2))
        if path is not self.path:
            self.path, self.travelled = path, self._progress(path)
        pace = float(np.prod([PACES.get(word, 1.0) for word in beat.manner]))
        variety = (
            1.0 if self.role.of == 1 else float(chance(self.blocker.seed, self.role.id, "pace").uniform(0.85, 1.15))
        )
        if crowd:  # a lane that would run out is begun earlier
            self.travelled = min(self.travelled, max(path.length - rule.speed * variety * (end - start) - 0.5, 0.0))
        speed = min(rule.speed * pace * variety, max(path.length - self.travelled, 0.1) / (end - start))
        place, yaw = path.at(self.travelled)
        self.mark = _mark_at(place, yaw)
        self._cue(beat.action, start, end, beat.target, beat.instrument, beat.manner, speed=speed)
        self.travelled += speed * (end - start)
        place, yaw = path.at(self.travelled)
        self.mark = _mark_at(place, yaw)

    def _skip_ahead(self, target: Mark, reach: float, start: float) -> None:
        """At a cut, a way too long for the beat is shortened to what can be walked: film's ellipsis."""
        apart = _apart(self.mark, target)
        if apart < 1.5 * reach or not self.blocker.is_cut(start):
            return
        here, there = np.array(self.mark.position), np.array(target.position)
        self.mark = self.blocker.grounded(_mark_at(there + (here - there) * (reach + 1.2) / apart, self.mark.yaw))
        self.path = None

    def _progress(self, path: Path) -> float:
        """How far along a path the subject already stands, when it stands on it."""
        here = np.array(self.mark.position)
        nearest, distance = _nearest(path, here)
        return distance if np.linalg.norm((nearest - here)[:2]) < 4.0 else 0.0

    def _place(self, beat: Beat, rule: Rule) -> Mark:
        marks = self.blocker.setting.marks
        for name in rule.at:
            if name in marks:
                return marks[name]
        target = self.blocker.homes.get(beat.target or "")
        if rule.beside and target is not None and not self._in_bed():
            return self._beside(target, rule.beside) if _apart(self.mark, target) > 1.6 * rule.beside else self.mark
        return self.mark

    def _in_bed(self) -> bool:
        bed = self.blocker.setting.marks.get("bed")
        return bed is not None and _apart(bed, self.mark) < NEAR and self.role.family == "person"

    def _beside(self, target: Mark, distance: float) -> Mark:
        """A place that far from the target on this side of it, facing it."""
        there, here = np.array(target.position), np.array(self.mark.position if hasattr(self, "mark") else (0, 0, 0))
        out = (here - there)[:2]
        norm = float(np.linalg.norm(out))
        out = out / norm if norm > 0.05 else forward(target.yaw)[:2]
        x, y = there[:2] + distance * out
        mark = Mark((float(x), float(y), float(there[2])), float(np.arctan2(out[0], -out[1])))
        return self.blocker.grounded(mark)

    def _line_to(self, mark: Mark) -> Path:
        return Path(_on_ground(np.array([self.mark.position, mark.position]), self.blocker.setting))

    def _go(self, where: Mark, start: float, end: float) -> float:
        """Move to a mark before start if there is time, else at the beginning of the beat; when it arrives."""
        distance = _apart(self.mark, where)
        if distance < NEAR and abs(self.mark.position[2] - where.position[2]) < STEP_UP:
            self.rest_until(start)
            return start
        climbs = abs(self.mark.position[2] - where.position[2]) > STEP_UP
        needed = 0.7 + 0.2 * distance if climbs else distance / 1.1
        if needed > 3.0 * (end - self.time) and self.blocker.is_cut(start):  # too far: film's ellipsis
            self.rest_until(start)
            self.mark, self.path = where, None
            return start
        leave = max(self.time, start - needed)
        arrive = max(start, leave + min(needed, 0.4 * (end - start)))
        self.rest_until(leave)
        path = Path(np.array([self.mark.position, where.position]))
        if climbs:
            self.mark = where
            self._cue("jump" if self.role.family == "quadruped" else "walk", leave, arrive, None, None, (), path)
        else:
            self._cue("walk", leave, arrive, None, None, (), path, speed=max(path.length / (arrive - leave), 0.05))
        self.mark, self.path = where, None
        return arrive

    def _cue(
        self,
        action: str,
        start: float,
        end: float,
        target: str | None,
        instrument: str | None,
        manner: tuple[str, ...],
        path: Path | None = None,
        speed: float | None = None,
    ) -> None:
        along = path or (self.path if speed is not None else None)
        from_start = 0.0 if path is not None else self.travelled
        self.cues.append(Cue(action, start, end, self.mark, along, from_start, speed, manner=manner))
        self.targets.append(target)
        self.instruments.append(instrument)
        self.time = end


def _mark_at(place: F64, yaw: float) -> Mark:
    return Mark((float(place[0]), float(place[1]), float(place[2])), yaw)


def _apart(first: Mark, second: Mark) -> float:
    return float(np.hypot(first.position[0] - second.position[0], first.position[1] - second.position[1]))


def _shifted(mark: Mark, sideways: float, ahead: float) -> Mark:
    """A mark moved to its right and forward, in metres."""
    x, y, z = mark.position
    front = forward(mark.yaw)
    right = np.array([front[1], -front[0]])
    dx, dy = sideways * right + ahead * front[:2]
    return replace(mark, position=(x + float(dx), y + float(dy), z))


def _sidestepped(path: Path, sideways: float) -> Path:
    """A lane beside a lane."""
    tangent = np.gradient(path.points, axis=0)
    right = np.stack([tangent[:, 1], -tangent[:, 0], np.zeros(len(tangent))], 1)
    right /= np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-9)
    return Path(path.points + sideways * right)


def _nearest(path: Path, point: F64) -> tuple[F64, float]:
    """The nearest of a path's places to a point, and its distance along; to half a metre."""
    distances = np.linspace(0.0, path.length, max(int(path.length * 2), 2))
    places = np.array([path.at(float(d))[0] for d in distances])
    best = int(np.argmin(np.linalg.norm((places - point)[:, :2], axis=1)))
    return places[best], float(distances[best])


def _on_ground(points: F64, setting: Setting) -> F64:
    """A straight line (2, 3) resampled every metre and laid on the ground, ends kept."""
    count = max(int(np.linalg.norm(points[1] - points[0])), 1) + 1
    line = np.linspace(points[0], points[1], count)
    line[1:-1, 2] = setting.ground(line[1:-1, :2])
    return line
