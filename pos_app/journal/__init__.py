"""The journal: what happened, written durably before anything acts on it. SQLite by way of SQLAlchemy Core."""
