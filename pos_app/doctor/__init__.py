"""The doctor: what works at this till, what does not, what that means and what to do; and a report for support."""
