"""Being there: breath, blinks, shifting weight, and where the eyes go."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.actions.leisure import PASSING, at_leisure
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.easing import drift, ramp, smooth
from kinema.stage.motion.posture import Upper
from kinema.stage.motion.rotations import about_z, apply

BLINK_SLOT = 3.3  # seconds: one blink falls somewhere in each
BLINK = 0.19  # seconds it lasts
BREATH = 3.9  # seconds
FARTHEST = np.radians(72.0)  # a neck turns no farther
LOOKS_ABOUT = 0.7  # how much farther the head turns of one in a crowd who stands
STIR = 0.10  # how far brows, lids and lips of a resting face move
SMILES = {
    "happy": 0.55,
    "joyful": 0.7,
    "excited": 0.6,
    "playful": 0.5,
    "gentle": 0.25,
    "confident": 0.16,
    "calm": 0.12,
    "casual": 0.08,
}
FROWNS = {"sad": 0.5, "lonely": 0.45, "tired": 0.2, "annoyed": 0.45, "angry": 0.6, "afraid": 0.4, "hungry": 0.2}


def stand(moment: Moment, upper: Upper) -> None:
    """Stand at ease, or walk with the eyes on the way."""
    upright(moment, upper)
    at_leisure(moment, upper)


def upright(moment: Moment, upper: Upper) -> None:
    """What all do who are on their feet, whatever their hands do."""
    alive(moment, upper)
    _shift_weight(moment, upper)
    _wander(moment, upper, 0.35)
    if moment.cue.target is not None and not moment.resting:
        glance = moment.target("eyes", "head")
        if glance is not None:
            gaze(moment, upper, glance, ramp(moment.local, 0.2, 0.6))


def gaze_about(moment: Moment, upper: Upper) -> None:
    """Stroll and look around with pleasure."""
    alive(moment, upper)
    _shift_weight(moment, upper)
    _wander(moment, upper, 1.0)


def search(moment: Moment, upper: Upper) -> None:
    """Turn the head from side to side as one who has lost something."""
    alive(moment, upper)
    swing = np.tanh(2.0 * np.sin(2.0 * np.pi * (moment.times / 3.4 + moment.luck[3])))
    upper.add(head_z=26.0 * swing, neck_z=16.0 * swing, chest_z=6.0 * swing, eyes_z=10.0 * swing, brows_in=0.4)


def look(moment: Moment, upper: Upper) -> None:
    """Look at the target's head, or ahead with attention when there is none."""
    alive(moment, upper)
    _shift_weight(moment, upper)
    at_leisure(moment, upper)
    target = moment.target("head", "eyes", "whole")
    if target is None:
        _wander(moment, upper, 0.5)
        return
    gaze(moment, upper, target, ramp(moment.local, 0.1, 0.55))
    upper.add(brows_up=0.12)


def alive(moment: Moment, upper: Upper) -> None:
    """Breath, blinks and the face of the feeling: what every act begins with."""
    phase = 2.0 * np.pi * (moment.times / BREATH + moment.luck[0])
    breath = np.sin(phase) * (1.0 + 0.6 * moment.vigour)
    upper.add(chest_x=0.7 * breath, arms_shrug=0.9 * breath, neck_x=-0.4 * breath, arms_raise=0.5 * breath)
    upper.add(blink=blinks(moment.times, moment.luck))
    smile = max((value for word, value in SMILES.items() if moment.has(word)), default=0.0)
    frown = max((value for word, value in FROWNS.items() if moment.has(word)), default=0.0)
    upper.add(smile=smile, squint=0.3 * smile, frown=frown, brows_in=0.5 * frown)
    _stirring(moment, upper)


def _stirring(moment: Moment, upper: Upper) -> None:
    """What passes over a face that rests: a face that holds quite still is a mask."""
    thought, mood = drift(moment.times, 4.7, moment.luck[19:22]), drift(moment.times, 7.3, moment.luck[22:25])
    upper.add(brows_up=STIR * np.maximum(thought, 0.0), brows_in=0.7 * STIR * np.maximum(-thought, 0.0))
    upper.add(squint=0.5 * STIR * (1.0 + mood), smile=0.4 * STIR * (1.0 + mood))


def blinks(times: F64, luck: F64) -> F64:
    """How far the lids are shut (T,): quick to close, slower to open."""
    slot = np.floor(times / BLINK_SLOT)
    begins = slot * BLINK_SLOT + luck[slot.astype(int) % len(luck)] * (BLINK_SLOT - 2.0 * BLINK)
    x = (times - begins) / BLINK
    shut: F64 = np.where(x < 0.35, smooth(x / 0.35), 1.0 - smooth((x - 0.35) / 0.65)) * (x > 0)
    return shut


def gaze(moment: Moment, upper: Upper, target: F64, share: F64) -> None:
    """Turn eyes, head, neck and a little of the trunk to a point (T, 3), a share (T,) of the way."""
    rig = moment.rig
    eyes = rig.places[rig.row["eye_left"]] * np.array([0.0, 1.0, 1.0]) - rig.places[rig.row["hips"]]
    bent = upper.numbers[:, :6].reshape(-1, 2, 3).sum(1)  # spine and chest together
    turns = moment.support.turns
    place = moment.support.hips + apply(turns, np.broadcast_to(eyes, target.shape))
    way = apply(np.swapaxes(turns, -1, -2), target - place)
    yaw = np.arctan2(-way[:, 0], way[:, 1]) - bent[:, 2]
    # behind the back one looks over a shoulder, not through the head
    yaw = FARTHEST * np.tanh(yaw / FARTHEST)
    pitch = np.arctan2(way[:, 2], np.hypot(way[:, 0], way[:, 1])) - bent[:, 0]
    pitch = np.radians(50.0) * np.tanh(pitch / np.radians(50.0))
    yaw, pitch = np.degrees(yaw), np.degrees(pitch)
    upper.blend(share, neck_z=0.28 * yaw, head_z=0.42 * yaw, neck_x=0.25 * pitch, head_x=0.5 * pitch)
    upper.blend(share, eyes_z=0.18 * yaw, eyes_x=0.22 * pitch)
    upper.add(chest_z=share * 0.12 * yaw, spine_z=share * 0.07 * yaw)


def _shift_weight(moment: Moment, upper: Upper) -> None:
    """Stand on one leg more than on the other, and change every now and then."""
    if moment.resting:
        return
    still = 1.0 - np.minimum(2.0 * moment.vigour, 1.0)
    ankles = moment.support.ankles
    before = np.einsum("ti,ti->t", ankles[:, 1] - ankles[:, 0], about_z(moment.support.heading)[:, :, 1])
    # rather on the foot behind
    side = np.tanh(2.5 * drift(moment.times, 9.0, moment.luck[4:7]) - 0.9 * np.tanh(before / 0.04)) * still
    sway = 0.35 * drift(moment.times, 4.3, moment.luck[7:10]) * still
    upper.shift[:, 0] += 0.046 * side + 0.004 * sway
    upper.shift[:, 1] += 0.004 * sway
    upper.shift[:, 2] -= 0.006 * np.abs(side)
    tilt = 5.5 * side
    upper.turn[:, 1] -= np.radians(tilt)
    upper.turn[:, 2] += np.radians(2.0 * side)
    upper.add(spine_y=0.65 * tilt, chest_y=0.6 * tilt, head_y=-0.3 * tilt, chest_z=-1.5 * side)
    upper.add(elbow_left=(3.0 + 5.0 * side + 10.0 * moment.luck[40]) * still)
    upper.add(elbow_right=(3.0 - 5.0 * side + 10.0 * moment.luck[41]) * still)
    upper.add(swing_left=8.0 * (moment.luck[42] - 0.7) * still, swing_right=8.0 * (moment.luck[43] - 0.7) * still)


def _wander(moment: Moment, upper: Upper, much: float) -> None:
    """Let eyes and head go from one thing to the next: the eyes jump, the head follows and stays a while.

    One in a crowd who stands looks about more than one who walks or whom the film is about.
    """
    still = 1.0 - np.minimum(2.0 * moment.vigour, 1.0)
    share = much + (LOOKS_ABOUT * still if PASSING in moment.cue.manner else 0.0)
    slot = np.floor(moment.times / 2.1 + moment.luck[10])
    since = (moment.times / 2.1 + moment.luck[10] - slot) * 2.1  # seconds
    pick = moment.luck[(slot.astype(int) * 7 + 11) % len(moment.luck)] - 0.5
    before = moment.luck[(slot.astype(int) * 7 + 4) % len(moment.luck)] - 0.5
    eyes = before + (pick - before) * smooth(since / 0.1)
    head = before + (pick - before) * smooth((since - 0.1) / 0.7)
    adrift = drift(moment.times, 6.0, moment.luck[12:15])
    upper.add(eyes_z=9.0 * eyes, eyes_x=-2.0 * eyes, head_y=much * 2.0 * adrift)
    upper.add(head_z=share * (22.0 * head + 6.0 * adrift), neck_z=share * (12.0 * head + 2.0 * adrift))
    upper.add(head_x=much * 3.0 * drift(moment.times, 5.1, moment.luck[15:18]))
