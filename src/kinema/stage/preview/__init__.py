"""Deferred shading of the raster: the floor of the film's quality."""
