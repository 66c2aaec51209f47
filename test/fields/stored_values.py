"""What Django stores on SQLite for some values, and what it reads back.

Reads [[field, options, expression], ...] from stdin; writes [[typeof, quote, repr or null], ...].
"""
import datetime, json, sys, uuid
from datetime import timezone
from decimal import Decimal

import django
from django.conf import settings

settings.configure(
    USE_TZ=True, TIME_ZONE="UTC", INSTALLED_APPS=[], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()
from django.db import connection, models

import warnings

warnings.simplefilter("ignore")
names = {"datetime": datetime, "uuid": uuid, "Decimal": Decimal, "UTC": timezone.utc}
answers = []
for number, (field, options, expression) in enumerate(json.load(sys.stdin)):
    column = getattr(models, field)(**options)
    model = type(f"M{number}", (models.Model,), {
        "__module__": "stored", "v": column, "Meta": type("Meta", (), {"app_label": "stored"}),
    })
    with connection.schema_editor() as editor:
        editor.create_model(model)
    pk = model.objects.create(v=eval(expression, names)).pk
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT typeof(v), quote(v) FROM {model._meta.db_table}")
        stored = list(cursor.fetchone())
        cursor.execute(f"SELECT sql FROM sqlite_master WHERE name = '{model._meta.db_table}'")
        sql = cursor.fetchone()[0]
    try:
        back = repr(model.objects.get(pk=pk).v)
    except Exception as error:
        back = f"{type(error).__name__}"
    answers.append([*stored, back, sql.split('"v" ', 1)[1][:-1]])
json.dump(answers, sys.stdout)
