"""Personal identifiers of patients masked, codes and figures kept: the 18 Safe Harbor kinds, best effort.

``mask(text)`` is all there is to it. What it takes out is counted by kind and never kept.
"""

from ahead.shared.phi.masking import Masked, mask

__all__ = ["Masked", "mask"]
