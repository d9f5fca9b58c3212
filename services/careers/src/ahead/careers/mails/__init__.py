"""The ledger of mails."""
