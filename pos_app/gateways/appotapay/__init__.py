"""AppotaPay's APIs (v1, v2, POS): token, signatures, codes, requests, answers, and the gateways made of them."""
