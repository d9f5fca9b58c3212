"""Questions that plain counts cannot answer: the funnel, searches without a result, corrections."""
