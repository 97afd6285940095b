"""Prompt to Storyboard: language and plot; it never sees an array."""
