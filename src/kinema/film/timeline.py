"""The cut as an OpenTimelineIO timeline, so that it opens in an editor's own tools."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio

from kinema.schema.storyboard import Shot, Storyboard


def timeline(storyboard: Storyboard, film_name: str, fps: int) -> str:
    """The storyboard's shots as clips of the film's file, dissolves as transitions; OTIO JSON."""
    track = otio.schema.Track(name="picture", kind=otio.schema.TrackKind.Video)
    whole = _range(Fraction(0), storyboard.seconds, fps)
    for shot in storyboard.shots:
        if shot.transition == "dissolve" and len(track):
            track.append(_dissolve(shot, fps))
        media = otio.schema.ExternalReference(target_url=film_name, available_range=whole)
        clip = otio.schema.Clip(shot.id, media, _range(shot.start, shot.duration, fps))
        clip.metadata["kinema"] = {"scene": shot.scene, "subject": shot.framing.subject, "move": shot.move}
        track.append(clip)
    result = otio.schema.Timeline(storyboard.title)
    result.metadata["kinema"] = {"prompt": storyboard.prompt}
    result.tracks.append(track)
    text: str = otio.adapters.write_to_string(result, "otio_json")
    return text


def _dissolve(shot: Shot, fps: int) -> otio.schema.Transition:
    """A dissolve that begins at the cut and runs into the shot."""
    return otio.schema.Transition(
        transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
        in_offset=otio.opentime.RationalTime(0, fps),
        out_offset=otio.opentime.RationalTime(round(shot.transition_duration * fps), fps),
    )


def _range(start: Fraction, duration: Fraction, fps: int) -> otio.opentime.TimeRange:
    at, length = (otio.opentime.RationalTime(round(value * fps), fps) for value in (start, duration))
    return otio.opentime.TimeRange(at, length)
