"""Every change of what staff may do leaves a line on record, written by the database itself (trust T7, T14).

It does not matter which way a change came: a page, a shell, `QuerySet.update`, typed SQL, and one that is taken back at
once is two changes. As a transaction ends, a trigger writes what was given or taken, to or from which number, and which
role of the database did it. When a page told of it in the same transaction, with who and why, the line is called
`audit.SEEN` and auditors see it only when they ask for it; else it is called `audit.BEHIND`. Nothing that the web could
set decides which: whoever writes a line of a page by hand leaves that line, and the true one beside it.

What roles may do is `migrate`'s alone: the web's role cannot write it. Each such change is a line, but for those that
`accounts.roles.sync` makes and tells of itself. SQLite, for trying out, writes none of these.

How a password is kept is not watched: signing in may write it anew. Nobody gets far with one and no second step.
"""

from dataclasses import dataclass

from hub import audit
from hub.keeping import watch

# Verbs of the lines by which pages tell of such a change to an account.
TOLD_BY_PAGES = (
    "accept staff invitation",
    "add second step",
    "change address",
    "change roles",
    "end unused staff account",
    "make new spare codes",
    "remove second step",
    "stop staff account",
    "take second step away",
)
TOLD_BY_MIGRATE = "bring roles up to date"
ALL_ROLES = "roles"  # what that line is about
YEARS = 7  # the database decides how long these lines stay, not a setting that the web could change

FIELDS = ("is_staff", "is_superuser", "is_active", "kind", "email", "id")


_IS_TOLD = (
    "EXISTS (SELECT 1 FROM hub_accessrecord r WHERE r.about = <about> AND r.at >= now()"
    " AND r.xact = pg_current_xact_id()::text::bigint AND r.what IN (<verbs>))"
)
_TELL = (
    " BEGIN INSERT INTO hub_accessrecord (at, person_id, role, what, about, reason, kept_until)"
    " SELECT clock_timestamp(), NULL, left('database role ' || session_user, 200), <what>,"
    " left(found.about, 120), left(found.told, 500), clock_timestamp() + interval '<years> years'"
    " FROM (<found>) AS found (about, told) WHERE <only>; RETURN NULL; END "
)


def _order(order: str, /, **told: str) -> str:
    for name, words in told.items():
        order = order.replace(f"<{name}>", words)
    return order


def _has_power(row: str) -> str:
    return f"({row}.is_staff OR {row}.is_superuser OR {row}.kind = 'staff')"


@dataclass(frozen=True)
class Watched:
    """A table on which powers rest.

    orders: INSERT, DELETE or UPDATE OF columns, each with SQL of one row: whether it may be a change of powers.
    found: SQL for what changed, as rows of `about` and `told`; no row, or nothing told, is no line.
    """

    table: str
    orders: dict[str, str]
    found: str
    is_migrates: bool = False  # a change that `migrate` tells of itself needs no line

    @property
    def function(self) -> str:
        return f"hub_keep_power_{self.table}"

    def functions(self) -> dict[str, str]:
        """Name and body of what its triggers call."""
        if self.is_migrates:
            is_told = _order(_IS_TOLD, about=f"'{ALL_ROLES}'", verbs=f"'{TOLD_BY_MIGRATE}'")
            what, only = f"'{audit.BEHIND}'", f"NOT {is_told}"
        else:
            is_told = _order(_IS_TOLD, about="found.about", verbs=", ".join(f"'{each}'" for each in TOLD_BY_PAGES))
            what, only = f"CASE WHEN {is_told} THEN '{audit.SEEN}' ELSE '{audit.BEHIND}' END", "found.told IS NOT NULL"
        return {self.function: _order(_TELL, what=what, only=only, years=str(YEARS), found=self.found)}

    def triggers(self, vendor: str) -> dict[str, str]:
        """Each waits for the end of its transaction, when the page's own line is there."""
        if vendor != "postgresql":
            return {}
        named = {f"hub_keep_power_{order.split()[0].lower()}_{self.table}": order for order in self.orders}
        return {
            name: f"CREATE CONSTRAINT TRIGGER {name} AFTER {order} ON {self.table} DEFERRABLE INITIALLY DEFERRED"
            f" FOR EACH ROW WHEN ({self.orders[order]}) EXECUTE FUNCTION {self.function}()"
            for name, order in named.items()
        }


def _differs(*columns: str) -> str:
    return " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in columns)


def _rows(about: str, told: str, only: str = "true") -> str:
    """What was taken with the row before, and given with the row after. <it> is either."""
    one = "SELECT <about>, '<sign> ' || <told> WHERE TG_OP <> '<not>' AND <only>"
    words = {"about": about, "told": told, "only": only}
    taken = _order(one, **words, **{"sign": "-", "not": "INSERT", "it": "OLD"})
    given = _order(one, **words, **{"sign": "+", "not": "DELETE", "it": "NEW"})
    return f"{taken} UNION ALL {given}"


def _in_and_out(*columns: str) -> dict[str, str]:
    return {"INSERT": "true", "DELETE": "true", f"UPDATE OF {', '.join(columns)}": _differs(*columns)}


_USER = "'user:' || <it>.user_id"
_ROLE = "'role: ' || coalesce((SELECT g.name FROM auth_group g WHERE g.id = <it>.group_id), '#' || <it>.group_id)"
_PERMISSION = (
    "'permission: ' || coalesce((SELECT c.app_label || '.' || p.codename FROM auth_permission p"
    " JOIN django_content_type c ON c.id = p.content_type_id WHERE p.id = <it>.permission_id),"
    " '#' || <it>.permission_id)"
)
_ACCOUNT = (
    "SELECT 'user:' || coalesce(NEW.id, OLD.id), string_agg(CASE WHEN can THEN '+ ' ELSE '- ' END || name, ', '"
    " ORDER BY can DESC, name) FROM (VALUES"
    " ('is_staff', coalesce(OLD.is_staff, false), coalesce(NEW.is_staff, false)),"
    " ('is_superuser', coalesce(OLD.is_superuser, false), coalesce(NEW.is_superuser, false)),"
    " ('kind: staff', coalesce(OLD.kind = 'staff', false), coalesce(NEW.kind = 'staff', false)),"
    " ('stopped', coalesce(<old> AND NOT OLD.is_active, false), coalesce(<new> AND NOT NEW.is_active, false)),"
    " ('another address', false, coalesce(NEW.email <> OLD.email, false)),"
    " ('another number', false, coalesce(NEW.id <> OLD.id, false))"
    ") AS each (name, could, can) WHERE could <> can"
)
_SECRETS = ("user_id", "type", "data->'secret'", "data->'credential'", "data->'seed'")

WATCHED = (
    Watched(
        "accounts_user",
        {
            "INSERT": _has_power("NEW"),
            "DELETE": _has_power("OLD"),
            f"UPDATE OF {', '.join(FIELDS)}": (
                f"({_has_power('OLD')} OR {_has_power('NEW')}) AND ({_differs(*FIELDS)})"
            ),
        },
        _order(_ACCOUNT, old=_has_power("OLD"), new=_has_power("NEW")),
    ),
    Watched("accounts_user_groups", _in_and_out("user_id", "group_id"), _rows(_USER, _ROLE)),
    Watched("accounts_user_user_permissions", _in_and_out("user_id", "permission_id"), _rows(_USER, _PERMISSION)),
    Watched(
        "mfa_authenticator",
        {"INSERT": "true", "DELETE": "true", "UPDATE OF user_id, type, data": _differs(*_SECRETS)},
        _rows(
            _USER,
            "'second step: ' || <it>.type",
            _order("EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = <it>.user_id AND <able>)", able=_has_power("u")),
        ),
    ),
    Watched("auth_group", _in_and_out("id", "name"), _rows("'role:' || <it>.name", "'role'"), is_migrates=True),
    Watched(
        "auth_group_permissions",
        _in_and_out("group_id", "permission_id"),
        _rows(_ROLE.replace("'role: '", "'role:'"), _PERMISSION),
        is_migrates=True,
    ),
)
for _each in WATCHED:
    watch(_each)
