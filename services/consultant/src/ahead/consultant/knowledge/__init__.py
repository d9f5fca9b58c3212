"""What experts' answers teach: without anything about a person, approved by a second expert, found by the assistant."""
