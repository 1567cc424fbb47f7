"""ZaloPay's API v2: signing, requests, answers, and the gateway made of them (`v2.py`)."""
