"""A scan-to-pay till for ZaloPay: scans the customer's payment code, charges it, and proves the result."""

__version__ = "0.1.0"
