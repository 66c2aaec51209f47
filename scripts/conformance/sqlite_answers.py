"""Records where the real Django answers otherwise on another version of SQLite.

    python scripts/conformance/sqlite_answers.py DIR > old.json
    other-python scripts/conformance/sqlite_answers.py DIR --than old.json > DIR/sqlite-3.47.json

The first call answers all queries of DIR on the SQLite of the one Python. The second one answers them on the SQLite of
the other, that of the package `pysqlite3` where it is installed, and writes what differs, in the shape of
`mariadb.json`; the file is called after the oldest version that is known to answer so. A change of a later version is
recorded likewise, against the answers of the version before.
"""

import json
import pathlib
import sys

try:
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
except ImportError:
    pass

import sqlite3

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fuzz"))

from django_answers import setup  # noqa: E402
from django_format import multiset  # noqa: E402


def cases_of(directory):
    for file in sorted((pathlib.Path(directory) / "cases").glob("*.json")):
        yield from json.loads(file.read_text())


def answers_of(directory):
    """The outcome of each case, by its id; null where it is not determined."""
    runner = setup(directory)
    answers = {}
    for case in cases_of(directory):
        if "sqlite" not in case["expect"] and "all" not in case["expect"]:
            continue
        answer = runner.run(case)
        # As it is read from a file.
        answers[case["id"]] = json.loads(json.dumps(None if "skip" in answer else answer["expect"]["sqlite"]))
    return answers


def changes(before, after, directory):
    unordered = {case["id"] for case in cases_of(directory) if case.get("ordered") is False}
    for name, outcome in after.items():
        shape = multiset if name in unordered else json.dumps
        if outcome is not None and before[name] is not None and shape(outcome) != shape(before[name]):
            yield name, outcome


def main():
    directory, *rest = sys.argv[1:]
    sys.setrecursionlimit(3000)
    answers = answers_of(directory)
    if not rest:
        print(json.dumps(answers))
        return
    before = json.loads(pathlib.Path(rest[1]).read_text())
    found = [f"{json.dumps(name)}: {json.dumps(outcome)}" for name, outcome in changes(before, answers, directory)]
    print(f'{{"backend": "sqlite {sqlite3.sqlite_version}",\n"outcomes": {{\n' + ",\n".join(found) + "\n}}")


if __name__ == "__main__":
    main()
