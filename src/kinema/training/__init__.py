"""Targets, data sets, training loops and export; needs the train extra."""
