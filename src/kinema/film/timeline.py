"""The cut as an OpenTimelineIO timeline, so that it opens in an editor's own tools."""

from __future__ import annotations

from fractions import Fraction
from urllib.parse import quote

import opentimelineio as otio

from kinema.schema.storyboard import Storyboard


def timeline(storyboard: Storyboard, film_name: str, fps: int) -> str:
    """The storyboard's shots as clips of the film's file; OTIO JSON.

    Dissolves are in the film's pixels already: a marker says where, a transition would dissolve them once more.
    film_name: the film's path from the timeline's folder, quoted here as a URL asks for.
    """
    track = otio.schema.Track(name="picture", kind=otio.schema.TrackKind.Video)
    whole = _range(Fraction(0), storyboard.seconds, fps)
    for number, shot in enumerate(storyboard.shots):
        media = otio.schema.ExternalReference(target_url=quote(film_name), available_range=whole)
        clip = otio.schema.Clip(shot.id, media, _range(shot.start, shot.start + shot.duration, fps))
        clip.metadata["kinema"] = {"scene": shot.scene, "subject": shot.framing.subject, "move": shot.move}
        mixed = _range(shot.start, shot.start + shot.transition_duration, fps)
        seen = shot.transition == "fade" or (shot.transition == "dissolve" and number > 0)  # from black, or a shot
        if seen and mixed.duration.value > 0:
            clip.markers.append(otio.schema.Marker(f"{shot.transition}, in the picture", mixed))
        track.append(clip)
    result = otio.schema.Timeline(storyboard.title)
    result.metadata["kinema"] = {"prompt": storyboard.prompt}
    result.tracks.append(track)
    text: str = otio.adapters.write_to_string(result, "otio_json")
    return text


def _range(start: Fraction, end: Fraction, fps: int) -> otio.opentime.TimeRange:
    """From the frame a time falls on up to the one another does: neighbours share their boundary, as in the film."""
    first, after = round(start * fps), round(end * fps)
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(first, fps), otio.opentime.RationalTime(after - first, fps)
    )
