"""Things that are held, given and lie about: perform() puts a row of props.yaml on its cues."""

from kinema.stage.bodies.props.actor import concepts, perform

__all__ = ["concepts", "perform"]
