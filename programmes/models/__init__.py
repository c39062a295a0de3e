"""The tables of the programmes, by subject."""

from programmes.models.content import Chapter, Edition
from programmes.models.imports import Import, ImportRow
from programmes.models.learning import Answer, Certificate, Taking
from programmes.models.positive import Consent, Enrolment, Meeting
from programmes.models.referrals import Case, KeepApart, Needs, Party, Referral
from programmes.models.workshops import Attendance, Booking, Claim, NeverOffered, Return, Sitting, Workshop

__all__ = [
    "Answer",
    "Attendance",
    "Booking",
    "Case",
    "Certificate",
    "Chapter",
    "Claim",
    "Consent",
    "Edition",
    "Enrolment",
    "Import",
    "ImportRow",
    "KeepApart",
    "Meeting",
    "Needs",
    "NeverOffered",
    "Party",
    "Referral",
    "Return",
    "Sitting",
    "Taking",
    "Workshop",
]
