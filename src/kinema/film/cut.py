"""Cuts: the frames of successive takes joined into one stream, with dissolves and fades."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from fractions import Fraction
from itertools import chain, islice

import numpy as np

from kinema.buffers.chunk import FRAMES_PER_CHUNK, U8
from kinema.schema.storyboard import Shot

Take = Callable[[Shot, int], Generator[U8, None, None]]  # shot, frames wanted -> display frames (H, W, 3)


def frame_span(shot: Shot, fps: int) -> tuple[int, int]:
    """First frame of a shot in the film and the one after its last; neighbours share the boundary exactly."""
    return _frame(shot.start, fps), _frame(shot.start + shot.duration, fps)


def joined(shots: tuple[Shot, ...], fps: int, take: Take) -> Iterator[U8]:
    """Every frame of the film. A shot that is dissolved into is preceded by a take that runs on under it.

    A take's first frame is asked for when the last chunk of the take before is there: whoever draws is never idle, and
    no more than three chunks are held at once.
    Every take is closed at the end, also when one of them fails.
    """
    with ExitStack() as takes:

        def closed_in_time(shot: Shot, count: int) -> Iterator[U8]:
            frames = take(shot, count)
            takes.callback(frames.close)
            return frames

        yield from _joined(shots, fps, closed_in_time)


def _joined(shots: tuple[Shot, ...], fps: int, take: Callable[[Shot, int], Iterator[U8]]) -> Iterator[U8]:
    held: list[U8] = []  # the outgoing take's frames under the coming dissolve
    followers = (*shots[1:], None, None)
    begun: Iterator[U8] | None = None
    for shot, coming, later in zip(shots, followers[:-1], followers[1:], strict=True):
        begin, end = frame_span(shot, fps)
        count = _taken(shot, coming, fps)
        frames, begun = begun or take(shot, count), None
        fade_in = _mix_frames(shot, fps) if shot.transition == "fade" else 0
        fade_out = _mix_frames(coming, fps) if coming and coming.transition == "fade" else 0
        running_on: list[U8] = []
        for k, frame in enumerate(frames):
            if coming and k == _last_chunk(count):
                begun = _begun(take(coming, _taken(coming, later, fps)))
            if k >= end - begin:
                running_on.append(frame)
                continue
            if k < len(held):
                frame = _mixed(held[k], frame, (k + 1) / (len(held) + 1))
            dark = min((k + 1) / (fade_in + 1), (end - begin - k) / (fade_out + 1), 1.0)
            yield frame if dark == 1.0 else _mixed(np.zeros_like(frame), frame, dark)
        held = running_on


def _taken(shot: Shot, coming: Shot | None, fps: int) -> int:
    """How many frames a shot's take has: it runs on under a dissolve into the next."""
    begin, end = frame_span(shot, fps)
    return end - begin + (_mix_frames(coming, fps) if coming and coming.transition == "dissolve" else 0)


def _begun(frames: Iterator[U8]) -> Iterator[U8]:
    """The same frames, the first of them made at once."""
    return chain(list(islice(frames, 1)), frames)


def _last_chunk(count: int) -> int:
    """The first frame of the last chunk of a take."""
    return max(count - 1, 0) // FRAMES_PER_CHUNK * FRAMES_PER_CHUNK


def _frame(time: Fraction, fps: int) -> int:
    return round(time * fps)


def _mix_frames(shot: Shot, fps: int) -> int:
    return round(shot.transition_duration * fps)


def _mixed(first: U8, second: U8, share: float) -> U8:
    """A weighted mean of display values, as a lab's dissolve looks on screen."""
    weight = round(share * 256)
    return ((first.astype(np.uint16) * (256 - weight) + second.astype(np.uint16) * weight + 128) >> 8).astype(np.uint8)
