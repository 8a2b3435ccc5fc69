"""The kinds of platforms: those that run the circuit, and peers, which learn the same in another way."""
