"""Sweep: what carries the kit's tags in an account and belongs to no stack, is expired, idle, or kept on purpose.

One file a cloud asks, through the vendor's own SDK (`find`), and removes (`remove`); all else is pure.
"""
