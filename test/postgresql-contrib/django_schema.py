"""The questions about indexes and constraints: schema.test.ts has the same models."""

import datetime
import re

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    HStoreField,
    IntegerRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import (
    BloomIndex,
    BrinIndex,
    BTreeIndex,
    GinIndex,
    GistIndex,
    HashIndex,
    OpClass,
    SpGistIndex,
)
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Deferrable, F, Func, Q, UniqueConstraint
from django.db.models.functions import Cast, Lower, Upper

UTC = datetime.timezone.utc


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Indexed(models.Model):
    title = models.CharField(max_length=30)
    body = models.TextField(db_collation="C")
    tags = ArrayField(models.CharField(max_length=10), default=list, db_index=True)
    limited = ArrayField(ArrayField(models.IntegerField(), size=2), size=3, null=True)
    data = HStoreField(null=True)
    document = models.JSONField(null=True)
    span = IntegerRangeField(null=True)
    n = models.IntegerField(default=0)
    created = models.DateTimeField(null=True)
    vector = SearchVectorField(null=True)
    token = models.UUIDField(db_default=RandomUUID())

    class Meta:
        app_label = "contrib"
        indexes = [
            GinIndex(fields=["tags"]),
            GinIndex(fields=["document"], name="doc_path", opclasses=["jsonb_path_ops"]),
            GinIndex(fields=["data"], name="data_gin", fastupdate=False, gin_pending_list_limit=128),
            GinIndex(OpClass("title", name="gin_trgm_ops"), name="title_trigrams"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="upper_title_trigrams"),
            GinIndex(SearchVector("title", "body", config="english"), name="words_gin"),
            GinIndex(fields=["vector"], name="vector_gin", condition=Q(n__gt=0)),
            GistIndex(fields=["span"], name="span_gist", buffering=True, fillfactor=80),
            GistIndex(fields=["span"], name="span_covering", include=["n", "title"]),
            BrinIndex(fields=["created"], name="created_brin", autosummarize=True, pages_per_range=4),
            BrinIndex(fields=["created"]),
            HashIndex(fields=["title"], name="title_hash", fillfactor=50),
            BTreeIndex(fields=["-n", "title"], name="n_btree", fillfactor=80, deduplicate_items=False),
            BTreeIndex(fields=["n"]),
            SpGistIndex(fields=["span"], name="span_spgist", fillfactor=60),
            SpGistIndex(fields=["title"]),
            BloomIndex(fields=["n", "title"], name="bloom", length=80, columns=[2, 4], opclasses=["int4_ops", "text_ops"]),
            models.Index(OpClass(Lower("title"), name="varchar_pattern_ops").desc(), "n", name="lower_like"),
            models.Index(fields=["title", "n"], name="ops", opclasses=["varchar_pattern_ops", "int4_ops"]),
            models.Index(fields=["n"], name="covering", include=["title"], condition=Q(title__startswith="a")),
            models.Index(F("tags__0"), name="first_tag"),
            models.Index(Cast("n", models.TextField()), name="n_text"),
        ]
        constraints = [
            UniqueConstraint(fields=["title", "n"], name="unique_deferred", deferrable=Deferrable.DEFERRED),
            UniqueConstraint(fields=["n", "body"], name="unique_immediate", deferrable=Deferrable.IMMEDIATE),
            UniqueConstraint(fields=["title"], name="unique_ops", opclasses=["varchar_pattern_ops"]),
            UniqueConstraint(fields=["title", "created"], name="unique_nulls", nulls_distinct=False),
            UniqueConstraint(fields=["n", "created"], name="unique_nulls_where", nulls_distinct=False, condition=Q(n__lt=0)),
            UniqueConstraint(OpClass(Lower("body"), name="text_pattern_ops").desc(), name="unique_lower"),
            UniqueConstraint(fields=["n", "token"], name="unique_covering", include=["title"]),
        ]


class Defaulted(models.Model):
    labels = ArrayField(models.TextField(), db_default=["a", "b'c", "", "NULL", "x y"])
    numbers = ArrayField(models.IntegerField(), db_default=[1, 2])
    spare = IntegerRangeField(db_default=(1, 5))
    title = models.CharField(max_length=30)
    words = models.GeneratedField(
        expression=SearchVector("title", config="english"), output_field=SearchVectorField(), db_persist=True
    )
    open = DateTimeRangeField(db_default=(datetime.datetime(2024, 1, 1, tzinfo=UTC), None))

    class Meta:
        app_label = "contrib"


class Booking(models.Model):
    room = models.IntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)
    span = IntegerRangeField(null=True, blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        app_label = "contrib"
        constraints = [
            ExclusionConstraint(
                name="one_at_a_time",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (TsTzRange("start", "end", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled=False),
            ),
            ExclusionConstraint(
                name="spans",
                expressions=[(F("span"), RangeOperators.ADJACENT_TO)],
                index_type="SPGIST",
                violation_error_message="Spans touch.",
                violation_error_code="touch",
            ),
            ExclusionConstraint(
                name="rooms",
                expressions=[(OpClass("span", name="range_ops"), "&&"), ("room", "<>")],
                deferrable=Deferrable.DEFERRED,
                include=["cancelled", "start"],
            ),
        ]


MODELS = [Indexed, Defaulted, Booking]


def statements(model):
    with connection.schema_editor(collect_sql=True) as editor:
        editor.create_model(model)
    # The driver gives the types of literals, too, and another offset of the zone.
    plain = lambda sql: re.sub(r"::(int4\[\]|tstzrange)(?=::)", "", sql).replace("+00:00", "+00")  # noqa: E731
    return sorted(plain(sql.removesuffix(";")) for sql in editor.collected_sql)


def clean(instance, **options):
    try:
        instance.full_clean(**options)
    except Exception as error:
        return {name: texts for name, texts in error.message_dict.items()}
    return None


def save(instance):
    try:
        with transaction.atomic():
            instance.save()
    except IntegrityError:
        return "IntegrityError"
    return "saved"


def ask(section):
    hour = lambda h: datetime.datetime(2024, 1, 1, h, tzinfo=UTC)  # noqa: E731
    first = Booking.objects.create(room=1, start=hour(10), end=hour(12), span=(1, 5))
    section(
        "schema",
        {
            "indexes": lambda: statements(Indexed),
            "defaults": lambda: statements(Defaulted),
            "default values": lambda: [
                Defaulted.objects.get().labels,
                Defaulted.objects.get().numbers,
                Defaulted.objects.get().spare,
            ],
            "exclusions": lambda: statements(Booking),
            "generated vector": lambda: [
                Defaulted.objects.create(title="Many apples").words,
                Defaulted.objects.filter(words="apple").count(),
            ],
            "excluded": lambda: clean(Booking(room=1, start=hour(11), end=hour(13))),
            "not excluded": lambda: clean(Booking(room=1, start=hour(12), end=hour(13))),
            "other room": lambda: clean(Booking(room=2, start=hour(11), end=hour(13))),
            "cancelled": lambda: clean(Booking(room=1, start=hour(11), end=hour(13), cancelled=True)),
            "itself": lambda: clean(first),
            "left out": lambda: clean(Booking(room=1, start=hour(11), end=hour(13)), exclude={"end"}),
            "own message": lambda: clean(Booking(room=3, start=hour(1), span=(5, 7))),
            "operator class": lambda: clean(Booking(room=3, start=hour(1), span=(2, 3))),
            "saved": lambda: [
                save(Booking(room=1, start=hour(11), end=hour(13))),
                save(Booking(room=1, start=hour(12), end=hour(13))),
                save(Booking(room=1, start=hour(11), end=hour(13), cancelled=True)),
            ],
        },
    )
