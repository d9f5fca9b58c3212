"""The last step of a web process before its first request."""

import gc

from litestar import Litestar


def served(app: Litestar) -> Litestar:
    """Take what is there now for as long-lived as the process.

    The collector would go through all modules, templates and schemas again and again, in the middle of a
    request, and find nothing. What requests leave behind is freed by counting references; rings are rare, so
    looking for them after every 700 objects is too often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    return app
