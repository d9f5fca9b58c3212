"""Ambulatory surgical centers: Medicare's addenda by quarter, and the price of a procedure in such a center."""
