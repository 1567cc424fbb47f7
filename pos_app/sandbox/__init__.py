"""The built-in gateway: a ZaloPay on this machine with a customer's phone, for trying the till and for tests.

Written from the API's documentation alone. It imports nothing of the till's own gateway or payment rules, so that two
equal mistakes cannot agree.
"""
