"""Who works here, who may do what, and the PINs that prove it. Nothing here knows payments, screens or the journal."""
