"""Framing solved to cameras, and their moves."""
