"""What is done, as Python: scenarios.ts has the same by the same titles."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Concat, Upper
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from __main__ import add_all, deletion, heard
from django_models import (
    Answer, Author, Book, Category, Chapter, Counter, Footnote, Group, Membership, Note, Person, Pizzeria,
    PizzeriaProxy, Place, Publisher, Question, Restaurant, Seat, Shape, Tag, Ticket,
)  # fmt: skip

SCENARIOS = {}


def scenario(title):
    def keep(function):
        SCENARIOS[title] = function
        return function

    return keep


def every(**titled):
    for title, function in titled.items():
        SCENARIOS[title.replace("_", " ")] = function


def bulk(model, rows, **options):
    made = model.objects.bulk_create([model(**row) for row in rows], **options)
    return [row.pk for row in made]


def authors(count, start=0):
    return [Author(name=f"a{i}", rank=i) for i in range(start, start + count)]


def b(n):
    return Book.objects.get(title=f"B{n}")


def p(n):
    return Person.objects.get(name=f"p{n}")


# ------------------------------------------------------------------ bulk_create

every(
    bulk_create_keys=lambda: bulk(Tag, [{"name": "x"}, {"name": "y"}]),
    bulk_create_nothing=lambda: bulk(Tag, []),
    bulk_create_batches=lambda: bulk(Tag, [{"name": f"t{i}"} for i in range(7)], batch_size=3),
    bulk_create_many=lambda: len(bulk(Author, [{"name": f"t{i}", "rank": i} for i in range(1100)])),
    bulk_create_many_of_one_column=lambda: len(bulk(Tag, [{"name": f"t{i}"} for i in range(1100)])),
    bulk_create_some_with_keys=lambda: bulk(Tag, [{"name": "a"}, {"name": "b", "pk": 70}, {"name": "c"}]),
    bulk_create_ignoring=lambda: bulk(
        Author, [{"name": "Ann", "rank": 9}, {"name": "Zoe", "rank": 9}], ignore_conflicts=True
    ),
    bulk_create_conflict=lambda: bulk(Author, [{"name": "Ann", "rank": 9}]),
    bulk_create_updating=lambda: bulk(
        Counter,
        [{"key": "k0", "region": "x", "hits": 5}, {"key": "k9", "region": "y", "hits": 6}],
        update_conflicts=True,
        update_fields=["region", "hits"],
        unique_fields=["key"],
    ),
    bulk_create_updating_by_two_fields=lambda: bulk(
        Counter,
        [{"key": "new", "region": "eu", "hits": 1}],
        update_conflicts=True,
        update_fields=["key"],
        unique_fields=["region", "hits"],
    ),
    bulk_create_updating_by_key=lambda: bulk(
        Tag, [{"pk": 1, "name": "pink"}], update_conflicts=True, update_fields=["name"], unique_fields=["pk"]
    ),
    bulk_create_updating_nothing=lambda: bulk(Tag, [{"name": "x"}], update_conflicts=True, unique_fields=["id"]),
    bulk_create_updating_without_unique=lambda: bulk(
        Tag, [{"name": "x"}], update_conflicts=True, update_fields=["name"]
    ),
    bulk_create_updating_key=lambda: bulk(
        Tag, [{"name": "x"}], update_conflicts=True, update_fields=["id"], unique_fields=["id"]
    ),
    bulk_create_updating_many=lambda: bulk(
        Book, [{"title": "x"}], update_conflicts=True, update_fields=["tags"], unique_fields=["id"]
    ),
    bulk_create_unique_many=lambda: bulk(
        Book, [{"title": "x"}], update_conflicts=True, update_fields=["title"], unique_fields=["tags"]
    ),
    bulk_create_updating_unknown=lambda: bulk(
        Tag, [{"name": "x"}], update_conflicts=True, update_fields=["wrong"], unique_fields=["id"]
    ),
    bulk_create_both=lambda: bulk(Tag, [{"name": "x"}], update_conflicts=True, ignore_conflicts=True),
    bulk_create_batch_of_none=lambda: bulk(Tag, [{"name": "x"}], batch_size=0),
    bulk_create_negative_batch=lambda: bulk(Tag, [{"name": "x"}], batch_size=-1),
    bulk_create_of_a_child=lambda: bulk(Restaurant, [{"name": "x"}]),
    bulk_create_of_a_child_empty=lambda: bulk(Restaurant, []),
    bulk_create_of_a_proxy_of_a_child=lambda: bulk(PizzeriaProxy, [{"name": "x"}]),
    bulk_create_unsaved_relation=lambda: bulk(Book, [{"title": "x", "author": Author(name="new")}]),
    bulk_create_expressions=lambda: bulk(
        Author, [{"name": Upper(Value("dora")), "rank": 1}, {"name": "Eva", "rank": Value(1) + Value(2)}]
    ),
    bulk_create_database_defaults=lambda: bulk(Counter, [{"key": "x"}, {"key": "y", "hits": 3}]),
    bulk_create_generated=lambda: [s.area for s in Shape.objects.bulk_create([Shape(side=2), Shape(side=5)])],
    bulk_create_default_keys=lambda: [
        [type(t.pk).__name__, t.name] for t in Ticket.objects.bulk_create([Ticket(), Ticket(name="done")])
    ],
    bulk_create_composite=lambda: [list(key) for key in bulk(Seat, [{"row": 8, "place": "x"}, {"row": 9, "place": "y"}])],
    bulk_create_composite_conflict=lambda: len(
        bulk(Seat, [{"row": 0, "place": "a", "taken": True}], update_conflicts=True, update_fields=["taken"],
             unique_fields=["pk"])
    ),  # fmt: skip
    bulk_create_through_a_relation=lambda: [
        [row.author_id, row.pk] for row in Author.objects.get(name="Ann").book_set.bulk_create([Book(title="x", author_id=1)])
    ],
    bulk_create_without_signals=lambda: heard(
        [(pre_save, Tag, "pre"), (post_save, Tag, "post")], lambda: bulk(Tag, [{"name": "x"}])
    ),
    bulk_create_in_the_middle_of_an_error=lambda: bulk(
        Author, [{"name": "n1"}, {"name": "n2"}, {"name": "Ann"}], batch_size=1
    ),
    bulk_create_ordered=lambda: bulk(Answer, [{"question_id": 1, "text": "z", "_order": 7}]),
)


# ------------------------------------------------------------------ bulk_update


def changed(rows, **values):
    rows = list(rows)
    for i, row in enumerate(rows):
        for name, value in values.items():
            setattr(row, name, value(i) if callable(value) else value)
    return rows


def update_bulk(model, fields, batch_size=None, order="pk", **values):
    return model.objects.bulk_update(changed(model.objects.order_by(order), **values), fields, batch_size=batch_size)


every(
    bulk_update_one_field=lambda: update_bulk(Tag, ["name"], name=lambda i: f"t{i}"),
    bulk_update_two_fields=lambda: update_bulk(Book, ["title", "pages"], title=lambda i: f"t{i}", pages=lambda i: i),
    bulk_update_batches=lambda: update_bulk(Book, ["title"], title=lambda i: f"t{i}", batch_size=4),
    bulk_update_expressions=lambda: update_bulk(
        Book, ["pages", "title"], pages=F("pages") + 1, title=lambda i: "x" if i else Concat(F("title"), Value("!"))
    ),
    bulk_update_null=lambda: update_bulk(Book, ["publisher"], publisher=lambda i: None),
    bulk_update_relation=lambda: update_bulk(Book, ["publisher"], publisher_id=2),
    bulk_update_decimals=lambda: update_bulk(Book, ["price"], price=lambda i: Decimal(i) + Decimal("0.25")),
    bulk_update_inherited=lambda: update_bulk(Pizzeria, ["name", "stars", "ovens"], name="n", stars=1, ovens=9),
    bulk_update_inherited_alone=lambda: update_bulk(Pizzeria, ["name"], name="n"),
    bulk_update_composite=lambda: Seat.objects.bulk_update(changed(Seat.objects.order_by("row"), taken=True), ["taken"]),
    bulk_update_no_fields=lambda: update_bulk(Tag, []),
    bulk_update_key=lambda: update_bulk(Tag, ["id"]),
    bulk_update_parent_key=lambda: update_bulk(Restaurant, ["id"]),
    bulk_update_composite_key=lambda: update_bulk(Seat, ["row"], order="row"),
    bulk_update_many=lambda: update_bulk(Book, ["tags"]),
    bulk_update_reverse=lambda: update_bulk(Book, ["chapter"]),
    bulk_update_unknown=lambda: update_bulk(Book, ["wrong"]),
    bulk_update_generated=lambda: update_bulk(Shape, ["side"], side=7),
    bulk_update_generated_field=lambda: update_bulk(Shape, ["area"]),
    bulk_update_unsaved=lambda: Tag.objects.bulk_update([Tag(name="x")], ["name"]),
    bulk_update_gone=lambda: Tag.objects.bulk_update([Tag(pk=77, name="x"), Tag(pk=1, name="y")], ["name"]),
    bulk_update_twice_the_same=lambda: Tag.objects.bulk_update([Tag(pk=1, name="x"), Tag(pk=1, name="y")], ["name"]),
    bulk_update_nothing=lambda: Tag.objects.bulk_update([], ["name"]),
    bulk_update_unsaved_relation=lambda: Book.objects.bulk_update(
        changed([b(0)], author=lambda i: Author(name="new")), ["author"]
    ),
    bulk_update_batch_of_none=lambda: update_bulk(Tag, ["name"], batch_size=0),
    bulk_update_negative_batch=lambda: update_bulk(Tag, ["name"], batch_size=-3),
    bulk_update_filtered=lambda: Tag.objects.filter(name="red").bulk_update(
        changed(Tag.objects.order_by("pk"), name="x"), ["name"]
    ),
    bulk_update_of_a_relation=lambda: Author.objects.get(name="Ann").book_set.bulk_update(
        changed(Book.objects.order_by("pk"), title="x"), ["title"]
    ),
)


@scenario("bulk update many objects")
def _():
    Tag.objects.bulk_create([Tag(name=f"t{i}") for i in range(700)])
    return update_bulk(Tag, ["name"], name=lambda i: f"u{i}")


# ------------------------------------------------------------------ update

every(
    update_value=lambda: Book.objects.update(pages=5),
    update_expression=lambda: Book.objects.filter(pages__gt=100).update(pages=F("pages") * 2 - 1, title=Upper("title")),
    update_case=lambda: Book.objects.update(
        pages=Case(When(publisher=None, then=Value(0)), When(pages__lt=200, then=F("pages") + 7), default=Value(9))
    ),
    update_case_across=lambda: Book.objects.update(pages=Case(When(author__name="Ann", then=Value(0)), default=Value(9))),
    update_joined_field=lambda: Book.objects.update(title=F("author__name")),
    update_subquery=lambda: Book.objects.update(
        title=Subquery(Author.objects.filter(pk=OuterRef("author_id")).values("name")[:1])
    ),
    update_from_count=lambda: Author.objects.update(
        rank=Subquery(Book.objects.filter(author=OuterRef("pk")).values("author").annotate(n=Count("*")).values("n"))
    ),
    update_annotation=lambda: Book.objects.annotate(more=F("pages") + 5).update(pages=F("more")),
    update_aggregate_annotation=lambda: Author.objects.annotate(n=Count("book")).update(rank=F("n")),
    update_filtered_by_aggregate=lambda: Author.objects.annotate(n=Count("book")).filter(n__gt=1).update(rank=50),
    update_across=lambda: Book.objects.filter(author__name="Ann").update(pages=1),
    update_across_many=lambda: Book.objects.filter(tags__name__in=["red", "blue"]).update(pages=1),
    update_exists=lambda: Book.objects.filter(Exists(Chapter.objects.filter(book=OuterRef("pk")))).update(pages=1),
    update_excluded=lambda: Book.objects.exclude(chapter__title="CB0").update(pages=1),
    update_ordered=lambda: Book.objects.order_by("-pages").update(pages=F("pages") + 1),
    update_sliced=lambda: Book.objects.all()[:2].update(pages=1),
    update_distinct=lambda: Book.objects.distinct().update(pages=1),
    update_values=lambda: Book.objects.values("title").update(pages=1),
    update_nothing=lambda: Book.objects.none().update(pages=1),
    update_no_values=lambda: Book.objects.update(),
    update_unknown=lambda: Book.objects.update(wrong=1),
    update_many=lambda: Book.objects.update(tags=[1]),
    update_relation=lambda: Book.objects.update(publisher=Publisher.objects.get(name="Sud")),
    update_relation_unsaved=lambda: Book.objects.update(publisher=Publisher(name="new")),
    update_column_with_object=lambda: Book.objects.update(pages=Publisher.objects.get(name="Sud")),
    update_inherited=lambda: Pizzeria.objects.filter(stars=3).update(name="n", stars=1, ovens=9),
    update_inherited_parent_alone=lambda: Pizzeria.objects.update(name="n"),
    update_inherited_by_parent=lambda: Restaurant.objects.filter(name="napoli").update(stars=9),
    update_inherited_across_tables=lambda: Restaurant.objects.update(name=F("stars")),
    update_swapped=lambda: Counter.objects.filter(key="k1").update(key=F("region"), region=F("key")),
    update_generated=lambda: Shape.objects.update(side=4),
    update_generated_field=lambda: Shape.objects.update(area=4),
    update_composite=lambda: Seat.objects.filter(pk=(1, "a")).update(taken=True),
    update_composite_in=lambda: Seat.objects.filter(pk__in=[(1, "a"), (2, "a")]).update(taken=True),
    update_composite_key=lambda: Seat.objects.filter(row=1).update(place="b"),
    update_pk_of_composite=lambda: Seat.objects.update(pk=(1, "z")),
    update_union=lambda: Book.objects.filter(pk=1).union(Book.objects.filter(pk=2)).update(pages=1),
    update_window=lambda: Book.objects.annotate(n=Count("tags")).order_by("n").update(pages=1),
    update_conflict=lambda: Author.objects.update(name="same"),
    update_self_reference=lambda: Category.objects.filter(parent__parent__name="root").update(name="deep"),
    update_in_a_subquery_of_itself=lambda: Book.objects.filter(
        pk__in=Book.objects.filter(pages__gte=300).values("pk")
    ).update(pages=0),
)

# ------------------------------------------------------------------ delete

every(
    delete_plain=lambda: Tag.objects.filter(name="none").delete(),
    delete_tags=lambda: Tag.objects.all().delete(),
    delete_footnotes=lambda: Footnote.objects.all().delete(),
    delete_one_footnote=lambda: Footnote.objects.first().delete(),
    delete_book=lambda: b(0).delete(),
    delete_books=lambda: Book.objects.filter(pages__lt=300).delete(),
    delete_author=lambda: Author.objects.filter(name="Bea").delete(),
    delete_author_object=lambda: Author.objects.get(name="Bea").delete(),
    delete_first_author=lambda: Author.objects.get(name="Ann").delete(),
    delete_protected=lambda: Author.objects.filter(name="Cid").delete(),
    delete_protected_and_others=lambda: Author.objects.all().delete(),
    delete_restricted=lambda: b(4).delete(),
    delete_restricted_with_its_reason=lambda: Publisher.objects.filter(name="Sud").delete(),
    delete_publishers=lambda: Publisher.objects.all().delete(),
    delete_tree=lambda: Category.objects.get(name="root").delete(),
    delete_tree_by_queryset=lambda: Category.objects.filter(name__in=["c0", "g1"]).delete(),
    delete_parent=lambda: Place.objects.get(name="napoli").delete(),
    delete_parents=lambda: Place.objects.all().delete(),
    delete_child=lambda: Pizzeria.objects.get().delete(),
    delete_children=lambda: Restaurant.objects.all().delete(),
    delete_child_keeping_parents=lambda: Pizzeria.objects.get().delete(keep_parents=True),
    delete_restaurant_keeping_parents=lambda: Restaurant.objects.get(name="trattoria").delete(keep_parents=True),
    delete_proxy=lambda: PizzeriaProxy.objects.all().delete(),
    delete_person=lambda: p(0).delete(),
    delete_people=lambda: Person.objects.all().delete(),
    delete_across=lambda: Chapter.objects.filter(book__author__name="Ann").delete(),
    delete_fast_across=lambda: Footnote.objects.filter(chapter__book__author__name="Ann").delete(),
    delete_by_aggregate=lambda: Tag.objects.annotate(n=Count("books")).filter(n=2).delete(),
    delete_by_exists=lambda: Footnote.objects.filter(Exists(Chapter.objects.filter(pk=OuterRef("chapter"), book=1))).delete(),
    delete_in_itself=lambda: Footnote.objects.filter(pk__in=Footnote.objects.filter(text="f").values("pk")).delete(),
    delete_sliced=lambda: Tag.objects.all()[:1].delete(),
    delete_distinct=lambda: Tag.objects.distinct().delete(),
    delete_values=lambda: Tag.objects.values("name").delete(),
    delete_ordered=lambda: Footnote.objects.order_by("-text").delete(),
    delete_none=lambda: Tag.objects.none().delete(),
    delete_union=lambda: Tag.objects.all().union(Tag.objects.all()).delete(),
    delete_unsaved=lambda: Tag(name="x").delete(),
    delete_gone=lambda: Tag(pk=99, name="x").delete(),
    delete_composite=lambda: Seat.objects.filter(pk__in=[(1, "a"), (2, "a")]).delete(),
    delete_composite_object=lambda: Seat.objects.get(pk=(1, "a")).delete(),
    delete_question=lambda: Question.objects.all().delete(),
    delete_through_relation=lambda: Author.objects.get(name="Ann").book_set.all().delete(),
    delete_through_many=lambda: b(0).tags.all().delete(),
    delete_generic_through_relation=lambda: b(0).notes.all().delete(),
    delete_footnotes_heard=lambda: heard(deletion(Footnote), lambda: Footnote.objects.all().delete()),
    delete_book_heard=lambda: heard([*deletion(Book), *deletion(Chapter), *deletion(Footnote)], lambda: b(0).delete()),
    delete_books_heard_by_notes=lambda: heard(deletion(Note), lambda: Book.objects.filter(pages__lt=300).delete()),
    delete_book_heard_by_through=lambda: heard(deletion(Book.tags.through), lambda: b(0).delete()),
    delete_parent_heard=lambda: heard(
        [*deletion(Place), *deletion(Restaurant), *deletion(Pizzeria)], lambda: Place.objects.get(name="napoli").delete()
    ),
    delete_proxy_heard=lambda: heard(
        [*deletion(Pizzeria), *deletion(PizzeriaProxy)], lambda: PizzeriaProxy.objects.all().delete()
    ),
    delete_key_is_gone=lambda: (lambda book: [book.delete()[0], book.pk])(b(5)),
    delete_twice=lambda: (lambda tag: [tag.delete(), tag.delete()])(Tag.objects.first()),
)


@scenario("delete many")
def _():
    Category.objects.bulk_create([Category(name=f"x{i}", parent_id=1) for i in range(620)])
    return Category.objects.get(pk=1).delete()


@scenario("delete many books")
def _():
    Book.objects.bulk_create([Book(title=f"x{i}", author_id=2) for i in range(450)])
    return Book.objects.filter(author=2).delete()


# ------------------------------------------------------------------ get_or_create, update_or_create

every(
    get_or_create_there=lambda: (lambda r: [r[0].pk, r[1]])(Author.objects.get_or_create(name="Ann", defaults={"rank": 5})),
    get_or_create_made=lambda: (lambda r: [r[0].pk, r[1]])(Author.objects.get_or_create(name="Zoe", defaults={"rank": 5})),
    get_or_create_called=lambda: (lambda r: [r[0].rank, r[1]])(
        Author.objects.get_or_create(name="Zoe", defaults={"rank": lambda: 6})
    ),
    get_or_create_lookup=lambda: (lambda r: [r[0].name, r[1]])(
        Author.objects.get_or_create(name__iexact="zoe", defaults={"name": "Zoe"})
    ),
    get_or_create_exact_default=lambda: (lambda r: [r[0].rank, r[1]])(
        Author.objects.get_or_create(name="Zoe", rank__exact=3, defaults={"rank__exact": 3, "rank": 4})
    ),
    get_or_create_unknown=lambda: Author.objects.get_or_create(name="Zoe", defaults={"wrong": 5}),
    get_or_create_two=lambda: Book.objects.get_or_create(author__name="Ann"),
    get_or_create_conflict=lambda: Author.objects.get_or_create(name="Ann", rank=77),
    get_or_create_of_relation=lambda: (lambda r: [r[0].author_id, r[1]])(
        Author.objects.get(name="Ann").book_set.get_or_create(title="new")
    ),
    get_or_create_of_many=lambda: (lambda r: [r[0].pk, r[1]])(b(2).tags.get_or_create(name="black")),
    get_or_create_of_many_there=lambda: (lambda r: [r[0].pk, r[1]])(b(0).tags.get_or_create(name="red")),
    update_or_create_there=lambda: (lambda r: [r[0].rank, r[1]])(
        Author.objects.update_or_create(name="Ann", defaults={"rank": 5})
    ),
    update_or_create_made=lambda: (lambda r: [r[0].rank, r[1]])(
        Author.objects.update_or_create(name="Zoe", defaults={"rank": 5})
    ),
    update_or_create_create_defaults=lambda: (lambda r: [r[0].rank, r[1]])(
        Author.objects.update_or_create(name="Zoe", defaults={"rank": 5}, create_defaults={"rank": 8})
    ),
    update_or_create_expression=lambda: (lambda r: r[1])(
        Author.objects.update_or_create(name="Bea", defaults={"rank": F("rank") + 5}, create_defaults={"rank": 8})
    ),
    update_or_create_inherited=lambda: (lambda r: [r[0].name, r[1]])(
        Pizzeria.objects.update_or_create(ovens=2, defaults={"name": "new", "stars": 4})
    ),
    update_or_create_of_relation=lambda: (lambda r: [r[0].pages, r[1]])(
        Author.objects.get(name="Ann").book_set.update_or_create(title="B0", defaults={"pages": 3})
    ),
    update_or_create_of_many=lambda: (lambda r: [r[0].name, r[1]])(
        b(2).tags.update_or_create(name="black", defaults={"name": "white"})
    ),
    update_or_create_conflict=lambda: Author.objects.update_or_create(name="Ann", defaults={"name": "Bea"}),
    update_or_create_unknown=lambda: Author.objects.update_or_create(name="Ann", defaults={"wrong": "Bea"})[1],
    update_or_create_heard=lambda: heard(
        [(pre_save, Author, "pre"), (post_save, Author, "post")],
        lambda: Author.objects.update_or_create(name="Ann", defaults={"rank": 5})[1],
    ),
)


@scenario("get or create inside a transaction that fails")
def _():
    with transaction.atomic():
        try:
            Author.objects.get_or_create(name="Ann", rank=77)
        except IntegrityError:
            pass
        return Author.objects.get_or_create(name="Zoe")[1]


# ------------------------------------------------------------------ transactions


class Stop(Exception):
    pass


def tag(name, stop=False):
    Tag.objects.create(name=name)
    if stop:
        raise Stop(name)


def swallow(act):
    try:
        return act()
    except Exception as error:
        return type(error).__name__


def within(act, **options):
    with transaction.atomic(**options):
        return act()


def logged(act):
    log = []
    result = swallow(lambda: act(log))
    return [result, log]


def hook(log, text, then=None):
    transaction.on_commit(lambda: [log.append(text), then and then()])


def fails():
    raise Stop("hook")


every(
    atomic_nested_rollback=lambda: within(
        lambda: [tag("a"), swallow(lambda: within(lambda: tag("b", True))), tag("c")][1]
    ),
    atomic_outer_rollback=lambda: swallow(lambda: within(lambda: [within(lambda: tag("a")), tag("b", True)])),
    atomic_without_savepoint=lambda: swallow(
        lambda: within(lambda: [swallow(lambda: within(lambda: tag("b", True), savepoint=False)), tag("c")])
    ),
    atomic_without_savepoint_and_no_query_after=lambda: within(
        lambda: [tag("a"), swallow(lambda: within(lambda: tag("b", True), savepoint=False))][1]
    ),
    atomic_durable_nested=lambda: within(lambda: swallow(lambda: within(lambda: tag("a"), durable=True))),
    atomic_durable=lambda: within(lambda: tag("a"), durable=True),
    atomic_error_of_the_database=lambda: swallow(
        lambda: within(lambda: [tag("a"), swallow(lambda: Author.objects.create(name="Ann")), tag("b")])
    ),
    atomic_error_of_the_database_in_a_savepoint=lambda: within(
        lambda: [tag("a"), swallow(lambda: within(lambda: Author.objects.create(name="Ann"))), tag("b")][1]
    ),
    atomic_set_rollback=lambda: within(lambda: [tag("a"), transaction.set_rollback(True)][1]),
    on_commit_order=lambda: logged(
        lambda log: within(lambda: [hook(log, "1"), within(lambda: hook(log, "2")), hook(log, "3"), log.append("in")][3])
    ),
    on_commit_of_a_rollback=lambda: logged(
        lambda log: within(
            lambda: [
                hook(log, "1"),
                swallow(lambda: within(lambda: [hook(log, "2"), within(lambda: hook(log, "3")), tag("x", True)])),
                hook(log, "4"),
            ][1]
        )
    ),
    on_commit_of_an_outer_rollback=lambda: logged(
        lambda log: within(lambda: [within(lambda: hook(log, "1")), hook(log, "2"), tag("x", True)])
    ),
    on_commit_outside=lambda: logged(lambda log: hook(log, "1")),
    on_commit_that_fails=lambda: logged(
        lambda log: within(lambda: [tag("a"), hook(log, "1"), hook(log, "2", fails), hook(log, "3")][0])
    ),
    on_commit_in_a_hook=lambda: logged(
        lambda log: within(lambda: [hook(log, "1", lambda: hook(log, "1.1")), hook(log, "2")][0])
    ),
    on_commit_writes=lambda: logged(lambda log: within(lambda: hook(log, "1", lambda: tag("later")))),
    on_commit_without_savepoint=lambda: logged(
        lambda log: within(
            lambda: [hook(log, "1"), swallow(lambda: within(lambda: [hook(log, "2"), tag("x", True)], savepoint=False))][1]
        )
    ),
)

# ------------------------------------------------------------------ many-to-many


def keys(manager):
    return sorted(manager.values_list("pk", flat=True))


every(
    add=lambda: add_all(b(2).tags, 1, 2),
    add_objects=lambda: add_all(b(2).tags, *Tag.objects.all()),
    add_there=lambda: add_all(b(0).tags, 1, 2),
    add_there_and_new=lambda: add_all(b(1).tags, 1, 2),
    add_twice=lambda: add_all(b(2).tags, 1, 1, "1"),
    add_nothing=lambda: add_all(b(2).tags),
    add_wrong_model=lambda: add_all(b(2).tags, b(1)),
    add_unsaved=lambda: add_all(b(2).tags, Tag(name="x")),
    add_to_unsaved=lambda: add_all(Book(title="x").tags, 1),
    add_heard=lambda: heard([(m2m_changed, Book.tags.through, "")], lambda: add_all(b(1).tags, 1, 2)),
    add_reverse_heard=lambda: heard(
        [(m2m_changed, Book.tags.through, "")], lambda: add_all(Tag.objects.get(name="red").books, b(3), b(0))
    ),
    add_symmetrical=lambda: add_all(p(2).friends, p(0), p(3)),
    add_symmetrical_heard=lambda: heard([(m2m_changed, Person.friends.through, "")], lambda: add_all(p(2).friends, p(0), p(1))),
    add_self=lambda: add_all(p(2).friends, p(2)),
    add_asymmetrical=lambda: [add_all(p(2).follows, p(0)), keys(p(0).followers)],
    add_asymmetrical_reverse=lambda: [add_all(p(2).followers, p(0), p(1)), keys(p(1).follows)],
    add_through=lambda: add_all(p(1).groups, 1, 2, through_defaults={"since": 2020, "inviter": p(0)}),
    add_through_called=lambda: add_all(p(1).groups, 1, through_defaults={"since": lambda: 2021}),
    add_through_again=lambda: add_all(p(0).groups, 1, 2, through_defaults={"since": 2020}),
    add_through_wrong=lambda: add_all(p(0).groups, 2, through_defaults={"wrong": 2020}),
    add_through_heard=lambda: heard([(m2m_changed, Membership, "")], lambda: add_all(p(0).groups, 1, 2)),
    add_through_symmetrical=lambda: [add_all(p(0).rivals, p(1), through_defaults={"heat": 5}), keys(p(1).rivals)],
    add_reverse_through=lambda: add_all(Group.objects.get(name="g1").members, p(3), through_defaults={"since": 3}),
    remove=lambda: b(0).tags.remove(1, Tag.objects.get(name="blue")),
    remove_absent=lambda: b(1).tags.remove(3),
    remove_nothing=lambda: b(1).tags.remove(),
    remove_symmetrical=lambda: [p(1).friends.remove(p(0)), keys(p(0).friends)],
    remove_reverse=lambda: Tag.objects.get(name="red").books.remove(b(0), b(1)),
    remove_heard=lambda: heard([(m2m_changed, Book.tags.through, "")], lambda: b(0).tags.remove(1, 2)),
    remove_deletion_heard=lambda: heard(deletion(Book.tags.through), lambda: b(0).tags.remove(1, 2)),
    remove_through=lambda: p(0).groups.remove(1),
    clear=lambda: b(0).tags.clear(),
    clear_symmetrical=lambda: p(0).friends.clear(),
    clear_asymmetrical=lambda: p(0).follows.clear(),
    clear_reverse=lambda: p(1).followers.clear(),
    clear_heard=lambda: heard([(m2m_changed, Book.tags.through, "")], lambda: b(0).tags.clear()),
    set=lambda: b(0).tags.set([2, 3]),
    set_mixed=lambda: b(1).tags.set([3, Tag.objects.get(name="green")]),
    set_same=lambda: b(0).tags.set([1, 2, 3]),
    set_same_objects=lambda: b(0).tags.set(Tag.objects.all()),
    set_empty=lambda: b(0).tags.set([]),
    set_from_empty=lambda: b(5).tags.set([1]),
    set_both_empty=lambda: b(5).tags.set([]),
    set_clearing=lambda: b(0).tags.set([2], clear=True),
    set_heard=lambda: heard([(m2m_changed, Book.tags.through, "")], lambda: b(1).tags.set([2, 3])),
    set_clearing_heard=lambda: heard([(m2m_changed, Book.tags.through, "")], lambda: b(1).tags.set([2, 3], clear=True)),
    set_symmetrical=lambda: [p(0).friends.set([p(2), p(3)]), keys(p(1).friends), keys(p(2).friends)],
    set_through=lambda: p(0).groups.set([2, 3], through_defaults={"since": 5}),
    set_reverse=lambda: Tag.objects.get(name="red").books.set([b(1), b(2)]),
    set_wrong=lambda: b(0).tags.set([b(1)]),
    create_in_many=lambda: b(5).tags.create(name="black").pk,
    create_in_through=lambda: p(3).groups.create(name="new", through_defaults={"since": 7}).pk,
    assign_many=lambda: setattr(b(0), "tags", [1]),
    count_many=lambda: b(0).tags.count(),
    exists_many=lambda: b(0).tags.exists(),
)

# ------------------------------------------------------------------ many-to-one

every(
    reverse_add=lambda: Publisher.objects.get(name="Nord").book_set.add(b(1), b(2)),
    reverse_add_singly=lambda: Publisher.objects.get(name="Nord").book_set.add(b(1), b(2), bulk=False),
    reverse_add_unsaved=lambda: Publisher.objects.get(name="Nord").book_set.add(Book(title="x")),
    reverse_add_wrong=lambda: Publisher.objects.get(name="Nord").book_set.add(Tag.objects.first()),
    reverse_remove=lambda: Publisher.objects.get(name="Nord").book_set.remove(b(0)),
    reverse_remove_other=lambda: Publisher.objects.get(name="Nord").book_set.remove(b(1)),
    reverse_clear=lambda: Publisher.objects.get(name="Nord").book_set.clear(),
    reverse_clear_singly=lambda: Publisher.objects.get(name="Nord").book_set.clear(bulk=False),
    reverse_set=lambda: Publisher.objects.get(name="Nord").book_set.set([b(0), b(1)]),
    reverse_set_same=lambda: Publisher.objects.get(name="Nord").book_set.set([b(0), b(3)]),
    reverse_set_clearing=lambda: Publisher.objects.get(name="Nord").book_set.set([b(0), b(1)], clear=True),
    reverse_set_not_null=lambda: Author.objects.get(name="Ann").book_set.set([b(1)]),
    reverse_remove_not_null=lambda: Author.objects.get(name="Ann").book_set.remove(Book(pk=2)),
    reverse_update=lambda: Author.objects.get(name="Ann").book_set.update(pages=3),
    generic_add=lambda: b(2).notes.add(Note.objects.get(text="n0")),
    generic_add_singly=lambda: b(2).notes.add(Note(text="new"), bulk=False),
    generic_create=lambda: b(2).notes.create(text="x").object_id,
    generic_remove=lambda: b(0).notes.remove(Note.objects.get(text="n0")),
    generic_clear=lambda: b(0).notes.clear(),
    generic_set=lambda: b(0).notes.set([Note.objects.get(text="n1")]),
    generic_set_clearing=lambda: b(0).notes.set([Note.objects.get(text="n1")], clear=True),
    generic_get_or_create=lambda: b(0).notes.get_or_create(text="new")[1],
    generic_update=lambda: b(0).notes.update(text="z"),
    generic_object=lambda: Note.objects.create(text="x", about=b(3)).object_id,
)


# ------------------------------------------------------------------ inheritance, orders


def order_of(question):
    return list(question.get_answer_order())


def q():
    return Question.objects.get()


def answer(text):
    return Answer.objects.get(text=text)


every(
    order=lambda: order_of(q()),
    order_set=lambda: [q().set_answer_order([3, 1, 2]), order_of(q())],
    order_set_partly=lambda: [q().set_answer_order([3]), order_of(q())],
    order_next=lambda: answer("a").get_next_in_order().text,
    order_previous=lambda: answer("c").get_previous_in_order().text,
    order_next_at_the_end=lambda: answer("c").get_next_in_order(),
    order_new=lambda: Answer.objects.create(question=q(), text="d")._order,
    order_new_of_another=lambda: Answer.objects.create(question=Question.objects.create(text="r"), text="d")._order,
    order_moved=lambda: [setattr(a := answer("a"), "_order", 9), a.save(), order_of(q())][2],
    order_deleted_and_new=lambda: [answer("b").delete()[0], Answer.objects.create(question=q(), text="d")._order],
    order_default=lambda: [a.text for a in Answer.objects.all()],
    child_created=lambda: Pizzeria.objects.create(name="new", stars=1, ovens=3).pk,
    child_saved=lambda: [setattr(x := Pizzeria.objects.get(), "ovens", 7), x.save()][1],
    child_saved_partly=lambda: [setattr(x := Pizzeria.objects.get(), "name", "z"), x.save(update_fields=["name"])][1],
    child_saved_partly_both=lambda: [
        setattr(x := Pizzeria.objects.get(), "name", "z"), x.save(update_fields=["name", "ovens"])
    ][1],
    child_of_parent=lambda: Place.objects.get(name="napoli").restaurant.pizzeria.ovens,
    child_of_plain_parent=lambda: Place.objects.get(name="park").restaurant,
    parent_of_child=lambda: Pizzeria.objects.get().restaurant_ptr.place_ptr.name,
    child_made_of_parent=lambda: Restaurant(place_ptr=Place.objects.get(name="park"), stars=5).save_base(raw=True),
    child_made_over_parent=lambda: (
        lambda r: [r.__dict__.update({k: v for k, v in Place.objects.get(name="park").__dict__.items() if k != "_state"}),
                   r.save()][1]
    )(Restaurant(place_ptr=Place.objects.get(name="park"), stars=5)),
    child_forced=lambda: Restaurant(place_ptr_id=1, id=1, name="park", stars=5).save(force_insert=True),
    child_forced_whole=lambda: Restaurant(place_ptr_id=1, id=1, name="park", stars=5).save(force_insert=(Place,)),
    proxy_created=lambda: PizzeriaProxy.objects.create(name="new", ovens=3).pk,
    child_refreshed=lambda: [x := Pizzeria.objects.get(), Place.objects.update(name="all"), x.refresh_from_db(), x.name][3],
    generated_created=lambda: Shape.objects.create(side=6).area,
    generated_saved=lambda: [setattr(x := Shape.objects.get(), "side", 10), x.save(), x.refresh_from_db(), x.area][3],
    database_default=lambda: Counter.objects.create(key="z").hits,
    database_default_given=lambda: Counter.objects.create(key="z", hits=1000).hits,
    composite_created=lambda: list(Seat.objects.create(row=7, place="q").pk),
    composite_saved=lambda: [setattr(x := Seat.objects.get(pk=(1, "a")), "taken", True), x.save()][1],
    composite_moved=lambda: [setattr(x := Seat.objects.get(pk=(1, "a")), "row", 50), x.save()][1],
    composite_half=lambda: Seat(row=1).save(),
    composite_conflict=lambda: Seat(row=1, place="a").save(force_insert=True),
    ticket_created=lambda: Ticket.objects.create().name,
    ticket_saved_again=lambda: [x := Ticket.objects.create(), setattr(x, "name", "done"), x.save()][2],
)
