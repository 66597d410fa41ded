"""Who needs whom: a graph of the blocks of a configuration, and the order to go through it."""
