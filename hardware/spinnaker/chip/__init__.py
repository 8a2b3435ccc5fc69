"""What a SpiNNaker core can hold, what it would do silently wrong, and where a network would sit."""
