"""The models of the scenarios: models.ts has the same."""

import uuid

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CASCADE, PROTECT, RESTRICT, SET, SET_DEFAULT, SET_NULL, F, Value


class Base(models.Model):
    class Meta:
        abstract = True
        app_label = "writes"


class Author(Base):
    name = models.CharField(max_length=30, unique=True)
    rank = models.IntegerField(null=True)


class Publisher(Base):
    name = models.CharField(max_length=30)
    city = models.CharField(max_length=30, default="Oslo")


class Tag(Base):
    name = models.CharField(max_length=30)


class Note(Base):
    text = models.CharField(max_length=30)
    content_type = models.ForeignKey(ContentType, CASCADE)
    object_id = models.IntegerField()
    about = GenericForeignKey()


class Book(Base):
    title = models.CharField(max_length=30)
    pages = models.IntegerField(default=100)
    price = models.DecimalField(max_digits=6, decimal_places=2, default="1.00")
    author = models.ForeignKey(Author, CASCADE)
    publisher = models.ForeignKey(Publisher, SET_NULL, null=True)
    tags = models.ManyToManyField(Tag, related_name="books")
    notes = GenericRelation(Note)


class Chapter(Base):
    book = models.ForeignKey(Book, CASCADE)
    title = models.CharField(max_length=30)


class Footnote(Base):
    chapter = models.ForeignKey(Chapter, CASCADE)
    text = models.CharField(max_length=30)


class Loan(Base):
    publisher = models.ForeignKey(Publisher, CASCADE, related_name="loans")
    book = models.ForeignKey(Book, RESTRICT)


class Award(Base):
    author = models.ForeignKey(Author, PROTECT)
    name = models.CharField(max_length=30)


class Fan(Base):
    author = models.ForeignKey(Author, SET_DEFAULT, default=1)
    other = models.ForeignKey(Author, SET(1), null=True, related_name="others")


class Category(Base):
    name = models.CharField(max_length=30)
    parent = models.ForeignKey("self", CASCADE, null=True, related_name="children")


class Place(Base):
    name = models.CharField(max_length=30)


class Restaurant(Place):
    stars = models.IntegerField(default=0)

    class Meta:
        app_label = "writes"


class Pizzeria(Restaurant):
    ovens = models.IntegerField(default=1)

    class Meta:
        app_label = "writes"


class PizzeriaProxy(Pizzeria):
    class Meta:
        app_label = "writes"
        proxy = True


class Waiter(Base):
    restaurant = models.ForeignKey(Restaurant, CASCADE)
    name = models.CharField(max_length=30)


class Person(Base):
    name = models.CharField(max_length=30)
    friends = models.ManyToManyField("self")
    follows = models.ManyToManyField("self", symmetrical=False, related_name="followers")
    rivals = models.ManyToManyField("self", through="Rivalry", symmetrical=True)
    groups = models.ManyToManyField("Group", through="Membership", through_fields=("person", "group"), related_name="members")


class Group(Base):
    name = models.CharField(max_length=30)


class Membership(Base):
    person = models.ForeignKey(Person, CASCADE)
    group = models.ForeignKey(Group, CASCADE)
    inviter = models.ForeignKey(Person, CASCADE, null=True, related_name="invited")
    since = models.IntegerField(default=2000)


class Rivalry(Base):
    one = models.ForeignKey(Person, CASCADE, related_name="+")
    other = models.ForeignKey(Person, CASCADE, related_name="+")
    heat = models.IntegerField(default=1)


class Counter(Base):
    key = models.CharField(max_length=30, unique=True)
    region = models.CharField(max_length=30, default="eu")
    hits = models.IntegerField(db_default=Value(7))

    class Meta:
        app_label = "writes"
        constraints = [models.UniqueConstraint(fields=["region", "hits"], name="region_hits")]


class Shape(Base):
    side = models.IntegerField()
    area = models.GeneratedField(expression=F("side") * F("side"), output_field=models.IntegerField(), db_persist=True)


class Ticket(Base):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=30, db_default="open")


class Seat(Base):
    pk = models.CompositePrimaryKey("row", "place")
    row = models.IntegerField()
    place = models.CharField(max_length=5)
    taken = models.BooleanField(default=False)


class Question(Base):
    text = models.CharField(max_length=30)


class Answer(Base):
    question = models.ForeignKey(Question, CASCADE)
    text = models.CharField(max_length=30)

    class Meta:
        app_label = "writes"
        order_with_respect_to = "question"


ALL = [
    Author, Publisher, Tag, Note, Book, Chapter, Footnote, Loan, Award, Fan, Category, Place, Restaurant, Pizzeria,
    Waiter, Person, Group, Membership, Rivalry, Counter, Shape, Ticket, Seat, Question, Answer,
]  # fmt: skip
