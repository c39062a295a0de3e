"""Everything a person can do to a plan, as verbs. From here down nothing sees a request, a form or an address.

Each action that touches the shared record takes the plan's row lock, checks, and writes state, one event, notices and
outgoing mail in one transaction. `at` is the database's clock unless a caller passes a time in.
"""

from parenting_plan.actions.access import grant, note_opening, revoke
from parenting_plan.actions.invitations import (
    answer_invitation,
    close_gate,
    confirm_joiner,
    find_invitation,
    gate_stands,
    invite_by_code,
    invite_by_email,
    join,
    limit,
    pass_gate,
    same_invitation,
    turn_away_joiner,
)
from parenting_plan.actions.negotiation import agree, commit, commit_drafts, counter, set_aside, withdraw
from parenting_plan.actions.plans import change_children, change_orders, keep, leave, pause, resume, start
from parenting_plan.actions.private import clear_draft, report, save_draft
from parenting_plan.actions.safeguarding import answer_to, look_by, may_show_words, show_words
from parenting_plan.actions.turn import (
    AlreadyDone,
    CannotInvite,
    DraftChanged,
    InvitationGone,
    NotShared,
    PutAway,
    Stale,
    TooMany,
)

__all__ = [
    "AlreadyDone",
    "CannotInvite",
    "DraftChanged",
    "InvitationGone",
    "NotShared",
    "PutAway",
    "Stale",
    "TooMany",
    "agree",
    "answer_invitation",
    "answer_to",
    "change_children",
    "change_orders",
    "clear_draft",
    "close_gate",
    "commit",
    "commit_drafts",
    "confirm_joiner",
    "counter",
    "find_invitation",
    "gate_stands",
    "grant",
    "invite_by_code",
    "invite_by_email",
    "join",
    "keep",
    "leave",
    "limit",
    "look_by",
    "may_show_words",
    "note_opening",
    "pass_gate",
    "pause",
    "report",
    "resume",
    "revoke",
    "same_invitation",
    "save_draft",
    "set_aside",
    "show_words",
    "start",
    "turn_away_joiner",
    "withdraw",
]
