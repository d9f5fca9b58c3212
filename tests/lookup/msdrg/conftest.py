from inpatient_catalogue import (  # noqa: F401
    grouper,
    made,
    made_here,
    official_inpatient,
    official_reader,
    open_reader,
)
