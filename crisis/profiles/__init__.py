"""Crisis profiles: filling them in, what is missing, the sheet of paper for the client."""
