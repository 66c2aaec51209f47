"""The questions about aggregates: aggregates.test.ts has the same."""

import datetime

from django.contrib.postgres.aggregates import (
    ArrayAgg,
    BitAnd,
    BitOr,
    BitXor,
    BoolAnd,
    BoolOr,
    Corr,
    CovarPop,
    JSONBAgg,
    RegrAvgX,
    RegrAvgY,
    RegrCount,
    RegrIntercept,
    RegrR2,
    RegrSlope,
    RegrSXX,
    RegrSXY,
    RegrSYY,
    StringAgg,
)
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Value, Window
from django.db.models.functions import Concat, JSONObject, Lower, Now


class Shop(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "contrib"


class Sale(models.Model):
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="sales")
    item = models.CharField(max_length=20, null=True)
    n = models.IntegerField(null=True)
    price = models.DecimalField(max_digits=6, decimal_places=2)
    weight = models.FloatField(null=True)
    paid = models.BooleanField(null=True)
    day = models.DateField()
    token = models.UUIDField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        app_label = "contrib"


MODELS = [Shop, Sale]


def ask(section):
    a, b, c = (Shop.objects.create(name=name) for name in ["A", "B", "C"])
    S = Sale.objects
    day = datetime.date(2024, 1, 1)
    S.create(shop=a, item="tea", n=6, price="1.50", weight=1, paid=True, day=day)
    S.create(shop=a, item="Bun", n=3, price="2", weight=2.5, paid=False, day=day)
    S.create(shop=a, item="tea", n=None, price="3", weight=4, paid=None, day=day)
    S.create(shop=b, item=None, n=5, price="10", weight=None, paid=True, day=datetime.date(2024, 2, 1))
    one = lambda e, q=S: q.aggregate(v=e)["v"]  # noqa: E731
    per_shop = lambda e: list(Shop.objects.annotate(v=e).order_by("id").values_list("v", flat=True))  # noqa: E731
    nothing = S.filter(item="none")

    def in_transaction():
        with transaction.atomic():
            S.update(at=TransactionNow())
            return [S.filter(at__lte=Now()).count(), S.values("at").distinct().count()]

    section(
        "aggregates",
        {
            "array": lambda: one(ArrayAgg("item", order_by="id")),
            "array of numbers": lambda: one(ArrayAgg("n", order_by="-n")),
            "array of decimals": lambda: one(ArrayAgg("price", order_by="price")),
            "array of dates": lambda: one(ArrayAgg("day", distinct=True, order_by="day")),
            "array distinct": lambda: one(ArrayAgg("item", distinct=True, order_by="item")),
            "array two orders": lambda: one(ArrayAgg("id", order_by=[Lower("item").desc(nulls_last=True), "-id"])),
            "array filter": lambda: one(ArrayAgg("item", filter=Q(paid=True), order_by="id")),
            "array of nothing": lambda: one(ArrayAgg("item"), nothing),
            "array default": lambda: one(ArrayAgg("item", default=[]), nothing),
            "array default value": lambda: one(ArrayAgg("item", default=Value(["x"])), nothing),
            "array per group": lambda: per_shop(ArrayAgg("sales__item", order_by="sales__id")),
            "array per group default": lambda: per_shop(
                ArrayAgg("sales__n", filter=Q(sales__paid=True), order_by="sales__id", default=[])
            ),
            "array of expression": lambda: one(ArrayAgg(Concat("item", Value("!")), order_by="id")),
            "array length": lambda: list(
                Shop.objects.annotate(v=ArrayAgg("sales__id")).filter(v__len=3).values_list("name", flat=True)
            ),
            "array contains": lambda: list(
                Shop.objects.annotate(v=ArrayAgg("sales__item")).filter(v__contains=["Bun"]).values_list("name", flat=True)
            ),
            "array overlap subquery": lambda: list(
                Shop.objects.annotate(v=ArrayAgg("sales__item"))
                .filter(v__overlap=S.filter(n=3).values("item")).values_list("name", flat=True)
            ),
            "array slice": lambda: list(
                Shop.objects.annotate(v=ArrayAgg("sales__item", order_by="sales__id")).order_by("id").values_list("v__0_2", flat=True)
            ),
            "array in window": lambda: list(
                S.annotate(v=Window(ArrayAgg("n"), partition_by="shop", order_by="id")).order_by("id").values_list("v", flat=True)
            ),
            "json": lambda: one(JSONBAgg("item", order_by="id")),
            "json of decimals": lambda: one(JSONBAgg("n", order_by="id")),
            "json of objects": lambda: one(JSONBAgg(JSONObject(i=F("item"), n=F("n")), order_by="id")),
            "json distinct": lambda: one(JSONBAgg("paid", distinct=True, order_by="paid")),
            "json default": lambda: one(JSONBAgg("item", default=Value(["x"], models.JSONField())), nothing),
            "json key": lambda: list(
                Shop.objects.annotate(v=JSONBAgg("sales__item", order_by="sales__id")).order_by("id").values_list("v__0", flat=True)
            ),
            "string": lambda: one(StringAgg("item", delimiter=", ", order_by="id")),
            "string distinct": lambda: one(StringAgg("item", "'", distinct=True, order_by="-item")),
            "string of nothing": lambda: one(StringAgg("item", ","), nothing),
            "string default": lambda: one(StringAgg("item", ",", default="-"), nothing),
            "string per group": lambda: per_shop(StringAgg("sales__item", "-", order_by="sales__id", filter=Q(sales__n__gt=3))),
            "bit and": lambda: one(BitAnd("n")),
            "bit or": lambda: one(BitOr("n")),
            "bit xor": lambda: one(BitXor("n")),
            "bit and of nothing": lambda: one(BitAnd("n"), nothing),
            "bit default": lambda: one(BitOr("n", default=0), nothing),
            "bool and": lambda: one(BoolAnd("paid")),
            "bool or": lambda: one(BoolOr("paid")),
            "bool or condition": lambda: one(BoolOr(Q(n__gt=5))),
            "bool and of nothing": lambda: one(BoolAnd("paid"), nothing),
            "bool filter": lambda: one(BoolAnd("paid", filter=Q(n__gte=5))),
            "bool per group": lambda: per_shop(BoolOr("sales__paid")),
            "bool filtered": lambda: list(
                Shop.objects.annotate(v=BoolAnd("sales__paid")).filter(v=True).values_list("name", flat=True)
            ),
            "corr": lambda: one(Corr("price", "weight")),
            "covar": lambda: one(CovarPop("price", "weight")),
            "covar sample": lambda: one(CovarPop("price", "weight", sample=True)),
            "avgx": lambda: one(RegrAvgX("price", "weight")),
            "avgy": lambda: one(RegrAvgY("price", "weight")),
            "count": lambda: one(RegrCount("price", "weight")),
            "count of nothing": lambda: one(RegrCount("price", "weight"), nothing),
            "intercept": lambda: one(RegrIntercept("price", "weight")),
            "r2": lambda: one(RegrR2("price", "weight")),
            "slope": lambda: one(RegrSlope("price", "weight")),
            "sxx": lambda: one(RegrSXX("price", "weight")),
            "sxy": lambda: one(RegrSXY("price", "weight")),
            "syy": lambda: one(RegrSYY("price", "weight")),
            "corr of nothing": lambda: one(Corr("price", "weight"), nothing),
            "corr default": lambda: one(Corr("price", "weight", default=9), nothing),
            "corr filter": lambda: one(RegrAvgX("price", "weight", filter=Q(n__isnull=False))),
            "count default": lambda: one(RegrCount("price", "weight", default=1)),
            "missing x": lambda: one(Corr("price", "")),
            "distinct bits": lambda: one(BitAnd("n", distinct=True)),
            "subquery": lambda: per_shop(
                ArraySubquery(S.filter(shop=OuterRef("pk")).order_by("-id").values("item"))
            ),
            "subquery of numbers": lambda: per_shop(
                ArraySubquery(S.filter(shop=OuterRef("pk")).order_by("id").values_list("price", flat=True))
            ),
            "subquery of objects": lambda: per_shop(
                ArraySubquery(S.filter(shop=OuterRef("pk")).order_by("id").values(v=JSONObject(i=F("item"))))
            ),
            "subquery filtered": lambda: list(
                Shop.objects.annotate(v=ArraySubquery(S.filter(shop=OuterRef("pk")).values("item")))
                .filter(v__contains=["tea"]).values_list("name", flat=True)
            ),
            "subquery counted": lambda: list(
                Shop.objects.annotate(v=ArraySubquery(S.filter(shop=OuterRef("pk")).order_by("n").values("n")))
                .values("v").annotate(c=Count("id")).order_by("c", "v").values_list("v", "c")
            ),
            "random uuid": lambda: [S.update(token=RandomUUID()), S.values("token").distinct().count()],
            "transaction now": in_transaction,
        },
    )
