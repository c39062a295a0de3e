"""Spreadsheets as text: every usual encoding is read, and nothing that is written begins to calculate."""

import csv
import io

import pytest

from hub import sheets

NAMES = {"name": ("full name",), "day": ("date",)}
WORDS = "Full Name,Date\r\nZoë O’Neill,22/11/2026\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["windows", "unix", "old-mac"])
def test_it_is_read_however_it_was_saved(encoding, separator, end):
    content = WORDS.replace(",", separator).replace("\r\n", end).encode(encoding)
    found = sheets.read(sheets.text_of(content), NAMES, 10)
    assert [(row.line, row.cells) for row in found.rows] == [(2, {"name": "Zoë O’Neill", "day": "22/11/2026"})]


def test_headings_may_come_in_any_order_with_others_between_and_rows_may_be_short():
    found = sheets.read('\n"DATE ",Notes,full_name\n1,x,A\n\n2\n"3",,"B\nC"\n4,,D', NAMES, 10)
    assert found.unknown == ["Notes"] and found.headings == {"day": "DATE", "name": "full_name"}
    told = [(row.line, row.cells["day"], row.cells["name"]) for row in found.rows]
    assert told == [(3, "1", "A"), (5, "2", ""), (6, "3", "B C"), (8, "4", "D")]


def test_two_headings_that_mean_one_are_told_and_the_first_is_read():
    found = sheets.read("Name,Full name,Date,name\nA,B,1,C", {"name": ("full name",), "day": ("date",)}, 9)
    assert found.twice == [("Name", "Full name"), ("Name", "name")] and found.unknown == []
    assert found.rows[0].cells == {"name": "A", "day": "1"}


def test_a_separator_inside_quotes_is_none():
    found = sheets.read(
        '"name, first; last; all";date\n"A, B";1', {"name": ("name first last all",), "day": ("date",)}, 9
    )
    assert found.rows[0].cells == {"name": "A, B", "day": "1"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"PK\x03\x04 an xlsx", "binary"),
        (b"%PDF-1.7", "binary"),
        (b"name,date\nA\x00B,1", "binary"),
        (b"\xff\xfeA", "encoding"),
        (b"name\n\x81\x8d", "encoding"),
    ],
    ids=["nothing", "blank", "xlsx", "pdf", "zero", "half-utf-16", "no-letters"],
)
def test_what_is_no_text_is_refused(content, why):
    with pytest.raises(sheets.NotASheet) as refused:
        sheets.text_of(content)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("text", "why"),
    [('name\n"A', "quotes"), ("name\n" + "x" * 60_000, "too_long"), ('name\n"' + "x" * 200_000 + '"', "too_long")],
    ids=["open-quote", "long-row", "long-cell"],
)
def test_what_are_no_rows_is_refused(text, why):
    with pytest.raises(sheets.NotASheet) as refused:
        sheets.read(text, NAMES, 10)
    assert refused.value.why == why


def test_too_many_rows_are_not_read_to_the_end():
    """What stands behind the limit is never looked at: it would be refused for its quotation marks."""
    text = "name\n" + "A\n" * 11 + '"' * 99_999
    with pytest.raises(sheets.TooManyRows):
        sheets.read(text, NAMES, 10)


FORMULAS = [
    "=1+1",
    "+44 1",
    "-2",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\u00a0=1",
    "\ufeff=1",
    "＝1",
    "﹢1",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("cell", FORMULAS, ids=range(len(FORMULAS)))
def test_no_cell_that_is_written_begins_to_calculate_and_reading_it_gives_it_back(cell):
    written = sheets.write(["name"], [[cell]])
    got = list(csv.reader(io.StringIO(written, newline="")))[1][0]
    assert got == f"'{cell}"
    plain = cell.strip("\ufeff \t\r\n\u00a0")
    assert sheets.read(written, NAMES, 10).rows[0].cells["name"] == plain


def test_other_cells_stay_as_they_are():
    told = ["Amara O’Neill-Smith", "'tis", "", "22/11/2026", "a=b", "O'Neill"]
    for cell in told:
        assert sheets.safe_cell(cell) == cell
    assert sheets.write(["a", "b"], [[None, 3]]) == '"a","b"\r\n"","3"\r\n'
    assert sheets.as_file("é").startswith(b"\xef\xbb\xbf")
