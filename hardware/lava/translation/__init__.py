"""From a described PyNN network to Loihi's integers."""
