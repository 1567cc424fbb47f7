"""The ways a slip leaves the program, one file each.

A new kind of printer is a new file with the two calls of `printer.Printer`.
"""
