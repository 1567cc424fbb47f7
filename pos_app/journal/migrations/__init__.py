"""The journal's schema, step by step. A step is never changed once released; a new one goes to the end of `REVISIONS`.

Alembic runs them, and is loaded only when a journal is not at the last one.
"""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""All steps in order. A journal at a step that is not here was written by a newer program."""
