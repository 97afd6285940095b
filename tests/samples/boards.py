"""A small storyboard for tests."""

from kinema.schema.storyboard import Storyboard

CONTENT = {
    "title": "a walk",
    "scenes": [{"id": "s1", "place": {"set": "city_street", "hour": "night"}, "duration": "20/3"}],
    "cast": [{"id": "woman", "concept": "woman", "garments": [{"kind": "dress", "colour": "red"}]}],
    "beats": [{"id": "b1", "scene": "s1", "subject": "woman", "action": "walk", "start": 0, "end": 6.5}],
    "shots": [
        {"id": "one", "scene": "s1", "start": 0, "duration": 4, "framing": {"subject": "woman", "size": "wide"}},
        {
            "id": "two",
            "scene": "s1",
            "start": 4,
            "duration": "8/3",
            "offset": 4,
            "framing": {"subject": "woman", "size": "close"},
            "move": "push",
            "transition": "dissolve",
            "transition_duration": 0.5,
        },
    ],
}


def board(**changes: object) -> Storyboard:
    """The walk, with top-level keys replaced."""
    return Storyboard.model_validate({**CONTENT, **changes})
