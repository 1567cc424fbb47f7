"""The set-up in the window: the first start, and the same pages afterwards."""
