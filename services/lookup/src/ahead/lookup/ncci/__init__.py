"""The National Correct Coding Initiative: procedure-to-procedure edits, unit limits and add-on codes."""
