"""The ways a slip leaves the program, one file each.

A new kind of printer is a new file that does what `printer.Printer` says.
"""
