"""What runs a discrete network: two engines with one meaning, behind the same methods.

``fast``
    two Lava processes: Lava's own fixed-point LIF for all compartments, and one process of ours with all synapses,
    delays, plasticity, input and recording;
``stock``
    stock Lava processes only, the network as Loihi's compiler would be given it; many times slower.
"""
