"""Receipts: where a figure comes from."""

from .inheritance import file_receipt
from .schemas import Receipt, Release


def receipt_of(release: Release, row: int, file: int = 0) -> Receipt:
    """Args:
    row: line of the file, from 1.
    file: which of the release's files.
    """
    return file_receipt(release, file, row)


def whole_list(release: Release) -> Receipt:
    """What isn't in a list has no row: its first line stands for the list as a whole."""
    return receipt_of(release, 1)
