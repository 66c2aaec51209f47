"""Answers cases that write: each on a copy of the loaded rows, with what is in the tables afterwards."""

import datetime
import zoneinfo

from django_format import (
    SENT,
    TO_ATTR,
    VARIABLES,
    Skip,
    apply_chain,
    apply_terminal,
    bag,
    call_arguments,
    collect_to_attr,
    decode,
    encode,
    encode_row,
    encode_value,
    get_model,
    multiset,
    start_of,
)

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
SHOWN = ("save", "refresh_from_db")
OF_QUERYSETS = ("list", "iterator", "index", "ordered", "delete", "slice", "and", "or", "xor")
NOW = datetime.datetime(2024, 1, 15, 12, 0, 0, 123456, tzinfo=datetime.timezone.utc)


def freeze_clock():
    from django.utils import timezone

    timezone.now = lambda: NOW


class Table:
    """A table, read as `state` shows it."""

    def __init__(self, name, model):
        from django.db import connection

        self.name = name
        self.fields = [field for field in model._meta.local_concrete_fields if field.column is not None]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(field.column) for field in self.fields)
        self.sql = f"SELECT {columns} FROM {quote(model._meta.db_table)}"
        names = [field.attname for field in self.fields]
        self.key = [names.index(field.attname) for field in model._meta.pk_fields]
        self.converters = [self.converters_of(field) for field in self.fields]

    def converters_of(self, field):
        from django.db import connection

        # A generated column holds what its expression gives, a foreign key what the field has that it refers to.
        col = field.get_col("t", getattr(field, "output_field", None))
        return [
            lambda value, make=make: make(value, col, connection)
            for make in [*connection.ops.get_db_converters(col), *col.get_db_converters(connection)]
        ]

    def rows(self, raw):
        # Percent signs are no placeholders for the driver itself.
        rows = raw.cursor().execute(self.sql).fetchall()
        return {tuple(row[place] for place in self.key): row for row in rows}

    def value(self, place, stored):
        if stored is None:
            return None
        field = self.fields[place]
        if field.get_internal_type() == "JSONField" and stored == "null":
            return {"$json_null": True}
        for convert in self.converters[place]:
            stored = convert(stored)
        return encode(stored)

    def key_of(self, row):
        parts = [self.value(place, row[place]) for place in self.key]
        return parts[0] if len(parts) == 1 else {"$tuple": parts}

    def difference(self, before, after):
        added, removed, changed = [], [], []
        for key, row in after.items():
            if key not in before:
                added.append({field.attname: self.value(i, row[i]) for i, field in enumerate(self.fields)})
                continue
            old = before[key]
            places = [i for i in range(len(row)) if (type(row[i]), row[i]) != (type(old[i]), old[i])]
            if places:
                fields = {self.fields[i].attname: self.value(i, row[i]) for i in places}
                changed.append({"pk": self.key_of(row), "fields": fields})
        for key, row in before.items():
            if key not in after:
                removed.append(self.key_of(row))
        parts = {"added": added, "removed": removed, "changed": changed}
        return {name: items for name, items in parts.items() if items}


class WriteRunner:
    def __init__(self, base, tables, outcome_of):
        """`tables`: for each app its `[name, model]`; `outcome_of`: an error's outcome."""
        self.base = base
        self.tables = {app: [Table(name, model) for name, model in some] for app, some in tables.items()}
        self.before = {app: [table.rows(base) for table in some] for app, some in self.tables.items()}
        self.outcome_of = outcome_of
        freeze_clock()

    def answer(self, case, reverse):
        from django.db import connection
        from django.utils import timezone

        raw = connection.get_new_connection(connection.get_connection_params())
        raw.isolation_level = None
        self.base.backup(raw)
        raw.execute("PRAGMA foreign_keys = ON")
        if reverse:
            raw.execute("PRAGMA reverse_unordered_selects = ON")
        connection.connection = raw
        VARIABLES.clear()
        TO_ATTR.clear()
        collect_to_attr(case["steps"])
        zone = case.get("timezone")
        try:
            with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
                with connection.execute_wrapper(note):
                    results = [self.guarded(step, case) for step in case["steps"]]
            state = {}
            for table, before in zip(self.tables[case["app"]], self.before[case["app"]]):
                change = table.difference(before, table.rows(raw))
                if change:
                    state[table.name] = change
            return {"results": results, "state": state}
        finally:
            connection.connection = self.base
            connection.in_atomic_block = False
            connection.needs_rollback = False
            connection.savepoint_ids = []
            connection.atomic_blocks = []
            connection.closed_in_transaction = False
            raw.close()

    def guarded(self, step, case):
        SENT.clear()
        try:
            return self.step(step)
        except Skip:
            raise
        except Exception as error:
            return self.outcome_of(error, step)

    def step(self, step):
        from django.db import models

        do = step["do"]
        if do == "load":
            count = len(SENT)
            VARIABLES[step["as"]] = decode({"$instance": [step["model"], step["pk"]]})
            del SENT[count:]
            return {}
        if do == "new":
            args, kwargs = call_arguments(step)
            VARIABLES[step["as"]] = get_model(step["model"])(*args, **kwargs)
            return {}
        if do == "set":
            setattr(follow(step["on"]), step["attr"], decode(step["value"]))
            return {}
        if do == "get":
            target = follow(step["on"])
            SENT.clear()
            for name in step["attr"].split("."):
                target = getattr(target, name)
            return self.result(step, "value", target)
        if do == "call":
            target = follow(step["on"])
            args, kwargs = call_arguments(step)
            SENT.clear()
            value = getattr(target, step["m"])(*args, **kwargs)
            result = self.result(step, "value", value)
            if step["m"] in SHOWN:
                result["object"] = encode(target)
            return result
        if do == "query":
            if "on" in step:
                start = follow(step["on"])
                first = (step.get("chain") or [step["terminal"]])[0]
                if first["m"] in OF_QUERYSETS:
                    start = start.all()
            else:
                start = start_of(step["model"], step.get("manager"))
            SENT.clear()
            kind, value = apply_terminal(apply_chain(start, step.get("chain") or []), step["terminal"])
            return self.result(step, kind, value)
        raise Skip(f"the step {do}")

    def result(self, step, kind, value):
        queries = len(SENT)
        encoded = [encode_row(row) for row in value] if kind == "rows" else encode_value(value)
        if "as" in step:
            VARIABLES[step["as"]] = value
        return {kind: encoded, "queries": queries}

    def run(self, case):
        try:
            first = self.answer(case, False)
            second = self.answer(case, True)
        except Skip as skip:
            return {"id": case["id"], "skip": str(skip)}
        result = {"id": case["id"], "expect": {"sqlite": first}, "sql": []}
        if first != second:
            result["ordered"] = False
            if bags(first) != bags(second):
                result["skip"] = "the answer is not determined"
        return result


def bags(answer):
    """The same for the same rows in another order."""
    results = [multiset({**item, "objects": bag(item.get("objects", []))}) for item in answer["results"]]
    state = {name: {part: bag(items) for part, items in change.items()} for name, change in answer["state"].items()}
    return results, state


def note(execute, sql, params, many, context):
    if not sql.startswith(CONTROL):
        SENT.append(sql)
    return execute(sql, params, many, context)


def follow(variable):
    if variable["$var"] not in VARIABLES:
        raise Skip("a variable that was not set")
    value = VARIABLES[variable["$var"]]
    for name in variable.get("path") or []:
        value = value[int(name)] if isinstance(value, (list, tuple)) else getattr(value, name)
    return value
