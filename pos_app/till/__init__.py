"""One till: built from its settings, working on a thread of its own, and what it can be told and asked to do."""

from pos_app.till.till import Till

__all__ = ["Till"]
