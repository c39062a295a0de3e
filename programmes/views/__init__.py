"""The pages of the programmes, by subject."""
