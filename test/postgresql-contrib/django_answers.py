"""Asks Django what django.contrib.postgres gives: writes django-answers.json beside this file.

    python test/postgresql-contrib/django_answers.py

Needs psycopg and a PostgreSQL server (PGHOST, PGPORT, PGUSER; 127.0.0.1:5432 as postgres by default), on which it
makes a database of its own.
"""

import datetime
import decimal
import json
import os
import sys
import types
import uuid

import django
import psycopg
from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER = {
    "host": os.environ.get("PGHOST", "127.0.0.1"),
    "port": os.environ.get("PGPORT", "5432"),
    "user": os.environ.get("PGUSER", "postgres"),
}
NAME = f"asgimod_answers_{os.getpid()}"

contrib = types.ModuleType("contrib")
contrib.__path__ = [HERE]
sys.modules["contrib"] = contrib

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            **{key.upper(): value for key, value in SERVER.items()},
        }
    },
    INSTALLED_APPS=["django.contrib.postgres", "contrib"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)


def on_server(sql):
    with psycopg.connect(dbname="postgres", autocommit=True, **SERVER) as connection:
        connection.execute(sql)


on_server(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
on_server(
    f"CREATE DATABASE \"{NAME}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
)
with psycopg.connect(dbname=NAME, autocommit=True, **SERVER) as own:
    for extension in ["hstore", "pg_trgm", "unaccent", "btree_gist", "btree_gin", "bloom"]:
        own.execute(f"CREATE EXTENSION {extension}")

django.setup()

from django.db import connection  # noqa: E402
from django.db.backends.postgresql.psycopg_any import Range  # noqa: E402

answers = {}


def written(value):
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, Range):
        if value.isempty:
            return "empty"
        end = lambda each: "" if each is None else str(written(each))  # noqa: E731
        return f"{value._bounds[0]}{end(value.lower)}, {end(value.upper)}{value._bounds[1]}"
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    return [written(item) for item in value]


def section(name, cases):
    answers[name] = {}
    for case, ask in cases.items():
        try:
            answers[name][case] = {"value": written(ask())}
        except Exception as error:
            found = {"error": type(error).__name__}
            # The server's messages are the driver's matter.
            if not isinstance(error, django.db.DatabaseError):
                found["message"] = str(error).replace("search_type", "searchType")
            answers[name][case] = found


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    try:
        import django_aggregates
        import django_fields
        import django_schema
        import django_search

        for questions in [django_fields, django_search, django_aggregates, django_schema]:
            for model in questions.MODELS:
                with connection.schema_editor() as editor:
                    editor.create_model(model)
            questions.ask(section)
    finally:
        connection.close()
        on_server(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    with open(os.path.join(HERE, "django-answers.json"), "w") as file:
        json.dump(answers, file, indent=1, ensure_ascii=False)
        file.write("\n")
