"""The forms of the plan, by subject. Labels, hints and errors are words for people and live here."""
