"""Frames to film: finishing, encode, timeline, sheet."""
