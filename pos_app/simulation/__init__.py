"""The deterministic simulation: the real desk, refunds and rules in a virtual world, replayed from one integer."""
