"""Answers cases of the conformance format with the real Django, on SQLite in memory.

    python scripts/fuzz/django_answers.py DIR [--check FILE...]

DIR has `apps/<app>/schema.json` and `data.json`. Reads one JSON list of cases per line from standard input, and
writes one JSON list of answers per line: `{"id", "expect", "ordered", "sql", "skip"?}`.

Each case runs three times, on connections that return rows in another order and make other plans: that says whether
the order of the rows, and the answer at all, is determined by the query.

With --check, runs recorded cases instead and says where this script would have answered otherwise.
"""

import base64
import collections
import datetime
import decimal
import json
import linecache
import math
import os
import pathlib
import re
import sys
import types
import uuid
import warnings
import zoneinfo

import django
from django.conf import settings

STEPS = 4_000_000
"""After so many steps of SQLite's machine a statement is given up."""


def configure(apps):
    settings.configure(
        USE_TZ=True,
        TIME_ZONE="UTC",
        LANGUAGE_CODE="en-us",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=apps,
    )
    for app in apps:
        module = types.ModuleType(app)
        module.__file__ = os.path.join(os.getcwd(), app, "__init__.py")
        sys.modules[app] = module
    django.setup()


# Arguments


class Skip(Exception):
    """A case that says nothing, and why."""


def find_name(name):
    from django.db import models
    from django.db.models import aggregates, expressions, functions, lookups
    from django.db.models.fields import json as json_fields
    from django.db.models.functions import comparison, datetime as dates, math as maths, text, window

    for module in (models, functions, expressions, aggregates, lookups, json_fields, comparison, dates, maths, text, window):
        found = getattr(module, name, None)
        if found is not None:
            return found
    raise Skip(f"Django has no {name}")


def get_model(label):
    from django.apps import apps

    return apps.get_model(label)


def parse_datetime(text):
    return datetime.datetime.fromisoformat(text)


def form_of(node):
    if isinstance(node, dict) and len(node) >= 1:
        key = next(iter(node))
        if key.startswith("$"):
            return key
    return None


OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
    "neg": lambda a: -a,
    "~": lambda a: ~a,
    "bitand": lambda a, b: a.bitand(b),
    "bitor": lambda a, b: a.bitor(b),
    "bitxor": lambda a, b: a.bitxor(b),
    "bitleftshift": lambda a, b: a.bitleftshift(b),
    "bitrightshift": lambda a, b: a.bitrightshift(b),
    "slice": lambda a, b, c: a[b:c],
    "index": lambda a, b: a[b],
}

CALLABLES = {"uuid4": uuid.uuid4, "dict": dict, "list": list}


def decode(node):
    from django.db import models

    if isinstance(node, list):
        return [decode(item) for item in node]
    if not isinstance(node, dict):
        return node
    form = form_of(node)
    if form is None:
        return {key: decode(value) for key, value in node.items()}
    inner = node[form]
    match form:
        case "$decimal":
            return decimal.Decimal(inner)
        case "$bigint":
            return int(inner)
        case "$float":
            return float(inner)
        case "$date":
            return datetime.date.fromisoformat(inner)
        case "$time":
            return datetime.time.fromisoformat(inner)
        case "$datetime":
            return parse_datetime(inner)
        case "$duration_us":
            return datetime.timedelta(microseconds=int(inner))
        case "$uuid":
            return uuid.UUID(inner)
        case "$bytes":
            return base64.b64decode(inner)
        case "$tz":
            return zoneinfo.ZoneInfo(inner)
        case "$tuple":
            return tuple(decode(item) for item in inner)
        case "$set":
            return {decode(item) for item in inner}
        case "$object" | "$map":
            return {decode(key): decode(value) for key, value in inner}
        case "$f":
            return models.F(inner)
        case "$outerref":
            return models.OuterRef(decode(inner))
        case "$q":
            return decode_q(inner)
        case "$expr":
            args = [decode(arg) for arg in inner.get("args") or []]
            kwargs = {key: decode(value) for key, value in (inner.get("kwargs") or {}).items()}
            return find_name(inner["name"])(*args, **kwargs)
        case "$op":
            return OPERATORS[inner[0]](*[decode(operand) for operand in inner[1:]])
        case "$field":
            kwargs = {key: decode(value) for key, value in (inner.get("kwargs") or {}).items()}
            return getattr(models, inner["type"])(*[decode(arg) for arg in inner.get("args") or []], **kwargs)
        case "$qs":
            return apply_chain(start_of(inner["model"], inner.get("manager")), inner["chain"])
        case "$prefetch":
            kwargs = {key: decode(value) for key, value in inner.items() if key != "lookup"}
            return models.Prefetch(inner["lookup"], **kwargs)
        case "$instance":
            # Fetching it beforehand does not count.
            label, pk = inner
            sent = RUNNER.sent
            RUNNER.sent = []
            try:
                return get_model(label)._base_manager.get(pk=decode(pk))
            finally:
                RUNNER.sent = sent
        case "$new":
            kwargs = {key: decode(value) for key, value in (inner.get("kwargs") or {}).items()}
            return get_model(inner["model"])(**kwargs)
        case "$callable":
            return CALLABLES[inner]
        case _:
            raise Skip(f"the form {form} is not known here")


def decode_q(node):
    from django.db.models import Q

    children = []
    for child in node["children"]:
        children.append((child[0], decode(child[1])) if isinstance(child, list) else decode(child))
    return Q.create(children=children, connector=node["connector"], negated=node["negated"])


def start_of(label, manager):
    model = get_model(label)
    return (getattr(model, manager) if manager else model._default_manager).all()


def call_arguments(call):
    args = [decode(arg) for arg in call.get("args") or []]
    kwargs = {key: decode(value) for key, value in (call.get("kwargs") or {}).items()}
    return args, kwargs


def apply_chain(queryset, chain):
    for call in chain:
        name = call["m"]
        args, kwargs = call_arguments(call)
        if name == "slice":
            queryset = queryset[slice(*(args + [None] * (3 - len(args))))] if len(args) > 1 else queryset[args[0] :]
        elif name == "and":
            queryset = queryset & args[0]
        elif name == "or":
            queryset = queryset | args[0]
        elif name == "xor":
            queryset = queryset ^ args[0]
        else:
            queryset = getattr(queryset, name)(*args, **kwargs)
    return queryset


def apply_terminal(queryset, call):
    name = call["m"]
    args, kwargs = call_arguments(call)
    if name == "list":
        return "rows", list(queryset)
    if name == "iterator":
        return "rows", list(queryset.iterator(*args, **kwargs))
    if name == "index":
        return "value", queryset[args[0]]
    if name == "ordered":
        return "value", queryset.ordered
    return "value", getattr(queryset, name)(*args, **kwargs)


# Results


def encode(value, outer=()):
    from django.db import models

    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"$bigint": str(value)}
    if isinstance(value, float):
        if math.isnan(value):
            return {"$float": "nan"}
        if math.isinf(value):
            return {"$float": "inf" if value > 0 else "-inf"}
        return {"$float": "-0"} if value == 0 and math.copysign(1, value) < 0 else value
    if isinstance(value, decimal.Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime.datetime):
        text = value.isoformat()
        return {"$datetime": text.replace("+00:00", "Z")}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"$time": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        micros = (value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds
        return {"$duration_us": micros if abs(micros) < 2**53 else str(micros)}
    if isinstance(value, uuid.UUID):
        return {"$uuid": str(value)}
    if isinstance(value, (bytes, memoryview)):
        return {"$bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, tuple):
        if hasattr(value, "_fields"):
            return {"$named": [[name, encode(item, outer)] for name, item in zip(value._fields, value)]}
        return {"$tuple": [encode(item, outer) for item in value]}
    if isinstance(value, (list, models.QuerySet)):
        return [encode(item, outer) for item in value]
    if isinstance(value, set):
        return {"$set": [encode(item, outer) for item in value]}
    if isinstance(value, dict):
        items = [[key, encode(item, outer)] for key, item in value.items()]
        if not all(isinstance(key, str) for key in value):
            return {"$map": [[encode(key), item] for key, item in items]}
        if any(key.startswith("$") for key in value):
            return {"$object": items}
        return dict(items)
    if isinstance(value, models.Model):
        return encode_instance(value, outer)
    raise Skip(f"a result of the type {type(value).__name__}")


def encode_instance(instance, outer):
    from django.db import models

    identity = [instance._meta.label, encode(instance.pk)]
    if any(instance is other for other in outer):
        return {"$ref": identity}
    inner = (*outer, instance)
    fields, annotations, related = {}, {}, {}
    deferred = []
    state = instance.__dict__
    known = {"_state", "_prefetched_objects_cache"}
    for field in instance._meta.concrete_fields:
        known.add(field.attname)
        if field.attname in state:
            fields[field.attname] = encode(state[field.attname], inner)
        else:
            deferred.append(field.attname)
    for name, value in instance._state.fields_cache.items():
        related[name] = encode(value, inner)
    for name, value in state.get("_prefetched_objects_cache", {}).items():
        related[name] = [encode(item, inner) for item in value]
    for name, value in state.items():
        if name in known or name.startswith("_"):
            continue
        is_list = isinstance(value, list) and all(isinstance(item, models.Model) for item in value)
        is_related = isinstance(value, models.Model) or (is_list and name in TO_ATTR)
        (related if is_related else annotations)[name] = encode(value, inner)
    result = {"$obj": identity, "fields": fields}
    if annotations:
        result["annotations"] = annotations
    if related:
        result["related"] = related
    if deferred:
        result["deferred"] = deferred
    return result


TO_ATTR = set()
RUNNER = None


def collect_to_attr(node):
    if isinstance(node, list):
        for item in node:
            collect_to_attr(item)
    elif isinstance(node, dict):
        if form_of(node) == "$prefetch" and node["$prefetch"].get("to_attr"):
            TO_ATTR.add(node["$prefetch"]["to_attr"])
        for item in node.values():
            collect_to_attr(item)


def encode_row(row):
    if type(row) is tuple:
        return [encode(item) for item in row]
    return encode(row)


# Running


ACCIDENTS = re.compile(r"expected .* but got \w+\(|Cannot resolve keyword ''")
"""Texts of errors that are raised for what Django itself made of the arguments."""


def deliberate(error):
    """Whether Django raised the error on purpose: the innermost frame is a `raise` of its own."""
    if ACCIDENTS.search(str(error)):
        return False
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    name = trace.tb_frame.f_code.co_filename
    if f"{os.sep}django{os.sep}" not in name:
        return False
    return linecache.getline(name, trace.tb_lineno).strip().startswith("raise")


class Runner:
    def __init__(self):
        self.connections = []
        self.sent = []
        self.steps = 0

    def note(self, execute, sql, params, many, context):
        self.sent.append(sql)
        return execute(sql, params, many, context)

    def stop(self):
        """Called by SQLite every so many steps: whether to give up."""
        self.steps += 1
        return self.steps * 100_000 > STEPS

    def answer(self, case, raw):
        """The outcome on one of the connections, and the statements."""
        from django.db import Error, connection
        from django.utils import timezone

        connection.connection = raw
        self.sent = []
        self.steps = 0
        TO_ATTR.clear()
        collect_to_attr(case["chain"])
        zone = case.get("timezone")
        label = case["model"] if "." in case["model"] else f"{case['app']}.{case['model']}"
        try:
            with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
                with connection.execute_wrapper(self.note):
                    queryset = apply_chain(start_of(label, case.get("manager")), case["chain"])
                    kind, value = apply_terminal(queryset, case["terminal"])
                    queries = len(self.sent)
                    encoded = [encode_row(row) for row in value] if kind == "rows" else encode_value(value)
            return {kind: encoded, "queries": queries}
        except Skip:
            raise
        except Exception as error:
            outcome = {"error": type(error).__name__}
            if isinstance(error, Error):
                if not deliberate(error):
                    outcome["db"] = True
                if "user-defined" in str(error):
                    outcome["incidental"] = True
                return {**outcome, "message": str(error), "queries": len(self.sent)}
            outcome["message"] = str(error)
            if not deliberate(error) and not isinstance(error, IndexError):
                outcome["incidental"] = True
            outcome["queries"] = len(self.sent)
            return outcome

    def run(self, case):
        outcomes = []
        try:
            for raw in self.connections:
                outcomes.append((self.answer(case, raw), self.sent))
                if "error" in outcomes[0][0]:
                    break
        except Skip as skip:
            return {"id": case["id"], "skip": str(skip)}
        (first, sql), *others = outcomes
        if "RAND()" in "".join(sql):
            return self.random_order(case, first, sql)
        result = {"id": case["id"], "expect": {"sqlite": first}, "sql": sql}
        if any(other != first for other, _ in others):
            result["ordered"] = False
            bag = multiset(first)
            if any(multiset(other) != bag for other, _ in others):
                result["skip"] = "the answer is not determined"
        return result

    def random_order(self, case, outcome, sql):
        """A random order: all rows come, in any order, unless only some of them are asked for."""
        text = json.dumps(case)
        if case["terminal"]["m"] not in ("list", "iterator", "count", "exists") or '"slice"' in text or "Window" in text:
            return {"id": case["id"], "skip": "a random order"}
        return {"id": case["id"], "expect": {"sqlite": outcome}, "ordered": False, "sql": sql}


def encode_value(value):
    from django.db import models

    if isinstance(value, models.QuerySet):
        return [encode_row(row) for row in value]
    if type(value) is tuple:
        return [encode(item) for item in value]
    return encode(value)


def multiset(node, deep=True):
    """A text that is the same for the same rows in another order, prefetched lists included."""
    if isinstance(node, dict):
        parts = []
        for key, value in node.items():
            is_bag = key == "rows" or key == "$map"
            if key == "related":
                parts.append((key, {name: bag(item) if isinstance(item, list) else multiset(item) for name, item in value.items()}))
            elif is_bag:
                parts.append((key, bag(value)))
            else:
                parts.append((key, multiset(value)))
        return json.dumps(dict(parts), sort_keys=True)
    if isinstance(node, list):
        return json.dumps([multiset(item) for item in node])
    return json.dumps(node)


def bag(items):
    return json.dumps(sorted(multiset(item) for item in items))


# Models and rows


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


def load_rows(data):
    from django.db import connection

    with connection.cursor() as cursor:
        for table in data["tables"]:
            name = table["model"]
            try:
                model = get_model(f"{data['app']}.{name}")
            except LookupError:
                owner, _, field = name.partition("_")
                model = getattr(get_model(f"{data['app']}.{owner}"), field).through
            by_attname = {field.attname: field for field in model._meta.local_concrete_fields}
            for row in table["rows"]:
                fields = [by_attname[key] for key in row]
                values = [stored(field, row[field.attname]) for field in fields]
                columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
                marks = ", ".join(["%s"] * len(fields))
                cursor.execute(
                    f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})", values
                )


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
        limit(raw)
    return raws


def limit(raw):
    """Gives up statements that take too long: a product of many tables."""
    raw.set_progress_handler(RUNNER.stop, 100_000)


def setup(directory):
    warnings.simplefilter("ignore")
    folder = pathlib.Path(directory) / "apps"
    apps = sorted(path.name for path in folder.iterdir() if (path / "schema.json").exists())
    configure(apps)
    from django.db import connection

    schemas = [json.loads((folder / app / "schema.json").read_text()) for app in apps]
    for schema in schemas:
        build_models(schema)
    connection.ensure_connection()
    # Asked once, with statements of its own.
    assert connection.features.supports_json_field
    for app, schema in zip(apps, schemas):
        create_tables(schema)
        # The schema editor has switched it on again.
        connection.disable_constraint_checking()
        load_rows(json.loads((folder / app / "data.json").read_text()))
    global RUNNER
    RUNNER = Runner()
    RUNNER.connections = open_connections()
    return RUNNER


def close_floats(left, right):
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(close_floats(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(close_floats, left, right))
    return left == right


def check(runner, files):
    """Runs recorded cases and compares with what was recorded."""
    counts = collections.Counter()
    for file in files:
        for case in json.loads(pathlib.Path(file).read_text()):
            expected = case["expect"].get("sqlite", case["expect"].get("all"))
            if expected is None:
                continue
            answer = runner.run(case)
            if "expect" not in answer:
                print(case["id"], "skipped:", answer["skip"])
                counts["skipped"] += 1
                continue
            got = json.loads(json.dumps(answer["expect"]["sqlite"]))
            if "error" in expected:
                keys = ("error", "db", "incidental", "queries")
                same = all(expected.get(key) == got.get(key) for key in keys)
            elif case.get("ordered") is False:
                same = multiset(expected) == multiset(got)
            else:
                same = close_floats(expected, got)
            counts["same" if same else "other"] += 1
            if not same:
                print(case["id"], json.dumps(expected)[:700], "\n    ", json.dumps(got)[:700])
    print(dict(counts))


def main():
    directory, *rest = sys.argv[1:]
    sys.setrecursionlimit(3000)
    runner = setup(directory)
    if rest and rest[0] == "--check":
        check(runner, rest[1:])
        return
    for line in sys.stdin:
        answers = [runner.run(case) for case in json.loads(line)]
        sys.stdout.write(json.dumps(answers, allow_nan=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
