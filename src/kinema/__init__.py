"""Kinema: a prompt becomes a film, by way of a programmed world."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinema.production import Film

__version__ = "0.1.0"
__all__ = ["__version__", "make"]


def make(prompt: str | None = None, out: str | Path = "film.mp4", **wishes: Any) -> Film:
    """Make a film of a prompt, or of a storyboard given by keyword.

    wishes: fields of kinema.schema.request.FilmRequest: storyboard, seconds, width, height, fps, seed, look, painter.
    Raises: kinema.schema.errors.KinemaError of the kind that fits.
    """
    from kinema.production import make_film
    from kinema.schema.asking import film_request

    return make_film(film_request(prompt=prompt, **wishes), Path(out))
