"""Runs payments: journal first, then act, then journal what came back. Knows neither Qt nor any gateway."""
