from kinema.director.planned import fitted, planned
from kinema.schema.request import FilmRequest


def sized(**wishes: int) -> tuple[int, int, int]:
    request = FilmRequest(prompt="Vertical video, 30 fps: a girl dances", **wishes)
    fit = fitted(request, planned(request))
    return fit.width, fit.height, fit.fps


def test_a_film_has_the_size_its_prompt_asks_for() -> None:
    assert sized() == (720, 1280, 30)


def test_a_request_that_names_its_own_wins() -> None:
    assert sized(width=640, height=360) == (640, 360, 30)
    assert sized(fps=12) == (720, 1280, 12)
