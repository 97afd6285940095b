"""Cuts: the frames of successive takes joined into one stream, with dissolves and fades."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from kinema.buffers.chunk import U8
from kinema.schema.storyboard import Shot

Take = Callable[[Shot, int], Iterator[U8]]  # shot, frames wanted -> display frames (H, W, 3)


def frame_span(shot: Shot, fps: int) -> tuple[int, int]:
    """First frame of a shot in the film and the one after its last; neighbours share the boundary exactly."""
    return _frame(shot.start, fps), _frame(shot.start + shot.duration, fps)


def joined(shots: tuple[Shot, ...], fps: int, take: Take) -> Iterator[U8]:
    """Every frame of the film. A shot that is dissolved into is preceded by a take that runs on under it."""
    held: list[U8] = []  # the outgoing take's frames under the coming dissolve
    for shot, coming in zip(shots, (*shots[1:], None), strict=True):
        begin, end = frame_span(shot, fps)
        tail = _mix_frames(coming, fps) if coming and coming.transition == "dissolve" else 0
        frames = take(shot, end - begin + tail)
        fade_in = _mix_frames(shot, fps) if shot.transition == "fade" else 0
        fade_out = _mix_frames(coming, fps) if coming and coming.transition == "fade" else 0
        for k in range(end - begin):
            frame = next(frames)
            if k < len(held):
                frame = _mixed(held[k], frame, (k + 1) / (len(held) + 1))
            dark = min((k + 1) / (fade_in + 1), (end - begin - k) / (fade_out + 1), 1.0)
            yield frame if dark == 1.0 else _mixed(np.zeros_like(frame), frame, dark)
        held = list(frames)


def _frame(time: Fraction, fps: int) -> int:
    return round(time * fps)


def _mix_frames(shot: Shot, fps: int) -> int:
    return round(shot.transition_duration * fps)


def _mixed(first: U8, second: U8, share: float) -> U8:
    """A weighted mean of display values, as a lab's dissolve looks on screen."""
    weight = round(share * 256)
    return ((first.astype(np.uint16) * (256 - weight) + second.astype(np.uint16) * weight + 128) >> 8).astype(np.uint8)
