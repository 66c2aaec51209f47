"""Asks Django what prefetching and generic relations give: writes django-answers.json beside this file.

    python test/loading/django_answers.py
"""

import json
import os
import sys
import types

import django
from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))

# An application that is no folder: its models are below.
loading = types.ModuleType("loading")
loading.__path__ = [HERE]
sys.modules["loading"] = loading

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "loading"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.contrib.contenttypes.prefetch import GenericPrefetch  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.models import Count, F, Prefetch, Q, prefetch_related_objects  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402


class Topping(models.Model):
    name = models.CharField(max_length=30)

    class Meta:
        app_label = "loading"


class Note(models.Model):
    text = models.CharField(max_length=30)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveIntegerField()
    about = GenericForeignKey()

    class Meta:
        app_label = "loading"
        ordering = ["id"]


class Box(models.Model):
    name = models.CharField(max_length=30)
    size = models.IntegerField(default=1)
    notes = GenericRelation(Note, related_query_name="box")

    class Meta:
        app_label = "loading"


class Pizza(models.Model):
    name = models.CharField(max_length=30)
    box = models.ForeignKey(Box, models.SET_NULL, null=True)
    toppings = models.ManyToManyField(Topping)
    notes = GenericRelation(Note, related_query_name="pizza")

    class Meta:
        app_label = "loading"
        ordering = ["id"]


class Certificate(models.Model):
    pizza = models.OneToOneField(Pizza, models.CASCADE)
    code = models.CharField(max_length=10, unique=True)

    class Meta:
        app_label = "loading"


class DeepPizza(Pizza):
    depth = models.IntegerField()

    class Meta:
        app_label = "loading"


class Reply(models.Model):
    note = models.ForeignKey(Note, models.CASCADE)
    text = models.CharField(max_length=30)

    class Meta:
        app_label = "loading"


with connection.schema_editor() as editor:
    for model in [ContentType, Topping, Note, Box, Pizza, Certificate, DeepPizza, Reply]:
        editor.create_model(model)

toppings = [Topping.objects.create(name=name) for name in ["Ham", "Basil"]]
boxes = [Box.objects.create(name=name) for name in ["small", "large"]]
for i, name in enumerate(["Hawaii", "Napoli", "Funghi"]):
    pizza = Pizza.objects.create(name=name, box=boxes[i] if i < 2 else None)
    if i < 2:
        Certificate.objects.create(pizza=pizza, code=f"c{i}")
    pizza.toppings.add(*toppings[:i])
Pizza.objects.create(name="Marinara", box=boxes[0])
hawaii = Pizza.objects.get(name="Hawaii")
hawaii.notes.create(text="hot")
hawaii.notes.create(text="good")
Pizza.objects.get(name="Napoli").notes.create(text="thin")
boxes[0].notes.create(text="wet")
Reply.objects.create(note=Note.objects.get(text="hot"), text="no")


def names(rows):
    return [row.name for row in rows]


def texts(rows):
    return [row.text for row in rows]


def name(row):
    return None if row is None else getattr(row, "name", None) or getattr(row, "code", None)


def later(instances, *lookups):
    prefetch_related_objects(instances, *lookups)
    return instances


P, B, N = Pizza.objects, Box.objects, Note.objects

CASES = {
    "sliced many": lambda: [
        names(p.some) for p in P.prefetch_related(Prefetch("toppings", Topping.objects.order_by("-name")[:1], "some"))
    ],
    "sliced reverse": lambda: [
        names(b.some)
        for b in B.order_by("id").prefetch_related(Prefetch("pizza_set", Pizza.objects.order_by("-name")[1:2], "some"))
    ],
    "sliced manager": lambda: list(B.prefetch_related(Prefetch("pizza_set", Pizza.objects.all()[:1]))),
    "nested queryset": lambda: [
        [names(p.toppings.all()) for p in b.pizza_set.all()]
        for b in B.order_by("id").prefetch_related(
            Prefetch("pizza_set", Pizza.objects.order_by("-id").prefetch_related("toppings"))
        )
    ],
    "behind an attribute": lambda: [
        [names(p.toppings.all()) for p in b.some]
        for b in B.order_by("id").prefetch_related(Prefetch("pizza_set", to_attr="some"), "some__toppings")
    ],
    "attribute inside": lambda: [
        [names(p.hams) for p in b.pizza_set.all()]
        for b in B.order_by("id").prefetch_related(
            Prefetch("pizza_set__toppings", Topping.objects.filter(name="Ham"), to_attr="hams")
        )
    ],
    "two attributes": lambda: [
        [names(p.hams), names(p.others)]
        for p in P.prefetch_related(
            Prefetch("toppings", Topping.objects.filter(name="Ham"), to_attr="hams"),
            Prefetch("toppings", Topping.objects.exclude(name="Ham"), to_attr="others"),
        )
    ],
    "seen before": lambda: list(P.prefetch_related("toppings", Prefetch("toppings", Topping.objects.all()))),
    "seen before by a path": lambda: list(
        B.prefetch_related("pizza_set__toppings", Prefetch("pizza_set", Pizza.objects.all()))
    ),
    "queryset, then a path": lambda: [
        [names(p.toppings.all()) for p in b.pizza_set.all()]
        for b in B.order_by("id").prefetch_related(
            Prefetch("pizza_set", Pizza.objects.filter(name__startswith="M")), "pizza_set__toppings"
        )
    ],
    "attribute of a field": lambda: list(P.prefetch_related(Prefetch("toppings", to_attr="name"))),
    "single attribute": lambda: [name(p.kept) for p in P.prefetch_related(Prefetch("box", to_attr="kept"))],
    "single filtered": lambda: [
        name(p.box) for p in P.prefetch_related(Prefetch("box", Box.objects.filter(name="small")))
    ],
    "single back": lambda: [
        name(getattr(p, "certificate", None)) for p in P.prefetch_related("certificate").order_by("id")
    ],
    "back and on": lambda: [
        name(getattr(p, "certificate", None)) for p in P.prefetch_related("certificate__pizza__box").order_by("id")
    ],
    "joined, then prefetched": lambda: [
        None if p.box is None else names(p.box.pizza_set.all())
        for p in P.select_related("box").prefetch_related("box__pizza_set")
    ],
    "forgotten": lambda: [names(p.toppings.all()) for p in P.prefetch_related("toppings").prefetch_related(None)],
    "values": lambda: list(P.prefetch_related("toppings").values_list("name", flat=True)),
    "filter asks anew": lambda: [
        names(p.toppings.filter(name="Ham")) for p in P.prefetch_related("toppings").order_by("id")
    ],
    "count, exists": lambda: [
        [p.toppings.count(), p.toppings.exists(), p.toppings.all().count()] for p in P.prefetch_related("toppings")
    ],
    "first of prefetched": lambda: [name(p.toppings.first()) for p in P.prefetch_related("toppings")],
    "later": lambda: [names(p.toppings.all()) for p in later(list(P.all()), "toppings", "box")],
    "later, some are there": lambda: [
        names(p.toppings.all()) for p in later(list(P.prefetch_related("toppings")[:2]) + list(P.all()[2:]), "toppings")
    ],
    "iterator": lambda: [names(p.toppings.all()) for p in P.prefetch_related("toppings").iterator(chunk_size=2)],
    "wrong name": lambda: list(P.prefetch_related("wrong")),
    "wrong name deeper": lambda: list(P.prefetch_related("toppings__wrong")),
    "a column": lambda: list(P.prefetch_related("name")),
    "a column's column": lambda: list(P.prefetch_related("box__name")),
    "values in Prefetch": lambda: Prefetch("toppings", Topping.objects.values("name")),
    "annotated": lambda: [
        [p.n for p in b.pizza_set.all()]
        for b in B.order_by("id").prefetch_related(
            Prefetch("pizza_set", Pizza.objects.annotate(n=Count("toppings")).order_by("id"))
        )
    ],
    "deferred": lambda: [
        [sorted(p.get_deferred_fields()) for p in b.pizza_set.all()]
        for b in B.order_by("id").prefetch_related(Prefetch("pizza_set", Pizza.objects.only("name", "box")))
    ],
    "many of many": lambda: [
        [[names(p.toppings.all()) for p in t.pizza_set.all()] for t in p.toppings.all()]
        for p in P.prefetch_related("toppings__pizza_set__toppings")
    ],
    # ---- generic relations
    "generic read": lambda: [name(n.about) for n in N.all()],
    "generic prefetch": lambda: [name(n.about) for n in N.prefetch_related("about")],
    "generic prefetch, querysets": lambda: [
        [name(n.about), sorted(n.about.get_deferred_fields())]
        for n in N.prefetch_related(GenericPrefetch("about", [Pizza.objects.only("name"), Box.objects.all()]))
    ],
    "generic prefetch, filtered": lambda: [
        name(n.about)
        for n in N.prefetch_related(GenericPrefetch("about", [Pizza.objects.filter(name="Hawaii")]))
    ],
    "generic prefetch, twice": lambda: list(
        N.prefetch_related(GenericPrefetch("about", [Pizza.objects.all(), Pizza.objects.all()]))
    ),
    "generic attribute": lambda: [
        name(n.subject) for n in N.prefetch_related(GenericPrefetch("about", [], to_attr="subject"))
    ],
    "generic back": lambda: [texts(p.notes.all()) for p in P.prefetch_related("notes")],
    "generic back, queryset": lambda: [
        texts(p.notes.all()) for p in P.prefetch_related(Prefetch("notes", Note.objects.order_by("-text")))
    ],
    "generic back, attribute": lambda: [
        texts(p.hot) for p in P.prefetch_related(Prefetch("notes", Note.objects.filter(text="hot"), to_attr="hot"))
    ],
    "generic back, sliced": lambda: list(P.prefetch_related(Prefetch("notes", Note.objects.all()[:1], to_attr="x"))),
    "generic back and on": lambda: [
        [[r.text for r in n.reply_set.all()] for n in p.notes.all()] for p in P.prefetch_related("notes__reply_set")
    ],
    "generic there and back": lambda: [
        texts(n.about.notes.all()) for n in N.filter(pizza__isnull=False).prefetch_related("about__notes")
    ],
    "generic filter": lambda: names(P.filter(notes__text="hot")),
    "generic filter twice": lambda: names(P.filter(notes__text="hot").filter(notes__text="good")),
    "generic filter both": lambda: names(P.filter(notes__text="hot", notes__id__gt=100)),
    "generic exclude": lambda: names(P.exclude(notes__text="hot")),
    "generic isnull": lambda: names(P.filter(notes__isnull=True)),
    "generic or": lambda: names(P.filter(Q(notes__text="hot") | Q(name="Funghi"))),
    "generic through a key": lambda: names(P.filter(box__notes__text="wet")),
    "generic on and on": lambda: names(P.filter(notes__reply__text="no")),
    "generic object": lambda: names(P.filter(notes=Note.objects.get(text="good"))),
    "generic objects": lambda: names(P.filter(notes__in=Note.objects.filter(text__in=["good", "thin"]))),
    "generic reverse": lambda: texts(N.filter(pizza__name="Hawaii")),
    "generic reverse object": lambda: texts(N.filter(pizza=Pizza.objects.get(name="Hawaii"))),
    "generic reverse exclude": lambda: texts(N.exclude(pizza__name="Hawaii")),
    "generic reverse values": lambda: [list(row) for row in N.values_list("text", "pizza__name", "box__name")],
    "generic values": lambda: [list(row) for row in P.values_list("name", "notes__text").order_by("id", "notes__text")],
    "generic ordering": lambda: names(P.order_by("notes__text", "id")),
    "generic count": lambda: [list(row) for row in P.annotate(n=Count("notes")).order_by("id").values_list("name", "n")],
    "generic F": lambda: names(P.filter(notes__object_id=F("id")).order_by("id")),
    "generic distinct": lambda: names(P.filter(notes__isnull=False).distinct()),
    "generic aggregate": lambda: P.aggregate(n=Count("notes"))["n"],
    "generic in a subquery": lambda: names(P.filter(pk__in=Note.objects.filter(pizza__isnull=False).values("object_id"))),
    "generic key in a filter": lambda: texts(N.filter(about=hawaii)),
    "generic key in values": lambda: list(N.values_list("about")),
    "generic key joined": lambda: list(N.select_related("about")),
    "generic relation joined": lambda: list(P.select_related("notes")),
    "generic only": lambda: [name(n.about) for n in N.only("text").filter(text="hot")],
}

ANSWERS = {}
for title, ask in CASES.items():
    with CaptureQueriesContext(connection) as queries:
        try:
            answer = {"value": ask()}
        except Exception as error:
            answer = {"error": type(error).__name__, "message": str(error)}
    answer["queries"] = len(queries)
    ANSWERS[title] = answer

with open(os.path.join(HERE, "django-answers.json"), "w") as file:
    json.dump(ANSWERS, file, indent=1, default=repr)
    file.write("\n")
print(len(ANSWERS), "answers")
