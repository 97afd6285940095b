"""How bodies move: gaits, actions, inverse kinematics."""
