"""CaseConsultant."""
