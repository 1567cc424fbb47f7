"""The payment rules: states, evidence, what an answer means, when to ask, what a scan is. Pure: no clock, no I/O."""
