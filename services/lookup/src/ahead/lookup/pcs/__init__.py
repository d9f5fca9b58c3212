"""ICD-10-PCS: tables, definitions and index of procedures, and the builder of their codes."""
