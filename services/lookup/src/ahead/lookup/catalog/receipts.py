"""Receipts: where a figure comes from."""

from .inheritance import file_receipt
from .schemas import Receipt, Release


def receipt_of(release: Release, row: int, file: int = 0) -> Receipt:
    """Args:
    row: line of the file, from 1.
    file: which of the release's files.
    """
    return file_receipt(release, file, row)
