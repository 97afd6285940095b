"""A performance: a person's cues made one continuous movement, solved in short blocks and read at any time.

Every number is a function of the scene's clock alone. Blocks of RATE (or fewer) samples a second are solved together,
because arrays are cheap and single poses are not, and kept for the frames that follow; they hold nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor

import numpy as np

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64
from kinema.schema.errors import UnknownConcept
from kinema.stage.actor import forward
from kinema.stage.chance import chance
from kinema.stage.cue import Cue
from kinema.stage.motion.action_table import Row, act_named, action_table
from kinema.stage.motion.actions.handling import carrying_table, hang_load
from kinema.stage.motion.actions.moment import Hands, Moment, point_of
from kinema.stage.motion.afoot import Afoot
from kinema.stage.motion.easing import ramp, smooth
from kinema.stage.motion.footsteps import Ground
from kinema.stage.motion.gait import own_gait
from kinema.stage.motion.instant import Instant
from kinema.stage.motion.itinerary import NEAR, Errand, tracks
from kinema.stage.motion.kneeling import knelt
from kinema.stage.motion.posture import Support, Upper, between_supports, blended
from kinema.stage.motion.resting import between_rests, held, place_at, rest_support, rest_upper, rests
from kinema.stage.motion.rig import Joints, Rig
from kinema.stage.motion.rotations import about_x, about_z, apply, euler

BLOCK = 48  # samples solved together
KEPT = 3  # blocks kept
REMEMBERED = 32  # instants, for those that a camera and its subject both ask for
RAISED = 0.3  # metres above the ground from which a mark is a thing to sit or lie on
CHAIR = 0.22  # metres: a seat lower than this is the ground
RISE = 1.2  # seconds to sit down, lie down or get up
STRIDE_OVER = 0.12  # metres: how high feet rise on the way to a seat or a bed, and back
REACHING = 0.9988  # of a leg's length, beyond which the hips come down instead


Rested = tuple[Support, Upper]


@dataclass(frozen=True, eq=False)
class Passage:
    """One cue with all that its performing needs.

    resting: `bed`, `seat` or nothing · afoot: the stretch on foot it belongs to, or
    rest: supports and postures (T = 1) it goes from and to · fade: seconds to change into it, 0 for a cut
    """

    cue: Cue
    row: Row
    resting: str
    fade: float
    afoot: Afoot | None = None
    rest: tuple[Rested, Rested] | None = None


class Performance:
    """All cues of one person, ready to be read.

    build, words: rows of gaits.yaml that shape the walk · hands: where both hands are held, of one with a pole ·
    burdens: rows of carrying.yaml for what is carried · rate: samples a second of the blocks
    """

    def __init__(
        self,
        rig: Rig,
        cues: Sequence[Cue],
        ground: Ground,
        seed: int,
        name: str,
        *,
        build: str = "",
        words: Sequence[str] = (),
        feeling: str = "",
        hands: Hands | None = None,
        burdens: Sequence[str] = (),
        rate: int = 48,
    ) -> None:
        self.rig, self.ground, self.seed, self.name = rig, ground, seed, name
        self.build, self.words, self.feeling, self.hands, self.rate = build, tuple(words), feeling, hands, rate
        self.burdens = tuple(burdens)
        self.busy = frozenset(carrying_table()[burden].side for burden in burdens)
        self.luck = chance(seed, name, "acting").random(64)
        self.offset = float(chance(seed, name, "phase").random() * 2.0)
        self.passages = self._passages(list(cues))
        self._instants: dict[float, Instant] = {}
        self._blocks: OrderedDict[int, tuple[Joints, F64]] = OrderedDict()

    # -- planning -----------------------------------------------------------------------------------------------

    def _passages(self, cues: list[Cue]) -> list[Passage]:
        rows = [self._row(cue) for cue in cues]
        resting = self._resting(cues, rows)
        stretches = self._stretches(cues, rows, resting)
        passages: list[Passage] = []
        side = self._first_side(cues)
        for index, (cue, row) in enumerate(zip(cues, rows, strict=True)):
            if not resting[index]:
                passages.append(Passage(cue, row, "", row.fade, stretches[index]))
            else:
                before = side
                side = self._turned(cue, side) if row.act == "resting.turn_over" else side
                rest = self._rest(cue, row, resting[index], before, side)
                passages.append(Passage(cue, row, resting[index], row.fade, None, rest))
        return [passages[0], *(self._faded(a, b) for a, b in pairwise(passages))]

    def _row(self, cue: Cue) -> Row:
        table = action_table()
        if cue.action not in table:
            raise UnknownConcept(f"a person cannot {cue.action!r}; it can: {', '.join(sorted(table))}")
        return table[cue.action]

    def _height(self, cue: Cue) -> float:
        x, y, z = cue.mark.position
        return z - float(self.ground(np.array([[x, y]]))[0])

    def _resting(self, cues: list[Cue], rows: list[Row]) -> list[str]:
        """What each cue rests on: its own ground, or that of its neighbours for what can be done anywhere."""
        result: list[str] = []
        for index, (cue, row) in enumerate(zip(cues, rows, strict=True)):
            if row.ground in ("seat", "bed"):
                result.append(row.ground)
                continue
            anywhere = [kind for kind, posture in (("bed", row.in_bed), ("seat", row.on_seat)) if posture]
            if not anywhere or cue.path is not None:
                result.append("")
                continue
            found = ""
            if index and result[-1] in anywhere and _apart(cues[index - 1], cue) < NEAR + 0.25:
                found = result[-1]
            elif self._height(cue) > RAISED:
                later = [row.ground for other, row in zip(cues, rows, strict=True) if _apart(other, cue) < 0.6]
                found = next((kind for kind in later if kind in anywhere), anywhere[-1])
            result.append(found)
        return result

    def _stretches(self, cues: list[Cue], rows: list[Row], resting: list[str]) -> list[Afoot | None]:
        """The stretch on foot of every cue that is on foot."""
        result: list[Afoot | None] = [None] * len(cues)
        index = 0
        while index < len(cues):
            stop = index
            while stop < len(cues) and not resting[stop]:
                stop += 1
            if stop > index:
                errands = [self._errand(cue, row) for cue, row in zip(cues[index:stop], rows[index:stop], strict=True)]
                walks = [Afoot(self.rig, track, self.ground, self.offset) for track in tracks(errands)]
                for k in range(index, stop):
                    result[k] = next(walk for walk in reversed(walks) if walk.track.start <= cues[k].start + 1e-9)
            index = stop + 1
        return result

    def _errand(self, cue: Cue, row: Row) -> Errand:
        words = dict.fromkeys((*cue.manner, *self.words, self.feeling))
        gait = own_gait(row.gait, self.build, words, self.seed, self.name)
        speed = gait.speed(self.rig.leg) if cue.speed is None else max(cue.speed, 0.05)
        path = cue.path if row.ground == "travel" else None
        if path is not None and path.length < 0.02:
            path = None
        return Errand(cue.start, cue.end, cue.mark, gait.row(), path, cue.path_start, speed, row.beat, row.side)

    def _first_side(self, cues: list[Cue]) -> str:
        words = {word for cue in cues[:1] for word in cue.manner}
        return next((f"side_{word}" for word in ("left", "right") if word in words), "back")

    def _turned(self, cue: Cue, side: str) -> str:
        """The side after turning over: away from the target, or else the other one."""
        if cue.target is not None:
            head = forward(cue.mark.yaw)
            left = np.array([head[1], -head[0]])  # of one who lies on the back
            way = point_of(cue.target, cue.start, ("head",)) - np.array(cue.mark.position)
            away = "side_right" if float(way[:2] @ left) > 0 else "side_left"
            if away != side:
                return away
        if side == "back":
            return "side_left" if self.luck[30] < 0.5 else "side_right"
        return "side_right" if side == "side_left" else "side_left"

    def _rest(self, cue: Cue, row: Row, resting: str, before: str, after: str) -> tuple[Rested, Rested]:
        place = place_at(cue.mark, resting == "bed", self.ground)
        if resting == "seat":
            first = last = "sit" if self._height(cue) > CHAIR else "sit_ground"
        elif row.act == "resting.wake":
            first, last = before, "propped"
        elif row.ground == "bed":
            first, last = before, after
        else:
            first = last = row.in_bed
        postures = (rests()[first], rests()[last])
        ends = [(rest_support(self.rig, one, place), rest_upper(self.rig, one, place)) for one in postures]
        return ends[0], ends[1]

    def _faded(self, before: Passage, passage: Passage) -> Passage:
        """The passage with the time it takes to change into it; none where the place is another altogether."""
        same = before.afoot is passage.afoot and not passage.resting
        if (
            not same
            and np.linalg.norm(self._hips(before, passage.cue.start) - self._hips(passage, passage.cue.start)) > 2.6
        ):
            return replace(passage, fade=0.0)
        settles = RISE if before.resting != passage.resting else 0.9
        fade = max(passage.fade, before.row.leaves if same else settles)
        if before.afoot is not None and passage.afoot is not None and not same:
            return replace(passage, fade=0.0)
        return replace(passage, fade=min(fade, 0.9 * (passage.cue.end - passage.cue.start)))

    def _hips(self, passage: Passage, time: float) -> F64:
        if passage.afoot is not None:
            return np.asarray(passage.afoot.hips(np.array([time]))[0])
        assert passage.rest is not None
        return np.asarray(passage.rest[0][0].hips[0])

    # -- solving ------------------------------------------------------------------------------------------------

    def at(self, time: float) -> Instant:
        """The joints at a time (s), between two samples when it does not fall on one."""
        found = self._instants.get(time)
        if found is None:
            position = time * self.rate
            index = floor(position + 1e-6)
            joints, numbers, row = self._sample(index)
            if len(self._instants) >= REMEMBERED:
                self._instants.clear()
            found = self._instants[time] = Instant(joints, numbers, row, position - index)
        return found

    def _sample(self, index: int) -> tuple[Joints, F64, int]:
        block, k = divmod(index, BLOCK)
        solved = self._blocks.get(block)  # another thread may drop it meanwhile
        if solved is None:
            solved = self._blocks[block] = self.joints((block * BLOCK + np.arange(BLOCK + 1)) / self.rate)
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        return *solved, k

    def joints(self, times: F64) -> tuple[Joints, F64]:
        """Joints, and the numbers above the legs (T, len(NAMES)), at times (T,) in rising order."""
        support, upper = self._mixed(times)
        moved = _moved(self.rig, support, upper)
        return self.rig.solve(moved, upper), upper.numbers

    def _mixed(self, times: F64) -> tuple[Support, Upper]:
        """The support and posture at times (T,): later passages laid over earlier ones as they fade in."""
        fades = [self._arrived(index, times) for index in range(len(self.passages))]
        layers: list[tuple[Upper, F64]] = []
        support: Support | None = None
        left = np.ones(len(times))
        used = []
        for index in reversed(range(len(self.passages))):
            weight = left * fades[index]
            left = left * (1.0 - fades[index])
            if weight.any():
                used.append((index, weight))
        for index, weight in reversed(used):
            passage = self.passages[index]
            own = self._support(passage, times)
            layers.append((self._upper(passage, own, times), weight))
            if support is None:
                support = own
            elif passage.afoot is None or passage.afoot is not self.passages[index - 1].afoot:
                lift = 0.0 if passage.resting == "bed" == self.passages[index - 1].resting else STRIDE_OVER
                support = between_supports(support, own, fades[index], lift)
        assert support is not None
        return support, blended(layers)

    def _arrived(self, index: int, times: F64) -> F64:
        if index == 0:
            return np.ones(len(times))
        passage = self.passages[index]
        if passage.fade <= 0.0:
            return (times >= passage.cue.start - 1e-9).astype(float)
        return ramp(times, passage.cue.start - 0.35 * passage.fade, passage.fade)

    def _support(self, passage: Passage, times: F64) -> Support:
        if passage.afoot is not None:
            return passage.afoot.support(times)
        assert passage.rest is not None
        (first, _), (last, _) = passage.rest
        if first is last or np.array_equal(first.turns, last.turns):
            return held(first, len(times))
        return between_rests(first, last, self._progress(passage, times))

    def _progress(self, passage: Passage, times: F64) -> F64:
        """How far one who wakes or turns over has come: nothing at first, then all at once."""
        share = (times - passage.cue.start) / (passage.cue.end - passage.cue.start)
        return smooth((share - 0.3) / 0.45)

    def _upper(self, passage: Passage, support: Support, times: F64) -> Upper:
        if passage.afoot is not None:
            upper = passage.afoot.stride(times)
            vigour = passage.afoot.sample(passage.afoot.vigour, times)
        else:
            assert passage.rest is not None
            share, vigour = self._progress(passage, times), np.zeros(len(times))
            (_, first), (_, last) = passage.rest
            upper = blended([(first, 1.0 - share), (last, share)])
        numbers = passage.row.numbers | {"beat": passage.row.beat}
        moment = Moment(
            times, passage.cue, self.rig, support, numbers, self.luck, self.feeling, vigour, passage.resting,
            self.hands, self.busy,
        )  # fmt: skip
        act_named(passage.row.act)(moment, upper)
        for burden in self.burdens if not passage.resting else ():
            if not (passage.row.raises and carrying_table()[burden].side == "right"):
                hang_load(upper, burden)
        return upper

    def repose(self, times: F64) -> F64:
        """How far (T,) the body has settled on a seat or a bed: 0 on its feet, 1 some time after it left them."""
        starts = np.array([passage.cue.start for passage in self.passages])
        resting = np.array([bool(passage.resting) for passage in self.passages])
        index = np.maximum(np.searchsorted(starts, times, "right") - 1, 0)
        # the first of the passages at rest that follow each other
        begins = np.maximum.accumulate(np.where(resting & ~np.append(False, resting[:-1]), np.arange(len(starts)), 0))
        since = np.where(begins[index] > 0, times - starts[begins][index], RISE)
        return np.where(resting[index], smooth(since / RISE), 0.0)

    def place(self, time: float) -> F64:
        """Where one stands (3,) at a time, to a hand's breadth: the hips' place on the map, at the ground's height."""
        now = next((one for one in reversed(self.passages) if one.cue.start <= time), self.passages[0])
        hips = self._hips(now, time)
        return np.array([hips[0], hips[1], float(self.ground(hips[None, :2])[0])])

    def heading(self, time: float) -> float:
        """Yaw (rad) of the body's root."""
        return self.at(time).root_yaw

    def events(self, start: float, end: float) -> list[Event]:
        """Footsteps in [start, end), in order of time."""
        found: list[Event] = []
        for index, passage in enumerate(self.passages):
            if passage.afoot is None:
                continue
            last = self.passages[index + 1].cue.start if index + 1 < len(self.passages) else np.inf
            begin = passage.cue.start if index else -np.inf
            found += passage.afoot.events(self.name, max(start, begin), min(end, last))
        return found


def _apart(first: Cue, second: Cue) -> float:
    return float(np.hypot(*(np.array(first.mark.position) - np.array(second.mark.position))[:2]))


def _moved(rig: Rig, support: Support, upper: Upper) -> Support:
    """The support with the hips shifted, turned and hopping as the posture says, within reach of the standing feet."""
    support = knelt(rig, support, upper.kneel) if upper.kneel.any() else support
    hips = support.hips + apply(about_z(support.heading), upper.shift)
    hips[:, 2] += upper.hop
    turns = support.turns @ euler(upper.turn)
    ankles, feet = support.ankles, support.feet
    if upper.hop.any():
        ankles = ankles.copy()
        ankles[:, :, 2] += upper.hop[:, None]
        hang = np.radians(32.0) * smooth(upper.hop / 0.05)
        feet = feet @ about_x(-hang)[:, None]
    for side, limb in enumerate(rig.legs):
        joint = hips + turns @ rig.hip_offsets[side]
        away = ankles[:, side] - joint
        longest = REACHING * (limb.upper + limb.lower)
        flat = np.hypot(away[:, 0], away[:, 1])
        reach = np.sqrt(np.maximum(longest * longest - flat * flat, 0.0))
        stands = -away[:, 2] > 0.6 * longest
        hips[:, 2] -= np.where(stands, np.maximum(-away[:, 2] - reach, 0.0), 0.0)
    return replace(support, hips=hips, turns=turns, ankles=ankles, feet=feet)
