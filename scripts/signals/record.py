"""Records which signals the real Django sends: `python scripts/signals/record.py > test/signals/data/log.json`.

For each scenario the signals in their order, each as `[name, sender, what its arguments say]`. `scenarios.ts` beside the
tests does the same with this library.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fuzz"))

from django_models import configure  # noqa: E402

configure(["sig"])

from django.core import serializers  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.models import signals  # noqa: E402

LOG = []


def label(model):
    return model._meta.label


def note(name, sender, **details):
    LOG.append([name, label(sender), details])


prepared = []
signals.class_prepared.connect(lambda sender, **kwargs: prepared.append(label(sender)), weak=False)


def model(name, bases=(models.Model,), meta=None, /, **fields):
    attributes = {"__module__": "sig", "Meta": type("Meta", (), {"app_label": "sig", **(meta or {})}), **fields}
    return type(name, bases, attributes)


Tag = model("Tag", name=models.CharField(max_length=10))
Book = model("Book", title=models.CharField(max_length=10), size=models.IntegerField(default=0), tags=models.ManyToManyField("sig.Tag"))
Page = model("Page", book=models.ForeignKey("sig.Book", models.CASCADE), n=models.IntegerField())
Note = model("Note", page=models.ForeignKey("sig.Page", models.CASCADE))
Bookmark = model("Bookmark", book=models.ForeignKey("sig.Book", models.SET_NULL, null=True))
Friend = model("Friend", name=models.CharField(max_length=10), friends=models.ManyToManyField("self"))
Place = model("Place", name=models.CharField(max_length=10))
Cafe = model("Cafe", (Place,), seats=models.IntegerField(default=0))
Bistro = model("Bistro", (Cafe,), stars=models.IntegerField(default=0))
Corner = model("Corner", (Place,), {"proxy": True})
Club = model("Club", members=models.ManyToManyField("sig.Tag", through="sig.Member"))
Member = model("Member", club=models.ForeignKey(Club, models.CASCADE), tag=models.ForeignKey(Tag, models.CASCADE), role=models.CharField(max_length=5, default="m"))

MODELS = [Tag, Book, Page, Note, Bookmark, Friend, Place, Cafe, Bistro, Corner, Club, Member]


def origin_of(origin):
    return label(type(origin)) if isinstance(origin, models.Model) else f"queryset of {label(origin.model)}"


def connect():
    def pre_init(sender, args, kwargs, **rest):
        note("preInit", sender, given=sorted(kwargs))

    def post_init(sender, instance, **rest):
        note("postInit", sender, pk=instance.pk)

    def save(name):
        def receiver(sender, instance, raw, using, update_fields, created=None, **rest):
            fields = None if update_fields is None else sorted(update_fields)
            more = {} if created is None else {"created": created}
            note(name, sender, pk=instance.pk, raw=raw, using=using, updateFields=fields, **more)

        return receiver

    def delete(name):
        def receiver(sender, instance, using, origin, **rest):
            note(name, sender, pk=instance.pk, using=using, origin=origin_of(origin))

        return receiver

    def m2m(sender, instance, action, reverse, model, pk_set, using, **rest):
        pks = None if pk_set is None else sorted(pk_set)
        note("m2mChanged", sender, action=action, instance=[label(type(instance)), instance.pk], reverse=reverse, model=label(model), pkSet=pks, using=using)

    signals.pre_init.connect(pre_init, weak=False)
    signals.post_init.connect(post_init, weak=False)
    signals.pre_save.connect(save("preSave"), weak=False)
    signals.post_save.connect(save("postSave"), weak=False)
    signals.pre_delete.connect(delete("preDelete"), weak=False)
    signals.post_delete.connect(delete("postDelete"), weak=False)
    signals.m2m_changed.connect(m2m, weak=False)


def scenarios():
    yield "create", lambda: Tag.objects.create(name="a")
    yield "save a new object", lambda: Tag(name="b").save()
    yield "save a loaded object", lambda: Tag.objects.get(name="b").save()
    yield "save some fields", lambda: Tag.objects.get(name="b").save(update_fields=["name"])
    yield "save no field", lambda: Tag.objects.get(name="b").save(update_fields=[])
    yield "insert by force", lambda: Tag(id=50, name="c").save(force_insert=True)
    yield "save raw", lambda: Tag(id=51, name="r").save_base(raw=True)
    yield "deserialize", lambda: [each.save() for each in serializers.deserialize("json", '[{"model": "sig.tag", "pk": 52, "fields": {"name": "d"}}]')]
    yield "get or create", lambda: [Tag.objects.get_or_create(name="a"), Tag.objects.get_or_create(name="new")]
    yield "update or create", lambda: [Tag.objects.update_or_create(name="a", defaults={"name": "a"}), Tag.objects.update_or_create(name="newer")]
    yield "bulk create", lambda: Tag.objects.bulk_create([Tag(id=60, name="x"), Tag(id=61, name="y")])
    yield "bulk update", lambda: Tag.objects.bulk_update([Tag.objects.get(id=60), Tag.objects.get(id=61)], ["name"])
    yield "update", lambda: Tag.objects.filter(id=60).update(name="z")
    yield "load", lambda: list(Tag.objects.order_by("id")[:2])
    yield "values", lambda: list(Tag.objects.values("id"))
    yield "refresh", lambda: Tag.objects.get(id=60).refresh_from_db()

    book = Book.objects.create(title="B")
    other = Book.objects.create(title="O")
    tags = list(Tag.objects.order_by("id")[:4])
    LOG.clear()
    yield "deferred", lambda: Book.objects.only("title").get(id=book.id).save()
    yield "add", lambda: book.tags.add(tags[0], tags[1])
    yield "add again", lambda: book.tags.add(tags[1], tags[2])
    yield "add nothing new", lambda: book.tags.add(tags[0])
    yield "add none", lambda: book.tags.add()
    yield "add keys", lambda: other.tags.add(tags[0].id, tags[3].id)
    yield "remove", lambda: book.tags.remove(tags[0])
    yield "remove what is not there", lambda: book.tags.remove(tags[0])
    yield "set", lambda: book.tags.set([tags[1], tags[3]])
    yield "set the same", lambda: book.tags.set([tags[1], tags[3]])
    yield "set anew", lambda: book.tags.set([tags[0]], clear=True)
    yield "clear", lambda: book.tags.clear()
    yield "create by relation", lambda: book.tags.create(name="made")
    yield "reverse add", lambda: tags[0].book_set.add(book, other)
    yield "reverse remove", lambda: tags[0].book_set.remove(book)
    yield "reverse set", lambda: tags[0].book_set.set([book])
    yield "reverse clear", lambda: tags[0].book_set.clear()

    ann, bob = Friend.objects.create(name="Ann"), Friend.objects.create(name="Bob")
    LOG.clear()
    yield "symmetrical add", lambda: ann.friends.add(bob)
    yield "symmetrical remove", lambda: bob.friends.remove(ann)
    yield "symmetrical clear", lambda: [ann.friends.add(bob), bob.friends.clear()]

    club = Club.objects.create()
    LOG.clear()
    yield "through add", lambda: club.members.add(tags[0], through_defaults={"role": "x"})
    yield "through remove", lambda: club.members.remove(tags[0])

    pages = [Page.objects.create(book=book, n=n) for n in range(2)]
    Note.objects.create(page=pages[0])
    Note.objects.create(page=pages[1])
    Bookmark.objects.create(book=book)
    book.tags.add(tags[0])
    LOG.clear()
    yield "delete with cascades", lambda: book.delete()
    yield "delete by queryset", lambda: Tag.objects.filter(id__gte=60).delete()
    yield "delete nothing", lambda: Tag.objects.filter(id=999).delete()
    yield "related set null", lambda: other.bookmark_set.create()
    yield "related create", lambda: other.page_set.create(n=5)
    yield "related add", lambda: other.bookmark_set.add(Bookmark.objects.filter(book=None).first())
    yield "related clear", lambda: other.bookmark_set.clear()

    yield "create a child", lambda: Cafe.objects.create(name="c", seats=2)
    yield "save a child", lambda: Cafe.objects.get(name="c").save()
    yield "create a grandchild", lambda: Bistro.objects.create(name="g", seats=1, stars=3)
    yield "save a proxy", lambda: Corner.objects.create(name="p")
    yield "delete a proxy", lambda: Corner.objects.get(name="p").delete()
    yield "delete a child", lambda: Cafe.objects.get(name="c").delete()
    yield "delete a parent", lambda: Place.objects.get(name="g").delete()
    yield "delete a child and keep its parent", lambda: [Cafe.objects.create(name="k"), Cafe.objects.get(name="k").delete(keep_parents=True)]
    yield "rows gone", lambda: Place.objects.all().delete()


def main():
    with connection.schema_editor() as editor:
        for each in MODELS:
            if not each._meta.proxy:
                editor.create_model(each)
    connect()
    result = {"prepared": prepared, "scenarios": []}
    for name, run in scenarios():
        LOG.clear()
        run()
        result["scenarios"].append([name, list(LOG)])
    json.dump(result, sys.stdout, separators=(",", ":"))
    print()


main()
