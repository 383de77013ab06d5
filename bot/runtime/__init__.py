"""The loops: intake, turn, delivery; and what they need."""
