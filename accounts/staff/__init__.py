"""Accounts of the people who work here, and what staff may do for the people they help.

actions     inviting, changing roles, stopping, taking a second step away; what is unused ends by itself
helping     what helpdesk does for a parent or professional who cannot sign in
signins     the record of staff's sign-ins and of what opens their accounts
powers      what the database itself writes down: each change of what somebody may do, whichever way it came
members     the page "Staff"
people      the page "People": nobody until a whole address is searched
own_cases   the page "Cases I have to do with"
views       the invited person's way in
"""
