"""Training and evaluation, on any platform."""
