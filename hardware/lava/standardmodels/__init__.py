"""The cell and synapse types of PyNN that a Loihi compartment and its synapses can be."""
