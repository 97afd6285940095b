"""People for tests, dressed as films dress them."""

from kinema.schema.storyboard import Subject
from kinema.stage.bodies.people.appearance import appearance
from kinema.stage.bodies.people.figure import Figure
from kinema.stage.bodies.people.person import Detail, dress


def dressed(subject: Subject, seed: int, detail: Detail = "hero", number: int = 0) -> Figure:
    """One member of a subject; number counts through a crowd."""
    return dress(appearance(subject, seed, number), seed, f"{subject.id}-{number}", detail)
