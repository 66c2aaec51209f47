"""What Django answers to the questions of expressions.test.ts, on three databases.

    python expression_answers.py > expression-answers.json    # Python with Django 5.2, psycopg and mysqlclient

Servers as in the tests: PostgreSQL on 127.0.0.1:5432 (user postgres), MariaDB on 127.0.0.1:3306 (user root).
"""

import datetime as dt
import decimal
import json
import pathlib
import subprocess
import sys
import types
import uuid

import django
from django.conf import settings

NAME = "walkexpr_django"
DATABASES = {
    "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
    "postgresql": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": "postgres",
        "HOST": "127.0.0.1",
    },
    "mysql": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": NAME,
        "USER": "root",
        "HOST": "127.0.0.1",
        "OPTIONS": {"charset": "utf8mb4"},
    },
}

if len(sys.argv) == 1:
    answers = {
        backend: json.loads(subprocess.check_output([sys.executable, __file__, backend]))
        for backend in DATABASES
    }
    print(json.dumps(answers, indent=1, ensure_ascii=False))
    sys.exit()

BACKEND = sys.argv[1]


def recreate():
    if BACKEND == "postgresql":
        import psycopg

        with psycopg.connect("host=127.0.0.1 user=postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
            connection.execute(
                f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
            )
        with psycopg.connect(f"host=127.0.0.1 user=postgres dbname={NAME}", autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pgcrypto")
    if BACKEND == "mysql":
        import MySQLdb

        cursor = MySQLdb.connect(host="127.0.0.1", user="root").cursor()
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
        cursor.execute(f"CREATE DATABASE {NAME} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")


recreate()
sys.modules["walkexpr"] = module = types.ModuleType("walkexpr")
module.__path__ = [str(pathlib.Path(__file__).parent)]
settings.configure(
    INSTALLED_APPS=["walkexpr"],
    DATABASES={"default": DATABASES[BACKEND]},
    USE_TZ=True,
    TIME_ZONE="UTC",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.db.models import *  # noqa: E402, F403
from django.db.models.fields.json import KT  # noqa: E402
from django.db.models.functions import *  # noqa: E402, F403
from django.db.models.lookups import *  # noqa: E402, F403
from django.utils import timezone  # noqa: E402


class Venue(Model):
    name = CharField(max_length=20)
    open = BooleanField(default=True)

    class Meta:
        app_label = "walkexpr"


class Event(Model):
    name = CharField(max_length=30)
    note = TextField(null=True)
    venue = ForeignKey(Venue, null=True, on_delete=CASCADE)
    day = DateField()
    starts = DateTimeField()
    ends = DateTimeField(null=True)
    doors = TimeField()
    took = DurationField(null=True)
    seats = IntegerField()
    sold = IntegerField(null=True)
    views = BigIntegerField(default=0)
    rating = FloatField(null=True)
    price = DecimalField(max_digits=6, decimal_places=2)
    active = BooleanField(default=True)
    code = UUIDField(null=True)
    data = JSONField(null=True)

    class Meta:
        app_label = "walkexpr"


class Ticket(Model):
    event = CharField(max_length=20)
    holder = CharField(max_length=20, null=True)
    row = IntegerField(null=True)
    seat = IntegerField(null=True)
    price = IntegerField()
    paid = IntegerField(default=0)
    void = BooleanField(default=False)
    due = GeneratedField(expression=F("price") - F("paid"), output_field=IntegerField(), db_persist=True)

    class Meta:
        app_label = "walkexpr"
        constraints = [] if BACKEND == "mysql" else [
            CheckConstraint(condition=Q(price__gte=0), name="price_positive"),
            CheckConstraint(
                condition=LessThanOrEqual(F("paid"), F("price")),
                name="paid_in_full",
                violation_error_code="overpaid",
                violation_error_message="%(name)s: too much",
            ),
            UniqueConstraint(Lower("holder"), "event", name="holder_once"),
            UniqueConstraint(
                fields=["event", "row", "seat"], condition=Q(void=False), name="seat_once"
            ),
        ]


class Point(Model):
    x = IntegerField()
    y = IntegerField(null=True)
    total = GeneratedField(expression=F("x") + Coalesce("y", 0), output_field=IntegerField(), db_persist=True)

    class Meta:
        app_label = "walkexpr"
        constraints = [] if BACKEND == "mysql" else [
            UniqueConstraint(fields=["x", "y"], name="point_once", violation_error_code="again"),
            CheckConstraint(condition=Q(total__lt=100), name="total_small"),
            UniqueConstraint(F("total").desc(), name="total_once"),
        ]


UTC = dt.timezone.utc


def fill():
    with connection.schema_editor() as editor:
        for model in (Venue, Event, Ticket, Point):
            editor.create_model(model)
    hall = Venue.objects.create(name="Hall")
    barn = Venue.objects.create(name="Barn", open=False)
    Event.objects.create(
        name="Opera",
        note="long",
        venue=hall,
        day="2024-12-30",
        starts=dt.datetime(2024, 12, 30, 19, 30, 15, 250000, UTC),
        ends=dt.datetime(2024, 12, 30, 22, 0, tzinfo=UTC),
        doors="19:00:30",
        took=dt.timedelta(hours=2, minutes=30),
        seats=100,
        sold=80,
        views=5,
        rating=4.5,
        price="20.50",
        data={"tags": ["music", "opera"], "owner": {"name": "Ann", "age": 40}},
    )
    Event.objects.create(
        name="Jazz",
        venue=hall,
        day="2024-03-31",
        starts=dt.datetime(2024, 3, 31, 0, 30, tzinfo=UTC),
        doors="00:10:00",
        seats=50,
        rating=3.5,
        price="10.00",
        active=False,
        data={"tags": ["music"], "owner": None},
    )
    Event.objects.create(
        name="Talk",
        venue=barn,
        day="2023-01-01",
        starts=dt.datetime(2023, 1, 1, 10, 0, tzinfo=UTC),
        doors="09:30:00",
        seats=20,
        sold=20,
        price="5.25",
    )


def written(value):
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, QuerySet)):
        return [written(item) for item in value]
    raise TypeError(repr(value))


def outcome(question):
    try:
        with transaction.atomic():
            value = written(question())
            transaction.set_rollback(True)
        return {"value": value}
    except Exception as error:
        known = type(error).__module__.split(".")[0] in ("django", "builtins")
        database = type(error).__module__ == "django.db.utils" and type(error).__name__ != "NotSupportedError"
        name = type(error).__name__
        return {"error": name} if database or not known else {"error": name, "message": str(error)}


# ---- what users write: the classes of expressions.test.ts


class AbsoluteValue(Transform):
    lookup_name = "absolute"
    function = "ABS"


class AbsoluteLess(Lookup):
    lookup_name = "lt"

    def as_sql(self, compiler, connection):
        lhs, lhs_params = compiler.compile(self.lhs.lhs)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        params = (*lhs_params, *rhs_params)
        return f"{lhs} < {rhs} AND {lhs} > -{rhs}", (*params, *params)


class NotEqual(Lookup):
    lookup_name = "ne"

    def as_sql(self, compiler, connection):
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} <> {rhs}", (*lhs_params, *rhs_params)

    def as_mysql(self, compiler, connection):
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"NOT ({lhs} <=> {rhs})", (*lhs_params, *rhs_params)


class Uppercase(Transform):
    lookup_name = "shout"
    function = "UPPER"
    bilateral = True


class FirstOf(Expression):
    def __init__(self, *names):
        super().__init__(output_field=CharField())
        self.names = [F(name) for name in names]

    def get_source_expressions(self):
        return self.names

    def set_source_expressions(self, names):
        self.names = names

    def as_sql(self, compiler, connection):
        parts, params = [], []
        for name in self.names:
            sql, more = compiler.compile(name)
            parts.append(sql)
            params.extend(more)
        return f"COALESCE({', '.join(parts)})", params


class Spread(Aggregate):
    """The span of the values."""

    name = "Spread"
    function = "MAX"
    template = "(%(function)s(%(expressions)s) - MIN(%(expressions)s))"
    output_field = IntegerField()


class SumAll(Aggregate):
    name = "SumAll"
    function = "SUM"
    allow_distinct = True
    output_field = IntegerField()


class Padded(Func):
    function = "REPEAT"
    arity = 2
    output_field = CharField()

    def as_sqlite(self, compiler, connection):
        return self.as_sql(
            compiler, connection, template="REPLACE(HEX(ZEROBLOB(%(expressions)s)), '00', 'x')", arg_joiner=" * 0 + "
        )


class FirstRow(Func):
    function = "FIRST_VALUE"
    window_compatible = True


IntegerField.register_lookup(AbsoluteValue)
AbsoluteValue.register_lookup(AbsoluteLess)
IntegerField.register_lookup(NotEqual)
CharField.register_lookup(NotEqual)
CharField.register_lookup(Uppercase)
CharField.register_lookup(Length)
FloatField.register_lookup(Round)
DecimalField.register_lookup(Floor)


O = Event.objects.order_by("id")


def names(queryset):
    return queryset.values_list("name", flat=True)


def col(**expressions):
    return O.annotate(**expressions).values_list(*expressions, flat=len(expressions) == 1)


def window(**options):
    return col(w=Window(**options))


def berlin(question):
    def ask():
        with timezone.override("Europe/Berlin"):
            return written(question())

    return ask


def clean(instance, exclude=None):
    from django.core.exceptions import ValidationError

    try:
        instance.validate_constraints(exclude=exclude)
    except ValidationError as error:
        return {
            key: sorted([e.code, e.messages[0]] if e.code else [e.messages[0]] for e in errors)
            for key, errors in error.error_dict.items()
        }
    return None


def sliced_outer():
    inner = Event.objects.filter(name__startswith=OuterRef("name")[:1]).values("name")[:1]
    return Venue.objects.order_by("id").annotate(x=Subquery(inner)).values_list("x", flat=True)


T = Ticket


def saved(model, **values):
    def ask(question):
        def run():
            model.objects.create(**values)
            return written(question())

        return run

    return ask


with_ticket = saved(Ticket, event="A", holder="Ann", row=1, seat=2, price=10)
with_point = saved(Point, x=1, y=None)

QUESTIONS = {
    "custom lookups": {
        "a transform": lambda: names(O.filter(seats__absolute=50)),
        "a lookup of a transform": lambda: names(O.filter(seats__absolute__lt=51)),
        "another lookup of a transform": lambda: names(O.filter(seats__absolute__gt=50)),
        "a transform in values": lambda: O.values("seats__absolute"),
        "a transform in order_by": lambda: names(Event.objects.order_by("-seats__absolute")),
        "a transform in F": lambda: col(x=F("seats__absolute") + 1),
        "a transform of a relation": lambda: names(O.filter(venue__name__shout="hAlL")),
        "two transforms": lambda: names(O.filter(name__length__absolute=5)),
        "bilateral in": lambda: names(O.filter(name__shout__in=["opera", "jazz"])),
        "bilateral startswith": lambda: names(O.filter(name__shout__startswith="o")),
        "bilateral F": lambda: names(O.filter(name__shout=F("venue__name"))),
        "bilateral range": lambda: names(O.filter(name__shout__range=("k", "p"))),
        "bilateral queryset": lambda: names(O.filter(name__shout__in=Venue.objects.values("name"))),
        "not equal": lambda: names(O.filter(seats__ne=50)),
        "not equal to a nullable": lambda: names(O.filter(seats__ne=F("sold"))),
        "not equal excluded": lambda: names(O.exclude(sold__ne=80)),
        "not equal to null": lambda: names(O.filter(sold__ne=None)),
        "as an annotation": lambda: col(x=NotEqual(F("seats"), F("sold"))),
        "in order_by": lambda: names(Event.objects.order_by(NotEqual(F("seats"), Value(20)).desc(), "id")),
        "in When": lambda: col(x=Case(When(NotEqual(F("seats"), Value(20)), then=Value("big")), default=Value("small"))),
        "in the filter of an aggregate": lambda: Event.objects.aggregate(
            n=Count("id", filter=NotEqual(F("seats"), Value(20)))
        ),
        "left side a function": lambda: names(O.filter(NotEqual(Length("name"), Value(4)))),
        "inside another lookup": lambda: names(O.filter(Exact(NotEqual(F("seats"), Value(20)), Value(False)))),
        "a function as a transform": lambda: names(O.filter(name__length__gt=4)),
        "Round as a transform": lambda: names(O.filter(rating__round__gte=4)),
        "Floor as a transform": lambda: O.filter(price__floor=20).values_list("price__floor", flat=True),
        "unknown behind a transform": lambda: names(O.filter(seats__absolute__year=1)),
    },
    "custom expressions": {
        "an expression": lambda: col(x=FirstOf("note", "name")),
        "its order counts": lambda: col(x=FirstOf("name", "note")),
        "filtered": lambda: names(O.annotate(x=FirstOf("note", "name")).filter(x__startswith="J")),
        "ordered": lambda: names(Event.objects.order_by(FirstOf("note", "name").desc())),
        "grouped": lambda: Event.objects.values(x=FirstOf("note", "venue__name")).annotate(n=Count("id")).order_by("x"),
        "over a join": lambda: col(x=FirstOf("note", "venue__name")),
        "unknown path": lambda: col(x=FirstOf("nam")),
        "an aggregate": lambda: Event.objects.aggregate(x=Spread("seats")),
        "an aggregate of a group": lambda: Venue.objects.order_by("id").annotate(x=Spread("event__seats")).values_list("name", "x"),
        "an aggregate names itself": lambda: Event.objects.aggregate(SumAll("seats")),
        "an aggregate with options": lambda: Event.objects.aggregate(
            a=SumAll("venue_id", distinct=True), b=SumAll("seats", filter=Q(name="Opera")), c=SumAll("seats", filter=Q(name="x"), default=0)
        ),
        "no distinct": lambda: Event.objects.aggregate(x=Spread("seats", distinct=True)),
        "an aggregate of an aggregate": lambda: Event.objects.annotate(x=Count("id")).annotate(y=SumAll("x")),
        "SQL of a database": lambda: col(x=Padded(Value("x"), Value(3))),
        "too few arguments": lambda: col(x=Padded("name")),
        "a window function": lambda: window(expression=FirstRow("name"), partition_by="venue", order_by="-id"),
        "an aggregate in a window": lambda: window(expression=Spread("seats"), partition_by="venue"),
        "template and joiner": lambda: col(x=Func("seats", Value(7), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())),
        "an option in the template": lambda: col(x=Func("name", function="REPLACE", template="%(function)s(%(expressions)s, '%(old)s', '%(new)s')", old="a", new="o")),
    },
    "F": {
        "slice of a relation": lambda: col(x=F("venue__name")[1:3]),
        "slice of a text that is null": lambda: col(x=F("note")[:2]),
        "slice in filter": lambda: names(O.filter(name__startswith=F("name")[:1])),
        "slice compared": lambda: names(O.filter(Exact(F("name")[0], Value("T")))),
        "slice in order_by": lambda: Event.objects.order_by(F("name")[2:]).values_list("seats", flat=True),
        "slice beyond": lambda: col(x=F("name")[10:20]),
        "slice of a slice": lambda: col(x=F("name")[1:][:2]),
        "slice of an annotation": lambda: O.annotate(up=Upper("name")).annotate(x=F("up")[1:3]).values_list("x", flat=True),
        "slice of an outer reference": sliced_outer,
        "slice backwards": lambda: col(x=F("name")[3:1]),
        "slice of a negative": lambda: col(x=F("name")[-2:]),
        "slice of a number": lambda: col(x=F("seats")[1:]),
        "slice in an aggregate": lambda: Event.objects.aggregate(x=Max(F("name")[:2])),
        "not": lambda: col(x=~F("active")),
        "not in filter": lambda: names(O.filter(~F("active"))),
        "not over a join": lambda: names(O.filter(~F("venue__open"))),
        "not of a text": lambda: names(O.filter(~F("name"))),
        "not not": lambda: col(x=~~F("active")),
        "not in When": lambda: col(x=Case(When(~F("active"), then=Value("off")), default=Value("on"))),
        "alone in filter": lambda: names(O.filter(F("active"))),
        "alone in When": lambda: col(x=Case(When(F("active"), then=Value(1)))),
        "a transform of a transform": lambda: col(x=F("starts__date__year")),
        "a transform of an annotation": lambda: O.annotate(d=TruncDate("starts")).annotate(x=F("d__month")).values_list("x", flat=True),
        "update with a transform": lambda: [Event.objects.update(sold=F("starts__year")), list(col(x=F("sold")))],
        "update over a join": lambda: Event.objects.update(note=F("venue__name")),
        "update of a negation": lambda: [Event.objects.update(active=~F("active")), list(col(x=F("active")))],
        "nulls first": lambda: names(Event.objects.order_by(F("sold").asc(nulls_first=True), "id")),
        "nulls last": lambda: names(Event.objects.order_by(F("sold").desc(nulls_last=True), "id")),
        "nulls first and last": lambda: F("sold").asc(nulls_first=True, nulls_last=True),
        "nulls not first": lambda: F("sold").asc(nulls_first=False),
        "reversed": lambda: names(Event.objects.order_by(F("sold").desc(nulls_last=True), "id").reverse()),
    },
    "conditions": {
        "Q as an annotation": lambda: col(x=Q(seats__gt=30)),
        "alias of a Q, filtered": lambda: names(O.alias(x=Q(seats__gt=30)).filter(x=True)),
        "Q over a join": lambda: col(x=Q(venue__name="Hall") & Q(sold=None)),
        "Q in a wrapper": lambda: col(x=ExpressionWrapper(Q(seats__gt=30), output_field=BooleanField())),
        "grouped by a Q": lambda: Event.objects.values(x=Q(seats__gt=30)).annotate(n=Count("id")).order_by("x"),
        "ordered by a Q": lambda: names(O.annotate(x=Q(seats__gt=30)).order_by("x", "id")),
        "Q as a value of Case": lambda: col(x=Case(When(seats__gt=30, then=Q(sold=80)), default=Value(None))),
        "Max of a Q": lambda: Event.objects.aggregate(x=Max(Cast(Q(seats__gt=30), IntegerField()))),
        "Q in Coalesce": lambda: col(x=Coalesce(Q(sold__gt=30), False)),
        "Q that is nothing": lambda: col(x=Q(pk__in=[])),
        "Q that is all": lambda: col(x=~Q(pk__in=[])),
        "count of rows filtered by an annotated Q": lambda: Event.objects.annotate(x=Q(seats__gt=30)).aggregate(n=Count("id", filter=Q(x=True))),
        "update by a Q": lambda: [Event.objects.update(active=Q(seats__gt=50)), list(col(x=F("active")))],
        "lookup as annotation": lambda: col(x=GreaterThan(F("seats"), F("sold")), y=IsNull(F("sold"), True)),
        "lookup compared with a value": lambda: names(O.filter(GreaterThan(F("seats"), Value(30)))),
        "value on the left": lambda: names(O.filter(LessThan(Value(30), F("seats")))),
        "In as annotation": lambda: col(x=In(F("name"), ["Jazz", "Talk"])),
        "lookup in order_by": lambda: names(Event.objects.order_by(IsNull(F("sold"), True), "-id")),
        "lookup grouped": lambda: Event.objects.values(x=GreaterThan(F("seats"), Value(30))).annotate(n=Count("id")).order_by("x"),
        "lookup of a lookup": lambda: names(O.filter(Exact(GreaterThan(F("seats"), Value(30)), IsNull(F("sold"), False)))),
        "contains as annotation": lambda: col(x=IContains(F("name"), "A")),
        "IsNull of no boolean": lambda: names(O.filter(IsNull(F("sold"), 1))),
        "Case without When": lambda: col(x=Case(default=Value(3))),
        "Case with nothing but nulls": lambda: col(x=Case(When(seats__gt=30, then=Value(None)), output_field=IntegerField())),
        "Case filters": lambda: names(O.filter(Case(When(seats__gt=30, then=Exact(F("sold"), 80)), default=Value(True)))),
        "Case of no boolean": lambda: names(O.filter(Case(When(seats__gt=30, then=Value(1))))),
        "Exists or a Q": lambda: names(O.filter(Exists(Venue.objects.filter(pk=OuterRef("venue"), open=False)) | Q(name="Jazz"))),
        "a lookup or a Q": lambda: names(O.filter(GreaterThan(F("seats"), Value(60)) | Q(name="Talk"))),
    },
    "windows": {
        **{
            f"rows {start} to {end}": (lambda s, e: lambda: window(expression=Sum("seats"), order_by="id", frame=RowRange(start=s, end=e)))(start, end)
            for start, end in [(None, None), (-1, 0), (0, 1), (1, None), (1, 2), (-2, -1), (0, 0)]
        },
        **{
            f"rows without {exclusion.name.lower()}": (
                lambda x: lambda: window(expression=Sum("seats"), order_by="venue", frame=RowRange(start=None, end=None, exclusion=x))
            )(exclusion)
            for exclusion in WindowFrameExclusion
        },
        "range without ties": lambda: window(
            expression=Sum("seats"), order_by="venue", frame=ValueRange(start=None, end=0, exclusion=WindowFrameExclusion.TIES)
        ),
        "range of values": lambda: window(expression=Sum("seats"), order_by="seats", frame=ValueRange(start=-50, end=0)),
        "range that starts after": lambda: window(expression=Sum("seats"), order_by="seats", frame=ValueRange(start=1)),
        "range that ends before": lambda: window(expression=Sum("seats"), order_by="seats", frame=ValueRange(end=-1)),
        "rows that end before they start": lambda: window(expression=Sum("seats"), order_by="id", frame=RowRange(start=1, end=0)),
        "rows by a fraction": lambda: window(expression=Sum("seats"), order_by="id", frame=RowRange(start=-1.5)),
        "first of a frame that may be empty": lambda: window(expression=FirstValue("seats"), order_by="id", frame=RowRange(start=1, end=2)),
        "default of an aggregate": lambda: window(expression=Sum("sold", default=0), partition_by="venue"),
        "a partition has no direction": lambda: window(expression=Sum("seats"), partition_by="-venue"),
        "several partitions": lambda: window(expression=Count("*"), partition_by=[F("venue"), "active"]),
        "order by an expression and a name": lambda: window(expression=RowNumber(), order_by=[Length("name"), "-id"]),
        "order by a Case": lambda: window(expression=Rank(), order_by=Case(When(name="Talk", then=0), default=1)),
        "a filter inside": lambda: window(expression=Count("id", filter=Q(seats__gt=30)), partition_by="venue"),
        "an output field": lambda: window(expression=RowNumber(), order_by="id", output_field=FloatField()),
        "calculated with": lambda: col(x=F("seats") * 100 / Window(Sum("seats"), partition_by="venue")),
        "Lag with a default": lambda: window(expression=Lag("name", default=Value("-")), order_by="id"),
        "Lead over a partition": lambda: window(expression=Lead("name"), partition_by="venue", order_by="id"),
        "NthValue": lambda: window(expression=NthValue("name", nth=2), order_by="id"),
        "Ntile": lambda: window(expression=Ntile(num_buckets=2), order_by="id"),
        "CumeDist and PercentRank": lambda: col(
            a=Window(CumeDist(), order_by="venue"), b=Window(PercentRank(), order_by="venue")
        ),
        "Lag of nothing": lambda: Lag(None),
        "Lag by nothing": lambda: Lag("name", offset=0),
        "NthValue of none": lambda: NthValue("name", nth=0),
        "Ntile of none": lambda: Ntile(num_buckets=0),
        "filtered": lambda: names(O.annotate(w=Window(RowNumber(), partition_by="venue", order_by="id")).filter(w=1)),
        "in filter at once": lambda: names(O.filter(GreaterThan(Window(RowNumber(), order_by="id"), Value(1)))),
        "in update": lambda: Event.objects.update(sold=Window(RowNumber(), order_by="id")),
        "in an aggregate": lambda: Event.objects.aggregate(x=Sum(Window(RowNumber(), order_by="id"))),
    },
    "dates": {
        "ISO years and weeks": lambda: col(
            a=ExtractIsoYear("day"), b=ExtractWeek("day"), c=ExtractYear("day"), d=ExtractWeekDay("day"), e=ExtractIsoWeekDay("day"), f=ExtractQuarter("day")
        ),
        "ISO lookups": lambda: names(O.filter(day__iso_year=2025)),
        "ISO lookups before": lambda: names(O.filter(day__iso_year__lte=2023)),
        "ISO year of an instant": lambda: names(O.filter(starts__iso_year__gt=2024)),
        "weeks": lambda: names(O.filter(day__week=52)),
        "quarters": lambda: names(O.filter(starts__quarter=1)),
        "week days": lambda: names(O.filter(day__week_day=1, day__iso_week_day=7)),
        "instants in a zone": berlin(lambda: col(a=ExtractHour("starts"), b=ExtractDay("starts"), c=ExtractYear("starts"))),
        "instants in another zone": berlin(lambda: col(a=ExtractHour("starts", tzinfo=dt.timezone.utc), b=Extract("starts", "minute"))),
        "seconds": lambda: col(a=ExtractSecond("starts"), b=ExtractSecond("doors"), c=ExtractMinute("doors")),
        "the day that has no hour": berlin(lambda: col(a=TruncHour("starts"), b=TruncDay("starts"), c=TruncMonth("starts"))),
        "the week": berlin(lambda: col(a=TruncWeek("starts"), b=TruncQuarter("starts"), c=TruncYear("starts"), d=TruncMinute("starts"), e=TruncSecond("starts"))),
        "days": lambda: col(a=TruncWeek("day"), b=TruncQuarter("day"), c=TruncYear("day"), d=TruncMonth("day"), e=TruncDay("day")),
        "times": lambda: col(a=TruncHour("doors"), b=TruncMinute("doors"), c=TruncSecond("doors")),
        "to days and times": berlin(lambda: col(a=TruncDate("starts"), b=TruncTime("starts"), c=TruncDate("ends"))),
        "Trunc to a day": berlin(lambda: col(a=Trunc("starts", "month", output_field=DateField()), b=Trunc("starts", "hour", output_field=TimeField()))),
        "hour of a day": lambda: col(x=TruncHour("day")),
        "year of a time": lambda: col(x=TruncYear("doors")),
        "hour from a day": lambda: col(x=ExtractHour("day")),
        "a zone for a day": lambda: col(x=ExtractYear("day", tzinfo=dt.timezone.utc)),
        "a zone for a day cut": lambda: col(x=TruncMonth("day", tzinfo=dt.timezone.utc)),
        "Extract without a part": lambda: Extract("day"),
        "null": lambda: col(a=ExtractYear("ends"), b=TruncDay("ends"), c=ExtractHour("took")),
        "now": lambda: [O.filter(starts__lt=Now()).count(), O.filter(starts__gt=Now()).count()],
        "lookups in a zone": berlin(lambda: names(O.filter(starts__date=dt.date(2024, 3, 31), starts__hour=1))),
        "time of an instant": berlin(lambda: names(O.filter(starts__time__gte=dt.time(20, 30)))),
        "grouped by month": lambda: Event.objects.annotate(m=TruncMonth("day")).values("m").annotate(n=Count("id")).order_by("m").values_list("m", "n"),
    },
    "functions": {
        "Cast": lambda: col(a=Cast("seats", FloatField()), b=Cast("seats", DecimalField(max_digits=8, decimal_places=2)), c=Cast("name", CharField(max_length=2)), d=Cast("starts", DateField())),
        "NullIf": lambda: col(x=NullIf("seats", Value(50))),
        "Greatest and Least with nulls": lambda: col(a=Greatest("seats", "sold"), b=Least("seats", "sold")),
        "Greatest of one": lambda: Greatest("seats"),
        "Coalesce of one": lambda: Coalesce("seats"),
        "Concat of one": lambda: Concat("name"),
        "Concat with nulls": lambda: col(x=Concat("name", Value("/"), "note", output_field=TextField())),
        "JSONObject": lambda: col(x=JSONObject(name="name", sold="sold", half=F("seats") / 2, nested=JSONObject(day=Value("x")))),
        "JSONArray": lambda: col(x=JSONArray("name", "seats", JSONArray("sold"))),
        "Collate": lambda: Collate("name", "no such; collation"),
        "Left, Right, Substr": lambda: col(a=Left("name", 2), b=Right("name", 2), c=Substr("name", 2, 2), d=Left("name", F("sold"))),
        "Left of nothing": lambda: Left("name", 0),
        "Substr at nothing": lambda: Substr("name", 0),
        "pads": lambda: col(a=LPad("name", 6, Value("ab")), b=RPad("name", 3, Value("ab"))),
        "Repeat and Replace": lambda: col(a=Repeat("name", 2), b=Replace("name", Value("a"), Value("A")), c=Replace("name", Value("a"))),
        "StrIndex": lambda: col(a=StrIndex("name", Value("a")), b=StrIndex("note", Value("o"))),
        "hashes": lambda: O.filter(name="Jazz").values_list(MD5("name"), SHA1("name"), SHA256("name"), SHA384("name"), SHA512("name")),
        "Reverse, Ord, Chr": lambda: col(a=Reverse("name"), b=Ord("name"), c=Chr(F("seats"))),
        "rounding": lambda: col(a=Round("price"), b=Round("price", precision=1), c=Ceil("price"), d=Floor("rating"), e=Round("rating")),
        "mathematics": lambda: col(a=Sqrt("seats"), b=Power("seats", 2), c=Mod("seats", 30), d=Log(10, "seats"), e=Ln("rating"), f=Sign(F("seats") - 30), g=Abs(F("seats") - 30)),
        "angles": lambda: Event.objects.filter(name="Opera").values_list(Degrees(Pi()), Radians("rating"), Sin("rating"), Cot("rating"), ATan2("rating", 2.0)),
        "Random": lambda: [all(0 <= x < 1 for x in col(x=Random()))],
        "Pi with an argument": lambda: Pi("seats"),
    },
    "aggregates": {
        "of a sample": lambda: Event.objects.aggregate(a=StdDev("seats"), b=StdDev("seats", sample=True), c=Variance("seats"), d=Variance("seats", sample=True)),
        "of a sample of one": lambda: Event.objects.filter(name="Opera").aggregate(a=StdDev("seats"), b=StdDev("seats", sample=True), c=Variance("seats", sample=True)),
        "defaults over nothing": lambda: Event.objects.filter(name="x").aggregate(
            a=Sum("price", default=0), b=Avg("rating", default=1.5), c=Max("day", default=dt.date(2024, 1, 1)), d=Min("name", default=Value("none")), e=Sum("took", default=dt.timedelta(hours=1)), f=Count("id")
        ),
        "defaults of an emptied queryset": lambda: Event.objects.none().aggregate(a=Sum("rating", default=1.5), b=Max("day"), c=Count("id")),
        "default of Count": lambda: Count("id", default=3),
        "distinct Max": lambda: Max("id", distinct=True),
        "distinct": lambda: Event.objects.aggregate(a=Count("venue", distinct=True), b=Sum("venue_id", distinct=True), c=Avg("venue_id", distinct=True)),
        "filters": lambda: Venue.objects.order_by("id").annotate(a=Count("event", filter=Q(event__seats__gt=60)), b=Sum("event__sold", filter=Q(event__active=True), default=0)).values_list("name", "a", "b"),
        "a star with a filter": lambda: Count("*", filter=Q(active=True)),
        "of expressions": lambda: Event.objects.aggregate(a=Sum(F("seats") - Coalesce("sold", 0)), b=Max(Length("name")), c=Avg(Case(When(active=True, then="seats")))),
        "no alias": lambda: Event.objects.aggregate(Sum(F("seats") + 1)),
        "of an aggregate": lambda: Venue.objects.annotate(n=Count("event")).aggregate(a=Max("n"), b=Sum("n"), c=Avg("n")),
        "of durations": lambda: Event.objects.aggregate(a=Sum("took"), b=Avg("took"), c=Max("took")),
        "of dates": lambda: Event.objects.aggregate(a=Max("starts"), b=Min("doors"), c=Max("day")),
        "of a boolean": lambda: Event.objects.aggregate(a=Max(Cast("active", IntegerField()))),
    },
    "JSON": {
        "an index": lambda: names(O.filter(data__tags__0="music")),
        "null at a key": lambda: names(O.filter(data__owner=None)),
        "no key": lambda: names(O.filter(data__owner__isnull=True)),
        "a key of null": lambda: names(O.filter(data__owner__name__isnull=True)),
        "a key": lambda: col(a=F("data__owner__age"), b=KT("data__owner__name"), c=KT("data__tags__1")),
        "keys": lambda: names(O.filter(data__has_key="owner", data__owner__has_keys=["name", "age"])),
        "any key": lambda: names(O.filter(data__has_any_keys=["owner", "x"])),
        "contains": lambda: names(O.filter(data__contains={"tags": ["music"]})),
        "contained by": lambda: names(O.filter(data__contained_by={"tags": ["music"], "owner": None, "x": 1})),
        "contains of a key": lambda: names(O.filter(data__tags__contains="music")),
        "comparison of a number": lambda: names(O.filter(data__owner__age__gte=40)),
        "in": lambda: names(O.filter(data__owner__age__in=[40, 41])),
        "text lookups of a key": lambda: names(O.filter(data__owner__name__istartswith="a", data__owner__name__regex="^A")),
        "ordered by a key": lambda: names(Event.objects.filter(data__isnull=False).order_by("-data__owner__age", "id")),
        "grouped by a key": lambda: Event.objects.filter(data__isnull=False).values("data__tags__0").annotate(n=Count("id")),
        "a sum of a key": lambda: Event.objects.aggregate(x=Sum(Cast(KT("data__owner__age"), IntegerField()))),
        "excluded": lambda: names(O.exclude(data__owner__age=40)),
        "a whole document": lambda: names(O.filter(data={"tags": ["music"], "owner": None})),
        "SQL null": lambda: names(O.filter(data__isnull=True)),
    },
    "constraints": {
        "good": lambda: clean(T(event="A", price=3)),
        "a check": lambda: clean(T(event="A", price=-1, paid=-5)),
        "a check of expressions": lambda: clean(T(event="A", price=1, paid=5)),
        "a check of a field that is excluded": lambda: clean(T(event="A", price=1, paid=5), exclude=["paid"]),
        "a check of null": lambda: clean(T(event="A", price=1, paid=None)),
        "an expression": with_ticket(lambda: clean(T(event="A", holder="aNN", price=1))),
        "an expression, another event": with_ticket(lambda: clean(T(event="B", holder="aNN", price=1))),
        "an expression of null": with_ticket(lambda: clean(T(event="A", holder=None, price=1))),
        "an expression, excluded": with_ticket(lambda: clean(T(event="A", holder="aNN", price=1), exclude=["holder"])),
        "the same object": with_ticket(lambda: clean(T.objects.get())),
        "a condition": with_ticket(lambda: clean(T(event="A", row=1, seat=2, price=1))),
        "a condition that does not hold": with_ticket(lambda: clean(T(event="A", row=1, seat=2, price=1, void=True))),
        "a condition that is excluded": with_ticket(lambda: clean(T(event="A", row=1, seat=2, price=1), exclude=["void"])),
        "fields with a null": with_ticket(lambda: clean(T(event="A", row=None, seat=2, price=1))),
        "the database's own check": lambda: T.objects.create(event="A", price=-1, paid=-5),
        "the database's own uniqueness": with_ticket(lambda: T.objects.create(event="A", holder="Bob", row=1, seat=2, price=1).pk and None),
        "a generated column": with_ticket(lambda: T.objects.values_list("due", flat=True)),
        "a generated column filtered": with_ticket(lambda: T.objects.filter(due__gt=5).count()),
        "a generated column of an object": lambda: T.objects.create(event="G", price=5, paid=2).due,
        "a check of a generated column": lambda: clean(Point(x=99, y=1)),
        "uniqueness of a generated column": with_point(lambda: clean(Point(x=0, y=1))),
        "fields with a code": lambda: saved(Point, x=1, y=2)(lambda: clean(Point(x=1, y=2)))(),
        "no name": lambda: UniqueConstraint(fields=["x"], name=""),
        "no fields": lambda: UniqueConstraint(name="x"),
        "fields and expressions": lambda: UniqueConstraint(F("x"), fields=["x"], name="x"),
        "a condition that is none": lambda: UniqueConstraint(fields=["x"], condition=F("x"), name="x"),
        "deferred with a condition": lambda: UniqueConstraint(fields=["x"], condition=Q(x=1), deferrable=Deferrable.DEFERRED, name="x"),
        "deferred with an expression": lambda: UniqueConstraint(Lower("x"), deferrable=Deferrable.DEFERRED, name="x"),
        "deferred with included columns": lambda: UniqueConstraint(fields=["x"], include=["y"], deferrable=Deferrable.DEFERRED, name="x"),
        "operator classes of expressions": lambda: UniqueConstraint(Lower("x"), opclasses=["a"], name="x"),
        "too few operator classes": lambda: UniqueConstraint(fields=["x", "y"], opclasses=["a"], name="x"),
        "a check of no condition": lambda: CheckConstraint(condition=F("x"), name="x"),
        "a generated field with a default": lambda: GeneratedField(expression=F("x"), output_field=IntegerField(), db_persist=True, default=1),
        "a generated field, editable": lambda: GeneratedField(expression=F("x"), output_field=IntegerField(), db_persist=True, editable=True),
        "a generated field that does not say whether it is stored": lambda: GeneratedField(expression=F("x"), output_field=IntegerField(), db_persist=None),
    },
}

if BACKEND == "mysql":
    # Neither expressions nor conditions can be unique there.
    del QUESTIONS["constraints"]

fill()
print(json.dumps({section: {name: outcome(ask) for name, ask in questions.items()} for section, questions in QUESTIONS.items()}))
