"""The first helplines, as checked on 21 November 2026. From then on staff keep them, in the admin."""

from datetime import date

from django.db import migrations

CHECKED_ON = date(2026, 11, 21)
HELPLINES = [
    # order, need, name, number, hours, who it is for
    (
        1,
        "danger",
        "Police, ambulance or fire",
        "999",
        "Day and night",
        "You or a child in danger now. If you cannot speak, stay on the line and press 55 when you are asked to.",
    ),
    (
        10,
        "adult",
        "National Domestic Abuse Helpline (Refuge)",
        "0808 2000 247",
        "Day and night",
        "Women who are hurt, frightened or controlled by somebody close to them.",
    ),
    (
        20,
        "adult",
        "Men’s Advice Line",
        "0808 801 0327",
        "",
        "Men who are hurt, frightened or controlled by somebody close to them.",
    ),
    (
        30,
        "adult",
        "LGBT+ domestic abuse helpline (Galop)",
        "0800 999 5428",
        "",
        "Lesbian, gay, bisexual and trans people who are being hurt or frightened.",
    ),
    (
        40,
        "adult",
        "Karma Nirvana",
        "0800 5999 247",
        "",
        "People hurt or threatened in the name of honour, or facing a forced marriage.",
    ),
    (
        50,
        "adult",
        "National Stalking Helpline",
        "0808 802 0300",
        "",
        "People who are being followed, watched or sent messages they do not want.",
    ),
    (
        60,
        "adult",
        "Live Fear Free (Wales)",
        "0808 80 10 800",
        "",
        "Anybody in Wales who is being hurt, frightened or controlled.",
    ),
    (70, "child", "Childline", "0800 1111", "", "Children and young people who want to talk about anything at all."),
    (80, "child", "NSPCC", "0808 800 5000", "", "Adults who are worried about a child."),
    (
        90,
        "own",
        "Respect Phoneline",
        "0808 802 4040",
        "",
        "People who worry about how they treat somebody close to them, and want to change.",
    ),
    (
        100,
        "legal",
        "Rights of Women family law line",
        "020 7251 6577",
        "",
        "Women who want free legal advice about children, separation or staying safe.",
    ),
    (
        110,
        "legal",
        "Reunite",
        "0116 2556 234",
        "",
        "Parents who fear that a child may be taken to another country, or whose child has been.",
    ),
    (
        120,
        "family",
        "Family Rights Group",
        "0808 801 0366",
        "",
        "Families who are in touch with children’s services, and relatives who look after a child.",
    ),
]


def add_helplines(apps, schema_editor):
    Helpline = apps.get_model("hub", "Helpline")
    Helpline.objects.bulk_create(
        Helpline(
            order=order,
            need=need,
            name=name,
            number=number,
            hours=hours,
            who_for=who_for,
            checked_on=CHECKED_ON,
        )
        for order, need, name, number, hours, who_for in HELPLINES
    )


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]

    operations = [migrations.RunPython(add_helplines, migrations.RunPython.noop)]
