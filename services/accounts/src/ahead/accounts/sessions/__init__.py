"""Sessions: logging in and out, the cookies, and the short tokens that other services verify."""
