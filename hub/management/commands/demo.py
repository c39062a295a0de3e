"""A made-up family to click around with: two parents, their solicitor, staff, a plan half agreed, courses, goals."""

from datetime import UTC, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts.models import User
from articles import library as articles
from goals import actions as goals
from goals import suggestions
from hub import clock, figures
from hub.models import Notice, OutgoingMail
from hub.words import HOME, at_home
from parenting_plan import actions, questions
from parenting_plan.models import Plan
from programmes import library
from programmes.actions import learning, referring
from programmes.models import Workshop

PASSWORD = "two-homes-one-path"
PEOPLE = {
    "priya@example.com": ("Priya", User.Kind.PARENT),
    "callum@example.com": ("Callum", User.Kind.PARENT),
    "solicitor@example.com": ("Morgan", User.Kind.PROFESSIONAL),
    "staff@example.com": ("Sam", User.Kind.STAFF),
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing when anybody is there already")
        parser.add_argument("--reset", action="store_true", help="empty this development database first")
        parser.add_argument("--print", action="store_true", help="only say how to sign in")

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError("The demonstration family is for development only: HUB_DEBUG is off.")
        if not options["print"]:
            if options["reset"]:
                self.empty()
            elif User.objects.exists():
                if not options["if_empty"]:
                    raise CommandError("There are people here already. Use --reset to begin again.")
                return self.say()
            with transaction.atomic():
                self.make()
        return self.say()

    def empty(self):
        """Empty every table but what migrations filled. The triggers go and come back: this is not production."""
        if connection.vendor != "sqlite":
            raise CommandError("--reset is for the embedded database only.")
        from django.apps import apps

        kept = {
            "hub_helpline",
            "hub_edition",
            "hub_searchentry",
            "hub_searchword",
            "django_migrations",
            "django_content_type",
            "auth_permission",
            "auth_group",
            "auth_group_permissions",
        }
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            cursor.execute("PRAGMA foreign_keys=OFF")
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            for model in apps.get_models(include_auto_created=True):
                if model._meta.db_table not in kept and model._meta.managed:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
            cursor.execute("UPDATE hub_edition SET made_by_id = NULL, due_by_id = NULL")
            for _, made in triggers:
                cursor.execute(made)
            cursor.execute("PRAGMA foreign_keys=ON")
        library.load()
        articles.load()
        suggestions.load()

    def make(self):
        people = {}
        for email, (name, kind) in PEOPLE.items():
            staff = kind == User.Kind.STAFF
            person = User.objects.create_user(email, name, PASSWORD, kind=kind, is_staff=staff)
            EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
            people[name] = person
        people["Sam"].groups.set(Group.objects.all())
        self.plan(people["Priya"], people["Callum"])
        self.courses(people)
        self.goals(people["Priya"], people["Callum"])
        self.work_for_staff(people["Callum"])
        OutgoingMail.objects.all().delete()  # those days are over: no mail leaves for what was made up

    def plan(self, priya, callum):
        now = clock.now()

        def ago(**span):
            return now - timedelta(**span)

        plan = actions.start(by=priya, children=[("Anya", 2017, 4), ("Finn", 2020, 9)], at=ago(days=12))
        a = plan.parties.get()
        invitation = actions.invite_by_email(plan=plan, by=a, email=callum.email, at=ago(days=11))
        b = actions.join(invitation=invitation, user=callum, has_verified=True, at=ago(days=10))

        def starter(key, by, other):
            asked = questions.by_key()[key]
            return asked.starter_for(children="Anya and Finn", me=by.name, other=other.name)

        def words(text):
            return {"kind": "words", "text": text}

        def suggest(key, by, other, at, text=None, note=""):
            clause = plan.clauses.filter(question=key).first()
            actions.commit(
                plan=plan, question=key, by=by, value=words(text or starter(key, by, other)), note=note,
                version=clause.version if clause else 0, at=at,
            )  # fmt: skip

        def answer(key, by, at, text=None, note=""):
            clause = plan.clauses.select_related("open__by").get(question=key)
            seen = {"version": clause.version, "digest": clause.open.what_was_shown()}
            if text is None:
                actions.agree(plan=plan, question=key, by=by, at=at, **seen)
            else:
                actions.counter(plan=plan, question=key, by=by, value=words(text), note=note, at=at, **seen)

        def keys(letter):
            return next(s.keys for s in questions.sections() if s.letter == letter)

        # In the order of time, as the record of a real plan is.
        for letter, by, other, days in (("A", a, b, 9), ("B", b, a, 7), ("F", b, a, 5)):
            chosen = keys(letter)[: {"B": 5, "F": 6}.get(letter)]
            for number, key in enumerate(chosen):
                suggest(key, by, other, ago(days=days, minutes=-number))
            for number, key in enumerate(chosen):
                answer(key, other, ago(days=days - 1, minutes=-number))
        actions.set_aside(plan=plan, question=keys("H")[5], by=b, aside="help", version=0, at=ago(days=3))
        handovers, weekly = "living-and-childcare/handovers", "living-and-childcare/weekly-pattern"
        suggest(
            handovers, a, b, ago(days=2),
            "We hand over at the school gate on Wednesdays and Fridays, straight after school at 3:30 pm."
            " In the holidays we hand over at Priya’s home at 5 pm."
            " If one of us is running more than 15 minutes late, we text.",
        )  # fmt: skip
        suggest(weekly, a, b, ago(days=1, hours=4))
        actions.grant(plan=plan, by=a, email="solicitor@example.com", at=ago(days=1))
        suggest(keys("D")[1], a, b, ago(hours=20))
        suggest(keys("D")[5], a, b, ago(hours=20))
        answer(
            handovers, b, ago(hours=5),
            "We hand over at the school gate on Wednesdays and Fridays, straight after school at 3:30 pm."
            " In the holidays we hand over at the library at 4 pm."
            " If one of us is running more than 10 minutes late, we text. Finn’s"
            " inhaler always travels with him.",
            "The library is half way for both of us, and Anya likes it there.",
        )  # fmt: skip
        answer(weekly, b, ago(hours=2))
        asked = questions.by_key()[keys("E")[3]]
        actions.save_draft(party=a, question=asked.key, value=words(starter(asked.key, a, b)), at=ago(hours=1))
        Notice.objects.filter(created_at__lt=ago(days=3)).delete()

    def courses(self, people):
        """Priya is in the middle of one course; both were sent to the other; twelve workshops are coming."""
        now = clock.now()
        priya, sam = people["Priya"], people["Sam"]
        referrals = {}
        for person in (priya, people["Callum"]):
            sent = referring.refer(
                "DEMO-26-0001", "Family Court at Anytown", person.first_name, person.email, "planning-together",
                "court", ordered_on=at_home(now).date() - timedelta(days=6),
                suitable_on=at_home(now).date() - timedelta(days=5), by=sam, at=now - timedelta(days=5),
            )  # fmt: skip
            referring.send_link(sent, by=sam, at=now - timedelta(days=2))
            referrals[person.first_name] = sent
        referring.join(referrals["Priya"], priya, at=now - timedelta(days=1))
        self.walk(priya, "getting-it-right", parts=2, at=now - timedelta(days=3))
        self.walk(priya, "planning-together", parts=1, at=now - timedelta(hours=20))
        for number in range(12):
            on = at_home(now).date() + timedelta(days=9 + 2 * number)
            weekend = on.weekday() >= 5
            when = Workshop.When.WEEKEND if weekend else (Workshop.When.DAY, Workshop.When.EVENING)[number % 2]
            halves = when == Workshop.When.EVENING
            begins = datetime.combine(on, time(18, 30) if halves else time(10), HOME).astimezone(UTC)
            in_person = number % 4 == 3
            workshop = Workshop.objects.create(
                way=Workshop.Way.IN_PERSON if in_person else Workshop.Way.ONLINE,
                when=when,
                town="Anytown" if in_person else "",
                joining="The hall beside the library, first floor." if in_person else "The link comes by post.",
                starts_at=begins,
                facilitator=sam,
            )
            for day in (0, 2) if halves else (0,):
                starts = datetime.combine(on + timedelta(days=day), at_home(begins).time(), HOME).astimezone(UTC)
                workshop.sittings.create(starts_at=starts, ends_at=starts + timedelta(minutes=75 if halves else 150))

    def walk(self, person, slug, *, parts, at):
        """Take the first parts of a programme, writing nothing."""
        programme = library.programme(slug)
        taking = learning.begin(person, programme, at)
        for part in programme.parts[:parts]:
            for step, screen in part.places:
                edition = programme.editions[part.slug]
                learning.see(taking, part.slug, step.slug, screen.slug, edition, at)

    def goals(self, priya, callum):
        """Each has goals of their own, and weeks of check-ins; the other knows nothing of them."""
        now = clock.now()

        def begin(person, slug, weeks, **words):
            ours = suggestions.by_slug()[slug].words if slug else {}
            told = {name: ours[name] for name in ("kind", "why", "first_step") if name in ours}
            words = {"words": ours.get("title", "")} | told | words
            return goals.start(person=person, suggestion=slug, at=now - timedelta(weeks=weeks), **words)

        def say(goal, *felt):
            for number, each in enumerate(felt):
                value, note = each if isinstance(each, tuple) else (each, "")
                goals.check_in(goal=goal, felt=value, note=note, at=now - timedelta(days=7 * (len(felt) - number) - 2))

        calm = begin(priya, "stay-calm-at-handovers", 9)
        say(
            calm, 2, 1, (2, "Half-term swap. Late, and I snapped."), 3, 3, (2, "Rain, no coat, no words."), 3, 4,
            (4, "Breathed out before the door opened."),
        )  # fmt: skip
        tea = begin(
            priya, "", 5, kind="me", words="One tea a week with no phones",
            why="Finn talks when we sit. I miss half of it when I look at the screen.", first_step="This Thursday.",
        )  # fmt: skip
        goals.reword(
            goal=tea, kind="me", words="Two teas a week with no phones", why=tea.why,
            first_step="Thursday and Sunday.", at=now - timedelta(weeks=2),
        )  # fmt: skip
        say(tea, 3, 4, (5, "Anya told a joke. We all laughed."))
        rest = begin(priya, "sleep-and-move", 12)
        say(rest, 1, 2, 2)
        goals.pause(goal=rest, at=now - timedelta(weeks=1))
        texts = begin(callum, "reply-only-when-calm", 7)
        say(texts, 1, (2, "Wrote it, did not send it. Better."), 2, 3, (3, "Slept on it."), 4)
        away = begin(callum, "cope-when-they-are-away", 4)
        say(away, (1, "The flat is so quiet."), 2, 2)
        bag = begin(callum, "share-school-news", 10)
        say(bag, 3, 4, 5)
        goals.achieve(goal=bag, at=now - timedelta(weeks=3))

    def work_for_staff(self, callum):
        """Something in the safeguarding queue, and the numbers of a hub that has only just begun."""
        party = callum.parties.select_related("plan").first()
        words = "I am not sure that I want to go on. It is fine when others are there, not when we are alone."
        actions.report(kind="safety", party=party, words=words)
        figures.count(clock.now())

    def say(self):
        plan = Plan.objects.order_by("pk").first()
        lines = ["", "  Sign in with any of these. The password is the same for all:", f"    {PASSWORD}", ""]
        lines += [f"    {email:<24}{name}, {kind.label.lower()}" for email, (name, kind) in PEOPLE.items()]
        if plan and plan.parties.filter(user__email="priya@example.com").exists():
            lines += [
                "",
                "  Priya and Callum share a plan. When it is new, Callum has just answered Priya about handovers",
                "  with other words, their weekly pattern was agreed two hours before, and Priya has a draft.",
                "  Morgan, Priya's solicitor, may read what is agreed. Priya is in the middle of a course and can",
                "  book a workshop. Sam is staff and has every role. Each parent has goals that nobody else sees.",
                "  `make demo` makes everything new again.",
            ]
        self.stdout.write("\n".join(lines) + "\n")
