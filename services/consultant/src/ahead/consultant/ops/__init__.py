"""For operators: figures, held mail, suppressed addresses, jobs that were given up."""
