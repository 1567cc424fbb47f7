"""Updates of the program: what was really released, and whether now is the time for it. Nothing here installs."""
