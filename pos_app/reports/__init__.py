"""What a shop's figures are: tables made of counted facts, files of them, and a gateway's statement held against them.

Nothing here knows the journal, the gateways or screens: facts come in as plain values.
"""
