"""What people may ask of us about their data: a copy of it, to close their account, or anything else by law."""
