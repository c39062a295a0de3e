"""Is every plan's record as it was written and anchored, and do the tables agree with it? Ends with 1 when not."""

from django.core.management.base import BaseCommand, CommandError

from hub import keeping, pulse
from parenting_plan import anchors, verifying
from parenting_plan.models import Plan

MOST_TOLD = 20


class Command(BaseCommand):
    help = (
        "Walks the record of every plan (or of one, by its reference), compares it with the anchors kept outside the "
        "database, and names the first bad event of each plan that is not as it was written. Looks, too, that the "
        "database's own guards are in place. Changes nothing of it; a whole walk is noted for `manage.py status`."
    )

    def add_arguments(self, parser):
        parser.add_argument("--plan", metavar="REFERENCE")
        parser.add_argument("--all", action="store_true", help=f"name every fault, not only the first {MOST_TOLD}")

    def handle(self, *args, plan, **options):
        outside, count, faults = anchors.read(), verifying.Count(), 0
        for fault in self._faults(plan, outside, count):
            faults += 1
            if faults <= MOST_TOLD or options.get("all"):
                self.stderr.write(fault)
        self.stdout.write(f"{count.plans} plans, {count.events} events, {count.erased} of them without their words")
        self._say_anchors(outside, count)
        if not plan:
            pulse.mark("record", good=not faults, plans=count.plans, events=count.events, faults=faults)
        if faults:
            raise CommandError(f"{faults} faults. The record is not as it was written.", returncode=1)
        self.stdout.write("All as it was written.")

    @staticmethod
    def _faults(reference, outside: anchors.Found, count: verifying.Count):
        plans = Plan.objects.order_by("pk").values_list("pk", flat=True)
        if reference:
            plans = plans.filter(reference=reference.lower())
            if not plans.exists():
                raise CommandError("There is no plan of this reference.")
        yield from outside.faults
        for fault in verifying.walk(plans.iterator(), count, outside.points):
            yield str(fault)
        if not reference:
            for fault in verifying.gone_whole(outside.points, count):
                yield str(fault)
        for table in keeping.missing():
            yield f"{table} is not guarded by its triggers"

    def _say_anchors(self, outside: anchors.Found, count: verifying.Count) -> None:
        if not outside.count:
            self.stdout.write("No anchors: what was cut off at the end, or rewritten whole, cannot be seen.")
            return
        self.stdout.write(f"{outside.count} anchors, the newest is number {outside.newest} of {outside.newest_at}")
        for begun in outside.begun:
            self.stdout.write(f"The anchors began again, {begun}")
        if count.gone:
            self.stdout.write(
                f"The gap: {count.gone} events of {count.gone_from} plans were anchored and are not here. What was "
                "written after the newest anchor and is gone too, no anchor can tell."
            )
