"""The storyboard of a request: its own or a newly directed one, in the look that was asked for."""

from __future__ import annotations

from kinema.director.direct import direct
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Storyboard


def planned(request: FilmRequest) -> Storyboard:
    """The storyboard a request will be filmed from."""
    storyboard = request.storyboard or direct(request)
    if request.look is None:
        return storyboard
    return storyboard.model_copy(update={"look": storyboard.look.model_copy(update={"medium": request.look})})
