"""For operators: health of the pipeline, dead letters."""
