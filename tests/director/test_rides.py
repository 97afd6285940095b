from director.prompts import film
from kinema.schema.storyboard import Storyboard


def deeds(board: Storyboard) -> list[tuple[str, str, str]]:
    return [(beat.scene, beat.subject, beat.action) for beat in board.beats]


def test_who_gets_in_is_gone_when_the_car_goes() -> None:
    board = film("A man gets into a taxi and it drives off.")
    assert ("scene_1", "man", "walk") in deeds(board)
    assert ("scene_2", "car", "drive") in deeds(board)
    assert [(r.subject, r.kind, r.object, r.scene) for r in board.relations] == [("man", "inside", "car", "scene_2")]
    shown = {
        name for shot in board.shots if shot.scene == "scene_2" for name in (shot.framing.subject, *shot.framing.also)
    }
    assert shown == {"car"}
    assert "gets into" in {note.words for note in board.notes}


def test_a_driver_is_not_seen() -> None:
    board = film("A woman drives a red car.")
    assert deeds(board) == [("scene_1", "car", "drive")]
    assert [(r.subject, r.kind, r.object) for r in board.relations] == [("woman", "inside", "car")]


def test_a_car_that_is_only_meant_is_cast() -> None:
    board = film("一个男人上车，车开走了。")
    assert [one.concept for one in board.cast] == ["man", "car"]
    assert [beat.subject for beat in board.beats if beat.scene == "scene_2"] == ["car"]


def test_who_gets_out_stands_beside_a_parked_car() -> None:
    board = film("A girl gets out of a white car and waves.")
    assert ("scene_1", "car", "park") in deeds(board)
    assert [action for _, who, action in deeds(board) if who == "girl"] == ["stand", "wave"]


def test_getting_into_bed_is_no_ride() -> None:
    assert [action for _, _, action in deeds(film("A girl gets into bed."))] == ["lie"]
