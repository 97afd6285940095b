"""Blocking: beats to cues. Where everyone is, by the setting's marks and paths and by who is with whom."""
