"""Files from strangers: what they are by their content, and their text, read in a process with narrow limits.

``extract(body)`` is all there is to it; it raises nothing, and says why a file wasn't read.
"""

from ahead.shared.extract.process import Extracted, Limits, extract

__all__ = ["Extracted", "Limits", "extract"]
