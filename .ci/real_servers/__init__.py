"""A small internet of servers that are not ours: bind9, knot, nsd and unbound in a network of their own."""
