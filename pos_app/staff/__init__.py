"""Who may approve what: the manager's PIN. Nothing here knows payments, screens or the journal."""
