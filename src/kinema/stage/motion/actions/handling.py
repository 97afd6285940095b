"""Hands that do something: reaching, giving, eating, carrying."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from pydantic import TypeAdapter

from kinema.buffers.scene_frame import F64
from kinema.schema.document import Document
from kinema.schema.tables import parsed
from kinema.stage.motion.actions.idle import alive, gaze, upright
from kinema.stage.motion.actions.moment import Moment, point_of
from kinema.stage.motion.easing import bump, ramp, smooth
from kinema.stage.motion.posture import LEFT, RIGHT, Upper
from kinema.stage.motion.rotations import about_z, unit

# Shares of a reach: the hand has come to the edge of what it goes under, is in as far as it goes and has what was there
# (blocking hands things over then), begins to draw it out, has it half out, lifts it, and holds it up.
AT, TAKEN, DRAWS, HALF, LIFTS, ARRIVED = 0.12, 0.24, 0.28, 0.40, 0.60, 0.86
APPROACH = 0.17  # metres before a thing from which a hand goes in
SHOWN_UP = 0.10  # metres over the usual at which something found is held up
FOUND_UP, FOUND_OUT = 0.20, 0.20  # metres over where it lay, and out from there, at which one who lies looks at it
GRIP_UP = 0.04  # metres above what a thing lies on at which it is taken
HELD_OUT, MOST_HELD_OUT = 0.6, 0.5  # before an animal: of its height, and at most so many metres
KNEELS = 0.3  # of the leg's length: what the hand lacks downward, from which on one goes down on a knee
COMFORT = 0.93  # of the arm's length: nobody stretches to the last
FARTHEST = 0.98  # but one with a load overhead does
AT_EASE_UP = 0.72  # of the leg's length above the hips: where a pole is held without bending or stretching
GIVES = 0.45  # of what it is lower than that: how far the knees give


def reach(moment: Moment, upper: Upper) -> None:
    """The right hand goes in under what covers the target, feels for it and slowly brings it before the chest."""
    _at_rest_or_standing(moment, upper)
    upper.free(RIGHT)
    share = moment.share
    target = _lying(moment)
    if target is None:  # under the pillow, or in front
        target = moment.beside_trunk(0.16, -0.10, 0.78) if moment.resting == "bed" else moment.ahead(0.12, 0.5, 0.35)
    shown = _looked_at(moment, target)
    way = shown - target
    way[:, 2] = 0.0
    before = target + APPROACH * unit(way) + np.array([0.0, 0.0, 0.03])
    inside = (
        ramp(share, AT, TAKEN - AT) - 0.5 * ramp(share, DRAWS, HALF - DRAWS) - 0.5 * ramp(share, HALF, LIFTS - HALF)
    )
    out = ramp(share, LIFTS, ARRIVED - LIFTS)
    rummage = bump((share - TAKEN + 0.04) / (DRAWS - TAKEN + 0.06))
    feel = np.stack([np.sin(11.0 * moment.local), np.sin(8.0 * moment.local + 1.0), 0.0 * share], -1)
    point = before + inside[:, None] * (target - before)
    upper.hands[:, RIGHT] = point + out[:, None] * (shown - point) + 0.022 * rummage[:, None] * feel
    upper.grasp[:, RIGHT] = ramp(share, 0.02, AT)
    going = ramp(share, 0.04, TAKEN - 0.04) - out
    _lean_to(moment, upper, target, going)
    lying = moment.resting == "bed"
    gaze(moment, upper, target, (0.4 if lying else 0.85) * going)  # not face down in the pillow
    gaze(moment, upper, shown, (0.75 if lying else 0.6) * out)
    upper.blend(upper.grasp[:, RIGHT], swing_right=30.0, raise_right=24.0, elbow_right=50.0, twist_right=10.0)
    closed = ramp(share, TAKEN - 0.06, 0.08)
    upper.blend(np.ones_like(share), curl_right=18.0 + 34.0 * closed, thumb_right=5.0 + 20.0 * closed)
    drowsy = 0.45 * lying * (1.0 - ramp(share, 0.3, 0.5))  # one who lies was asleep until now
    upper.set(blink=np.maximum(upper.column("blink"), drowsy))
    upper.add(brows_up=0.25 * going * (1.0 - lying), brows_in=0.5 * drowsy, smile=0.7 * out, squint=0.25 * out)


def give(moment: Moment, upper: Upper) -> None:
    """The right hand holds out what it has before the target's mouth, and keeps it there; low for a low one."""
    _at_rest_or_standing(moment, upper)
    upper.free(RIGHT)
    going = ramp(moment.local, 0.15, 1.4)
    offered = _before_mouth(moment)
    home = _before_chest(moment)
    _stoop_to(moment, upper, offered, going)
    upper.hands[:, RIGHT] = home + going[:, None] * (offered - home)
    upper.grasp[:, RIGHT] = 1.0
    _lean_to(moment, upper, offered, 0.8 * going)
    face = moment.target("eyes", "head")
    gaze(moment, upper, offered if face is None else face, going)
    ones = np.ones_like(going)
    upper.blend(
        ones, swing_right=30.0, raise_right=20.0, elbow_right=60.0, twist_right=8.0, curl_right=50.0, thumb_right=22.0
    )
    upper.blend(ones, pronate_right=-14.0, wrist_right=4.0)
    tilt = 7.0 * np.sin(2.0 * np.pi * moment.local / 5.0) * going
    upper.add(smile=0.95 * going, squint=0.3 * going, brows_up=0.3 * going, head_y=tilt, neck_y=0.5 * tilt)


def eat(moment: Moment, upper: Upper) -> None:
    """The right hand goes between the lap and the mouth. rate: bites per second."""
    _at_rest_or_standing(moment, upper)
    upper.free(RIGHT)
    phase = (moment.local * moment.numbers["rate"] + 0.15) % 1.0
    up = smooth(np.minimum(phase / 0.3, 1.0)) - smooth(np.clip((phase - 0.48) / 0.3, 0.0, 1.0))
    rig = moment.rig
    mouth = rig.places[rig.row["jaw"]] - rig.places[rig.row["hips"]]
    low = _before_chest(moment) - np.array([0.0, 0.0, 0.12])
    high = moment.beside_trunk(0.04, mouth[1] + 0.15, mouth[2] - 0.085)
    upper.hands[:, RIGHT] = low + up[:, None] * (high - low)
    upper.grasp[:, RIGHT] = 1.0
    ones = np.ones_like(up)
    upper.blend(ones, swing_right=30.0, raise_right=24.0, elbow_right=90.0, twist_right=15.0, pronate_right=10.0)
    upper.blend(ones, curl_right=60.0, thumb_right=30.0, wrist_right=20.0 * up)
    chew = bump(np.clip((phase - 0.5) / 0.5, 0.0, 1.0)) * (0.5 + 0.5 * np.sin(2.0 * np.pi * 2.2 * moment.local))
    upper.add(head_x=-6.0 * up, neck_x=-3.0 * up, jaw_open=0.5 * bump((phase - 0.15) / 0.35) + 0.18 * chew)


def carry(moment: Moment, upper: Upper) -> None:
    """Both hands hold a pole; the arms are solved to it, and all of the body goes with it."""
    alive(moment, upper)
    if moment.hands is None:
        head = moment.rig.places[moment.rig.row["head"]][2] - moment.rig.hip_height
        left, right = moment.ahead(-0.06, 0.24, head + 0.22), moment.ahead(0.06, 0.26, head - 0.12)
    else:
        both = np.array([moment.hands(float(time)) for time in moment.times])
        left, right = _within_reach(moment, both[:, 0], both[:, 1])
    upper.hands[:, 0], upper.hands[:, 1] = left, right
    upper.grasp[:] = 1.0
    upper.set(arms_swing=70.0, arms_raise=30.0, arms_elbow=60.0, arms_curl=82.0, arms_thumb=38.0, arms_pronate=20.0)
    upper.add(arms_shrug=5.0, smile=0.2 + 0.4 * moment.luck[50], jaw_open=0.2 * moment.luck[51])
    _heave(moment, upper, 0.5 * (left + right))
    looks_up = 0.15 + 0.4 * moment.luck[52]
    gaze(moment, upper, 0.5 * (left + right) + np.array([0.0, 0.0, 0.6]), np.full(len(moment.times), looks_up))


def _heave(moment: Moment, upper: Upper, hands: F64) -> None:
    """Go with what is carried: knees and back give as it comes down, all stretches as it goes up, and the body leans
    to the side it swings to. hands (T, 3): the middle of both."""
    support, leg = moment.support, moment.rig.leg
    lift = hands[:, 2] - support.hips[:, 2]
    aside = np.einsum("ti,ti->t", hands - support.hips, about_z(support.heading)[:, :, 0])
    low = np.clip((AT_EASE_UP * leg - lift) / leg, -0.15, 0.5)
    upper.shift[:, 2] -= GIVES * leg * np.maximum(low, 0.0)
    upper.shift[:, 0] += 0.25 * np.clip(aside, -0.3, 0.3)
    bow, lean = 55.0 * low, np.degrees(0.35 * np.clip(aside, -0.4, 0.4))
    upper.turn[:, 0] -= np.radians(0.3 * bow)
    upper.add(spine_x=3.0 - 0.3 * bow, chest_x=2.0 - 0.25 * bow, spine_y=lean, chest_y=0.6 * lean, head_y=-0.8 * lean)
    upper.add(chest_z=-0.5 * lean, head_x=0.4 * bow)


def _within_reach(moment: Moment, left: F64, right: F64) -> tuple[F64, F64]:
    """Hands (T, 3) on a pole, slid along it as far as the arms ask for."""
    rig = moment.rig
    pole = unit(right - left)
    longest = FARTHEST * (rig.arm_length + rig.palm_reach)
    moved = []
    for side, hand in (("left", left), ("right", right)):
        x, y, z = rig.places[rig.row[f"upper_arm_{side}"]] - rig.places[rig.row["hips"]]
        way = hand - moment.beside_trunk(x, y, z)
        along = np.einsum("ti,ti->t", way, pole)
        across = np.einsum("ti,ti->t", way, way) - along * along
        most = np.sqrt(np.maximum(longest * longest - across, 0.0))
        moved.append(hand + (np.clip(along, -most, most) - along)[:, None] * pole)
    return moved[0], moved[1]


class Carrying(Document):
    """One row of carrying.yaml, as its head explains."""

    side: Literal["left", "right"] = "left"
    bow: float = 0.0
    away: float = 0.0
    hold: dict[str, float]
    give: dict[str, float]
    most: float


@cache
def carrying_table() -> Mapping[str, Carrying]:
    """The whole of carrying.yaml."""
    text = files("kinema.stage.motion").joinpath("carrying.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Carrying]).validate_python(parsed(text))


def hang_load(upper: Upper, how: str) -> None:
    """An arm carries something: it keeps to a posture, swings less and never rises. how: row of carrying.yaml."""
    row = carrying_table()[how]
    side = row.side
    held = {part: np.radians(row.hold.get(part, 0.0)) for part in {*row.hold, *row.give}}
    most = np.radians(row.most)
    for part, angle in held.items():
        column = upper.column(f"{part}_{side}")
        column[:] = angle + most * np.tanh(row.give.get(part, 0.0) * column / most)
    upper.grasp[:, (LEFT, RIGHT)[side == "right"]] = 0.0
    if row.bow:
        upper.add(head_x=-0.6 * row.bow, neck_x=-0.4 * row.bow, eyes_x=-0.4 * row.bow)
    if row.away:
        lean = row.away if side == "left" else -row.away
        upper.add(spine_y=lean, head_y=-0.7 * lean)


def _at_rest_or_standing(moment: Moment, upper: Upper) -> None:
    if moment.resting:
        alive(moment, upper)
    else:
        upright(moment, upper)


def _before_chest(moment: Moment) -> F64:
    """Where the right hand holds a small thing (T, 3)."""
    rig = moment.rig
    chest = rig.places[rig.row["chest"]][2] - rig.hip_height
    return moment.beside_trunk(0.14, 0.55 * rig.arm_length, 0.75 * chest)


def _looked_at(moment: Moment, found: F64) -> F64:
    """Where what was found (T, 3) is held to look at it (T, 3): before the chest, or over its place by one who lies."""
    if moment.resting != "bed":
        return np.asarray(_before_chest(moment) + np.array([0.0, 0.0, SHOWN_UP]))
    level = np.array([1.0, 1.0, 0.0])
    way = unit(level * moment.support.turns[:, :, 1]) + unit(level * (moment.support.hips - found))
    return np.asarray(found + FOUND_OUT * unit(way) + np.array([0.0, 0.0, FOUND_UP]))


def _lying(moment: Moment) -> F64 | None:
    """Where what is to be taken lies when the act begins (T, 3), or else the target."""
    taken = moment.cue.instrument
    if taken is None:
        return moment.target("grip", "centre", "middle")
    place = point_of(taken, moment.cue.start, ("bottom", "grip")) + np.array([0.0, 0.0, GRIP_UP])
    return np.broadcast_to(place, (len(moment.times), 3)).copy()


def _before_mouth(moment: Moment) -> F64:
    """Where something is held out (T, 3): before the target's mouth as it is in the end, when it has come for it."""
    target, hips = moment.cue.target, moment.support.hips
    if target is None:
        return moment.ahead(0.1, 0.6, 0.3)
    chest = point_of(target, moment.cue.end, ("chest", "head"))
    tall = target.region(moment.cue.end, "whole").height
    away = hips - chest
    away[:, 2] = 0.0
    gap = min(HELD_OUT * tall, MOST_HELD_OUT)
    return np.asarray(chest + gap * unit(away) + np.array([0.0, 0.0, 0.15 * min(tall, 1.0)]))


def _stoop_to(moment: Moment, upper: Upper, target: F64, share: F64) -> None:
    """On foot, bow until the hand comes down to a low point (T, 3), bending the knees or going down on one."""
    if moment.resting:
        return
    rig = moment.rig
    hand = rig.places[rig.row["upper_arm_right"]][2] - 0.8 * rig.arm_length  # above the ground
    lacking = np.clip(moment.support.hips[:, 2] - rig.hip_height + hand - target[:, 2], 0.0, 1.0)
    # told once for all of a cue, by where it is: whoever breathes at the limit would go down and up again
    if moment.cue.mark.position[2] + hand - target[0, 2] > KNEELS * rig.leg:
        upper.kneel[:] = share
        lacking = np.maximum(lacking - 0.5 * rig.leg, 0.0)
    down = np.minimum(0.55 * lacking, 0.42 * rig.leg) * share * (1.0 - upper.kneel)
    bow = share * np.degrees(np.minimum(0.95 * lacking, 0.75))
    upper.shift[:, 2] -= down
    upper.shift[:, 1] -= 0.35 * down
    upper.turn[:, 0] -= np.radians(0.6 * bow)
    upper.add(spine_x=-0.3 * bow, chest_x=-0.25 * bow)


def _lean_to(moment: Moment, upper: Upper, target: F64, share: F64) -> None:
    """Bend and turn the trunk to a point the arm is too short for."""
    rig = moment.rig
    shoulder = rig.places[rig.row["upper_arm_right"]] - rig.places[rig.row["hips"]]
    way = np.einsum("tji,tj->ti", moment.support.turns, target - moment.support.hips) - shoulder
    lacking = np.clip(np.linalg.norm(way, axis=1) - COMFORT * rig.arm_length, 0.0, 0.5)
    bend = share * np.degrees(np.arctan2(lacking, 0.5))
    ahead = unit(way)
    roll = share * (0.2 if moment.resting == "bed" else 1.0)  # one who lies stays as he lies
    upper.add(
        spine_x=-0.4 * bend * np.maximum(ahead[:, 1], -0.3), chest_x=-0.35 * bend * np.maximum(ahead[:, 1], -0.3),
        spine_y=0.3 * bend * ahead[:, 0], chest_y=0.25 * bend * ahead[:, 0],
        chest_z=roll * (14.0 * ahead[:, 1] - 16.0 * ahead[:, 0]),
        spine_z=roll * (6.0 * ahead[:, 1] - 8.0 * ahead[:, 0]),
        protract_right=share * 12.0 * ahead[:, 1],
    )  # fmt: skip
    if not moment.resting:
        upper.turn[:, 0] -= np.radians(0.4 * bend * np.clip(ahead[:, 1], 0.0, 1.0))
        upper.shift[:, 1] -= 0.003 * bend
