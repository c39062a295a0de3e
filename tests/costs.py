"""What the questions of a page cost the database, among few rows and among very many.

Nothing is timed, for a busy machine would lie: every question is asked again of the planner, which says how many rows
it looked at and how many blocks of the database it read.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

FEW, MANY = 1_000, 100_000
A_FEW_MORE = 10  # rows; 10 % of four is not one
MOST_QUESTIONS = 12  # of a list of staff
HIGH = 10_000_000  # the numbers of what is made in bulk begin here


def copies(row, numbers: str, **different: str) -> None:
    """Rows like this one for n in `numbers` ("1, 1000"); the columns that are different, as SQL of n."""
    table = row._meta.db_table
    different = {"id": f"{HIGH} + n", **different}
    columns = [each.column for each in row._meta.concrete_fields]
    values = ", ".join(different.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} "
            f"FROM {table} t, generate_series({numbers}) n WHERE t.{row._meta.pk.column} = %s",
            [row.pk],
        )


@dataclass
class Cost:
    """What all the questions of one page cost together."""

    questions: int = 0
    rows: int = 0  # looked at, also those that were left out
    rows_of: Counter[str] = field(default_factory=Counter)  # the same by table; of a bitmap by its index
    blocks: int = 0
    descents: int = 0  # how often an index was gone down: it is a step deeper where there is more
    whole: list[str] = field(default_factory=list)  # tables that were read from end to end

    def add(self, plan: dict) -> None:
        self.blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        self._walk(plan)

    def _walk(self, node: dict) -> None:
        loops = node["Actual Loops"]
        if "Scan" in node["Node Type"]:
            left_out = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
            rows = round((node["Actual Rows"] + left_out) * loops)
            self.rows += rows
            self.rows_of[node.get("Relation Name") or node.get("Index Name", "")] += rows
            self.descents += loops if "Index" in node["Node Type"] else 0
            if node["Node Type"] == "Seq Scan" and loops:
                self.whole.append(node["Relation Name"])
        for below in node.get("Plans", []):
            self._walk(below)


def cost_of(act: Callable[[], object]) -> Cost:
    act()  # what a process reads once is read
    with CaptureQueriesContext(connection) as asked:
        act()
    cost = Cost()
    for query in asked:
        sql = query["sql"]
        if not sql.startswith("SELECT"):
            continue
        cost.questions += 1
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
            found = cursor.fetchone()[0]
        cost.add((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])
    return cost


def got(client: Client, address: str) -> Callable[[], object]:
    def act():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.content

    return act


def dearer(
    few: Cost, many: Cost, grows: Collection[str], *, of_staff: bool, beside: Collection[str] = ()
) -> Iterable[str]:
    """What costs more among many: rows looked at within 10 %, blocks too but for the deeper indexes; and no table that
    grows is read whole.

    An index of many is up to two steps deeper, and what it finds lies apart: three blocks for each way down it. Rows of
    tables `beside` do not count: they hold a handful, and the planner may read all of them or not; nor do a few more.
    """
    if of_staff and many.questions > MOST_QUESTIONS:
        yield f"asks {many.questions} questions"
    if many.questions > few.questions:
        yield f"asks {few.questions} and {many.questions} questions"
    rows = [cost.rows - sum(cost.rows_of[table] for table in beside) for cost in (few, many)]
    if rows[1] > 1.1 * rows[0] + (A_FEW_MORE if beside else 0):
        yield f"looks at {rows[0]} and {rows[1]} rows"
    if many.blocks > 1.1 * few.blocks + 3 * many.descents:
        yield f"reads {few.blocks} and {many.blocks} blocks, {many.descents} descents"
    yield from (f"reads the whole of {table}" for table in many.whole if table in grows)
