"""The table of worlds and the cameras put into them."""

from pathlib import Path

import pytest

from kinema.training.worlds import FPS, LEAD, World, board_of, clips_of, read_worlds

TABLE = Path(__file__).parents[2] / "recipes" / "worlds.yaml"
WALK = World(id="walk", prompt="A man in a green shirt walks down a city street on a sunny day", seed=5, clips=3)


def test_held_out_worlds_share_nothing_with_the_others():
    rows = read_worlds(TABLE)
    train, held_out = [r for r in rows if not r.held_out], [r for r in rows if r.held_out]
    assert len(train) >= 24
    assert len(held_out) >= 5
    assert not {r.seed for r in train} & {r.seed for r in held_out}
    assert not {r.prompt for r in train} & {r.prompt for r in held_out}


def test_two_rows_of_one_name_are_refused(tmp_path):
    path = tmp_path / "worlds.yaml"
    path.write_text("- {id: a, prompt: A man walks, seed: 1}\n- {id: a, prompt: A dog runs, seed: 2}\n")
    with pytest.raises(ValueError, match=r"id of its own \(twice: a\)"):
        read_worlds(path)


def test_unknown_columns_are_refused(tmp_path):
    path = tmp_path / "worlds.yaml"
    path.write_text("- {id: a, prompt: A man walks, seed: 1, clip: 3}\n")
    with pytest.raises(ValueError, match="clip"):
        read_worlds(path)


def test_clips_are_the_same_every_time_and_differ_from_each_other():
    board = board_of(WALK)
    once, again = (list(clips_of(WALK, board, 4)) for _ in range(2))
    assert once == again
    assert [clip.name for clip in once] == ["walk-0", "walk-1", "walk-2"]
    assert len({(clip.first, clip.shot.framing.size, clip.shot.framing.side) for clip in once}) > 1


def test_more_clips_leave_the_first_as_they_were():
    board = board_of(WALK)
    (one,) = clips_of(WALK.model_copy(update={"clips": 1}), board, 4)
    first = next(clips_of(WALK, board, 4))
    assert (one.shot, one.first) == (first.shot, first.first)


def test_clips_lie_within_their_shots():
    board = board_of(WALK)
    for clip in clips_of(WALK, board, 4):
        assert clip.shot.scene in {scene.id for scene in board.scenes}
        assert int(LEAD * FPS) <= clip.first
        assert clip.first + 4 <= clip.shot.duration * FPS
