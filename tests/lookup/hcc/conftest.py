from inpatient_catalogue import made_here, open_reader  # noqa: F401
