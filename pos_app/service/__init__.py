"""Listens to what gateways tell by themselves, and shows customers who come back from one how it is. Off by default."""
