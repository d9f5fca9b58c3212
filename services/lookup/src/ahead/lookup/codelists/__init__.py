"""Lists of codes judged for a date: thousands at once, of any code system."""
