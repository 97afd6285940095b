"""Places: streets, rooms, mountains and roads, their lamps, skies and weather."""
