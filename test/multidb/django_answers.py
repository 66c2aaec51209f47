"""Asks Django which database its queries use: writes django-answers.json beside this file.

    python test/multidb/django_answers.py
"""

import json
import os
import sys
import types

import django
from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))

shop = types.ModuleType("shop")
shop.__path__ = [HERE]
sys.modules["shop"] = shop

MEMORY = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
settings.configure(
    DATABASES={"default": MEMORY, "other": dict(MEMORY)},
    INSTALLED_APPS=["shop"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connections, models, router, transaction  # noqa: E402
from django.db.models import Prefetch  # noqa: E402


class Topping(models.Model):
    name = models.CharField(max_length=30)

    class Meta:
        app_label = "shop"


class Box(models.Model):
    name = models.CharField(max_length=30)

    class Meta:
        app_label = "shop"


class Pizza(models.Model):
    name = models.CharField(max_length=30, unique=True)
    box = models.ForeignKey(Box, models.SET_NULL, null=True)
    toppings = models.ManyToManyField(Topping)

    class Meta:
        app_label = "shop"
        ordering = ["id"]

    def __repr__(self):
        return f"<Pizza: {self.name}>"


class Certificate(models.Model):
    pizza = models.OneToOneField(Pizza, models.CASCADE)
    code = models.CharField(max_length=10)

    class Meta:
        app_label = "shop"


Box.__repr__ = lambda self: f"<Box: {self.name}>"
Topping.__repr__ = lambda self: f"<Topping: {self.name}>"

MODELS = [Topping, Box, Pizza, Certificate]


def fill():
    """Both databases have the same keys, under names that tell them apart."""
    for alias in ["default", "other"]:
        for model in [Certificate, Pizza.toppings.through, Pizza, Box, Topping]:
            model.objects.using(alias).all().delete()
        toppings = [Topping(pk=i, name=f"{alias} topping {i}") for i in (1, 2)]
        Topping.objects.using(alias).bulk_create(toppings)
        Box.objects.using(alias).bulk_create([Box(pk=i, name=f"{alias} box {i}") for i in (1, 2)])
        pizzas = [Pizza(pk=i, name=f"{alias} pizza {i}", box_id=i) for i in (1, 2)]
        Pizza.objects.using(alias).bulk_create(pizzas)
        through = Pizza.toppings.through
        through.objects.using(alias).bulk_create([through(pk=i, pizza_id=i, topping_id=i) for i in (1, 2)])
        Certificate.objects.using(alias).create(pk=1, pizza_id=1, code=alias)


class Log:
    """Writes down what it is asked; reads go to `other`, writes to `default`."""

    def __init__(self):
        self.asked = set()

    def note(self, action, model, hints):
        instance = hints.get("instance")
        about = "" if instance is None else f" of {type(instance).__name__}"
        self.asked.add(f"{action} {model.__name__}{about}")

    def db_for_read(self, model, **hints):
        self.note("read", model, hints)
        return "other"

    def db_for_write(self, model, **hints):
        self.note("write", model, hints)
        return "default"

    def allow_relation(self, one, other, **hints):
        self.asked.add(f"relate {type(one).__name__} {type(other).__name__}")
        return True


class Silent:
    """Has no opinion."""

    def db_for_read(self, model, **hints):
        return None

    def allow_relation(self, one, other, **hints):
        return None


def name(item):
    return None if item is None else item.name


def names(items):
    return [item.name for item in items]


def dbs(items):
    return [item._state.db for item in items]


def pizza(alias="other", pk=1):
    return Pizza.objects.using(alias).get(pk=pk)


def box(alias="other", pk=1):
    return Box.objects.using(alias).get(pk=pk)


def save_copy():
    one = pizza("default")
    one.name = "moved"
    one.save(using="other")
    return [one._state.db, pizza("default").name, pizza("other").name]


def save_new_key():
    one = pizza("default")
    one.pk = None
    one._state.adding = True
    one.name = "copy"
    one.save(using="other")
    return [one.pk > 2, one._state.db, Pizza.objects.count(), Pizza.objects.using("other").count()]


def assign(item, other):
    item.box = other
    return [item._state.db, other._state.db]


def unsaved_gets_db():
    one = Pizza(name="new", box=box("other"))
    before = one._state.db
    one.save()
    return [before, one._state.db, Pizza.objects.using("other").filter(name="new").count()]


def related_of_unsaved():
    b = Box(name="fresh")
    Pizza(name="new", box=b)
    return b._state.db


# Without routers, or with one that has no opinion.
VALUES = {
    "using reads": lambda: [names(Pizza.objects.using("other")), names(Pizza.objects.all())],
    "objects know their database": lambda: dbs([pizza("other"), pizza("default"), Pizza()]),
    "create": lambda: [Pizza.objects.using("other").create(name="x")._state.db, Pizza.objects.count()],
    "dbManager": lambda: [
        names(Pizza.objects.db_manager("other").filter(pk=1)),
        Pizza.objects.db_manager("other").db_manager().db,
        Pizza.objects.using("other").using(None).db,
    ],
    "getOrCreate": lambda: [
        dbs(Pizza.objects.using("other").get_or_create(name=n)[:1]) for n in ["other pizza 1", "default pizza 1"]
    ],
    "updateOrCreate": lambda: names(
        [Pizza.objects.using("other").update_or_create(pk=1, defaults={"name": "changed"})[0], pizza("default")]
    ),
    "update": lambda: [Pizza.objects.using("other").update(box=None), name(pizza("default").box)],
    "delete": lambda: [Pizza.objects.using("other").delete()[0], Pizza.objects.count()],
    "bulkCreate": lambda: dbs(Pizza.objects.using("other").bulk_create([Pizza(name="a"), Pizza(name="b")])),
    "forward": lambda: [pizza("other").box.name, pizza("other").box._state.db],
    "forward, loaded along": lambda: dbs(
        [Pizza.objects.using("other").select_related("box").get(pk=1).box]
    ),
    "one-to-one back": lambda: pizza("other").certificate.code,
    "reverse manager": lambda: [names(box("other").pizza_set.all()), box("other").pizza_set.db],
    "many-to-many": lambda: [names(pizza("other").toppings.all()), pizza("other").toppings.count()],
    "many-to-many back": lambda: names(Topping.objects.using("other").get(pk=1).pizza_set.all()),
    "reverse manager, another database": lambda: [
        names(box("other").pizza_set.using("default")),
        names(box("other").pizza_set.db_manager("default").all()),
    ],
    "reverse create": lambda: box("other").pizza_set.create(name="n")._state.db,
    "many-to-many create": lambda: [
        pizza("other").toppings.create(name="n")._state.db,
        pizza("other").toppings.count(),
    ],
    "many-to-many set": lambda: [
        pizza("other").toppings.set([2]),
        names(pizza("other").toppings.all()),
        names(pizza("default").toppings.all()),
    ],
    "reverse clear": lambda: [box("other").pizza_set.clear(), box("other").pizza_set.count(), box("default").pizza_set.count()],
    "refresh": lambda: (lambda p: [p.refresh_from_db(), p.name])(pizza("other")),
    "refresh from another": lambda: (lambda p: [p.refresh_from_db(using="default"), p.name, p._state.db])(pizza("other")),
    "deferred": lambda: Pizza.objects.using("other").defer("name").get(pk=1).name,
    "save to another": save_copy,
    "save a copy": save_new_key,
    "delete from another": lambda: (lambda p: [p.delete(using="default")[0], Pizza.objects.count(), Pizza.objects.using("other").count()])(pizza("other")),
    "prefetch": lambda: [
        [p.box._state.db, dbs(p.toppings.all())]
        for p in Pizza.objects.using("other").prefetch_related("box", "toppings")
    ],
    "prefetch, own queryset": lambda: [
        names(p.toppings.all())
        for p in Pizza.objects.using("other").prefetch_related(Prefetch("toppings", Topping.objects.filter(pk=1)))
    ],
    "prefetch from another": lambda: [
        names(p.toppings.all())
        for p in Pizza.objects.using("other").prefetch_related(Prefetch("toppings", Topping.objects.using("default")))
    ],
    "prefetch back": lambda: [
        names(b.pizza_set.all())
        for b in Box.objects.using("other").prefetch_related(Prefetch("pizza_set", Pizza.objects.filter(pk=1)))
    ],
    "raw": lambda: [
        names(Pizza.objects.using("other").raw("SELECT * FROM shop_pizza WHERE id = 1")),
        names(Pizza.objects.raw("SELECT * FROM shop_pizza WHERE id = 1", using="other")),
        names(Pizza.objects.raw("SELECT * FROM shop_pizza WHERE id = 1").using("other")),
        Pizza.objects.raw("SELECT * FROM shop_pizza").db,
    ],
    "inBulk": lambda: names(Pizza.objects.using("other").in_bulk([1]).values()),
    "iterator": lambda: names(Pizza.objects.using("other").iterator()),
    "subquery of another": lambda: names(
        Pizza.objects.filter(box__in=Box.objects.using("other").filter(pk=1))
    ),
    "subquery of the same": lambda: names(
        Pizza.objects.using("other").filter(box__in=Box.objects.using("other").filter(pk=1))
    ),
    "subquery of nowhere": lambda: names(
        Pizza.objects.using("other").filter(box__in=Box.objects.filter(pk=1))
    ),
    "subquery of related objects": lambda: names(
        Pizza.objects.filter(pk__in=box("other").pizza_set.all())
    ),
    "assign across": lambda: assign(pizza("default"), box("other")),
    "assign unsaved": lambda: assign(Pizza(name="n"), box("other")),
    "assign to unsaved": lambda: assign(pizza("other"), Box(name="n")),
    "assign both unsaved": lambda: assign(Pizza(name="n"), Box(name="n")),
    "assign one-to-one across": lambda: setattr(pizza("default"), "certificate", Certificate.objects.using("other").get(pk=1)),
    "add across, reverse": lambda: box("default").pizza_set.add(pizza("other")),
    "add across, many": lambda: pizza("default").toppings.add(Topping.objects.using("other").get(pk=1)),
    "add unsaved": lambda: box("other").pizza_set.add(Pizza(name="n"), bulk=False),
    "unsaved gets the database": unsaved_gets_db,
    "related of unsaved": related_of_unsaved,
    "commit": lambda: committed(),
}


def committed():
    seen = []
    with transaction.atomic(using="other"):
        transaction.on_commit(lambda: seen.append("other"), using="other")
        transaction.on_commit(lambda: seen.append("default"))
        seen.append("inside")
    return seen


p = lambda: pizza("default")  # noqa: E731
b = lambda: box("default")  # noqa: E731

# What a router is asked.
ASKED = {
    "list": lambda: list(Pizza.objects.all()),
    "get": lambda: Pizza.objects.get(pk=1),
    "count": lambda: Pizza.objects.count(),
    "exists": lambda: Pizza.objects.exists(),
    "first": lambda: Pizza.objects.first(),
    "iterator": lambda: list(Pizza.objects.iterator()),
    "raw": lambda: list(Pizza.objects.raw("SELECT * FROM shop_pizza")),
    "selectForUpdate": lambda: Pizza.objects.select_for_update().filter(pk=1).db,
    "create": lambda: Pizza.objects.create(name="n"),
    "getOrCreate": lambda: Pizza.objects.get_or_create(name="default pizza 1"),
    "getOrCreate new": lambda: Pizza.objects.get_or_create(name="n"),
    "updateOrCreate": lambda: Pizza.objects.update_or_create(pk=1, defaults={"name": "n"}),
    "bulkCreate": lambda: Pizza.objects.bulk_create([Pizza(name="n")]),
    "bulkUpdate": lambda: Pizza.objects.bulk_update([p()], ["name"]),
    "update": lambda: Pizza.objects.update(box=None),
    "delete": lambda: Pizza.objects.filter(pk=1).delete(),
    "forward": lambda: p().box,
    "one-to-one back": lambda: p().certificate,
    "reverse": lambda: list(b().pizza_set.all()),
    "reverse count": lambda: b().pizza_set.count(),
    "reverse create": lambda: b().pizza_set.create(name="n"),
    "reverse add": lambda: b().pizza_set.add(pizza("default", 2)),
    "reverse clear": lambda: b().pizza_set.clear(),
    "reverse getOrCreate": lambda: b().pizza_set.get_or_create(name="n"),
    "many": lambda: list(p().toppings.all()),
    "many count": lambda: p().toppings.count(),
    "many exists": lambda: p().toppings.exists(),
    "many add": lambda: p().toppings.add(Topping.objects.using("default").get(pk=2)),
    "many create": lambda: p().toppings.create(name="n"),
    "many remove": lambda: p().toppings.remove(1),
    "many clear": lambda: p().toppings.clear(),
    "save": lambda: p().save(),
    "delete object": lambda: p().delete(),
    "refresh": lambda: p().refresh_from_db(),
    "deferred": lambda: Pizza.objects.using("default").defer("name").get(pk=1).name,
    "assign": lambda: setattr(p(), "box", b()),
    "assign unsaved": lambda: setattr(Pizza(), "box", b()),
    "clean": lambda: p().full_clean(),
    "prefetch forward": lambda: list(Pizza.objects.using("default").prefetch_related("box")),
    "prefetch back": lambda: list(Box.objects.using("default").prefetch_related("pizza_set")),
    "prefetch many": lambda: list(Pizza.objects.using("default").prefetch_related("toppings")),
    "prefetch own": lambda: list(
        Pizza.objects.using("default").prefetch_related(Prefetch("toppings", Topping.objects.all()))
    ),
}


def use(*routers):
    router._routers = list(routers)
    router.__dict__.pop("routers", None)


def answer(case):
    fill()
    try:
        return {"value": json.loads(json.dumps(case()))}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


def asked(case):
    use()
    fill()
    log = Log()
    use(log)
    case()
    use()
    return sorted(log.asked)


for alias in ["default", "other"]:
    with connections[alias].schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)

result = {
    "values": {key: answer(case) for key, case in VALUES.items()},
    "asked": {key: asked(case) for key, case in ASKED.items()},
}
use(Silent())
silent = {key: answer(case) for key, case in VALUES.items()}
different = {key for key in VALUES if silent[key] != result["values"][key]}
assert not different, different
with open(os.path.join(HERE, "django-answers.json"), "w") as file:
    json.dump(result, file, indent=2)
    file.write("\n")
