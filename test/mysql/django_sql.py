"""Records the SQL that the real Django writes for MySQL 8 where it differs from that for MariaDB.

    DJANGO_PYTHON test/mysql/django_sql.py DIR > test/mysql/mysql8-sql.json

DIR has `apps/<app>/schema.json` and `cases/*.json`, whose querysets are compiled, not run: Django is told what server it
talks to. Literals are written by mysqlclient, which needs a server at MYSQL_HOST (127.0.0.1) for it.
"""

import json
import os
import pathlib
import sys
import warnings
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts" / "fuzz"))

import django_models
import MySQLdb
from django_format import apply_chain, start_of

SERVERS = {
    "mariadb": ("10.11.19-MariaDB", "STRICT_TRANS_TABLES"),
    "mysql": ("8.0.36", "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES"),
}


def main(directory):
    warnings.simplefilter("ignore")
    root = pathlib.Path(directory)
    host = os.environ.get("MYSQL_HOST", "127.0.0.1")
    names = sorted(path.name for path in (root / "apps").iterdir())
    database = {"ENGINE": "django.db.backends.mysql", "NAME": "none", "HOST": host, "USER": "root"}
    django_models.configure(names, database)
    for name in names:
        django_models.build_models(json.loads((root / "apps" / name / "schema.json").read_text()))
    raw = MySQLdb.connect(host=host, user="root", charset="utf8mb4")
    found = {server: statements(root, server, raw) for server in SERVERS}
    differing = {
        id: text for id, text in found["mysql"].items() if text != found["mariadb"][id] and "random" not in id
    }
    print(json.dumps(differing, indent=1, sort_keys=True, ensure_ascii=False))


def pretend(server):
    """Django learns what server it talks to without asking one."""
    from django.db import connections

    connection = connections["default"]
    for cached in ("mysql_server_info", "mysql_version", "mysql_is_mariadb", "sql_mode", "data_types"):
        connection.__dict__.pop(cached, None)
    for cached in [key for key in connection.features.__dict__ if key != "connection"]:
        del connection.features.__dict__[cached]
    version, mode = SERVERS[server]
    connection.__dict__["mysql_server_data"] = {
        "version": version,
        "sql_mode": mode,
        "default_storage_engine": "InnoDB",
        "sql_auto_is_null": False,
        "lower_case_table_names": False,
        "has_zoneinfo_database": True,
    }


def statements(root, server, raw):
    """The text of each case's queryset, or the class of the error in the place of it."""
    pretend(server)
    found = {}
    for path in sorted((root / "cases").glob("*.json")):
        for case in json.loads(path.read_text()):
            if case["terminal"]["m"] != "list" or "$instance" in json.dumps(case):
                continue
            text = statement(case, raw)
            if text is not None:
                found[case["id"]] = text
    return found


def statement(case, raw):
    from django.db.models import QuerySet
    from django.utils import timezone

    zone = case.get("timezone")
    label = case["model"] if "." in case["model"] else f"{case['app']}.{case['model']}"
    with timezone.override(zoneinfo.ZoneInfo(zone) if zone else None):
        try:
            queryset = apply_chain(start_of(label, case.get("manager")), case["chain"])
            if not isinstance(queryset, QuerySet):
                return None
            sql, params = queryset.query.get_compiler("default").as_sql()
            return sql % tuple(raw.literal(param).decode() for param in params)
        except Exception as error:
            return type(error).__name__


main(sys.argv[1])
