"""Records the tables and rows that the real Django makes on MariaDB of the recorded apps.

    DJANGO_PYTHON test/mysql/django_tables.py DIR > test/mysql/django-tables.json

DIR has `apps/<app>/schema.json` and `data.json`. Needs mysqlclient and a server at MYSQL_HOST (127.0.0.1), whose
database `asgimod_django_tables` is made and dropped. Writes per table the text of SHOW CREATE TABLE, and the rows: each
value in hexadecimal digits of its bytes as the server casts them.
"""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts" / "fuzz"))

import django_models
import MySQLdb

DATABASE = "asgimod_django_tables"


def main(directory):
    server = {"host": os.environ.get("MYSQL_HOST", "127.0.0.1"), "user": "root", "charset": "utf8mb4"}
    raw = MySQLdb.connect(**server)
    cursor = raw.cursor()
    cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
    cursor.execute(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    try:
        print(json.dumps(tables(pathlib.Path(directory) / "apps", server["host"]), indent=1, sort_keys=True))
    finally:
        cursor.execute(f"DROP DATABASE {DATABASE}")


def tables(apps, host):
    names = sorted(path.name for path in apps.iterdir())
    database = {"ENGINE": "django.db.backends.mysql", "NAME": DATABASE, "HOST": host, "USER": "root"}
    django_models.configure(names, database)
    schemas = [json.loads((apps / name / "schema.json").read_text()) for name in names]
    for schema in schemas:
        django_models.build_models(schema)
    for schema in schemas:
        django_models.create_tables(schema)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET foreign_key_checks = 0")
        for name in names:
            django_models.load_rows(json.loads((apps / name / "data.json").read_text()))
        cursor.execute("SHOW TABLES")
        return {name: described(cursor, name) for (name,) in cursor.fetchall()}


def described(cursor, name):
    cursor.execute(f"SHOW CREATE TABLE `{name}`")
    create = cursor.fetchone()[1]
    cursor.execute(f"SHOW COLUMNS FROM `{name}`")
    columns = [row[0] for row in cursor.fetchall()]
    texts = [f"HEX(CAST(`{column}` AS BINARY))" for column in columns]
    cursor.execute(f"SELECT {', '.join(texts)} FROM `{name}`")
    return {"create": create.split("\n"), "columns": columns, "rows": sorted(map(list, cursor.fetchall()), key=str)}


main(sys.argv[1])
