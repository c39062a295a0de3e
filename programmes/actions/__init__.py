"""Everything a person or a member of staff does to a programme, as verbs; by subject in the modules beside this one.

From here down nothing sees a request, a form or an address. `at` is the database's clock unless a caller passes a time.
"""
