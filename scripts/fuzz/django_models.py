"""Builds the models of a `schema.json` in Django, and stores the rows of a `data.json`."""

import json
import os
import sys
import types

import django
from django.conf import settings
from django_format import apply_chain, decode, form_of, get_model

MEMORY = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


def configure(apps, database=MEMORY):
    settings.configure(
        USE_TZ=True,
        TIME_ZONE="UTC",
        LANGUAGE_CODE="en-us",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": database},
        INSTALLED_APPS=apps,
    )
    for app in apps:
        module = types.ModuleType(app)
        module.__file__ = os.path.join(os.getcwd(), app, "__init__.py")
        sys.modules[app] = module
    django.setup()


def build_models(schema):
    from django.db import models

    app = schema["app"]
    for model in schema["models"]:
        bases = tuple(get_model(base) for base in model.get("bases", [])) or (models.Model,)
        attributes = {"__module__": app, "__qualname__": model["name"]}
        for field in model["fields"]:
            if field["kwargs"].get("auto_created"):
                continue
            attributes[field["name"]] = build_field(field)
        for manager in model.get("managers", []):
            attributes[manager["name"]] = build_manager(manager.get("chain", []))
        meta = {"app_label": app}
        for key, value in model.get("options", {}).items():
            if key == "abstract":
                continue
            if key in ("indexes", "constraints"):
                value = [build_index(item) for item in value]
            else:
                value = decode(value)
            meta[key] = value
        attributes["Meta"] = type("Meta", (), meta)
        type(model["name"], bases, attributes)


def build_field(field):
    from django.db import models

    args = [decode(arg) for arg in field.get("args", [])]
    kwargs = {}
    for key, value in field["kwargs"].items():
        if key == "on_delete":
            kwargs[key] = models.SET(decode(value["$set"])) if isinstance(value, dict) else getattr(models, value)
        elif key == "validators":
            continue
        elif key in ("serialize", "auto_created"):
            continue
        elif field["type"] == "CompositePrimaryKey":
            continue
        else:
            kwargs[key] = decode(value)
    return getattr(models, field["type"])(*args, **kwargs)


def build_index(item):
    from django.db import models

    kwargs = {key: decode(value) for key, value in item["kwargs"].items()}
    if isinstance(kwargs.get("deferrable"), str):
        kwargs["deferrable"] = models.Deferrable[kwargs["deferrable"].upper()]
    return getattr(models, item["type"])(*[decode(arg) for arg in item.get("args", [])], **kwargs)


def build_manager(chain):
    from django.db import models

    class ChainManager(models.Manager):
        def get_queryset(self):
            return apply_chain(super().get_queryset(), chain)

    return ChainManager()


def create_tables(schema):
    from django.db import connection

    with connection.schema_editor() as editor:
        for model in schema["models"]:
            cls = get_model(f"{schema['app']}.{model['name']}")
            if not cls._meta.proxy:
                editor.create_model(cls)


def tables_of(schema):
    """The tables in the order in which rows can refer to rows: `[name, model class]`."""
    for spec in schema["models"]:
        model = get_model(f"{schema['app']}.{spec['name']}")
        if model._meta.proxy:
            continue
        yield spec["name"], model
    for spec in schema["models"]:
        model = get_model(f"{schema['app']}.{spec['name']}")
        for field in model._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                yield f"{spec['name']}_{field.name}", field.remote_field.through


def load_rows(data):
    for table in data["tables"]:
        model = model_of_table(data["app"], table["model"])
        for row in table["rows"]:
            insert_row(model, row)


def model_of_table(app, name):
    """The model of a table by its name in `data.json`: `Pizza`, `Pizza_toppings`."""
    try:
        return get_model(f"{app}.{name}")
    except LookupError:
        owner, _, field = name.partition("_")
        return getattr(get_model(f"{app}.{owner}"), field).through


def insert_row(model, row):
    """Stores a row of the format as it is given."""
    from django.db import connection

    by_attname = {field.attname: field for field in model._meta.local_concrete_fields}
    fields = [by_attname[key] for key in row]
    values = [stored(field, row[field.attname]) for field in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column).replace("%", "%%") for field in fields)
    table = quote(model._meta.db_table).replace("%", "%%")
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(fields))
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def stored(field, given):
    from django.db import connection

    if form_of(given) == "$json_null":
        return "null"
    value = decode(given)
    return None if value is None else field.get_db_prep_save(value, connection)


def open_connections():
    """The connection with the rows, one that reverses what is not ordered, and one without indexes as well."""
    from django.db import connection

    base = connection.connection
    raws = [base]
    for bare in (False, True):
        other = connection.get_new_connection(connection.get_connection_params())
        base.backup(other)
        other.execute("PRAGMA reverse_unordered_selects = ON")
        if bare:
            other.execute("PRAGMA automatic_index = OFF")
            names = other.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
            for (name,) in names:
                other.execute(f'DROP INDEX "{name}"')
        raws.append(other)
    for raw in raws:
        raw.execute("PRAGMA foreign_keys = OFF")
    return raws
