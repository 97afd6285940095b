import opentimelineio as otio

from kinema.film.timeline import timeline
from samples.boards import board


def test_clips_follow_the_shots_and_dissolves_are_transitions():
    read = otio.adapters.read_from_string(timeline(board(), "../film.mp4", 24), "otio_json")
    track = read.tracks[0]
    assert [type(item).__name__ for item in track] == ["Clip", "Transition", "Clip"]
    first, dissolve, second = track
    assert first.source_range.duration.value == 96
    assert (second.source_range.start_time.value, second.source_range.duration.value) == (96, 64)
    assert dissolve.out_offset.value == 12
    assert first.media_reference.target_url == "../film.mp4"
