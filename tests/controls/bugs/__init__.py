"""The seeded bugs, one module for each room of the program."""
