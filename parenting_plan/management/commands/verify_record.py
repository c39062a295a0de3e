"""Is every plan's record as it was written, and do the tables agree with it? Ends with 1 when not."""

from django.core.management.base import BaseCommand, CommandError

from hub import keeping
from parenting_plan import verifying
from parenting_plan.models import Plan

MOST_TOLD = 20


class Command(BaseCommand):
    help = (
        "Walks the record of every plan (or of one, by its reference) and names the first bad event of each plan that "
        "is not as it was written. Looks, too, that the database's own guards are in place. Changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("--plan", metavar="REFERENCE")

    def handle(self, *args, plan, **options):
        plans = Plan.objects.order_by("pk").values_list("pk", flat=True)
        if plan:
            plans = plans.filter(reference=plan.lower())
            if not plans.exists():
                raise CommandError("There is no plan of this reference.")
        count, faults = verifying.Count(), 0
        for fault in verifying.walk(plans.iterator(), count):
            faults += 1
            if faults <= MOST_TOLD:
                self.stderr.write(str(fault))
        for table in keeping.missing():
            faults += 1
            self.stderr.write(f"{table} is not guarded by its triggers")
        self.stdout.write(f"{count.plans} plans, {count.events} events, {count.erased} of them without their words")
        if faults:
            raise CommandError(f"{faults} faults. The record is not as it was written.", returncode=1)
        self.stdout.write("All as it was written.")
