"""Spreadsheets as text: reading what people save from one, and writing what no spreadsheet takes for a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.text import clean

SEPARATORS = ",;\t"
STARTS_A_FORMULA = "=+-@\t\r\n"
LONGEST_CELL = 2_000
LONGEST_LINE = 50_000


class NotASheet(Exception):
    """This cannot be read as rows of a spreadsheet. `why` is a key: empty, binary, encoding, quotes, too_long."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class TooManyRows(Exception):
    """There are more rows than were asked for. Reading stopped there."""


@dataclass(frozen=True)
class Row:
    """One row below the headings: the line of the file it begins on, and its cells by heading."""

    line: int
    cells: dict[str, str]


@dataclass
class Sheet:
    """`headings` as they were found, by name; `unknown` are those no name is for; `twice` the pairs that mean one."""

    rows: list[Row] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)


# ---------------------------------------------------------------- reading


def text_of(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with or without a mark in front, else Windows-1252. Raises NotASheet."""
    if not content.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise NotASheet("empty")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise NotASheet("binary")
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if (guess := _utf_16(content)) is not None:
            return content.decode(guess)
    except UnicodeDecodeError:
        raise NotASheet("encoding") from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            found = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in found:
            raise NotASheet("binary")
        return found
    raise NotASheet("encoding")


def _utf_16(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of what is mostly Latin text is zero."""
    head = content[:2_000]
    if len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else None


def read(text: str, names: Mapping[str, Sequence[str]], most: int) -> Sheet:
    """The rows below the headings, by name. `names` says which headings stand for which name.

    Cells are cleaned as hub.text.clean does and lose the sign that marks text in a spreadsheet; empty rows are left
    out; a name that no heading stands for is not in `headings`. Raises NotASheet, and TooManyRows at the row after
    `most`, without looking at what follows.
    """
    text = text.removeprefix("\ufeff")
    separator = _separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    known = {_plain(heading): name for name, headings in names.items() for heading in (name, *headings)}
    sheet = Sheet()
    columns: dict[int, str] = {}
    ended = 0
    try:
        for cells in lines:
            began, ended = ended + 1, lines.line_num
            if sum(map(len, cells)) > LONGEST_LINE:
                raise NotASheet("too_long")
            if not any(cell.strip() for cell in cells):
                continue
            if not columns and not sheet.unknown:
                for place, cell in enumerate(cells):
                    name, heading = known.get(_plain(cell)), clean(cell[:60], one_line=True)
                    if name in sheet.headings:
                        sheet.twice.append((sheet.headings[name], heading))
                    elif name:
                        sheet.headings[name], columns[place] = heading, name
                    elif heading:
                        sheet.unknown.append(heading)
                continue
            if len(sheet.rows) >= most:
                raise TooManyRows
            told = {name: _cell(cells[place]) if place < len(cells) else "" for place, name in columns.items()}
            sheet.rows.append(Row(began, told))
    except csv.Error as error:
        raise NotASheet("too_long" if "limit" in str(error) else "quotes") from None
    return sheet


def _separator(text: str) -> str:
    """What stands between cells: what the first line with words in it has most of, outside quotes."""
    first = next((line for line in text[:LONGEST_LINE].splitlines() if line.strip(' ,;\t"')), "")
    outside = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=outside.count)


def _plain(heading: str) -> str:
    """A heading made comparable: letters and digits alone, small."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()


def _cell(text: str) -> str:
    found = clean(text, one_line=True)
    if found[:1] == "'" and looks_like_a_formula(found[1:]):
        return found[1:].strip()
    return found


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet could begin to calculate here."""
    first = next((each for each in text if each in STARTS_A_FORMULA or not _is_unseen(each)), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[:1] in STARTS_A_FORMULA


def _is_unseen(letter: str) -> bool:
    """Spaces of every kind, controls, and signs without a width: a program may pass over them."""
    return unicodedata.category(letter)[0] in "ZC"


# ---------------------------------------------------------------- writing


def safe_cell(text: str) -> str:
    """The text, marked as text where a spreadsheet would begin to calculate."""
    return f"'{text}" if looks_like_a_formula(text) else text


def write(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A sheet with commas, every cell in quotes and none of them taken for a formula. Lines end as RFC 4180 says."""
    found = io.StringIO()
    writer = csv.writer(found, quoting=csv.QUOTE_ALL)
    for row in (headings, *rows):
        writer.writerow([safe_cell("" if cell is None else str(cell)) for cell in row])
    return found.getvalue()


def as_file(text: str) -> bytes:
    """The bytes that a spreadsheet opens with every letter right."""
    return text.encode("utf-8-sig")
