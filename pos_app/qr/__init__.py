"""QR codes: from a text to the modules a screen or a printer draws."""
