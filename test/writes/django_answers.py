"""Runs the scenarios with Django: writes answers-DATABASE.json beside this file, with values, errors, statements
and the tables afterwards. django.test.ts has the same scenarios.

    python test/writes/django_answers.py sqlite postgresql
"""

import json
import os
import re
import sys
import types

import django
from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = f"asgimod_writes_{os.getpid()}"
SERVER = {"HOST": "127.0.0.1", "NAME": NAME}
DATABASES = {
    "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
    "postgresql": {"ENGINE": "django.db.backends.postgresql", "USER": "postgres", **SERVER},
    "mariadb": {"ENGINE": "django.db.backends.mysql", "USER": "root", **SERVER},
}

if len(sys.argv) != 2:
    for each in sys.argv[1:]:
        assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, __file__, each]) == 0, each
    sys.exit()

# An application that is no folder: its models are in django_models.py.
writes = types.ModuleType("writes")
writes.__path__ = [HERE]
sys.modules["writes"] = writes
KIND = sys.argv[1]
settings.configure(
    DATABASES={"default": DATABASES[KIND]},
    INSTALLED_APPS=["django.contrib.contenttypes", "writes"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models.signals import post_delete, pre_delete  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

sys.path.insert(0, HERE)
from django_models import *  # noqa: E402, F403
from django_models import ALL, Author, Book, Category, Note, Person  # noqa: E402

MANY = [Book.tags.through, Person.friends.through, Person.follows.through]


def fill():
    ann, bea, cid = [Author.objects.create(name=name, rank=i) for i, name in enumerate(["Ann", "Bea", "Cid"])]
    oslo, rome = [Publisher.objects.create(name=name) for name in ["Nord", "Sud"]]  # noqa: F405
    tags = [Tag.objects.create(name=name) for name in ["red", "green", "blue"]]  # noqa: F405
    books = [
        Book.objects.create(title=f"B{i}", pages=100 * i, author=[ann, bea][i % 2], publisher=[oslo, rome, None][i % 3])
        for i in range(6)
    ]
    books[0].tags.add(*tags)
    books[1].tags.add(tags[0])
    for book in books[:3]:
        chapter = Chapter.objects.create(book=book, title=f"C{book.title}")  # noqa: F405
        Footnote.objects.create(chapter=chapter, text="f")  # noqa: F405
    books[0].notes.create(text="n0")
    books[1].notes.create(text="n1")
    Award.objects.create(author=cid, name="prize")  # noqa: F405
    Loan.objects.create(publisher=rome, book=books[4])  # noqa: F405
    Fan.objects.create(author=bea, other=bea)  # noqa: F405
    root = Category.objects.create(name="root")
    for i in range(2):
        child = Category.objects.create(name=f"c{i}", parent=root)
        Category.objects.create(name=f"g{i}", parent=child)
    Place.objects.create(name="park")  # noqa: F405
    trattoria = Restaurant.objects.create(name="trattoria", stars=2)  # noqa: F405
    napoli = Pizzeria.objects.create(name="napoli", stars=3, ovens=2)  # noqa: F405
    Waiter.objects.create(restaurant=trattoria, name="w1")  # noqa: F405
    Waiter.objects.create(restaurant=napoli, name="w2")  # noqa: F405
    people = [Person.objects.create(name=f"p{i}") for i in range(4)]
    groups = [Group.objects.create(name=f"g{i}") for i in range(3)]  # noqa: F405
    people[0].friends.add(people[1])
    people[0].follows.add(people[1], people[2])
    people[0].groups.add(groups[0], through_defaults={"since": 1999})
    for i in range(2):
        Counter.objects.create(key=f"k{i}", hits=i)  # noqa: F405
    Shape.objects.create(side=3)  # noqa: F405
    for i in range(3):
        Seat.objects.create(row=i, place="a")  # noqa: F405
    question = Question.objects.create(text="q")  # noqa: F405
    for text in "abc":
        Answer.objects.create(question=question, text=text)  # noqa: F405


def dump():
    state = {}
    for model in [*ALL, *MANY]:
        # The keys of tickets are random.
        names = [field.attname for field in model._meta.concrete_fields if model.__name__ != "Ticket" or field.name != "id"]
        rows = [[plain(value) for value in row] for row in model._base_manager.values_list(*names)]
        state[model._meta.object_name] = sorted(rows, key=lambda row: json.dumps(row))
    return state


def plain(value):
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


CONTROL = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|BEGIN|COMMIT|ROLLBACK|START TRANSACTION)")


def statements(queries):
    """What was sent, as verbs and tables."""
    sent = []
    for query in queries:
        # Of a statement that was refused there may be no text.
        sql = (query["sql"] or "").replace("`", '"')
        if not sql:
            continue
        if CONTROL.match(sql):
            continue
        verb = sql.split(" ", 1)[0].strip("(")
        table = re.search(r'(?:FROM|INTO|UPDATE) "(\w+)"', sql)
        sent.append(f"{verb} {table[1]}" if table else sql)
    return sent


def listen(*models_and_signals):
    """Receivers that keep what they were told; gives their log and what disconnects them."""
    log, off = [], []
    for signal, sender, what in models_and_signals:

        def receive(sender, what=what, **kwargs):
            if "action" in kwargs:
                keys = kwargs["pk_set"]
                log.append([kwargs["action"], kwargs["reverse"], keys if keys is None else sorted(keys)])
            else:
                log.append([what, sender.__name__, kwargs["instance"].pk])

        signal.connect(receive, sender=sender, weak=False)
        off.append(lambda signal=signal, receive=receive, sender=sender: signal.disconnect(receive, sender=sender))
    return log, lambda: [stop() for stop in off]


def heard(signals, do):
    log, stop = listen(*signals)
    try:
        return [do(), log]
    finally:
        stop()


def deletion(model):
    return (pre_delete, model, "pre"), (post_delete, model, "post")


def add_all(manager, *args, **kwargs):
    manager.add(*args, **kwargs)
    return sorted(manager.values_list("pk", flat=True))


from django_scenarios import SCENARIOS  # noqa: E402

ANSWERS = {}
server = None
if KIND == "postgresql":
    import psycopg

    server = psycopg.connect("host=127.0.0.1 user=postgres dbname=postgres", autocommit=True)
    server.execute(f"CREATE DATABASE {NAME}")
elif KIND == "mariadb":
    import MySQLdb

    server = MySQLdb.connect(host="127.0.0.1", user="root")
    server.cursor().execute(f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")


def clear():
    """Empty tables, keys from 1."""
    tables = [model._meta.db_table for model in [*ALL, *MANY]]
    connection.check_constraints()
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for sql in connection.ops.sql_flush(no_style(), tables, reset_sequences=True):
            cursor.execute(sql)


try:
    with connection.schema_editor() as editor:
        for model in [ContentType, *ALL]:
            editor.create_model(model)
    ContentType.objects.get_for_models(Book, Note)
    for title, run in SCENARIOS.items():
        clear()
        ContentType.objects.get_for_models(Book, Note)
        fill()
        before = dump()
        with CaptureQueriesContext(connection) as queries:
            try:
                answer = {"value": run()}
            except Exception as error:
                answer = {"error": type(error).__name__, "message": str(error.args[0])}
                if KIND != "sqlite" and type(error).__module__ == "django.db.utils":
                    answer["message"] = "?"
        answer["sent"] = statements(queries)
        after = dump()
        answer["tables"] = {name: rows for name, rows in after.items() if rows != before[name]}
        ANSWERS[title] = answer
    with open(os.path.join(HERE, f"answers-{KIND}.json"), "w") as file:
        json.dump(ANSWERS, file, indent=None, default=plain, separators=(",", ":"))
        file.write("\n")
    print(KIND, len(ANSWERS), "scenarios")
finally:
    connection.close()
    if server is not None:
        (server.execute if KIND == "postgresql" else server.cursor().execute)(f"DROP DATABASE {NAME}")
