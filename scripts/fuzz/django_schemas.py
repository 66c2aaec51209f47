"""Makes up apps: random schemas, and rows that Django and SQLite accept, in the conformance format.

    python scripts/fuzz/django_schemas.py DIR SEED COUNT

Writes `DIR/apps/<app>/schema.json` and `data.json` for COUNT apps. The same seed gives the same apps.
"""

import json
import pathlib
import random
import sys
import warnings

from django_fields import Names, ModelMaker
from django_models import build_models, configure, create_tables, insert_row, tables_of
from django_format import get_model

SETTINGS = {
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "NOW": "2024-01-15T12:00:00.123456Z",
}


def resolved(model, encode_option):
    """What Django makes of a model, in the form of `resolved`."""
    opts = model._meta
    reverse = {}
    for relation in opts.related_objects:
        name = relation.field.related_query_name()
        if relation.hidden:
            continue
        reverse[name] = {
            "accessor": relation.get_accessor_name(),
            "model": relation.related_model._meta.label,
            "field": relation.field.name,
        }
    many = {
        field.name: {
            "db_table": field.m2m_db_table(),
            "column": field.m2m_column_name(),
            "reverse_column": field.m2m_reverse_name(),
        }
        for field in opts.local_many_to_many
    }
    result = {
        "db_table": opts.db_table,
        "pk": [field.attname for field in opts.pk_fields],
        "ordering": encode_option,
        "default_manager": model._default_manager.name,
        "columns": [
            [field.attname, field.column, "", ""]
            for field in opts.local_concrete_fields
            if field.column is not None and not opts.proxy
        ],
        "reverse": reverse,
    }
    if many:
        result["many_to_many"] = many
    return result


def complete(schema):
    """Adds what Django knows: implicit keys, parent links, `resolved`."""
    for spec in schema["models"]:
        model = get_model(f"{schema['app']}.{spec['name']}")
        given = {field["name"] for field in spec["fields"]}
        opts = model._meta
        implicit = []
        for field in opts.local_fields:
            if field.name in given or not field.auto_created:
                continue
            kwargs = {"primary_key": field.primary_key, "auto_created": True}
            if field.remote_field:
                kwargs.update(to=field.remote_field.model._meta.label_lower, parent_link=True, on_delete="CASCADE")
            implicit.append({"name": field.name, "type": type(field).__name__, "kwargs": kwargs})
        spec["fields"][:0] = implicit
        spec["resolved"] = resolved(model, spec.get("options", {}).get("ordering", []))


def problems(app):
    from django.apps import apps
    from django.core import checks

    found = []
    for model in apps.get_app_config(app).get_models():
        found += [item for item in model.check(databases=["default"]) if item.level >= checks.ERROR]
    return found


def fill(schema, maker, rng):
    """Random rows; those that the database refuses are left out."""
    from django.db import DatabaseError, transaction

    tables = []
    stored = {}
    for name, model in tables_of(schema):
        rows = []
        wanted = rng.choice([0, 2, 5, 7, 9, 12]) if rng.random() < 0.4 else rng.randint(5, 12)
        for number in range(1, wanted + 1):
            row = maker.row(model, number, stored)
            if row is None:
                continue
            try:
                with transaction.atomic():
                    insert_row(model, row)
            except DatabaseError:
                continue
            rows.append(row)
            stored.setdefault(model._meta.concrete_model, []).append(row)
        tables.append({"model": name, "rows": rows})
    return {"app": schema["app"], "tables": tables}


def main():
    directory, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    warnings.simplefilter("ignore")
    names = [f"{Names.APPS[(seed + number) % len(Names.APPS)]}{seed}x{number}" for number in range(count)]
    tries = [[name, *(f"{name}{letter}" for letter in "bcdefgh")] for name in names]
    configure([name for some in tries for name in some])
    from django.db import connection

    for some in tries:
        for app in some:
            maker = ModelMaker(app, random.Random(app))
            schema = {"app": app, "settings": SETTINGS, "models": maker.models()}
            build_models(schema)
            found = problems(app)
            if not found:
                break
            print(app, found, file=sys.stderr)
        else:
            raise SystemExit(f"no valid app for {some[0]}")
        complete(schema)
        create_tables(schema)
        data = fill(schema, maker, maker.rng)
        with connection.cursor() as cursor:
            if cursor.execute("PRAGMA foreign_key_check").fetchall():
                raise SystemExit(f"{app}: rows refer to rows that are not there")
        folder = pathlib.Path(directory) / "apps" / app
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "schema.json").write_text(json.dumps(schema, indent=1))
        (folder / "data.json").write_text(json.dumps(data))


if __name__ == "__main__":
    main()
