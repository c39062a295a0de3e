"""What search may find of the pages that are no app’s: help, safety, how it works, and what readers are owed."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hub import search
from hub.search import Findable, Room

ABOUT = 0.7  # pages about this site come after pages about life


def findable() -> Iterator[Findable]:
    def page(name: str, kind: str, title: str, summary: str, also: str, worth: float = 1.0) -> Findable:
        sayings = tuple(line.strip() for line in also.split(";"))
        return Findable(f"hub/{name}", kind, reverse(name), title, summary, also=sayings, worth=worth)

    yield page(
        "help",
        "help",
        _("Get help"),
        _("Free helplines for parents and children: danger, fear at home, law and court, family life."),
        "helpline; phone number; somebody to talk to; refuge; samaritans; childline; nspcc; mens advice line; 999;"
        " emergency; i am scared; suicide; womens aid; crisis; who can i call; domestic violence help; hurt",
        1.2,
    )
    yield page(
        "safety",
        "help",
        _("Staying safe here"),
        _("How to leave this site fast, hide that you were here, and what the other parent can and cannot see."),
        "delete history; clear my history; private window; incognito; exit this page; cover my tracks;"
        " can he see what i write; can she see what i write; shared computer; someone checks my phone; hide this site",
    )
    yield page(
        "how_it_works",
        "help",
        _("How it works"),
        _("How two parents make a plan here, one question at a time, from two homes."),
        "make a parenting plan; start a plan; how do i begin; what is this site; invite the other parent; is it free;"
        " agree a plan; what happens after we agree; lock; print the plan; do we both need to sign up",
    )
    yield page(
        "solicitors",
        "about",
        _("For solicitors and other professionals"),
        _("What a client gets here, what you can be shown, and how to check a printed plan."),
        "for lawyers; mediators; professionals; client; verify pdf; without prejudice; family court adviser",
        ABOUT,
    )
    yield page(
        "parenting_plan:list",
        "help",
        _("Your parenting plan"),
        _("Make a plan for your children, alone or with the other parent."),
        "parenting plan; start a plan; our plan; agreement for the children; child arrangements plan template",
    )
    yield page(
        "parenting_plan:verify",
        "help",
        _("Check a printed plan"),
        _("Whether a printed plan is the one that both parents agreed, word for word."),
        "verify a plan; is this plan real; code on the plan; fake plan; changed the pdf; forged; tampered",
        ABOUT,
    )
    yield page(
        "programmes:landing",
        "help",
        _("Courses and workshops"),
        _("Free courses for parents who live apart. Some you take at home; to some the court may send you."),
        "course; courses; parenting course; parenting class; workshop; court told me to do a course; online course;"
        " certificate; training; lessons for parents",
        ABOUT,
    )
    yield page(
        "parenting_plan:enter_code",
        "help",
        _("Join with a code"),
        _("The other parent gave you a code for a plan? Look first, then decide."),
        "invitation; i was invited; code from the other parent; join a plan; joining code; my ex sent me a code",
        ABOUT,
    )
    yield page(
        "account_signup",
        "about",
        _("Make an account"),
        _("Free, with an email address and a password. Nobody is told."),
        "sign up; register; create an account; new account; join; is it free",
        ABOUT,
    )
    yield page(
        "about",
        "about",
        _("About us"),
        _("Who we are, what we are not, how pages are written and checked, and how to tell us of a mistake."),
        "who runs this site; who are you; is this cafcass; is this the government; independent; mistake on a page;"
        " complaint",
        ABOUT,
    )
    yield page(
        "before_you_start",
        "help",
        _("Before you start"),
        _("What the button “Exit this page” does, and what it cannot hide."),
        "exit button; leave quickly; escape key; quick exit; leave this site",
        ABOUT,
    )
    yield page(
        "privacy",
        "about",
        _("Privacy"),
        _("What we keep about you, why, for how long, and who can see it."),
        "privacy notice; gdpr; my data; personal information; who can see my data; delete my data; data protection",
        ABOUT,
    )
    yield page(
        "cookies",
        "about",
        _("Cookies"),
        _("The few cookies this site needs, and what each one does."),
        "cookie; tracking; analytics",
        ABOUT,
    )
    yield page(
        "accessibility",
        "about",
        _("Accessibility"),
        _("How this site works with a keyboard, a screen reader and large type, and what is not right yet."),
        "screen reader; large print; dyslexia; blind; deaf; keyboard; wcag",
        ABOUT,
    )
    yield page(
        "terms",
        "about",
        _("Terms"),
        _("What you can expect of us, and what we ask of you."),
        "terms and conditions; rules; legal notice",
        ABOUT,
    )
    yield page(
        "contact",
        "about",
        _("Contact us"),
        _("How to write to the people who run this site."),
        "email you; complain; complaint; report a problem; ask a question; feedback; phone you",
        ABOUT,
    )
    yield page(
        "account_login",
        "about",
        _("Sign in"),
        _("Go back to your plan, your goals and your courses."),
        "log in; login; my account; forgot password; reset password; cant get in",
        ABOUT,
    )


def rooms() -> list[Room]:
    return [
        Room(_("Helplines"), reverse("help")),
        Room(_("Staying safe here"), reverse("safety")),
        Room(_("How it works"), reverse("how_it_works")),
    ]


search.register("hub", findable, rooms)
