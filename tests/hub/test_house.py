"""The tests' own house: strict templates, kept rows, real servers."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.template import engines

from tests import emptying
from tests.strict import Undefined, UndefinedInTemplate


@pytest.fixture
def our_template(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.strict.OURS", str(tmp_path))

    def draw(text, context):
        engine = engines["django"].engine
        from django.template import Context, Origin, Template

        origin = Origin(name=str(tmp_path / "page.html"), template_name="page.html")
        return Template(text, origin=origin, engine=engine).render(Context(context))

    yield draw
    Undefined.seen.clear()


def test_a_template_of_ours_may_not_print_what_is_not_there(our_template):
    assert our_template("{{ name }}", {"name": "Maya"}) == "Maya"
    assert our_template("{% if name %}no{% endif %}", {}) == ""
    with pytest.raises(UndefinedInTemplate, match="nmae"):
        our_template("{{ nmae|upper }}", {"name": "Maya"})
    with pytest.raises(UndefinedInTemplate):
        our_template("{{ child.nmae }}", {"child": {"name": "Maya"}})


def test_a_template_of_others_keeps_the_empty_string():
    template = engines["django"].from_string("[{{ nmae|default:'nobody' }}]")
    assert template.render({}) == "[nobody]"


@pytest.mark.django_db(transaction=True)
def test_emptying_passes_the_triggers_and_keeps_what_migrations_wrote():
    permissions = Permission.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''never''; END'")
        cursor.execute(
            "CREATE TRIGGER hub_keep_test BEFORE TRUNCATE ON django_admin_log FOR EACH STATEMENT"
            " EXECUTE FUNCTION refuse()"
        )
        cursor.execute("ALTER TABLE django_admin_log ENABLE ALWAYS TRIGGER hub_keep_test")
    try:
        emptying.empty()
        assert Permission.objects.count() == permissions > 0
        assert ("django_admin_log", "hub_keep_test", "A") in emptying.triggers()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION refuse() CASCADE")
