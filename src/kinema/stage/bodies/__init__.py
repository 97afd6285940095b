"""Families of bodies: people, quadrupeds, vehicles, trees and things."""
