"""Wheeled bodies: perform() puts a vehicle of vehicles.yaml on its cues."""

from kinema.stage.bodies.vehicle.actor import perform
from kinema.stage.bodies.vehicle.species import concepts

__all__ = ["concepts", "perform"]
