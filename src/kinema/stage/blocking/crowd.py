"""Crowds: where each of many people goes or stands, told by where the leads of the scene are as time goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.schema.storyboard import Beat, Place, Scene, Storyboard, Subject
from kinema.stage.blocking.ground import mark_at, nearest, places_along, sidestepped
from kinema.stage.blocking.homes import TALK, Home, ring
from kinema.stage.blocking.roles import Part, Role
from kinema.stage.blocking.rules import Rule, rules
from kinema.stage.chance import chance
from kinema.stage.cue import Cue, Path
from kinema.stage.setting import Setting

PASSER = "pedestrian"  # the concept of somebody in a crowd
MANY = 24  # in a crowd, from which on nobody counts them, and those who pass there anyway come on top
NAME = 40  # letters of a name that another is made from: names have 64
TICK = 0.5  # seconds between the moments at which the leads are looked at
BEHIND, AHEAD = 30.0, 7.0  # metres from the lead within which those who go its way are
DENSER = 1.7  # how much more of them are near the lead than at the far end of that: a power
EARLIER = 24.0  # seconds before the beginning from which on those who come towards the lead have met it
APART = (0.09, 0.2)  # by what share a lane goes slower or faster than the lead, so that nobody stays beside it
BRISK = 1.3  # of the usual speed, at which those go at most whose lead runs
NEXT = 0.9  # metres of a lane that each of those in it has at least, where there are so many
COUPLES = 0.4  # share of the places in a lane that two take, abreast, where there is room for them
SPACE, HALF = 1.1, 0.27  # metres between lanes that leave room for two, and of each of them from the middle of theirs
BERTH = 2.6  # metres that spectators leave to the lead's course
REACH_BACK, REACH_ON = 3.0, 8.0  # metres before and beyond the course along which spectators stand
GROUPS = (4, 6, 3, 7, 5)  # spectators to a group, by turns
ELBOW, SHOULDER = 0.6, 0.05  # metres from one to the next in a group, and by which each is out of line
ROWS = (-0.28, 0.42)  # metres off the lane, out from the course, of a group's front row and of the one behind it
ASTRAY = 0.16  # metres off the lane that a whole group is at most
BEFORE = 0.55  # of a group, those in front
STAY = 0.2  # share of walkers who stand about instead, where there is room for that
PAIRED = 0.55  # share of those who stand about with somebody to talk to
RING, RINGS = 4, 2.6  # how many talk in one ring at most, and metres from the middle of one to the next
TALKING, WINDOW = {"talk": 5.0, "look": 1.0}, {"look": 3.0, "stand": 2.0}  # what they do by turns; who looks at a shop
COLOURS = {  # what things of a crowd are painted
    "umbrella": ("black", "navy", "white", "dark_red", "slate", "beige", "petrol", "ochre", "dove"),
    "phone": ("black", "charcoal", "white"),
}
HANDED = ("wave", "look", "stand")  # what one can do who holds something
SPELL = (3.0, 7.5)  # seconds somebody in a crowd goes on with one thing


@dataclass(frozen=True, eq=False)
class Course:
    """The way of a scene's leads: places (T, 3) at multiples of TICK seconds."""

    places: F64

    def at(self, time: float) -> F64:
        """Where they are (3,) at a time; held at both ends."""
        row = np.clip(time / TICK, 0.0, len(self.places) - 1.0)
        low = int(row)
        high = min(low + 1, len(self.places) - 1)
        place: F64 = self.places[low] + (row - low) * (self.places[high] - self.places[low])
        return place

    def heading(self) -> F64:
        """From the first place to the last (3,); zero for those who stay."""
        way: F64 = self.places[-1] - self.places[0]
        return way

    @property
    def speed(self) -> float:
        """Metres per second on average."""
        steps = np.linalg.norm(np.diff(self.places, axis=0), axis=1)
        return float(steps.sum() / max(TICK * len(steps), TICK))


def course_of(parts: Sequence[Part], setting: Setting, end: float) -> Course:
    """The middle of all who are no crowd and no props; the setting's centre when there are none."""
    leads = [part for part in parts if part.role.family != "prop" and not part.role.is_in_crowd]
    moments = np.arange(0.0, end + TICK, TICK)
    if not leads:
        return Course(np.repeat([np.array(setting.marks["centre"].position)], len(moments), axis=0))
    return Course(np.mean([[_place(part, float(time)) for time in moments] for part in leads], axis=0))


def _place(part: Part, time: float) -> F64:
    cue = next((cue for cue in part.cues if time < cue.end), part.cues[-1])
    if cue.path is None:
        return np.array(cue.mark.position)
    if cue.speed is None:  # its own time decides
        share = (time - cue.start) / max(cue.end - cue.start, 1e-6)
        return cue.path.at(cue.path_start + share * (cue.path.length - cue.path_start))[0]
    return cue.path.at(cue.path_start + cue.speed * (time - cue.start))[0]


def lanes_of(setting: Setting) -> list[Path]:
    """The crowd's lanes, by name."""
    return [path for name, path in sorted(setting.paths.items()) if name.startswith("crowd")]


def occasion(place: Place) -> str:
    """What a crowd there is dressed for: a word of outfits.yaml."""
    if place.weather == "rain":
        return "rain"
    if place.set == "festival_street":
        return "festive"
    return "cold" if place.season == "winter" or place.weather == "snow" else "everyday"


def peopled(storyboard: Storyboard, scene: Scene, setting: Setting) -> Storyboard:
    """The storyboard with passers-by in a scene, where people go about: added to a crowd that goes about too, or, where
    nobody is a crowd, a crowd of their own, who cheer if there is a dance to be seen."""
    acting = {beat.subject for beat in storyboard.beats if beat.scene == scene.id}
    crowds = [one for one in storyboard.cast if one.id in acting and one.concept == PASSER]
    if not setting.passers or "empty" in scene.place.features or not lanes_of(setting):
        return storyboard
    if crowds:
        return _fuller(storyboard, scene, crowds[0], setting.passers)
    name = f"{scene.id[:NAME]}_passers"
    while any(one.id == name for one in storyboard.cast):
        name += "_"
    people = Subject(id=name, concept=PASSER, count=setting.passers)
    dances = any(beat.action == "dance" for beat in storyboard.beats if beat.scene == scene.id)
    what = "cheer" if dances else "walk"
    about = Beat(id=f"{name}_{what}", scene=scene.id, subject=name, action=what, start=Fraction(0), end=scene.duration)
    return storyboard.model_copy(update={"cast": (*storyboard.cast, people), "beats": (*storyboard.beats, about)})


def _fuller(storyboard: Storyboard, scene: Scene, crowd: Subject, more: int) -> Storyboard:
    """The storyboard with so many more among those who go about, if they are too many to be counted."""
    does = {beat.action for beat in storyboard.beats if beat.scene == scene.id and beat.subject == crowd.id}
    if crowd.count < MANY or not does <= {action for action, rule in rules()["person"].items() if rule.along}:
        return storyboard
    told = crowd.model_copy(update={"count": crowd.count + more})
    return storyboard.model_copy(update={"cast": tuple(told if one is crowd else one for one in storyboard.cast)})


def walkers(crowd: Sequence[Role], setting: Setting, course: Course, speed: float, end: float, seed: int) -> list[Home]:
    """Homes of people who walk about: two in three go the lead's way around it, the others come towards it.

    speed: of the action, m/s · end: seconds of the scene. All of one lane go at one pace, so nobody walks into another.
    """
    staying = _staying(crowd, setting, course, seed)
    crowd, everybody = [role for role in crowd if role.id not in staying], crowd
    if not crowd:
        return [staying[role.id] for role in everybody]
    lanes = lanes_of(setting)
    name, way = crowd[0].subject.id, course.heading()
    mates = [k for k, lane in enumerate(lanes) if float(np.dot(lane.points[-1] - lane.points[0], way)) > 0.0]
    dealt = chance(seed, name, "lanes").permutation([*range(len(lanes)), *mates])
    homes: dict[str, Home] = {}
    for number in dict.fromkeys(int(number) for number in dealt):
        in_lane = [role for place, role in enumerate(crowd) if dealt[place % len(dealt)] == number]
        rng = chance(seed, f"{name} lane {number}", "pace")
        late, pace = float(rng.uniform(0.1, 0.9)), speed * (1.0 + float(rng.choice((-1, 1)) * rng.uniform(*APART)))
        places = _places_in(lanes, number, len(in_lane), rng)
        # late is one for all of a lane, so that nobody comes too near the next
        shares = [(place + late) / (places[-1][0] + 1) for place, _ in places]
        found = _along(lanes[number], [lane for _, lane in places], course, pace, shares, end, speed)
        homes |= {role.id: home for role, home in zip(in_lane, found, strict=True)}
    return [staying.get(role.id) or homes[role.id] for role in everybody]


def _places_in(lanes: Sequence[Path], number: int, count: int, rng: np.random.Generator) -> list[tuple[int, Path]]:
    """The place and the way of each of so many in a lane: some go two abreast, where the next lanes leave room."""
    lane, places = lanes[number], list[tuple[int, Path]]()
    roomy = all(_between(lane, other) >= SPACE for k, other in enumerate(lanes) if k != number)
    two = (sidestepped(lane, -HALF), sidestepped(lane, HALF)) if roomy else ()
    while len(places) < count:
        place = places[-1][0] + 1 if places else 0
        together = bool(two) and len(places) + 1 < count and rng.random() < COUPLES
        places += [(place, one) for one in two] if together else [(place, lane)]
    return places


def _between(one: Path, other: Path) -> float:
    """Metres on the map between two lanes where they are nearest."""
    return _least(places_along(one)[0], places_along(other)[0][::4])


def _least(places: F64, others: F64) -> float:
    return float(np.linalg.norm(places[:, None, :2] - others[None, :, :2], axis=2).min())


def _staying(crowd: Sequence[Role], setting: Setting, course: Course, seed: int) -> dict[str, Home]:
    """Homes of those who stand about, by role: two who talk, or one who looks at a shop, along the paths `stay...`
    beside the lead's course."""
    lines = [path for name, path in sorted(setting.paths.items()) if name.startswith("stay")]
    if not lines:
        return {}
    who = [role for role in crowd if chance(seed, role.id, "stays").random() < STAY]
    ends = sorted(nearest(lines[0], course.places[k])[1] for k in (0, -1))
    low, high = max(ends[0] - AHEAD, 0.0), min(ends[1] + BEHIND, lines[0].length)
    homes, k = {}, 0
    while k < len(who):
        rng = chance(seed, who[k].id, "standing place")
        line = lines[int(rng.integers(len(lines)))]
        along = low + (high - low) * (k + float(rng.uniform(0.2, 0.8))) / len(who)
        at, yaw = line.at(along)
        if k + 1 < len(who) and rng.random() < PAIRED:
            way = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
            for role, side in ((who[k], -0.5), (who[k + 1], 0.5)):
                turn = yaw + (0.0 if side < 0 else np.pi) + float(rng.normal(0.0, 0.2))
                homes[role.id] = Home(mark_at(at + side * float(rng.uniform(*TALK)) * way, turn), mix=TALKING)
            k += 2
            continue
        out = np.array([np.cos(yaw), np.sin(yaw)])  # towards the fronts: away from the lead
        out *= np.copysign(1.0, np.dot(out, (at - _nearest_place(course, at))[:2]))
        facing = float(np.arctan2(-out[0], out[1]) + np.clip(rng.normal(0.0, 0.35), -0.9, 0.9))
        homes[who[k].id] = Home(mark_at(at, facing), mix=WINDOW)
        k += 1
    return homes


def _along(
    lane: Path, ways: Sequence[Path], course: Course, speed: float, shares: Sequence[float], end: float, usual: float
) -> list[Home]:
    """Homes of those in a lane, each on a way of its own beside it or on it. shares: 0 to 1, their ranks.

    Where the lane is too short for some, all are spread over what there is of it, and go slower where that is not room
    enough, so that nobody stands in another.
    """
    with_lead = float(np.dot(lane.points[-1] - lane.points[0], course.heading())) > 0.0 and course.speed > 0.3
    if with_lead:
        speed *= min(course.speed / usual, BRISK)
    speed = min(speed, max(lane.length - NEXT * len(ways), 0.2 * lane.length) / end)
    start = _beside_lead if with_lead else _towards_lead
    starts = [start(way, course, speed, share, end) for way, share in zip(ways, shares, strict=True)]
    last = max(lane.length - speed * end - 0.5, 0.0)
    if any(not 0.0 <= along <= last for along in starts):
        starts = [last * share for share in shares]
    pace = speed / usual
    return [Home(mark_at(*way.at(at)), way, at, pace) for way, at in zip(ways, starts, strict=True)]


def _beside_lead(lane: Path, course: Course, speed: float, share: float, end: float) -> float:
    """Metres along a lane at which one begins who goes the lead's way and is about it halfway through."""
    _, lead = nearest(lane, course.at(0.5 * end))
    return float(lead + AHEAD - (BEHIND + AHEAD) * share**DENSER - 0.5 * speed * end)


def _towards_lead(lane: Path, course: Course, speed: float, share: float, end: float) -> float:
    """Metres along a lane at which one begins who meets the lead, or has met it before."""
    meeting = (end + EARLIER) * share - EARLIER
    _, lead = nearest(lane, course.at(meeting))
    return lead - speed * meeting


def spectators(crowd: Sequence[Role], setting: Setting, course: Course, seed: int) -> list[Home]:
    """Homes of people who stay and watch: in groups two deep along both sides of the lead's course, facing it."""
    nearby = _clear_lanes(setting, course)[:2]
    homes: dict[str, Home] = {}
    for side, lane in enumerate(nearby):
        here = crowd[side :: len(nearby)]
        ends = sorted(nearest(lane, course.places[k])[1] for k in (0, -1))
        low, high = max(ends[0] - REACH_BACK, 0.0), min(ends[1] + REACH_ON, lane.length)
        groups = _groups(len(here), side)
        rng = chance(seed, f"{crowd[0].subject.id} side {side}", "groups")
        widths = np.array([ELBOW * _in_front(count) for count in groups])
        # what the groups leave of the way lies between them, by lot
        gaps = rng.uniform(0.4, 1.6, len(groups) + 1)
        gaps *= max(high - low - float(widths.sum()), 0.0) / gaps.sum()
        middles = low + np.cumsum(gaps[:-1] + widths) - 0.5 * widths
        spots = [spot for count, middle in zip(groups, middles, strict=True) for spot in _grouped(count, middle, rng)]
        homes |= {role.id: _facing(lane, *spot, course, rng) for role, spot in zip(here, spots, strict=True)}
    return [homes[role.id] for role in crowd]


def _groups(count: int, first: int) -> list[int]:
    """So many people in groups, as GROUPS says from the first on; nobody is left alone but one who is."""
    groups: list[int] = []
    while (left := count - sum(groups)) > 0:
        size = GROUPS[(first + len(groups)) % len(GROUPS)]
        groups.append(left if left <= size + 1 else size)
    return groups


def _in_front(count: int) -> int:
    """How many of a group stand in its front row."""
    return count if count < 3 else round(BEFORE * count)


def _grouped(count: int, middle: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Metres along a lane and out from it of each of a group: those behind look over between those in front."""
    front, shift = _in_front(count), float(rng.uniform(-ASTRAY, ASTRAY))
    spots: list[tuple[float, float]] = []
    for many, row in zip((front, count - front), ROWS, strict=True):
        for k in range(many):
            along = middle + ELBOW * (k - 0.5 * (many - 1)) + float(rng.uniform(-SHOULDER, SHOULDER))
            spots.append((along, row + shift + float(rng.uniform(-SHOULDER, SHOULDER))))
    return spots


def _facing(lane: Path, along: float, off: float, course: Course, rng: np.random.Generator) -> Home:
    """The home of one so far along a lane and off it, who looks at the lead."""
    along = float(np.clip(along, 0.0, lane.length))
    at, yaw = lane.at(along)
    out = np.array([np.cos(yaw), np.sin(yaw)])
    out *= np.copysign(1.0, np.dot(out, (at - _nearest_place(course, at))[:2]))
    at[:2] += off * out
    aim = 0.65 * _nearest_place(course, at) + 0.35 * course.at(0.5 * TICK * len(course.places)) - at
    return Home(mark_at(at, float(np.arctan2(-aim[0], aim[1]) + rng.normal(0.0, 0.14))), lane, along)


def rings(crowd: Sequence[Role], setting: Setting, course: Course, seed: int) -> list[Home]:
    """Homes of people who talk: in rings of a few, who face each other, along the lane nearest to the lead's course."""
    lane, count = _clear_lanes(setting, course)[0], -(-len(crowd) // RING)
    middle = float(np.mean([nearest(lane, course.places[k])[1] for k in (0, -1)]))
    homes: dict[str, Home] = {}
    for number in range(count):
        some = crowd[number::count]
        rng = chance(seed, f"{crowd[0].subject.id} ring {number}", "place")
        at, _ = lane.at(float(np.clip(middle + RINGS * (number - 0.5 * (count - 1)), 0.0, lane.length)))
        homes |= {role.id: Home(mark, lane) for role, mark in zip(some, ring(at, len(some), rng), strict=True)}
    return [homes[role.id] for role in crowd]


def _clear_lanes(setting: Setting, course: Course) -> list[Path]:
    """Lanes that leave the lead's course free, if there are any, the nearest first."""
    lanes = [lane for lane in lanes_of(setting) if _apart(lane, course) > BERTH] or lanes_of(setting)
    return sorted(lanes, key=lambda lane: _apart(lane, course))


def _nearest_place(course: Course, point: F64) -> F64:
    place: F64 = course.places[int(np.argmin(np.linalg.norm((course.places - point)[:, :2], axis=1)))]
    return place


def _apart(lane: Path, course: Course) -> float:
    """Metres on the map that a lane keeps from a course."""
    return _least(places_along(lane)[0], course.places[::4])


def by_turns(
    role: Role, rule: Rule, start: float, end: float, seed: int, held: str = ""
) -> list[tuple[str, float, float]]:
    """What a member of a crowd does by turns, of what the rule mixes, as (action, from, to); own turns for each.

    held: the concept of what it holds, which keeps a hand from some of it
    """
    rng = chance(seed, role.id, "turns")
    mix = {action: weight for action, weight in rule.mix.items() if not held or action in HANDED} or dict(rule.mix)
    mix = rule.holding.get(held, mix)
    actions, weights = list(mix), np.array(list(mix.values()))
    turns, time = [], start
    while time < end:
        until = time + float(rng.uniform(*SPELL))
        until = end if end - until < SPELL[0] else until
        turns.append((actions[int(rng.choice(len(actions), p=weights / weights.sum()))], time, until))
        time = until
    return turns


def carried(role: Role, rule: Rule, seed: int, in_rain: bool = False) -> str:
    """The concept of what a member of a crowd holds while it follows a rule; empty for nothing."""
    lot = float(chance(seed, role.id, "carries").random())
    for concept, share in (rule.in_rain if in_rain and rule.in_rain else rule.carries).items():
        if lot < share:
            return concept
        lot -= share
    return ""


def held_by(part: Part, concept: str, end: float, seed: int) -> Part:
    """The part of a thing that somebody in a crowd holds all the time."""
    name = f"{part.role.id}.{concept}"
    paints = COLOURS.get(concept, ())
    lot = int(chance(seed, name, "colour").integers(max(len(paints), 1)))
    colours = {"body": paints[lot]} if paints else {}
    own = f"{part.role.id[:NAME]}_{concept}".replace("#", "_").replace(".", "_")  # the role's name tells it from others
    subject = Subject(id=own, concept=concept, colours=colours)
    role = Role(name, subject, "prop", 0, 1)
    return Part(role, (Cue("held", 0.0, end, part.cues[0].mark),), (part.role.id,), (None,), part.entrance)
