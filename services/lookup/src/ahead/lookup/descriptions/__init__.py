"""The *Common Language Description* of each code: written for common codes, else composed by honest rules."""
