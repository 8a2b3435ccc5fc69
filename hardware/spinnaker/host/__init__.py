"""sPyNNaker in a process of its own, with a configuration of its own."""
