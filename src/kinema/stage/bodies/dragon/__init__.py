"""The carried dragon of Chinese festivals: perform() dances it along its cues with people beneath it."""

from kinema.stage.bodies.dragon.actor import perform

__all__ = ["perform"]
