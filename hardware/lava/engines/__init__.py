"""What runs a discrete network: engines with one meaning, behind the same methods.

``emulator``
    compiled code of ours in this process, without Lava: the default;
``fast``
    one Lava process: Lava's own fixed-point LIF for all compartments, and around it our synapses, delays, plasticity,
    input and recording;
``stock``
    stock Lava processes only, the network as Loihi's compiler would be given it; many times slower.
"""
