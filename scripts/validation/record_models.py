"""Records what the real Django says of whole objects: `python scripts/validation/record_models.py > test/validation/data/models.json`.

A model with all kinds of rules for several fields and objects, and generated objects that break them.
"""

import datetime
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fuzz"))

from django_models import configure  # noqa: E402

configure(["entries"])

from django.core.exceptions import ValidationError  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.models import F, Q  # noqa: E402
from django.db.models.functions import Lower  # noqa: E402

from django_format import decode, encode  # noqa: E402

UTC = datetime.timezone.utc


class Kind(models.Model):
    class Meta:
        app_label = "entries"


class Entry(models.Model):
    title = models.CharField(max_length=20, unique_for_date="day")
    slug = models.CharField(max_length=20, unique_for_month="day", blank=True)
    code = models.CharField("secret code", max_length=20, unique_for_year="at", unique=True)
    day = models.DateField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    a = models.IntegerField()
    b = models.IntegerField(null=True, blank=True)
    kind = models.ForeignKey(Kind, models.CASCADE, null=True, blank=True)

    class Meta:
        app_label = "entries"
        verbose_name = "journal entry"
        unique_together = [["a", "b"]]
        constraints = [
            models.UniqueConstraint(fields=["slug"], condition=Q(a__gt=5), name="slug_of_large"),
            models.UniqueConstraint(Lower("title"), name="lower_title", violation_error_message="Titles differ by case only.", violation_error_code="case"),
            models.UniqueConstraint(fields=["a", "code"], name="a_code"),
            models.UniqueConstraint(fields=["b", "kind"], name="b_kind", condition=Q(b__isnull=False)),
            models.CheckConstraint(condition=Q(a__lt=100), name="a_small"),
            models.CheckConstraint(condition=Q(b__isnull=True) | Q(b__gte=F("a")), name="b_gte_a", violation_error_code="order", violation_error_message="%(name)s: b is below a."),
        ]

    def clean(self):
        if self.title == self.code:
            raise ValidationError({"title": "Title and code.", "__all__": ValidationError("Same %(what)s.", code="same", params={"what": "text"})})
        if self.title == "odd":
            raise ValidationError(["One.", ValidationError("Two.", code="two")])


ROWS = [
    {"id": 1, "title": "first", "slug": "s", "code": "c1", "day": datetime.date(2024, 1, 31), "at": datetime.datetime(2024, 1, 31, 23, 30, tzinfo=UTC), "a": 1, "b": 1, "kind_id": 1},
    {"id": 2, "title": "Second", "slug": "t", "code": "c2", "day": datetime.date(2024, 2, 1), "at": datetime.datetime(2023, 12, 31, 23, 59, tzinfo=UTC), "a": 6, "b": None, "kind_id": None},
    {"id": 3, "title": "third", "slug": "", "code": "c3", "day": None, "at": None, "a": 7, "b": 8, "kind_id": 2},
]

CHOICES = {
    "id": [None, None, None, 1, 2, 9],
    "title": ["first", "FIRST", "second", "new", "", "odd", "c9", "x" * 21],
    "slug": ["s", "t", "", "u"],
    "code": ["c1", "c2", "c9", "c9", "c8"],
    "day": [None, datetime.date(2024, 1, 31), datetime.date(2024, 1, 1), datetime.date(2024, 2, 29), datetime.date(2023, 1, 31)],
    "at": [None, datetime.datetime(2024, 5, 5, tzinfo=UTC), datetime.datetime(2023, 1, 1, tzinfo=UTC), datetime.datetime(2022, 6, 1, 12, tzinfo=UTC)],
    "a": [1, 6, 7, 99, 100, None],
    "b": [None, 1, 8, 0, 150],
    "kind_id": [None, 1, 2, 77],
}

CALLS = ["full_clean", "full_clean", "clean_fields", "validate_unique", "validate_constraints"]


def errors_of(error):
    if hasattr(error, "error_dict"):
        return {name: [[each.code, each.messages[0]] for each in errors] for name, errors in error.error_dict.items()}
    return {"__all__": [[each.code, each.messages[0]] for each in error.error_list]}


def main():
    with connection.schema_editor() as editor:
        editor.create_model(Kind)
        editor.create_model(Entry)
    Kind.objects.bulk_create([Kind(id=1), Kind(id=2)])
    Entry.objects.bulk_create([Entry(**row) for row in ROWS])
    generator = random.Random(5)
    cases = []
    for _ in range(400):
        values = {name: generator.choice(choices) for name, choices in CHOICES.items()}
        call = generator.choice(CALLS)
        names = ["title", "slug", "code", "day", "at", "a", "b", "kind"]
        exclude = generator.sample(names, generator.choice([0, 0, 0, 1, 2]))
        options = {"exclude": exclude}
        if call == "full_clean" and generator.random() < 0.2:
            options["validate_unique"] = False
        if call == "full_clean" and generator.random() < 0.2:
            options["validate_constraints"] = False
        entry = Entry(**values)
        entry._state.adding = values["id"] not in (1, 2)
        try:
            getattr(entry, call)(**options)
            errors = {}
        except ValidationError as error:
            errors = errors_of(error)
        cases.append({"values": encode(values), "adding": entry._state.adding, "call": call, "options": options, "errors": errors})
    json.dump({"rows": encode(ROWS), "cases": cases}, sys.stdout, separators=(",", ":"))
    print()


main()
