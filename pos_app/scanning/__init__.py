"""How a payment code gets in: cameras, hand-held scanners, files. What a code means is not decided here."""
