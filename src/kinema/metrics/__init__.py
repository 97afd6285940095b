"""Scores of frames and chunks: pure functions."""
