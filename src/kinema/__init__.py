"""Kinema: a prompt becomes a film, by way of a programmed world."""

__version__ = "0.1.0"
