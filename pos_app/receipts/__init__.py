"""The payment slip: what is on it, how it is laid out, and the printers that hand it out.

`content` says what is on a slip, `layout` where on the paper, `raster` and `printers` make it visible; `spool` knows
what became of each.
"""
