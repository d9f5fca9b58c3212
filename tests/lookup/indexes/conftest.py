from icd10cm_books import (  # noqa: F401
    door_data,
    doors,
    each_database,
    made_books,
    made_editions,
    official_editions,
    official_guidelines,
    official_indexes,
    opened,
)
