"""Receipts: where a figure comes from."""

from .schemas import Receipt, Release


def receipt_of(release: Release, row: int, file: int = 0) -> Receipt:
    """Args:
    row: line of the file, from 1.
    file: which of the release's files.
    """
    source = release.files[min(file, len(release.files) - 1)]
    return Receipt(
        source.name,
        source.edition or release.edition,
        release.source,
        source.sha256,
        row,
        source.window_from or release.window_from,
        source.window_to if source.window_from else release.window_to,
        release.window_origin,
    )
