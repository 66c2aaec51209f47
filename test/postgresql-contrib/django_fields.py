"""The questions about fields: fields.test.ts has the same."""

import datetime
import decimal

from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    HStoreField,
    IntegerRangeField,
)
from django.contrib.postgres.validators import (
    ArrayMaxLengthValidator,
    ArrayMinLengthValidator,
    KeysValidator,
    RangeMaxValueValidator,
    RangeMinValueValidator,
)
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange, NumericRange
from django.db.models import F, Max, Value
from django.db.models.functions import Upper

UTC = datetime.timezone.utc
D = datetime.date


class Post(models.Model):
    title = models.CharField(max_length=30)
    tags = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    scores = ArrayField(models.IntegerField(), null=True, blank=True, size=3)
    grid = ArrayField(ArrayField(models.IntegerField()), null=True, blank=True)
    prices = ArrayField(models.DecimalField(max_digits=6, decimal_places=2), null=True, blank=True)
    days = ArrayField(models.DateField(), null=True, blank=True)
    bigs = ArrayField(models.BigIntegerField(null=True), null=True, blank=True)
    uuids = ArrayField(models.UUIDField(), null=True, blank=True)
    documents = ArrayField(models.JSONField(), null=True, blank=True)

    class Meta:
        app_label = "contrib"


class Dog(models.Model):
    name = models.CharField(max_length=30)
    data = HStoreField(null=True)
    many = ArrayField(HStoreField(), null=True, blank=True)

    class Meta:
        app_label = "contrib"


class Event(models.Model):
    ints = IntegerRangeField(null=True, blank=True)
    bigints = BigIntegerRangeField(null=True, blank=True)
    decimals = DecimalRangeField(null=True, blank=True)
    instants = DateTimeRangeField(null=True, blank=True, default_bounds="[]")
    days = DateRangeField(null=True, blank=True)
    several = ArrayField(IntegerRangeField(), null=True, blank=True)
    n = models.IntegerField(default=0)
    small = models.SmallIntegerField(default=0)
    float = models.FloatField(default=0)
    amount = models.DecimalField(max_digits=6, decimal_places=2, default="0")
    day = models.DateField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        app_label = "contrib"


MODELS = [Post, Dog, Event]


def titles(queryset):
    return list(queryset.order_by("id").values_list("title", flat=True))


def ids(queryset):
    return list(queryset.order_by("id").values_list("id", flat=True))


def clean(instance):
    try:
        instance.full_clean()
    except Exception as error:
        return {name: sorted(texts) for name, texts in error.message_dict.items()}
    return None


def read(queryset):
    """What deserializing makes of the serialized objects."""
    text = serializers.serialize("json", queryset)
    return [
        [getattr(each.object, field.attname) for field in each.object._meta.fields]
        for each in serializers.deserialize("json", text)
    ]


def checked(validator, value):
    try:
        validator(value)
    except ValidationError as error:
        return [error.messages, error.code]
    return None


def ask(section):
    R = NumericRange
    section(
        "validators",
        {
            "array too long": lambda: checked(ArrayMaxLengthValidator(1), ["a", "b"]),
            "array too short": lambda: checked(ArrayMinLengthValidator(2), ["a"]),
            "array long enough": lambda: checked(ArrayMinLengthValidator(1), ["a"]),
            "keys missing": lambda: checked(KeysValidator(["a", "b"]), {"a": "1"}),
            "keys extra": lambda: checked(KeysValidator(["a"], strict=True), {"a": "1", "c": "2"}),
            "keys extra allowed": lambda: checked(KeysValidator(["a"]), {"a": "1", "c": "2"}),
            "keys own message": lambda: checked(
                KeysValidator(["a"], messages={"missing_keys": "No %(keys)s!"}), {}
            ),
            "range ends too late": lambda: checked(RangeMaxValueValidator(5), R(1, 6)),
            "range ends in time": lambda: checked(RangeMaxValueValidator(5), R(1, 5)),
            "range without end": lambda: checked(RangeMaxValueValidator(5), R(1, None)),
            "range begins too early": lambda: checked(RangeMinValueValidator(5), R(1, 6)),
            "range begins in time": lambda: checked(RangeMinValueValidator(lambda: 1), R(1, 6)),
            "range without beginning": lambda: checked(RangeMinValueValidator(5), R(None, 6)),
        },
    )
    section(
        "range values",
        {
            "flags": lambda: [
                [each.isempty, each.lower_inc, each.upper_inc, each.lower_inf, each.upper_inf]
                for each in [R(1, 5), R(1, 5, "[]"), R(None, 5, "[]"), R(None, None), R(empty=True)]
            ],
            "contains": lambda: [
                [value in each for value in [1, 3, 5]]
                for each in [R(1, 5), R(1, 5, "(]"), R(None, 3, "[]"), R(4, None), R(empty=True)]
            ],
            "equal": lambda: [R(1, 5) == other for other in [R(1, 5), R(1, 5, "[]"), R(1, 6), R(empty=True), 1]],
            "wrong bounds": lambda: R(1, 5, "[["),
        },
    )
    P = Post.objects
    P.create(title="a", tags=["x", "y"], scores=[1, 2, 3], grid=[[1, 2], [3, 4]], prices=["1.50", "2"])
    P.create(title="b", tags=["y"], scores=[], days=[D(2024, 1, 31), D(2024, 2, 29)])
    P.create(title="c", tags=[], scores=None, bigs=[2**60, None], grid=[])
    P.create(
        title="d",
        tags=["x", 'q"u,o{t}e\\', "NULL", ""],
        scores=[7],
        uuids=["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
        documents=[{"a": 1}, {"a": 2}],
    )
    section(
        "arrays",
        {
            "values": lambda: P.order_by("id").values_list(
                "tags", "scores", "grid", "prices", "days", "bigs", "uuids", "documents"
            ),
            "exact": lambda: titles(P.filter(tags=["x", "y"])),
            "exact empty": lambda: titles(P.filter(tags=[])),
            "exact nested": lambda: titles(P.filter(grid=[[1, 2], [3, 4]])),
            "is null": lambda: titles(P.filter(scores=None)),
            "contains": lambda: titles(P.filter(tags__contains=["x"])),
            "contains nothing": lambda: titles(P.filter(tags__contains=[])),
            "contains quoted": lambda: titles(P.filter(tags__contains=['q"u,o{t}e\\', "NULL"])),
            "contained by": lambda: titles(P.filter(tags__contained_by=["x", "y", "z"])),
            "overlap": lambda: titles(P.filter(tags__overlap=["x", "z"])),
            "overlap with subquery": lambda: titles(P.filter(tags__overlap=P.filter(title="b").values_list("tags__0"))),
            "contains expressions": lambda: titles(P.filter(tags__contains=[Value("x"), F("tags__0")])),
            "exclude overlap": lambda: titles(P.exclude(tags__overlap=["x"])),
            "length": lambda: titles(P.filter(tags__len=2)),
            "length at least": lambda: titles(P.filter(scores__len__gte=1)),
            "length of empty": lambda: titles(P.filter(scores__len=0)),
            "index": lambda: titles(P.filter(tags__0="y")),
            "index with lookup": lambda: titles(P.filter(scores__0__gt=1)),
            "index nested": lambda: titles(P.filter(grid__1__0=3)),
            "index missing": lambda: titles(P.filter(tags__9="y")),
            "index text lookup": lambda: titles(P.filter(tags__1__icontains="U")),
            "slice": lambda: titles(P.filter(scores__0_2=[1, 2])),
            "slice contains": lambda: titles(P.filter(tags__0_1__contains=["x"])),
            "slice nested index": lambda: titles(P.filter(grid__0_1=[[1, 2]])),
            "in": lambda: titles(P.filter(tags__in=[["y"], ["x", "y"]])),
            "in with subquery": lambda: titles(P.filter(tags__in=P.filter(title="a").values("tags"))),
            "greater": lambda: titles(P.filter(scores__gt=[1, 2])),
            "decimals": lambda: titles(P.filter(prices__contains=["1.5"])),
            "dates": lambda: titles(P.filter(days__contains=["2024-02-29"])),
            "large": lambda: titles(P.filter(bigs__contains=[2**60])),
            "index value": lambda: list(P.order_by("id").values_list("tags__0", flat=True)),
            "index of index value": lambda: list(P.order_by("id").values_list("grid__1__1", flat=True)),
            "length value": lambda: list(P.order_by("id").values_list("tags__len", flat=True)),
            "slice value": lambda: list(P.order_by("id").values_list("scores__0_2", flat=True)),
            "slice of F": lambda: list(P.order_by("id").annotate(s=F("tags")[:1]).values_list("s", flat=True)),
            "index of F": lambda: list(P.order_by("id").annotate(s=F("tags")[1]).values_list("s", flat=True)),
            "order by index": lambda: titles(P.order_by("scores__0", "id")),
            "grouped": lambda: list(P.values("tags__0").annotate(n=Max("title")).order_by("n").values_list("tags__0", "n")),
            "max": lambda: P.aggregate(m=Max("scores"))["m"],
            "update": lambda: [
                P.filter(title="c").update(tags=["u"]),
                P.get(title="c").tags,
                P.filter(title="c").update(tags=[]),
            ],
            "null inside contains": lambda: titles(P.filter(bigs__contains=[None])),
            "annotation lookup": lambda: titles(P.annotate(t=F("tags")).filter(t__contains=["y"])),
            "too long an item": lambda: [P.filter(title="c").update(tags=["abcdefghijklmnop"]), P.get(title="c").tags][1],
            "malformed": lambda: titles(P.filter(scores="x")),
            "wrong item": lambda: titles(P.filter(scores=["x"])),
        },
    )
    section(
        "array validation",
        {
            "good": lambda: clean(Post(title="t", tags=["a"])),
            "too many": lambda: clean(Post(title="t", scores=[1, 2, 3, 4])),
            "item too long": lambda: clean(Post(title="t", tags=["a", "abcdefghijklmnop"])),
            "item null": lambda: clean(Post(title="t", tags=[None])),
            "two items": lambda: clean(Post(title="t", tags=["abcdefghijklmnop", ""])),
            "uneven": lambda: clean(Post(title="t", grid=[[1], [2, 3]])),
            "nested item": lambda: clean(Post(title="t", grid=[[1], [None]])),
            "from text": lambda: Post(title="t", scores="[1, 2]")._meta.get_field("scores").to_python('["1", 2]'),
        },
    )

    P.filter(title="d").update(tags=["é", 'q"\\\n', ""])
    section(
        "serialized arrays",
        {
            "written": lambda: serializers.serialize("json", P.order_by("id")),
            "read": lambda: read(P.order_by("id")),
        },
    )

    G = Dog.objects
    G.create(name="a", data={"breed": "collie", "size": "L", "owner": None})
    G.create(name="b", data={"breed": "lab", 'q"u\\o': "te,=>\n"})
    G.create(name="c", data={})
    G.create(name="d", data=None, many=[{"x": "1"}, {"y": None}])
    names = lambda q: list(q.order_by("id").values_list("name", flat=True))  # noqa: E731
    section(
        "maps",
        {
            "values": lambda: G.order_by("id").values_list("data", "many"),
            "exact": lambda: names(G.filter(data={"size": "L", "owner": None, "breed": "collie"})),
            "exact empty": lambda: names(G.filter(data={})),
            "key": lambda: names(G.filter(data__breed="collie")),
            "key contains": lambda: names(G.filter(data__breed__contains="l")),
            "key in": lambda: names(G.filter(data__breed__in=["lab", "pug"])),
            "key is null": lambda: names(G.filter(data__owner__isnull=True)),
            "key missing": lambda: names(G.filter(data__other="x")),
            "contains": lambda: names(G.filter(data__contains={"size": "L"})),
            "contains two": lambda: names(G.filter(data__contains={"size": "L", "breed": "lab"})),
            "contains number": lambda: names(G.filter(data__contains={"size": 1})),
            "contained by": lambda: names(G.filter(data__contained_by={"breed": "lab", 'q"u\\o': "te,=>\n", "z": "1"})),
            "has key": lambda: names(G.filter(data__has_key="owner")),
            "has keys": lambda: names(G.filter(data__has_keys=["breed", "size"])),
            "has any keys": lambda: names(G.filter(data__has_any_keys=["size", "nope"])),
            "keys": lambda: names(G.filter(data__keys__contains=["owner"])),
            "keys value": lambda: list(G.order_by("id").values_list("data__keys", flat=True)),
            "values value": lambda: list(G.order_by("id").values_list("data__values", flat=True)),
            "values lookup": lambda: names(G.filter(data__values__contains=["lab"])),
            "values length": lambda: names(G.filter(data__values__len=2)),
            "key value": lambda: list(G.order_by("id").values_list("data__breed", flat=True)),
            "key upper": lambda: list(G.order_by("id").annotate(u=Upper("data__breed")).values_list("u", flat=True)),
            "order by key": lambda: names(G.order_by("-data__breed")),
            "exclude key": lambda: names(G.exclude(data__breed="lab")),
            "grouped": lambda: list(
                G.values("data__breed").annotate(n=Max("name")).order_by("n").values_list("data__breed", "n")
            ),
            "stored numbers": lambda: [
                G.filter(name="c").update(data={"a": 1, "b": True, 3: None}),
                G.get(name="c").data,
            ],
        },
    )
    section(
        "serialized maps",
        {
            "written": lambda: serializers.serialize("json", G.order_by("id").defer("many")),
            "read": lambda: read(G.exclude(name="d").order_by("id")),
        },
    )
    section(
        "map validation",
        {
            "no text": lambda: clean(Dog(name="x", data={"a": 1})),
            "good": lambda: clean(Dog(name="x", data={"a": "1", "b": None})),
        },
    )

    E = Event.objects
    E.create(ints=NumericRange(1, 5), bigints=(2**40, 2**41), n=3, small=3, float=2.5, amount="2.5")
    E.create(ints=NumericRange(5, 10, "[]"), decimals=("1.5", "3.25"), n=30, small=30, float=30, amount="30")
    E.create(ints=NumericRange(None, 0), days=DateRange(D(2024, 1, 1), D(2024, 1, 31), "[]"), day=D(2024, 1, 15))
    E.create(
        ints=NumericRange(empty=True),
        instants=(
            datetime.datetime(2024, 1, 1, 12, tzinfo=UTC),
            datetime.datetime(2024, 1, 2, tzinfo=UTC),
        ),
        at=datetime.datetime(2024, 1, 1, 15, tzinfo=UTC),
    )
    E.create(ints=(100, None), several=[NumericRange(1, 2), NumericRange(empty=True)], n=-1)
    E.create()
    noon = datetime.datetime(2024, 1, 1, 12, tzinfo=UTC)
    section(
        "ranges",
        {
            "values": lambda: E.order_by("id").values_list("ints", "bigints", "decimals", "instants", "days", "several"),
            "exact": lambda: ids(E.filter(ints=NumericRange(1, 5))),
            "exact other bounds": lambda: ids(E.filter(ints=NumericRange(1, 4, "[]"))),
            "exact list": lambda: ids(E.filter(ints=(5, 11))),
            "is null": lambda: ids(E.filter(ints=None)),
            "contains value": lambda: ids(E.filter(ints__contains=4)),
            "contains range": lambda: ids(E.filter(ints__contains=NumericRange(6, 8))),
            "contains list": lambda: ids(E.filter(ints__contains=(2, 3))),
            "contains large": lambda: ids(E.filter(bigints__contains=2**40 + 1)),
            "contains small in large": lambda: ids(E.filter(bigints__contains=1)),
            "contains column": lambda: ids(E.filter(ints__contains=F("n"))),
            "contains day": lambda: ids(E.filter(days__contains=D(2024, 1, 31))),
            "contains instant": lambda: ids(E.filter(instants__contains=noon)),
            "contains end by default bounds": lambda: ids(
                E.filter(instants__contains=datetime.datetime(2024, 1, 2, tzinfo=UTC))
            ),
            "contains date column": lambda: ids(E.filter(days__contains=F("day"))),
            "contains instant column": lambda: ids(E.filter(instants__contains=F("at"))),
            "contained by": lambda: ids(E.filter(ints__contained_by=NumericRange(0, 20))),
            "overlap": lambda: ids(E.filter(ints__overlap=NumericRange(4, 6))),
            "fully lt": lambda: ids(E.filter(ints__fully_lt=NumericRange(5, 8))),
            "fully gt": lambda: ids(E.filter(ints__fully_gt=NumericRange(0, 4))),
            "not lt": lambda: ids(E.filter(ints__not_lt=NumericRange(5, 8))),
            "not gt": lambda: ids(E.filter(ints__not_gt=NumericRange(5, 8))),
            "adjacent to": lambda: ids(E.filter(ints__adjacent_to=NumericRange(11, 20))),
            "startswith": lambda: ids(E.filter(ints__startswith=1)),
            "startswith gte": lambda: ids(E.filter(ints__startswith__gte=5)),
            "endswith": lambda: ids(E.filter(ints__endswith=11)),
            "day startswith year": lambda: ids(E.filter(days__startswith__year=2024)),
            "isempty": lambda: ids(E.filter(ints__isempty=True)),
            "not isempty": lambda: ids(E.filter(ints__isempty=False)),
            "lower inc": lambda: ids(E.filter(ints__lower_inc=True)),
            "lower inf": lambda: ids(E.filter(ints__lower_inf=True)),
            "upper inc": lambda: ids(E.filter(instants__upper_inc=True)),
            "upper inf": lambda: ids(E.filter(ints__upper_inf=True)),
            "gt": lambda: ids(E.filter(ints__gt=NumericRange(1, 5))),
            "in": lambda: ids(E.filter(ints__in=[(1, 5), NumericRange(empty=True)])),
            "value contained by": lambda: ids(E.filter(n__contained_by=NumericRange(1, 5))),
            "id contained by": lambda: ids(E.filter(id__contained_by=NumericRange(1, 3))),
            "small contained by": lambda: ids(E.filter(small__contained_by=NumericRange(1, 5))),
            "float contained by": lambda: ids(E.filter(float__contained_by=NumericRange(1, 5))),
            "decimal contained by": lambda: ids(E.filter(amount__contained_by=NumericRange(1, 5))),
            "day contained by": lambda: ids(E.filter(day__contained_by=DateRange(D(2024, 1, 1), D(2024, 2, 1)))),
            "instant contained by": lambda: ids(E.filter(at__contained_by=DateTimeTZRange(noon, None))),
            "contained by column": lambda: ids(E.filter(n__contained_by=F("ints"))),
            "lower value": lambda: list(E.order_by("id").values_list("ints__startswith", flat=True)),
            "upper day value": lambda: list(E.order_by("id").values_list("days__endswith", flat=True)),
            "array of ranges": lambda: ids(E.filter(several__contains=[NumericRange(1, 2)])),
            "wrong order": lambda: ids(E.filter(ints=(5, 1))),
            "update": lambda: [E.filter(n=-1).update(ints=(7, 9)), E.get(n=-1).ints],
        },
    )
    section(
        "serialized ranges",
        {
            "written": lambda: serializers.serialize("json", E.order_by("id")),
            "read": lambda: read(E.order_by("id")),
        },
    )
