"""Django's side: reads what the library wrote, writes the same values, reads them.

Reads one JSON object from stdin: {"database": {...}, "fields": [[name, type, options], ...], "values": {name: [...]}}.
Writes {name: [[read, written], ...]}: of each value what Django reads of the library's row (by its key), and what it
reads of its own; "error ..." where it refuses. The keys of its own rows follow those of the library.
"""

import datetime
import decimal
import json
import struct
import sys
import uuid
import warnings

import django
from django.conf import settings

QUESTION = json.load(sys.stdin)
settings.configure(
    DATABASES={"default": QUESTION["database"]},
    INSTALLED_APPS=[],
    USE_TZ=True,
    TIME_ZONE="UTC",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
warnings.simplefilter("ignore")

from django.db import connection, models, transaction  # noqa: E402


def decode(node):
    if not isinstance(node, dict):
        return node
    ((form, inner),) = node.items()
    match form:
        case "$int":
            return int(inner)
        case "$float":
            return struct.unpack(">d", bytes.fromhex(inner))[0]
        case "$decimal":
            return decimal.Decimal(inner)
        case "$date":
            return datetime.date.fromisoformat(inner)
        case "$time":
            return datetime.time.fromisoformat(inner)
        case "$datetime":
            return datetime.datetime.fromisoformat(inner)
        case "$duration":
            return datetime.timedelta(microseconds=int(inner))
        case "$bytes":
            return bytes.fromhex(inner)
        case "$uuid":
            return uuid.UUID(inner)
        case "$json":
            return json.loads(inner)


def utf16(text):
    """As JSON.stringify sorts and writes: by UTF-16 units."""
    return text.encode("utf-16-be", "surrogatepass")


def quoted(text):
    units = utf16(text).decode("utf-16-be", "surrogatepass")
    return json.dumps(units)


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def canonical(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"int {value}"
    if isinstance(value, float):
        # There is one type of number in JavaScript.
        whole = value.is_integer() and abs(value) < 2**53 and not (value == 0 and struct.pack(">d", value)[0])
        return f"int {int(value)}" if whole else f"float {struct.pack('>d', value).hex()}"
    if isinstance(value, str):
        return f"text {quoted(value)}"
    if isinstance(value, decimal.Decimal):
        return f"decimal {value:f}"
    if isinstance(value, datetime.datetime):
        return f"instant {(value - EPOCH) // datetime.timedelta(microseconds=1)}"
    if isinstance(value, datetime.date):
        return f"date {value.isoformat()}"
    if isinstance(value, datetime.time):
        return f"time {value.isoformat('microseconds')}"
    if isinstance(value, datetime.timedelta):
        return f"duration {value // datetime.timedelta(microseconds=1)}"
    if isinstance(value, uuid.UUID):
        return f"text {quoted(str(value))}"
    if isinstance(value, (bytes, memoryview)):
        return f"bytes {bytes(value).hex()}"
    if isinstance(value, list):
        return f"[{', '.join(map(canonical, value))}]"
    items = sorted(value.items(), key=lambda item: utf16(item[0]))
    return "{" + ", ".join(f"{quoted(key)}: {canonical(item)}" for key, item in items) + "}"


def attempt(act):
    try:
        with transaction.atomic():
            return act()
    except Exception as error:
        return f"error {type(error).__name__}: {str(error)[:200]}"


answers = {}
for name, kind, options in QUESTION["fields"]:
    model = type(name.capitalize(), (models.Model,), {
        "__module__": "fieldvalues",
        "v": getattr(models, kind)(null=True, **options),
        "Meta": type("Meta", (), {"app_label": "fieldvalues"}),
    })  # fmt: skip
    answers[name] = []
    for number, encoded in enumerate(QUESTION["values"][name]):
        key, own = 2 * number + 1, 2 * number + 2

        def read(key):
            return canonical(model.objects.values_list("v", flat=True).get(pk=key))

        def write():
            model(pk=own, v=decode(encoded)).save(force_insert=True)

        there = attempt(lambda: read(key))
        error = attempt(write)
        answers[name].append([there, error or attempt(lambda: read(own))])
json.dump(answers, sys.stdout)
