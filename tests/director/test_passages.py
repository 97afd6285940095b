import pytest

from director.prompts import film


@pytest.mark.parametrize(
    ("text", "hours", "action"),
    [
        ("A city street as day turns to night.", ["day", "night"], "walk"),
        ("A cat sleeps on the bed from morning till evening.", ["morning", "evening"], "sleep"),
        ("从白天到夜晚，一只狼站在山顶上。", ["day", "night"], "stand"),
        ("A wolf walks at dusk.", ["evening"], "walk"),
    ],
)
def test_one_hour_gives_way_to_another_while_the_deed_goes_on(text: str, hours: list[str], action: str) -> None:
    board = film(text)
    assert [scene.place.hour for scene in board.scenes] == hours
    assert [beat.action for beat in board.beats] == [action] * len(hours)


def test_seasons_pass_too() -> None:
    board = film("Autumn turns to winter while a fox sleeps under a pine tree.")
    assert [scene.place.season for scene in board.scenes] == ["autumn", "winter"]
