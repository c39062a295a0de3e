"""The forms of the programmes, by subject."""
