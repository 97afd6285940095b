"""Coverage: the shots that tell a plot, planned as on a set: establish, follow, detail, end, never crossing the line.

Sides are those of the subject. The lead is seen from its right half and whoever it faces from the left half, so that
the camera never crosses the line between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import cycle, islice
from types import MappingProxyType
from typing import Any

from kinema.director.asked import Asked, Piece, said
from kinema.director.reading import Entity, Reading
from kinema.director.spans import limited, split
from kinema.director.steps import Move, Step
from kinema.director.timing import SceneTimes, Slot
from kinema.schema.storyboard import Framing, Shot, Side, Size

SHOT_SECONDS = Fraction(4)  # an unhurried shot
GLANCE = Fraction(5, 2)  # the least a shot of a story needs to be read
SHORTEST = Fraction(3, 2)  # below this a cut is a flicker
INSERT = Fraction(11, 4)  # the most a look at a crowd beside the event lasts
LONGEST_LOOK = Fraction(10)  # a shot of a story that stays longer tires
LONGEST_TAKE = Fraction(24)  # a follow shot longer than this is cut
DISSOLVE = Fraction(1)
WIDE: Size = "wide"
MOST_IN_PICTURE = 3  # others a wide shot is asked to hold
LEAD_SIDES: tuple[Side, ...] = ("front_right", "right", "front_right", "back_right")
FACING_SIDES: tuple[Side, ...] = ("front_left", "left")
TOUCHES = frozenset({"paw", "nuzzle"})  # told by two heads and what lies between them, seen from beside both
CLOSER: dict[Size, Size] = {"wide": "full", "full": "medium", "medium": "close", "close": "medium", "extreme": "close"}


class Coverage:
    """Plans the shots of one film."""

    def __init__(
        self,
        reading: Reading,
        scenes: Sequence[SceneTimes],
        lead: Entity,
        names: dict[int, str],
        inside: Mapping[int, Mapping[int, Entity]] = MappingProxyType({}),
    ) -> None:
        """inside: by scene, who is inside which vehicle"""
        self.reading = reading
        self.asked = Asked(reading, [slot.step for scene in scenes for slot in scene.slots])
        self.scenes = scenes
        self.lead = lead
        self.names = names
        self.turns: dict[int, int] = {}  # how many shots of each entity there were: sides take turns
        self.size: Size = "wide"  # of the shot planned last
        self.inside = inside
        self.hidden: Mapping[int, Entity] = {}  # who is inside a vehicle in the scene being planned
        self.holders: dict[int, Entity] = {}  # who has taken each thing

    def shots(self) -> tuple[Shot, ...]:
        """All shots, end to end on the film's clock."""
        speed = min((word.row.speed for word in self.reading.camera), default=Fraction(1))
        shots: list[Shot] = []
        clock = Fraction(0)
        for number, scene in enumerate(self.scenes):
            self.hidden = self.inside.get(number, {})
            for piece in self._pieces(scene, first=number == 0, last=number == len(self.scenes) - 1):
                dissolve = bool(shots) and (piece.dissolve or (number > 0 and piece.start == 0))
                shot = self._shot(piece, f"shot_{len(shots) + 1}", f"scene_{number + 1}", clock, speed, dissolve)
                shots.append(shot)
                clock += shot.duration
        return tuple(shots)

    def _shot(self, piece: Piece, name: str, scene: str, clock: Fraction, speed: Fraction, dissolve: bool) -> Shot:
        duration = (piece.end - piece.start) / speed
        seen = self.hidden.get(id(piece.subject), piece.subject)
        framing: dict[str, Any] = {
            "subject": self.names[id(seen)],
            "size": piece.size,
            "side": piece.side,
            "angle": piece.angle,
            "also": tuple(self.names[id(e)] for e in piece.also if id(e) not in self.hidden and e is not seen),
        }
        to: dict[str, Any] | None = None
        if piece.to_size or piece.to_side:
            to = framing | {"size": piece.to_size or piece.size, "side": piece.to_side or piece.side}
            if piece.to_size in ("close", "extreme"):
                to["also"] = ()
        return Shot(
            id=name,
            scene=scene,
            start=clock,
            duration=duration,
            offset=piece.start,
            speed=speed,
            framing=Framing.model_validate(framing),
            move=piece.move,
            to=Framing.model_validate(to) if to else None,
            turn=piece.turn,
            transition="dissolve" if dissolve else "cut",
            transition_duration=min(DISSOLVE, duration / 3) if dissolve else Fraction(0),
        )

    # ---- which way of filming

    def _pieces(self, scene: SceneTimes, first: bool, last: bool) -> list[Piece]:
        rows = self.asked.rows
        single = len(scene.slots) == 1
        if any(row.take for row in rows) or (single and self._is_portrait(scene.slots[0].step)):
            return [self._override(self._one_take(scene))]
        if any(row.move == "follow" for row in rows):
            return self._follow(scene)
        if single and any(row.move or row.size for row in rows):
            return [self._override(self._one_take(scene))]
        pieces = self._single(scene) if single else self._story(scene, first, last)
        if rows and first:
            pieces[0] = self._override(pieces[0])
        return pieces

    def _is_portrait(self, step: Step) -> bool:
        """One person on the way, described down to the face: best seen in one take that ends on it."""
        move = step.moves[0]
        worn = {garment.kind for garment in move.subject.garments}
        lone = len(step.moves) == 1 and move.subject.count == 1 and move.subject.family == "person"
        return lone and move.row is not None and move.row.travel and len(worn) >= 2 and bool(worn & FACE)

    def _one_take(self, scene: SceneTimes) -> Piece:
        subject = self.asked.framed or self.lead
        others = self._others(scene.slots[0].step, subject) if len(scene.slots) == 1 else ()
        person = subject.family == "person" and subject.count == 1
        to: Size = "close" if person else "medium"
        side: Side = "front" if person else "front_right"
        return Piece(Fraction(0), scene.duration, subject, "wide", side, others, "push", to, side)

    def _follow(self, scene: SceneTimes) -> list[Piece]:
        """Behind or beside the subject all the way; long films cut between three distances."""
        subject = self.asked.framed or self.lead
        side: Side = next((row.side for row in self.asked.rows if row.side), "back_right")
        count = -(-scene.duration // LONGEST_TAKE)
        sizes: tuple[Size, ...] = ("full", "wide", "medium")
        marks = split(Fraction(0), scene.duration, int(count))
        angle = next((row.angle for row in self.asked.rows if row.angle), "eye")
        return [Piece(a, b, subject, sizes[k % 3], side, (), "follow", angle=angle) for k, (a, b) in enumerate(marks)]

    def _override(self, piece: Piece, asked: Asked | None = None) -> Piece:
        """What the prompt says about the camera replaces what the planner chose."""
        asked = asked or self.asked
        told: dict[str, Any] = {}
        for row in asked.rows:
            told |= said(row, piece)
        merged = {field: getattr(piece, field) for field in piece.__dataclass_fields__} | told
        if asked.framed is not None:
            merged["subject"] = asked.framed
            merged["also"] = tuple(e for e in merged["also"] if e is not asked.framed)
        held = any(row.move == "static" for row in asked.rows)
        if merged["move"] == "static" and merged["size"] != WIDE and not held and self._travels(merged["subject"]):
            merged["move"] = "follow"  # or it would walk out of the picture
        if merged["move"] not in ("push", "pull", "orbit", "truck", "crane", "pan"):
            merged["to_size"] = merged["to_side"] = None
        return Piece(**merged)

    def _travels(self, subject: Entity) -> bool:
        """Whether anything it does takes it somewhere else."""
        moves = [move for scene in self.scenes for slot in scene.slots for move in slot.step.moves]
        return any(move.subject is subject and move.row is not None and move.row.travel for move in moves)

    # ---- one action, seen several ways

    def _single(self, scene: SceneTimes) -> list[Piece]:
        slot = scene.slots[0]
        move = slot.step.moves[0]
        others = self._others(slot.step, move.subject)
        cutaway = self._cutaway(slot.step, move.subject)
        plan: list[Piece] = []
        count = max(1, round(slot.seconds / SHOT_SECONDS))
        follow = "follow" if move.row is not None and move.row.travel else "static"
        aside: list[tuple[Entity, Size, str]] = [(cutaway, "medium", "static")] if cutaway else []
        looks: list[tuple[Entity, Size, str]] = [
            (move.subject, "full", follow),
            *aside,
            (move.subject, "close", "push" if follow == "static" else "follow"),
            (move.subject, "medium", follow),
        ]
        views = [(move.subject, WIDE, "static"), *islice(cycle(looks), count - 2)] if count > 1 else []
        if count > 2:
            views.append((move.subject, "wide", "crane"))
        elif count == 2:
            views.append((move.subject, _detail_size(move), "push" if follow == "static" else follow))
        else:
            views.append((move.subject, "wide" if others else "full", "push" if follow == "static" else "follow"))
        marks = limited(slot.start, slot.end, [INSERT if subject.row.crowd else None for subject, _, _ in views])
        for (a, b), (subject, size, how) in zip(marks, views, strict=True):
            also = others if size in ("wide", "full") and subject is move.subject else ()
            if subject.row.crowd and subject is not move.subject:
                also = (move.subject,)  # what they cheer at is in the picture
            plan.append(self._piece(a, b, subject, size, also, how))
        return plan

    def _cutaway(self, step: Step, subject: Entity) -> Entity | None:
        """Somebody else worth a look of their own: a partner, or the crowd of a festival."""
        partners = [move.subject for move in step.moves if move.subject is not subject]
        crowds = [e for e in self.reading.entities if e.row.crowd] if self.reading.occasions else []
        return next(iter([*partners, *crowds]), None)

    # ---- a story, one step after the other

    def _story(self, scene: SceneTimes, first: bool, last: bool) -> list[Piece]:
        pieces: list[Piece] = []
        for k, slot in enumerate(scene.slots):
            opening = k == 0
            closing = last and k == len(scene.slots) - 1
            pieces += self._cover(slot, opening, closing, pieces[-1] if pieces else None)
        return _join_short(pieces)

    def _cover(self, slot: Slot, opening: bool, closing: bool, before: Piece | None) -> list[Piece]:
        move = _main_move(slot.step)
        asked = self.asked.of(slot.step)
        if asked is not None:
            size = move.row.size if move.row else "full"
            how = self._how(move, size, slot.seconds, ending=False)
            also = self._others(slot.step, move.subject)
            piece = self._piece(slot.start, slot.end, move.subject, size, also, how, slot.step.later)
            return [self._override(piece, asked)]
        if not (opening or closing) and (detail := self._detail(slot, move)):
            return detail
        shown = self.holders.get(id(move.target), move.subject)  # who holds out what is eaten
        others = self._others(slot.step, shown)
        sizes = _sizes(move, slot.seconds, opening, closing)
        if before is not None and before.subject is shown and before.size == sizes[0] and shown is move.subject:
            sizes[0] = _otherwise(move, sizes[0])
        pieces = []
        for number, ((a, b), size) in enumerate(zip(split(slot.start, slot.end, len(sizes)), sizes, strict=True)):
            ending = closing and number == len(sizes) - 1 and len(sizes) > 1
            also = self._everyone(shown) if ending else others if size in ("wide", "full", "medium") else ()
            how = self._how(move, size, b - a, ending)
            pieces.append(self._piece(a, b, shown, size, also, how, slot.step.later and number == 0))
        return pieces

    def _detail(self, slot: Slot, move: Move) -> list[Piece]:
        """The shots of what is told by a small place: two who touch, a thing taken from another or given; else none."""
        later = slot.step.later
        if _touches(move) and move.target is not None:
            side: Side = "right" if move.subject is self.lead else "left"
            self.size = "close"
            return [Piece(slot.start, slot.end, move.subject, "close", side, (move.target,), dissolve=later)]
        if move.instrument is None or move.target is None:
            return []
        self.holders[id(move.instrument)] = move.subject
        if _takes(move):
            self.size = "close"
            watching = (self.lead,) if self.lead is not move.subject and self.lead.count == 1 else ()
            also = (move.instrument, *watching)
            return [Piece(slot.start, slot.end, move.subject, "close", "front", also, dissolve=later)]
        if move.action == "give":  # over the shoulder of who is given it
            self.size = "medium"
            also = (move.target, move.instrument)
            return [Piece(slot.start, slot.end, move.subject, "medium", "front", also, dissolve=later)]
        return []

    def _everyone(self, subject: Entity) -> tuple[Entity, ...]:
        """All bodies of the cast but the crowds, for a last look."""
        bodies = [e for e in self.reading.entities if e.family != "prop" and not e.row.crowd and e is not subject]
        return tuple(bodies[:MOST_IN_PICTURE])

    def _how(self, move: Move, size: Size, seconds: Fraction, ending: bool) -> str:
        if ending:
            return "pull"
        if move.row is not None and move.row.travel and size != "wide":
            return "follow"
        return "push" if size == "close" and seconds >= 3 else "static"

    def _others(self, step: Step, subject: Entity) -> tuple[Entity, ...]:
        """Who else must be in the picture: partners and whatever is acted upon."""
        found = [move.subject for move in step.moves if not move.present]
        for move in step.moves:
            found += [e for e in (move.target, move.instrument) if e is not None]
        return tuple(dict.fromkeys(e for e in found if e is not subject and not e.row.crowd))

    def _piece(
        self,
        a: Fraction,
        b: Fraction,
        subject: Entity,
        size: Size,
        also: tuple[Entity, ...],
        how: str,
        later: bool = False,
    ) -> Piece:
        if size == "close" and (subject.count > 1 or subject.family == "vehicle"):
            size = "medium"
        number = self.turns.get(id(subject), 0)
        self.turns[id(subject)] = number + 1
        sides = LEAD_SIDES if subject is self.lead else FACING_SIDES
        side = sides[number % len(sides)]
        partners = any(entity.family != "prop" for entity in also)
        if how == "crane":
            side = "front"
        elif size in ("close", "extreme") or (partners and how == "static" and side.startswith("back")):
            side = sides[0]
        to: Size | None = None
        if how == "push":
            size, to = ("medium", "close") if size == "close" else (size, CLOSER[size])
        elif how in ("pull", "crane"):
            to, size = "wide", "medium" if self.size == "full" else "full"
        self.size = size
        low = how == "crane" or (size == "close" and subject.family == "dragon")
        angle = "low" if low else "eye"  # a crane rises from there before its subject's face
        return Piece(a, b, subject, size, side, also, how, to, side if to else None, angle, 0.0, later)


FACE = frozenset({"sunglasses", "glasses", "lipstick"})


def _sizes(move: Move, seconds: Fraction, opening: bool, closing: bool) -> list[Size]:
    """The sizes of the shots of one step: establish, the action, its detail, a look back; as many as time allows."""
    row = move.row
    sizes: list[Size] = [row.size if row else "full"]
    if row is not None and row.detail == "face":
        sizes.append("close")
    elif row is not None and row.detail:
        sizes = ["full", "medium"]
    if opening:
        sizes.insert(0, "wide")
    if closing:
        sizes.append("wide")
    room = max(1, int(seconds / GLANCE))
    if len(sizes) > room:
        sizes = [sizes[0], *sizes[-room + 1 :]] if room > 1 else [sizes[0] if opening or not row else row.size]
    while seconds > LONGEST_LOOK * len(sizes):
        sizes.insert(-1 if closing else len(sizes), CLOSER[sizes[-2 if closing and len(sizes) > 1 else -1]])
    return sizes


def _touches(move: Move) -> bool:
    """Whether one body touches another where both are to be seen."""
    return move.action in TOUCHES and move.target is not None and move.target.family in ("person", "quadruped")


def _takes(move: Move) -> bool:
    """Whether a hand takes a thing from where another thing hides or holds it."""
    source = move.target
    return move.action == "reach" and move.instrument is not None and source is not None and source.family == "prop"


def _otherwise(move: Move, size: Size) -> Size:
    """Another size for an action whose subject was just seen that large: never a cut that only jumps."""
    partner = move.target is not None and move.target.family != "prop"
    if partner and move.row is not None and move.row.travel:
        return "wide"
    if partner or (move.row is not None and move.row.detail in ("hands", "paws")):
        return "full" if size == "medium" else "medium"
    return CLOSER[size]


def _detail_size(move: Move) -> Size:
    """How close the second of two looks goes."""
    return "close" if move.row is not None and move.row.detail == "face" else "medium"


def _main_move(step: Step) -> Move:
    """The move a step is about: not a state that was there before."""
    return next((move for move in step.moves if not move.present), step.moves[0])


def _join_short(pieces: list[Piece]) -> list[Piece]:
    """No shot shorter than a glance: a short one becomes part of the one before."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.end - piece.start < SHORTEST:
            last = joined[-1]
            also = tuple(dict.fromkeys((*last.also, *([piece.subject] if piece.subject is not last.subject else []))))
            joined[-1] = Piece(
                **{f: getattr(last, f) for f in last.__dataclass_fields__} | {"end": piece.end, "also": also}
            )
        else:
            joined.append(piece)
    return joined
