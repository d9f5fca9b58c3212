"""The answerer with a language model: it reads, asks the tools and words; what is shown is decided by the gate."""
