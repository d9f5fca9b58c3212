"""What an account keeps for itself: favourites, notes, search keywords and lists of codes."""
