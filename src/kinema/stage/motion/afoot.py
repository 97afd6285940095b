"""A body on its feet: the hips carried over the footsteps, and the trunk, arms and head that swing with them."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, minimum_filter1d

from kinema.buffers.event import Event
from kinema.buffers.scene_frame import F64
from kinema.stage.motion.footsteps import FootMotion, Ground, foot_motion, plan
from kinema.stage.motion.gait import COLUMN, GRAVITY
from kinema.stage.motion.itinerary import RATE, Track
from kinema.stage.motion.posture import Support, Upper, neutral
from kinema.stage.motion.rig import Rig
from kinema.stage.motion.rotations import about_z, apply, euler, unit

FIRMEST = 0.998  # of a leg's length when a standing leg is straightest: the knee keeps some 7 degrees
SOFTNESS = 0.036  # seconds (standard deviation) over which the hips' height is smoothed
SPARE, FLYING = 0.002, 0.012  # metres that a leg in the air may lack in a walk, and in a run, where it only follows
AHEAD, YIELD = 0.03, 0.10  # seconds before a foot lands, and after, for which the hips ride as low as at the landing
LEANING = 0.12  # seconds (standard deviation) over which what speeds a body up is felt
YIELDING = 0.9  # of the lean that would balance it
MOST_LEAN = 0.16  # rad
FORESEEN = int(0.35 * RATE)  # samples by which the head is ahead of the body in a turn
MOST_GLANCE = 0.6  # rad
HANGS = 0.8  # how far arms keep to the plumb line and to the way ahead


class Afoot:
    """One stretch on foot: where the feet and hips are at any time of its track."""

    def __init__(self, rig: Rig, track: Track, ground: Ground, offset: float) -> None:
        self.rig, self.track, self.ground = rig, track, ground
        self.stepping = plan(track, rig.sole, rig.leg, ground, offset)
        natural = np.sqrt(np.maximum(track.styles[:, COLUMN["froude"]], 0.01) * GRAVITY * rig.leg)
        still = track.beats > 0
        self.vigour = gaussian_filter1d(np.where(still, 0.25, np.clip(track.speeds / natural, 0.0, 1.2)), 0.1 * RATE)
        self.lean, self.glance = self._urges()
        self.heights = self._heights()

    def _urges(self) -> tuple[F64, F64]:
        """How far (N, 2) a body leans, rad right and ahead, against what speeds it up, and how far (N,) the head turns
        first, rad."""
        track = self.track
        way = gaussian_filter1d(np.gradient(track.places, axis=0) * RATE, LEANING * RATE, axis=0, mode="nearest")
        push = np.gradient(way, axis=0) * RATE  # m/s^2
        east, north = np.cos(track.yaws), np.sin(track.yaws)
        across = np.stack([push[:, 0] * east + push[:, 1] * north, push[:, 1] * east - push[:, 0] * north], -1)
        share = np.where(track.beats > 0, 0.0, YIELDING)
        lean = MOST_LEAN * np.tanh(share[:, None] * across / GRAVITY / MOST_LEAN)
        soon = np.concatenate([track.yaws, np.full(FORESEEN, track.yaws[-1])])[FORESEEN:] - track.yaws
        glance = MOST_GLANCE * np.tanh(gaussian_filter1d(soon, 0.08 * RATE, mode="nearest") / MOST_GLANCE)
        return lean, np.where(track.beats > 0, 0.0, glance)

    def _feet(self, times: F64) -> tuple[FootMotion, FootMotion]:
        left, right = self.stepping.prints
        return foot_motion(left, self.rig.sole, times), foot_motion(right, self.rig.sole, times)

    def sample(self, values: F64, times: F64) -> F64:
        """Reads samples of the track (N,) at times (T,)."""
        return np.interp(times, self.track.times, values)

    def _heights(self) -> F64:
        """Height of the hips (N,): as high as the legs that stand allow, smoothed, never above standing."""
        track, rig = self.track, self.rig
        times = track.times
        floor = gaussian_filter1d(self.ground(track.places), 0.3 * RATE, mode="nearest")
        crouch = track.styles[:, COLUMN["crouch"]] * (0.25 + 0.75 * np.minimum(self.vigour, 1.0))
        standing = floor + rig.hip_height - (crouch + 0.0015) * rig.leg
        shift, turn = self._hips_swing(times)
        shift[:, 2] = np.maximum(shift[:, 2], 0.0)  # where a gait sinks, its knees give
        turns = about_z(track.yaws) @ euler(turn)
        hips = np.zeros((len(times), 3))
        hips[:, :2] = track.places
        hips += apply(about_z(track.yaws), shift)
        spare = np.where(track.styles[:, COLUMN["duty"]] < 0.5, FLYING, SPARE)
        highest = np.full(len(times), np.inf)
        for side, foot in enumerate(self._feet(times)):
            joint = hips + turns @ rig.hip_offsets[side]
            away = np.linalg.norm(joint[:, :2] - foot.ankles[:, :2], axis=1)
            length = FIRMEST * (rig.legs[side].upper + rig.legs[side].lower)
            reach = np.sqrt(np.maximum(length * length - away * away, 0.01 * length))
            limit = foot.ankles[:, 2] + reach - joint[:, 2]
            highest = np.minimum(highest, np.where(foot.planted, limit, limit + spare))
        limited = np.minimum(standing, highest)
        # the leg that lands gives before it bears: lowest not at the landing but soon after
        width = round((AHEAD + YIELD) * RATE) + 1
        lowest = minimum_filter1d(limited, width, mode="nearest", origin=width // 2 - round(AHEAD * RATE))
        smooth = gaussian_filter1d(lowest, SOFTNESS * RATE, mode="nearest")
        beyond = maximum_filter1d(np.maximum(smooth - limited, 0.0), width, mode="nearest")
        lowered: F64 = smooth - gaussian_filter1d(beyond, SOFTNESS * RATE, mode="nearest")
        return lowered

    def _style(self, times: F64) -> dict[str, F64]:
        position = np.clip((times - self.track.first) * RATE, 0, len(self.vigour) - 1).astype(int)
        rows = self.track.styles[position]
        return {name: rows[:, index] for name, index in COLUMN.items()}

    def _hips_swing(self, times: F64) -> tuple[F64, F64]:
        """Shift (T, 3) m and turn (T, 3) rad of the hips by the stride alone."""
        style, vigour = self._style(times), self.sample(self.vigour, times)
        beat = np.pi * self.sample(self.stepping.phase, times)  # the left foot lands at even multiples of pi
        shift, turn = np.zeros((len(times), 3)), np.zeros((len(times), 3))
        share = np.minimum(vigour, 1.1)
        shift[:, 0] = -style["sway"] * self.rig.leg * np.sin(beat - 0.35) * np.minimum(2.0 * vigour, 1.0)
        # a run is highest in flight, a walk over the standing leg
        top = np.where(style["duty"] < 0.5, 0.87, 0.62)
        shift[:, 1] = style["surge"] * self.rig.leg * share * np.sin(2.0 * beat - 0.4)
        shift[:, 2] = style["bounce"] * self.rig.leg * share * np.cos(2.0 * (beat - np.pi * top))
        aside, ahead = (self.sample(self.lean[:, axis], times) for axis in (0, 1))
        turn[:, 0] = -0.35 * np.radians(style["lean"]) * share - 0.5 * ahead
        turn[:, 1] = np.radians(style["list"]) * share * np.sin(beat + 0.1) + 0.5 * aside
        turn[:, 2] = -np.radians(style["turn"]) * share * np.cos(beat)
        return shift, turn

    def hips(self, times: F64) -> F64:
        """Where the hips are carried (T, 3), before the stride and the action move them."""
        x, y = self.track.places.T
        return np.stack([self.sample(x, times), self.sample(y, times), self.sample(self.heights, times)], -1)

    def support(self, times: F64) -> Support:
        """What carries the body at times (T,), before the stride and the action move the hips."""
        track, hips = self.track, self.hips(times)
        heading = self.sample(track.yaws, times)
        feet = self._feet(times)
        turns = np.stack([foot.turns for foot in feet], 1)
        root = about_z(heading)
        # knees point between the hips' way and the feet's
        knees = unit(0.6 * root[:, None, :, 1] + 0.4 * turns[:, :, :, 1] * np.array([1.0, 1.0, 0.0]))
        ankles = np.stack([foot.ankles for foot in feet], 1)
        return Support(heading, hips, root, ankles, turns, np.stack([foot.toes for foot in feet], 1), knees)

    def stride(self, times: F64) -> Upper:
        """Trunk, arms and head in step with the legs; standing still it is an upright body with hanging arms."""
        upper = neutral(len(times))
        style, vigour = self._style(times), self.sample(self.vigour, times)
        beat = np.pi * self.sample(self.stepping.phase, times)
        share = np.minimum(vigour, 1.1)
        upper.shift[:], upper.turn[:] = self._hips_swing(times)
        aside, ahead = (np.degrees(self.sample(self.lean[:, axis], times)) for axis in (0, 1))
        glance = np.degrees(self.sample(self.glance, times))
        hips = np.degrees(upper.turn)
        level = hips[:, 1] - 0.5 * aside
        counter = style["counter"] * share * np.cos(beat - 0.15)
        twist = counter - hips[:, 2]
        lean = -0.65 * style["lean"] * share - 0.5 * ahead
        nod = style["nod"] * share * np.cos(2.0 * beat - 0.6)
        upper.set(
            spine_x=0.4 * lean, chest_x=0.6 * lean - 0.6 * nod,
            # the ribs stay over the middle while the hips go aside: the shoulder over the standing leg sinks
            spine_y=0.25 * aside - 0.3 * level, chest_y=0.25 * aside - 1.5 * level,
            spine_z=0.4 * twist, chest_z=0.6 * twist + 0.15 * glance,
            neck_x=-0.4 * lean + 0.3 * style["chin"] + 0.3 * nod, head_x=-0.6 * lean + 0.7 * style["chin"] + 0.5 * nod,
            neck_y=0.35 * level - 0.4 * aside, head_y=0.4 * level - 0.6 * aside,
            neck_z=0.35 * glance - 0.45 * counter, head_z=0.5 * glance - 0.55 * counter,
            arms_shrug=-1.3 * style["nod"] * share * np.cos(2.0 * beat - 1.0),  # what a landing shakes, a little later
        )  # fmt: skip
        self._swing_arms(upper, style, share, beat)
        # arms hang and swing straight ahead, however the shoulders that carry them lean and turn
        for name, sign in (("left", -1.0), ("right", 1.0)):
            upper.add(**{
                f"swing_{name}": HANGS * style["lean"] * share,
                f"raise_{name}": -sign * HANGS * 0.8 * level,
                f"twist_{name}": -sign * 1.2 * HANGS * counter,
            })  # fmt: skip
        return upper

    def _swing_arms(self, upper: Upper, style: dict[str, F64], share: F64, beat: F64) -> None:
        """Each arm goes with the other leg; elbow, wrist and fingers follow later, as if dragged."""
        going, still = np.minimum(share, 1.0), 1.0 - np.minimum(share, 1.0)
        for name, sign in (("left", -1.0), ("right", 1.0)):
            swing = sign * np.cos(beat - 0.25)
            bent = sign * np.cos(beat - 0.85)
            dragged = sign * np.cos(beat - 1.3)
            numbers = {
                "swing": share * (style["arm"] * swing + style["arm_bias"]) - 3.0 * still,
                "raise": style["arm_out"] * (1.0 - 0.2 * still),
                "twist": 7.0 - 4.0 * share * (1.0 + swing),  # a hand ahead stays beside the body
                "elbow": style["elbow"] * (going + 0.8 * still) + 0.5 * style["elbow_swing"] * (1.0 + bent) * going,
                "pronate": 18.0 + 4.0 * share + 6.0 * dragged * share,
                "wrist": 4.0 + 6.0 * share * dragged,
                "cock": -3.0 - 5.0 * share * (dragged - swing),
                "protract": 9.0 * share * swing,
                "curl": 24.0 + np.where(style["duty"] < 0.5, 38.0, 3.0) * share + 4.0 * share * dragged,
                "thumb": 25.0 + 0.0 * share,
            }
            upper.set(**{f"{part}_{name}": value for part, value in numbers.items()})

    def events(self, subject: str, start: float, end: float) -> list[Event]:
        """The landings of feet in [start, end)."""
        found = []
        for prints in self.stepping.prints:
            inside = (prints.land >= start) & (prints.land < end)
            for k in np.flatnonzero(inside):
                strength = 0.25 + 0.5 * float(self.sample(self.vigour, prints.land[k : k + 1])[0])
                x, y, z = (float(value) for value in prints.places[k])
                found.append(Event("step", float(prints.land[k]), (x, y, z), min(strength, 1.0), subject))
        return sorted(found, key=lambda event: event.time)
