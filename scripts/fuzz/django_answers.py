"""Answers cases of the conformance format with the real Django, on SQLite in memory.

    python scripts/fuzz/django_answers.py DIR [--check FILE...] [--server URL]

DIR has `apps/<app>/schema.json` and `data.json`. Reads one JSON list of cases per line from standard input, and
writes one JSON list of answers per line: `{"id", "expect", "ordered", "sql", "skip"?}`.

Each case runs three times, on connections that return rows in another order and make other plans: that says whether
the order of the rows, and the answer at all, is determined by the query.

With --server, the answers are those of PostgreSQL (`postgresql://`) or of MySQL and MariaDB (`mysql://`).

With --check, runs recorded cases instead and says where this script would have answered otherwise.
"""

import collections
import json
import linecache
import math
import os
import pathlib
import re
import sys
import urllib.parse
import warnings
import zoneinfo

from django_format import SENT, TO_ATTR, Skip, apply_chain, apply_terminal, collect_to_attr, encode, encode_row, encode_value
from django_format import multiset, start_of
from django_models import build_models, configure, create_tables, load_rows, open_connections, tables_of
from django_writes import WriteRunner

STEPS = 4_000_000
"""After so many steps of SQLite's machine a statement is given up."""


ACCIDENTS = re.compile(r"expected .* but got \w+\(")
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


def outcome_of(error, call):
    """The outcome of a call that failed."""
    from django.core.exceptions import ValidationError
    from django.db import Error
    from django.db.models import ProtectedError, RestrictedError

    outcome = {"error": type(error).__name__, "queries": len(SENT)}
    if isinstance(error, ValidationError):
        return {**outcome, "errors": validation_errors(error)}
    if isinstance(error, (ProtectedError, RestrictedError)):
        found = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
        objects = [[item._meta.label, encode(item.pk)] for item in found]
        return {**outcome, "message": error.args[0], "objects": objects}
    outcome["message"] = str(error)
    if isinstance(error, Error):
        if not deliberate(error):
            outcome["db"] = True
        if "user-defined" in str(error):
            outcome["incidental"] = True
        return outcome
    out_of_range = isinstance(error, IndexError) and call.get("m") == "index"
    if not deliberate(error) and not out_of_range:
        outcome["incidental"] = True
    return outcome


def validation_errors(error):
    def items(errors):
        return [{"code": item.code, "message": item.messages[0]} for item in errors]

    if hasattr(error, "error_dict"):
        return {name: items(errors) for name, errors in error.error_dict.items()}
    return items(error.error_list)


class Runner:
    def __init__(self, connections, tables):
        self.connections = connections
        self.writes = WriteRunner(connections[0], tables, outcome_of)
        self.steps = 0
        for raw in connections:
            raw.set_progress_handler(self.stop, 100_000)

    def note(self, execute, sql, params, many, context):
        SENT.append(str(sql))
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
        SENT.clear()
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
                    queries = len(SENT)
                    encoded = [encode_row(row) for row in value] if kind == "rows" else encode_value(value)
            return {kind: encoded, "queries": queries}
        except Skip:
            raise
        except Exception as error:
            return outcome_of(error, case["terminal"])

    def run(self, case):
        if "steps" in case:
            return self.writes.run(case)
        outcomes = []
        try:
            for raw in self.connections:
                outcomes.append((self.answer(case, raw), list(SENT)))
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
        if case["terminal"]["m"] not in ("list", "iterator", "count", "exists") or any(
            word in text for word in ('"slice"', "Window", "prefetch_related", "distinct")
        ):
            return {"id": case["id"], "skip": "a random order"}
        return {"id": case["id"], "expect": {"sqlite": outcome}, "ordered": False, "sql": sql}


PLANS = {
    "postgresql": [
        "RESET ALL; SET statement_timeout = 4000; SET TIME ZONE 'UTC'",
        "SET enable_hashjoin = off; SET enable_hashagg = off",
        "RESET enable_hashjoin; RESET enable_hashagg; SET enable_seqscan = off; SET enable_mergejoin = off",
    ],
    "mysql": [
        "SET optimizer_switch = DEFAULT, join_cache_level = DEFAULT, max_statement_time = 4",
        "SET join_cache_level = 0",
        "SET optimizer_switch = 'materialization=off,semijoin=off,derived_merge=off,firstmatch=off'",
    ],
}
"""Settings of the servers under which rows come in different orders, one set after the other."""


def server(url):
    parts = urllib.parse.urlsplit(url)
    mysql = parts.scheme == "mysql"
    return {
        "ENGINE": f"django.db.backends.{'mysql' if mysql else 'postgresql'}",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname,
        "PORT": parts.port or (3306 if mysql else 5432),
    }


class ServerRunner(Runner):
    """Answers on a server: under several plans. What is stored in which order says nothing there."""

    def __init__(self):
        from django.db import connection

        self.raw = connection.connection
        self.vendor = connection.vendor
        self.steps = 0

    def run(self, case):
        if "steps" in case:
            return {"id": case["id"], "skip": "writes are compared on SQLite"}
        outcomes = []
        try:
            for plan in PLANS[self.vendor]:
                cursor = self.raw.cursor()
                cursor.execute(plan)
                cursor.close()
                outcomes.append((self.answer(case, self.raw), list(SENT)))
        except Skip as skip:
            return {"id": case["id"], "skip": str(skip)}
        first, sql = outcomes[0]
        result = {"id": case["id"], "expect": {"sqlite": first, "postgresql": first}, "ordered": False, "sql": sql}
        if "RANDOM()" in "".join(sql) or "RAND()" in "".join(sql):
            result["skip"] = "a random order"
        if any(multiset(other) != multiset(first) for other, _ in outcomes) or sliced_at_random(case):
            result["skip"] = "the answer is not determined"
        return result


def sliced_at_random(case):
    """Whether rows are picked out of an order that may have ties."""
    text = json.dumps(case)
    picks = ('"slice"', '"index"', '"first"', '"last"', '"latest"', '"earliest"', '"Window"')
    return any(word in text for word in picks) and '"pk"' not in text


def setup(directory, url=None):
    warnings.simplefilter("ignore")
    folder = pathlib.Path(directory) / "apps"
    apps = sorted(path.name for path in folder.iterdir() if (path / "schema.json").exists())
    configure(apps, *([server(url)] if url else []))
    from django.db import connection, transaction

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
        with transaction.atomic():
            load_rows(json.loads((folder / app / "data.json").read_text()))
    if url:
        return ServerRunner()
    tables = {schema["app"]: list(tables_of(schema)) for schema in schemas}
    return Runner(open_connections(), tables)


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
    url = rest.pop() if "--server" in rest[-2:] else None
    if url:
        rest.pop()
    runner = setup(directory, url)
    if rest and rest[0] == "--check":
        check(runner, rest[1:])
        return
    for line in sys.stdin:
        answers = [runner.run(case) for case in json.loads(line)]
        sys.stdout.write(json.dumps(answers, allow_nan=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
