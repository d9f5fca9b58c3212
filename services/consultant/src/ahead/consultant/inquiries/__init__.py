"""Inquiries: threads of a person with the service, from reading to the answer or the experts."""
