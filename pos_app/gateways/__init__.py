"""The ways to reach a payment gateway, all behind one protocol (`gateway.py`)."""
