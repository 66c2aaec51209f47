"""
Asks Django 5.2 what the cases of the tests in this directory ask, and writes django-answers.json.

    python test/walk/django_answers.py

A case is a call `c("<an expression of Python>", ...)` in a file *.test.ts; those of a page are asked in their order, in one
database of SQLite.
"""

import datetime
import json
import re
import sys
import types
from pathlib import Path

import django
from django.conf import settings

HERE = Path(__file__).parent

# An application that is no folder: its models are below.
sys.modules["walk"] = types.ModuleType("walk")
sys.modules["walk"].__path__ = [str(HERE)]

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "walk"],
    USE_TZ=True,
    TIME_ZONE="UTC",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connection, models  # noqa: E402
from django.db.models import *  # noqa: E402, F403
from django.db.models.functions import *  # noqa: E402, F403
from django.test.utils import CaptureQueriesContext  # noqa: E402


class Meta:
    app_label = "walk"


class Blog(models.Model):
    name = models.CharField(max_length=100)
    tagline = models.TextField(default="")

    class Meta(Meta):
        pass


class ThemeBlog(Blog):
    theme = models.CharField(max_length=30)

    class Meta(Meta):
        pass


class Author(models.Model):
    name = models.CharField(max_length=50)
    email = models.EmailField(default="")
    mentor = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="pupils")

    class Meta(Meta):
        pass


class Entry(models.Model):
    blog = models.ForeignKey(Blog, on_delete=models.CASCADE)
    headline = models.CharField(max_length=200)
    body = models.TextField(default="")
    published = models.DateField()
    updated = models.DateTimeField(null=True)
    authors = models.ManyToManyField(Author)
    comments = models.IntegerField(default=0)
    pingbacks = models.IntegerField(default=0)
    rating = models.IntegerField(default=5)

    class Meta(Meta):
        get_latest_by = "published"


class Detail(models.Model):
    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="detail")
    text = models.TextField(default="")

    class Meta(Meta):
        pass


class Person(models.Model):
    name = models.CharField(max_length=30, unique=True)
    size = models.CharField(max_length=1, choices=[("S", "Small"), ("L", "Large")], null=True)

    class Meta(Meta):
        ordering = ["name"]


class Team(models.Model):
    name = models.CharField(max_length=30)
    members = models.ManyToManyField(Person, through="Membership", through_fields=("team", "person"))

    class Meta(Meta):
        pass


class Membership(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    inviter = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="invited")
    reason = models.CharField(max_length=60)

    class Meta(Meta):
        pass


class Dog(models.Model):
    name = models.CharField(max_length=30)
    data = models.JSONField(null=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="dogs")

    class Meta(Meta):
        pass


MODELS = [Blog, ThemeBlog, Author, Entry, Detail, Person, Team, Membership, Dog]
D = datetime.date


def fill():
    bread = Blog.objects.create(name="Bread", tagline="All of it")
    butter = Blog.objects.create(name="Butter")
    authors = [Author.objects.create(name=n, email=f"{n.lower()}@example.com") for n in ("Ann", "Ben", "Cid")]
    entries = []
    for i, (blog, headline, day, comments, pingbacks, rating) in enumerate(
        [
            (bread, "Rye", D(2024, 1, 5), 3, 1, 5),
            (bread, "Wheat", D(2024, 1, 20), 0, 2, 4),
            (butter, "Salted", D(2024, 3, 1), 7, 7, 3),
            (bread, "Oats", D(2025, 2, 2), 1, 0, 5),
        ]
    ):
        updated = datetime.datetime(day.year, day.month, day.day, 10, i, tzinfo=datetime.timezone.utc)
        values = {"comments": comments, "pingbacks": pingbacks, "rating": rating}
        entries.append(
            Entry.objects.create(blog=blog, headline=headline, published=day, updated=updated, **values)
        )
    entries[0].authors.set(authors[:2])
    entries[1].authors.set(authors[:1])
    entries[2].authors.set(authors[1:])
    Detail.objects.create(entry=entries[0], text="first")
    return {"b1": bread, "b2": butter, "a": authors, "e": entries}


def pair(found):
    return [found[0].pk, found[1]]


def plain(value):
    if isinstance(value, models.Model):
        return f"{type(value).__name__}:{'null' if value.pk is None else value.pk}"
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 9)
    if isinstance(value, dict):
        return [[plain(k), plain(v)] for k, v in value.items()]
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if hasattr(value, "__iter__"):
        return [plain(item) for item in value]
    return str(value)


def ask(expression, scope):
    with CaptureQueriesContext(connection) as queries:
        try:
            answer = {"value": plain(eval(expression, scope))}
        except Exception as error:
            answer = {"error": type(error).__name__, "text": str(error)}
    return {**answer, "queries": len(queries)}


def page(path):
    text = path.read_text()
    expressions = [json.loads(found) for found in re.findall(r'^\s*c\(\s*("(?:[^"\\]|\\.)*")', text, re.M)]
    name = re.search(r'^walk\("([^"]+)"', text, re.M)[1]
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    scope = {**globals(), **fill()}
    scope |= {"E": Entry.objects, "B": Blog.objects, "O": lambda: Entry.objects.order_by("id")}
    scope |= {"U": lambda: Entry.objects.union(Entry.objects.all()), "S": lambda: Entry.objects.all()[:2]}
    answers = {expression: ask(expression, scope) for expression in expressions}
    with connection.schema_editor() as editor:
        for model in reversed(MODELS):
            editor.delete_model(model)
    return name, answers


if __name__ == "__main__":
    pages = [path for path in sorted(HERE.glob("*.test.ts")) if "\nwalk(" in path.read_text()]
    answers = dict(page(path) for path in pages)
    (HERE / "django-answers.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")
    print(sum(map(len, answers.values())), "answers")
