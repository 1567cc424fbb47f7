"""Shifts: what one comes to, as a fold over what happened in it. Pure: no clock, files, network, threads."""
