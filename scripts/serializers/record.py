"""Records what the real Django writes: `test/serializers/data/<app>[-natural][-indent].<format>`.

    python scripts/serializers/record.py DIR OUT

DIR has `apps/<app>/schema.json` and `data.json`. `OUT/loaded.json` tells what the tables hold after Django has loaded each
of the files.
"""

import difflib
import io
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fuzz"))

from django_format import get_model  # noqa: E402
from django_models import build_models, configure, create_tables, load_rows  # noqa: E402

NATURAL = {
    "bookstore.Author": ["name"],
    "bookstore.Tag": ["slug"],
    "bookstore.Book": ["isbn"],
    "blog.Label": ["name"],
    "blog.Site": ["code"],
    "blog.Account": ["username"],
    "testapp.Topping": ["name"],
}
"""Models with a natural key, and the fields that it is made of. `natural.ts` beside the tests has the same."""

NATURALLY = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}

INDENTS = {"json": [None, 2], "jsonl": [None], "xml": [2, None], "yaml": [None, 4]}
"""The indentation that each format is recorded with; the second one for the smallest app alone."""


def add_natural_keys():
    for label, names in NATURAL.items():
        model = get_model(label)
        model.natural_key = lambda self, names=names: tuple(getattr(self, name) for name in names)
        manager = model._default_manager
        manager.__class__ = type(
            "NaturalManager",
            (manager.__class__,),
            {"get_by_natural_key": lambda self, *key, names=names: self.get(**dict(zip(names, key)))},
        )


def dump(app, format, **options):
    from django.core.management import call_command

    out = io.StringIO()
    call_command("dumpdata", app, format=format, stdout=out, **options)
    return out.getvalue()


def write_all(apps, out, suffix, **options):
    for app in apps:
        for format, indents in INDENTS.items():
            for number, indent in enumerate(indents if app == "testapp" else indents[:1]):
                name = f"{app}{suffix}{'-indent' if number else ''}.{format}"
                with open(os.path.join(out, name), "w", newline="") as file:
                    file.write(dump(app, format, indent=indent, **options))


def differences(old, new):
    """What makes the lines of `new` of those of `old`: `[from, to, lines]`."""
    old, new = old.split("\n"), new.split("\n")
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [[i, j, new[k:l]] for tag, i, j, k, l in matcher.get_opcodes() if tag != "equal"]


def record_loading(out):
    """What the tables hold after each file was loaded: how their YAML differs from that of the rows before."""
    from django.core.management import call_command

    loaded = {}
    for path in sorted(pathlib.Path(out).iterdir()):
        app, *parts = path.name.split(".")[0].split("-")
        if path.name in ("yaml.json", "loaded.json"):
            continue
        natural = "natural" in parts
        call_command("flush", interactive=False, verbosity=0)
        call_command("loaddata", str(path.absolute()), verbosity=0)
        before = pathlib.Path(out, f"{app}{'-natural' if natural else ''}.yaml").read_text()
        loaded[path.name] = differences(before, dump(app, "yaml", **(NATURALLY if natural else {})))
    with open(os.path.join(out, "loaded.json"), "w") as file:
        json.dump(loaded, file, indent=1)


def order_keys():
    """Puts keys such as "1" first in documents, where JavaScript has them."""
    record = get_model("blog.Record")
    for row in record.objects.exclude(js=None):
        if isinstance(row.js, dict):
            numbers = sorted((key for key in row.js if key.isdigit()), key=int)
            row.js = {key: row.js[key] for key in [*numbers, *(key for key in row.js if not key.isdigit())]}
            row.save(update_fields=["js"])


def main():
    directory, out = sys.argv[1:]
    apps = sorted(os.listdir(os.path.join(directory, "apps")))
    configure(apps)
    for app in apps:
        schema = json.loads(pathlib.Path(directory, "apps", app, "schema.json").read_text())
        build_models(schema)
        # Such an app has a module of models, for dumpdata.
        from django.apps import apps as registry

        config = registry.get_app_config(app)
        config.models_module = config.module
        create_tables(schema)
    from django.db import connection, transaction

    for app in apps:
        with transaction.atomic(), connection.constraint_checks_disabled():
            load_rows(json.loads(pathlib.Path(directory, "apps", app, "data.json").read_text()))
    order_keys()
    write_all(apps, out, "")
    add_natural_keys()
    write_all([app for app in apps if app != "lifecycle"], out, "-natural", **NATURALLY)
    record_loading(out)


main()
