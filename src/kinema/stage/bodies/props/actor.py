"""A prop as a member of the cast: it rests on a mark, is hidden, or is held in the hand of the cue's target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, Protocol, runtime_checkable

import numpy as np

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64, Camera, Lamp, Mesh, Particles, Surface
from kinema.schema.document import Document
from kinema.schema.storyboard import Subject
from kinema.schema.tables import parsed
from kinema.stage.actor import Actor, Part, Region, forward
from kinema.stage.bodies.props.shapes import BUILDERS
from kinema.stage.colours import colour
from kinema.stage.cue import Cue
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import placement, rotation
from kinema.stage.geometry.thinning import thinned
from kinema.stage.motion.easing import smooth

SIZES = {"small": 0.8, "medium": 1.0, "large": 1.25}
GONE = 1e-4  # scale of what is hidden: there, so that surfaces keep their number, and too small to see
LEAN = 0.30  # radians that an upright thing leans towards whom it is shown to
LIES, STANDS = 0.13, 0.30  # metres from where it was hidden up to which it lies in the hand, from which it is upright
HANDS = ("hand_right", "grip")
WHOLE = 1.0
SHARES = ((110.0, WHOLE), (45.0, 0.35), (0.0, 0.12))  # of its triangles, from so many pixels of its height on
STEEP, LEVEL = 0.25, 0.55  # how level fingers are (1: flat) up to which they point nowhere, and from which they do


Make = Callable[[float], Mesh]  # with a share of the triangles


class Row(Document):
    """One row of props.yaml; see there."""

    aliases: tuple[str, ...]
    make: Literal["treats", "pillow", "lantern", "umbrella", "phone", "flag"]
    height: float
    width: float
    grip: tuple[float, float, float]
    hangs: bool
    glow: float
    clasped: bool = False


@runtime_checkable
class Holder(Protocol):
    """An actor that knows how its hands are turned, not only where they are."""

    def frame(self, time: float, name: str) -> F64:
        """The frame (4, 4) of a named place."""
        ...


@cache
def rows() -> dict[str, Row]:
    """Every prop: name -> row."""
    table = parsed(files("kinema.stage.bodies.props").joinpath("props.yaml").read_text(encoding="utf-8"))
    return {name: Row.model_validate(row) for name, row in table.items()}


def concepts() -> frozenset[str]:
    """Every concept this family performs."""
    return frozenset(name for key, row in rows().items() for name in (key, *row.aliases))


class Prop:
    """An actor that is moved by others; see the Actor protocol."""

    def __init__(self, subject: str, row: Row, make: Make, scale: float, cues: Sequence[Cue]) -> None:
        self.id = subject
        self._row, self._make, self._scale, self._cues = row, make, scale, tuple(cues)
        self._place = lru_cache(maxsize=4)(lambda time: self._frame(time)[:3, 3])

    def surfaces(self, time: float) -> list[Surface]:
        """The one surface, too small to see while hidden."""
        return [self._surface(time, self._frame(time), WHOLE)]

    def seen(self, time: float, camera: Camera) -> list[Surface]:
        """The one surface, as fine as a camera can tell, by where it was at the last full second: what a hand swings
        does not change to and fro."""
        away = float(np.linalg.norm(self._place(float(np.floor(time))) - camera.position))
        tall = max(self._row.height, self._row.width) * self._scale * camera.focal / max(away, 0.1)
        return [self._surface(time, self._frame(time), next(share for pixels, share in SHARES if tall >= pixels))]

    def _surface(self, time: float, frame: F64, share: float) -> Surface:
        frame[:3, :3] *= GONE if self._cue(time).action == "hidden" else self._scale
        return Surface(self._make(share), frame)

    def region(self, time: float, part: Part) -> Region:
        """The whole thing; its parts are too small to frame apart."""
        x, y, z = (float(c) for c in self.anchor(time, "centre"))
        return Region((x, y, z), self._row.height * self._scale, self._row.width * self._scale)

    def anchor(self, time: float, name: str) -> F64:
        """centre, top, bottom, grip, front; touch, where the hand is, while it is held. KeyError if none of these."""
        row = self._row
        if name == "touch" and self._cue(time).action != "held":
            raise KeyError(name)
        spots = {
            "centre": (0.0, 0.0, 0.5 * row.height),
            "top": (0.0, 0.0, row.height),
            "bottom": (0.0, 0.0, 0.0),
            "grip": row.grip,
            "touch": row.grip,
            "front": (0.0, 0.25 * row.width, 0.5 * row.height),
        }
        frame = self._frame(time)
        return np.asarray(frame[:3, 3] + self._scale * frame[:3, :3] @ np.array(spots[name]))

    def facing(self, time: float) -> float:
        """The yaw of its front."""
        ahead = self._frame(time)[:3, 1]
        return float(np.arctan2(-ahead[0], ahead[1]))

    def particles(self, time: float) -> list[Particles]:
        """None."""
        return []

    def lamps(self, time: float) -> list[Lamp]:
        """The light of one that glows, unless hidden."""
        if self._row.glow <= 0 or self._cue(time).action == "hidden":
            return []
        x, y, z = (float(c) for c in self.anchor(time, "centre"))
        glow = self._row.glow
        return [Lamp((x, y, z), (glow, 0.42 * glow, 0.16 * glow), 0.17, stands_for_surface=True)]

    def events(self, start: float, end: float) -> list[Event]:
        """None."""
        return []

    def _cue(self, time: float) -> Cue:
        return next((cue for cue in self._cues if time < cue.end), self._cues[-1])

    def _frame(self, time: float) -> F64:
        """Its frame (4, 4), unscaled."""
        cue = self._cue(time)
        if cue.action == "held" and cue.target is not None:
            return self._held(cue.target, time)
        return placement(cue.mark.position, cue.mark.yaw)

    def _held(self, holder: Actor, time: float) -> F64:
        """In the hand: hanging straight down from it, or upright and leaning to where the holder looks.

        What was hidden lies flat when the hand has it, away from the holder, and is turned upright as it is drawn out.
        """
        frame, hand = np.eye(4), _hand(holder, time)
        lying = 1.0 - self._drawn(hand, time)
        yaw = _pointing(holder, time) if self._row.clasped else holder.facing(time)
        if lying > 0.0:  # where the holder's trunk is takes longer to tell than all the rest
            yaw += lying * ((_away(holder, hand, time) - yaw + np.pi) % (2 * np.pi) - np.pi)
        frame[:3, :3] = rotation("z", yaw)
        if not self._row.hangs:
            frame[:3, :3] = frame[:3, :3] @ rotation("x", -LEAN - lying * (0.5 * np.pi - LEAN))
        frame[:3, 3] = hand - self._scale * frame[:3, :3] @ np.array(self._row.grip)
        return frame

    def _drawn(self, hand: F64, time: float) -> float:
        """0 in a hand (3,) where it was hidden, to 1 when it is out; 1 for what stood in the open."""
        cue = self._cue(time)
        before = self._cues[max(self._cues.index(cue) - 1, 0)]
        if before.action != "hidden":
            return 1.0
        gone = float(np.linalg.norm(hand - np.array(before.mark.position)))
        return float(smooth(np.array((gone - LIES) / (STANDS - LIES))))


def _hand(holder: Actor, time: float) -> F64:
    """The middle of the hand that holds; before the chest of one who has no hands."""
    if isinstance(holder, Holder):
        return np.asarray(holder.frame(time, HANDS[0])[:3, 3])
    for name in HANDS:
        try:
            return np.asarray(holder.anchor(time, name))
        except KeyError:
            continue
    return np.asarray(holder.region(time, "upper").centre) + 0.2 * forward(holder.facing(time))


def _pointing(holder: Actor, time: float) -> float:
    """The yaw that the fingers of the hand that holds point in; of the holder's look when they point up or down."""
    look = holder.facing(time)
    if not isinstance(holder, Holder):
        return look
    x, y, _ = -holder.frame(time, HANDS[0])[:3, 2]
    flat = float(np.hypot(x, y))
    share = float(smooth(np.array((flat - STEEP) / (LEVEL - STEEP))))
    way = share * np.array([x, y]) / max(flat, 1e-9) + (1.0 - share) * forward(look)[:2]
    return float(np.arctan2(-way[0], way[1]))


def _away(holder: Actor, hand: F64, time: float) -> float:
    """The yaw from the holder's trunk to the hand (3,); of its look when the hand is before it."""
    x, y, _ = hand - np.asarray(holder.region(time, "upper").centre)
    return float(np.arctan2(-x, y)) if np.hypot(x, y) > 0.05 else holder.facing(time)


def perform(subject: Subject, cues: Sequence[Cue], ground: Callable[[F64], F64], seed: int) -> Prop:
    """The subject's prop playing rest, hidden and held. Raises KeyError for a concept without a row.

    A mark says where it stands, the ground notwithstanding: props lie on beds and tables. Colour: body.
    """
    found = [(name, row) for name, row in rows().items() if subject.concept == name or subject.concept in row.aliases]
    if not found:
        raise KeyError(f"no prop is called {subject.concept!r}; known: {', '.join(sorted(concepts()))}")
    name, row = found[0]
    colours = {part: colour(word) for part, word in subject.colours.items()}
    key = f"prop/{name}/{sorted(colours.items())}/{seed}"

    @cache
    def make(share: float) -> Mesh:
        parts = BUILDERS[row.make](colours, seed)
        return solids.mesh(key, parts) if share == WHOLE else solids.mesh(f"{key}/{share}", thinned(parts, share))

    return Prop(subject.id, row, make, SIZES[subject.size], cues)
