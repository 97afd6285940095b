"""Resting: sitting, lying, sleeping, waking up, turning over. What carries the body comes from motion.resting."""

from __future__ import annotations

import numpy as np

from kinema.stage.motion.actions.idle import alive, gaze
from kinema.stage.motion.actions.moment import Moment
from kinema.stage.motion.easing import bump, drift, ramp
from kinema.stage.motion.posture import Upper

SLEEPERS_BREATH = 4.8  # seconds
PEEK_EVERY, PEEK_AT, PEEK = 4.0, 1.2, 0.8  # seconds, of one who only pretends to sleep


def sit(moment: Moment, upper: Upper) -> None:
    """Sit at ease, looking at the target when there is one."""
    alive(moment, upper)
    if moment.resting == "seat":  # the trunk goes forward to keep its balance on the way down
        stoop = bump((moment.local + 0.45) / 1.4)
        upper.add(spine_x=-10.0 * stoop, chest_x=-8.0 * stoop, head_x=6.0 * stoop)
    target = moment.target("head", "eyes")
    if target is not None:
        gaze(moment, upper, target, ramp(moment.local, 0.1, 0.6))
    else:
        upper.add(head_z=9.0 * drift(moment.times, 7.0, moment.luck[12:15]))


def lie(moment: Moment, upper: Upper) -> None:
    """Lie awake, looking at the target when there is one."""
    sit(moment, upper)


def sleep(moment: Moment, upper: Upper) -> None:
    """Breathe slowly, eyes shut."""
    breath = np.sin(2.0 * np.pi * (moment.times / SLEEPERS_BREATH + moment.luck[0]))
    upper.add(chest_x=1.6 * breath, spine_x=0.6 * breath, arms_shrug=1.5 * breath, neck_x=-1.0 * breath)
    upper.add(blink=1.0, jaw_open=0.05 + 0.03 * breath)
    annoyed = 0.5 * moment.has("annoyed", "ignoring", "ignore", "reluctant")
    upper.add(brows_in=annoyed, frown=0.6 * annoyed)


def wake(moment: Moment, upper: Upper) -> None:
    """Stir, open the eyes with two false starts, yawn, look around; the support rises meanwhile."""
    share = moment.share
    opened = ramp(share, 0.3, 0.15) - 0.8 * bump((share - 0.46) / 0.12) - 0.6 * bump((share - 0.66) / 0.1)
    stir = bump(share / 0.35)
    roll = np.sin(2.0 * np.pi * moment.local / 1.3)
    upper.add(head_z=10.0 * stir * roll, neck_x=4.0 * stir, chest_z=4.0 * stir * roll, arms_shrug=8.0 * stir)
    upper.add(brows_in=0.5 * stir, frown=0.25 * stir, squint=0.4 * (1.0 - ramp(share, 0.6, 0.3)))
    alive(moment, upper)
    yawn = bump((share - 0.56) / 0.36)
    upper.add(jaw_open=0.85 * yawn, squint=0.6 * yawn, brows_up=0.5 * yawn, head_x=7.0 * yawn, chest_x=4.0 * yawn)
    upper.add(arms_shrug=8.0 * yawn)
    upper.set(blink=np.clip(np.maximum.reduce([upper.column("blink"), 1.0 - opened, 0.85 * yawn]), 0.0, 1.0))
    target = moment.target("head", "eyes")
    if target is not None:
        gaze(moment, upper, target, ramp(share, 0.55, 0.3))


def ignore(moment: Moment, upper: Upper) -> None:
    """Lie awake and pretend to sleep: lids pressed shut under drawn brows, now and then a peek to see if it worked."""
    sleep(moment, upper)
    peek = ramp(moment.local % PEEK_EVERY, PEEK_AT, 0.25) - ramp(moment.local % PEEK_EVERY, PEEK_AT + PEEK, 0.2)
    upper.set(blink=1.0 - 0.75 * peek)
    upper.set(brows_in=0.65, frown=0.4, squint=0.5 - 0.2 * peek)
    upper.add(eyes_x=-4.0 * peek, arms_curl=30.0)


def turn_over(moment: Moment, upper: Upper) -> None:
    """Open the eyes, annoyed, roll to the other side drawing the blanket up to the chin, and press them shut."""
    share = moment.share
    sleep(moment, upper)
    heave = bump((share - 0.05) / 0.8)
    awake = ramp(share, 0.05, 0.1) - ramp(share, 0.62, 0.12)
    upper.set(blink=1.0 - 0.8 * awake)
    stirred = ramp(share, 0.0, 0.2)
    upper.add(head_x=8.0 * heave, neck_x=6.0 * heave, arms_elbow=12.0 * heave)
    upper.add(brows_in=0.65 * stirred, frown=0.45 * stirred, squint=0.4 * stirred)
    tug = bump((share - 0.5) / 0.5)
    upper.grasp[:] *= (1.0 - 0.35 * np.maximum(heave, tug))[:, None]
    upper.add(arms_elbow=22.0 * tug, arms_swing=-8.0 * tug, arms_curl=50.0 * ramp(share, 0.4, 0.2))
