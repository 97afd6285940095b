"""Four-legged animals: a table of species, one way to build a body, and motion as pure functions of time."""
