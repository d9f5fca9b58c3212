"""Handing a conversation to the experts of CaseConsultant."""
