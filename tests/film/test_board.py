import pytest

from kinema.film.board import lay_beside
from kinema.schema.files import read_storyboard, to_yaml
from samples.boards import board


@pytest.fixture
def path(tmp_path):
    return tmp_path / "film" / "storyboard.yaml"


def test_a_storyboard_is_written_and_written_anew(path):
    lay_beside(path, board())
    lay_beside(path, board(title="another walk"))
    assert read_storyboard(path.read_text()) == board(title="another walk")
    assert {file.name for file in path.parent.iterdir()} == {"storyboard.yaml", "storyboard-1.yaml"}


def test_a_file_that_says_the_same_is_kept_byte_for_byte(path):
    path.parent.mkdir()
    mine = b"# the take I like\r\n" + to_yaml(board()).encode()
    path.write_bytes(mine)
    lay_beside(path, board())
    assert path.read_bytes() == mine


@pytest.mark.parametrize(
    "mine",
    [
        b"# mine\n" + to_yaml(board()).encode(),
        to_yaml(board()).replace("title: a walk", "title: my walk").encode(),  # edited in place, as a machine writes
        b"not a storyboard",
        b"\xff\xfe",
    ],
)
def test_what_a_person_wrote_is_set_aside(path, mine):
    path.parent.mkdir()
    for title in ("one", "two"):
        path.write_bytes(mine)
        lay_beside(path, board(title=title))
    assert path.with_name("storyboard-1.yaml").read_bytes() == mine
    assert path.with_name("storyboard-2.yaml").read_bytes() == mine
    assert read_storyboard(path.read_text()).title == "two"
