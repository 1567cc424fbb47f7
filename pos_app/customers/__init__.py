"""Regular customers who bound their wallet to the shop: who they are, and the sealed store that keeps their tokens."""
