"""Storyboard to a simulated, lit world, and to the frames a camera sees of it."""
