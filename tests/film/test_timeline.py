from fractions import Fraction

import opentimelineio as otio
import pytest

from kinema.film.cut import frame_span
from kinema.film.timeline import timeline
from samples.boards import CONTENT, board


def read(storyboard, name="../film.mp4", fps=24):
    return otio.adapters.read_from_string(timeline(storyboard, name, fps), "otio_json")


def test_clips_follow_the_shots_and_dissolves_are_marked_not_mixed_again():
    track = read(board()).tracks[0]
    assert [type(item).__name__ for item in track] == ["Clip", "Clip"]
    first, second = track
    assert first.source_range.duration.value == 96
    assert (second.source_range.start_time.value, second.source_range.duration.value) == (96, 64)
    assert list(first.markers) == []
    assert second.markers[0].name == "dissolve, in the picture"
    assert second.markers[0].marked_range.duration.value == 12


def test_what_is_not_in_the_pictures_is_not_marked():
    first, second = CONTENT["shots"]
    opening = {**first, "transition": "dissolve", "transition_duration": "1/2"}
    result = read(board(shots=[opening, {**second, "transition_duration": 0}]))
    assert [list(clip.markers) for clip in result.tracks[0]] == [[], []]


def test_names_are_quoted_as_urls():
    assert (
        read(board(), "../my film #1 é.mp4").tracks[0][0].media_reference.target_url
        == "../my%20film%20%231%20%C3%A9.mp4"
    )


@pytest.mark.parametrize("fps", [12, 24, 25, 30])
def test_clips_last_as_long_as_the_film_whatever_the_rate(fps):
    thirds = [
        {**CONTENT["shots"][0], "id": f"s{k}", "start": str(Fraction(k * 4, 3)), "duration": "4/3", "offset": 0}
        for k in range(5)
    ]
    storyboard = board(shots=thirds)
    result = read(storyboard, fps=fps)
    assert result.duration().value == frame_span(storyboard.shots[-1], fps)[1]
    for clip, shot in zip(result.tracks[0], storyboard.shots, strict=True):
        begin, end = frame_span(shot, fps)
        assert (clip.source_range.start_time.value, clip.source_range.end_time_exclusive().value) == (begin, end)
