"""FHIR R4 terminology: the same codes and dates through the door that health software knows."""
