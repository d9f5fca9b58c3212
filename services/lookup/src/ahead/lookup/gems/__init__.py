"""General Equivalence Mappings: ICD-9-CM to ICD-10-CM and back, with what their flags mean."""
