"""The storyboard of a request, its own or a newly directed one, and the size and rate the film is made in."""

from __future__ import annotations

from kinema.director.direct import direct
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Storyboard

SIZE = {"width", "height"}


def planned(request: FilmRequest) -> Storyboard:
    """The storyboard a request will be filmed from, in the look that was asked for."""
    storyboard = request.storyboard or direct(request)
    if request.look is None:
        return storyboard
    return storyboard.model_copy(update={"look": storyboard.look.model_copy(update={"medium": request.look})})


def fitted(request: FilmRequest, storyboard: Storyboard) -> FilmRequest:
    """The request with the storyboard's size and rate, where it names none itself."""
    if storyboard.format is None:
        return request
    wished = storyboard.format.model_dump()
    given = request.model_fields_set
    kept = given | (SIZE if given & SIZE else set())
    return request.model_copy(update={name: value for name, value in wished.items() if name not in kept})
