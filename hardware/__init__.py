"""Translations of PyNN networks to neuromorphic hardware, one package for each platform."""
