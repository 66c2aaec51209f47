"""Random models: fields of every type, relations of every kind, options, managers; and rows for them."""


class Names:
    APPS = ["shop", "clinic", "races", "atlas", "music"]
    MODELS = [
        "Person", "LineItem", "HTTPLog", "Node2", "order", "Team", "Event", "Part", "Ward", "Grade", "Stock", "Visit",
        "GroupX", "Object", "Function", "Type", "Index", "Q1",
    ]  # fmt: skip
    FIELDS = [
        "title", "size", "order", "group", "select", "class_name", "kind", "value", "count", "items", "when", "length",
        "index", "key", "type", "note", "from_date", "amount", "isbn13", "aB", "x1", "desc", "limit",
        "rank", "state", "code", "meta", "extra", "using", "in_stock", "year", "date", "name", "label",
        "default", "function", "void", "new", "model", "query", "fields", "to", "a",
    ]  # fmt: skip
    COLUMNS = ["Weird Col", "select", "ORDER", "café", "col.x", "x-y", "table", "Ünique", "rowid_"]
    TABLES = ["Odd Table", "group", "tbl.s", "CamelTable", "übung"]


WORDS = ["", "a", "An", "alpha", "Beta", "50%", "under_score", "ü", "Ünder", "\\", "it's", "x", "100", "the end", "e", " pad "]

POOLS = {
    "CharField": WORDS,
    "TextField": [*WORDS, "a\nb", "tab\there", "x" * 40],
    "SlugField": ["a", "alpha-1", "b_2", "x", "the-end"],
    "EmailField": ["a@example.com", "B@Example.org", ""],
    "URLField": ["https://example.com/", "http://x.org/a?b=1", ""],
    "IntegerField": [-7, -1, 0, 1, 2, 3, 5, 10, 34, 1000],
    "SmallIntegerField": [-3, 0, 1, 2, 3, 300],
    "BigIntegerField": [-1, 0, 1, 2, 5, 1000, {"$bigint": "9007199254740993"}],
    "PositiveIntegerField": [0, 1, 2, 3, 5, 10, 1000],
    "PositiveSmallIntegerField": [0, 1, 2, 3],
    "PositiveBigIntegerField": [0, 1, 2, 5, {"$bigint": "9007199254740995"}],
    "FloatField": [-1.5, 0.5, 1.25, 2.75, 3.25, 10.5, {"$float": "2.0"}, {"$float": "0.0"}],
    "DecimalField": [{"$decimal": text} for text in ("-3.10", "0.00", "1.50", "7.50", "9.99", "0.10", "29.69")],
    "BooleanField": [True, False],
    "DateField": [{"$date": text} for text in ("1999-12-31", "2008-02-29", "2020-01-01", "2021-06-15", "2021-12-31")],
    "TimeField": [{"$time": text} for text in ("00:00:00", "10:30:00", "10:30:00.000001", "23:59:59.999999")],
    "DateTimeField": [
        {"$datetime": text}
        for text in ("2008-12-31T23:59:59.999999Z", "2020-03-29T01:30:00Z", "2021-06-15T10:00:00Z", "2021-06-15T22:30:00.5+00:00")
    ],
    "DurationField": [{"$duration_us": value} for value in (0, 1, -1_000_000, 3_600_000_000, 86_400_000_000, 90_061_000_001)],
    "UUIDField": [{"$uuid": f"0000000{n}-0000-4000-8000-00000000000{n}"} for n in range(1, 9)],
    "BinaryField": [{"$bytes": ""}, {"$bytes": "AAEC"}, {"$bytes": "/w=="}],
    "JSONField": [
        1, 0, "a", True, [], {}, {"a": 1}, {"a": {"b": [1, 2, {"c": None}]}}, [1, "x", None], 1.5, "",
        {"x y": 1, "k": "v"}, {"a": None}, {"a": "1", "b": 1}, {"name": "Ünder", "n": 2.5}, [[1], {"k": False}],
    ],  # fmt: skip
    "GenericIPAddressField": ["127.0.0.1", "::1", "192.168.0.1"],
}  # fmt: skip

PLAIN = [name for name in POOLS if name not in ("JSONField", "BinaryField")]
UNIQUE = ["CharField", "SlugField", "UUIDField", "IntegerField", "PositiveIntegerField"]
NUMBERS = ["IntegerField", "SmallIntegerField", "PositiveIntegerField"]
ON_DELETE = ["CASCADE", "CASCADE", "CASCADE", "PROTECT", "RESTRICT", "SET_NULL", "SET_DEFAULT", "DO_NOTHING"]


def field(name, kind, **kwargs):
    return {"name": name, "type": kind, "kwargs": kwargs}


def q(*children, connector="AND", negated=False):
    return {"$q": {"connector": connector, "negated": negated, "children": list(children)}}


def expr(name, *args, **kwargs):
    return {"$expr": {"name": name, "args": list(args), "kwargs": kwargs}}


class ModelMaker:
    def __init__(self, app, rng):
        self.app = app
        self.rng = rng
        self.made = []
        self.uniques = 0

    def chance(self, probability):
        return self.rng.random() < probability

    def models(self):
        names = self.rng.sample(Names.MODELS, self.rng.randint(6, 9))
        tables = set()
        for name in names:
            bases = [model for model in self.made if not model.get("options", {}).get("proxy")]
            roll = self.rng.random()
            if bases and roll < 0.18:
                model = self.child(name, self.rng.choice(bases))
            elif bases and roll < 0.28:
                model = self.proxy(name, self.rng.choice(bases))
            else:
                model = self.root(name)
            if not model.get("options", {}).get("proxy"):
                if self.chance(0.15):
                    table = self.rng.choice(Names.TABLES) + self.app
                    if table not in tables:
                        tables.add(table)
                        model.setdefault("options", {})["db_table"] = table
            self.made.append(model)
        return self.made

    # Fields

    def plain(self, name, kind=None):
        rng = self.rng
        kind = kind or (rng.choice(list(POOLS)) if self.chance(0.4) else rng.choice(["CharField", "IntegerField", "DecimalField", "DateField", "TextField", "FloatField", "DateTimeField", "BooleanField"]))
        kwargs = {}
        if kind == "CharField":
            kwargs["max_length"] = rng.choice([12, 30, 200])
        if kind == "DecimalField":
            kwargs.update(max_digits=rng.choice([6, 10]), decimal_places=2)
        if self.chance(0.4):
            kwargs["null"] = True
        if self.chance(0.15):
            self.uniques += 1
            kwargs["db_column"] = f"{rng.choice(Names.COLUMNS)}{self.uniques}"
        if self.chance(0.2) and (kind != "GenericIPAddressField" or "null" in kwargs):
            kwargs["blank"] = True
        pool = POOLS[kind]
        if kind != "JSONField" and self.chance(0.2):
            kwargs["default"] = rng.choice(pool)
        elif kind == "JSONField" and self.chance(0.3):
            kwargs["default"] = {"$callable": rng.choice(["dict", "list"])}
        elif kind in PLAIN and kind != "DurationField" and self.chance(0.1):
            kwargs["db_default"] = rng.choice(pool)
        if kind == "UUIDField" and self.chance(0.3):
            kwargs.pop("db_default", None)
            kwargs["default"] = {"$callable": "uuid4"}
        if kind in ("CharField", "IntegerField") and self.chance(0.15):
            values = [value for value in pool if value != ""][:4]
            kwargs["choices"] = [[value, f"Choice {value}"] for value in values]
        if kind in UNIQUE and self.chance(0.12):
            kwargs["unique"] = True
        elif kind in PLAIN and self.chance(0.1):
            kwargs["db_index"] = True
        if kind == "DateTimeField" and self.chance(0.2):
            kwargs.pop("default", None)
            kwargs.pop("db_default", None)
            # The other fields ask the machine's clock, which does not stand still.
            kwargs[rng.choice(["auto_now", "auto_now_add"])] = True
            kwargs["blank"] = True
        return field(name, kind, **kwargs)

    def ancestors(self, model):
        for base in model.get("bases", []):
            parent = self.find(base)
            yield parent
            yield from self.ancestors(parent)

    def find(self, label):
        return next(model for model in self.made if f"{self.app}.{model['name']}".lower() == label)

    def label(self, model):
        return f"{self.app}.{model['name']}".lower()

    def free_names(self, model):
        """Names that neither the model, its parents, nor relations that arrive there have."""
        taken = {item["name"] for owner in [model, *self.ancestors(model)] for item in owner["fields"]}
        lower = {name.lower() for name in Names.MODELS}
        names = [name for name in Names.FIELDS if name not in taken and name.lower() not in lower]
        self.rng.shuffle(names)
        return names

    def generated(self, name, model):
        numbers = [item for item in model["fields"] if item["type"] in NUMBERS]
        texts = [item for item in model["fields"] if item["type"] in ("CharField", "SlugField")]
        if numbers and self.chance(0.6):
            source = self.rng.choice(numbers)
            return field(
                name,
                "GeneratedField",
                db_persist=True,
                expression={"$op": [self.rng.choice(["+", "*", "-"]), {"$f": source["name"]}, self.rng.randint(1, 3)]},
                output_field={"$field": {"type": "IntegerField", "kwargs": {}}},
            )
        if texts:
            source = self.rng.choice(texts)
            return field(
                name,
                "GeneratedField",
                db_persist=self.chance(0.7),
                expression=expr(self.rng.choice(["Lower", "Upper"]), source["name"]),
                output_field={"$field": {"type": "CharField", "kwargs": {"max_length": 200}}},
            )
        return None

    def relation(self, name, model):
        """A foreign key, a one-to-one, or a many-to-many field."""
        rng = self.rng
        roots = [other for other in self.made if not other.get("composite")]
        targets = [*roots, *(() if model.get("composite") else (model,))]
        if not targets:
            return None
        target = rng.choice(targets)
        to_self = target is model
        kwargs = {}
        kind = rng.choices(["ForeignKey", "OneToOneField", "ManyToManyField"], [6, 2, 3])[0]
        if kind == "ManyToManyField" and model.get("composite"):
            kind = "ForeignKey"
        self.uniques += 1
        style = rng.random()
        if style < 0.35:
            kwargs["related_name"] = f"{rng.choice(['all', 'rel', 'back', 'my'])}_{self.uniques}"
        elif style < 0.45:
            kwargs["related_name"] = f"%(class)s_{self.uniques}s"
            kwargs["related_query_name"] = f"%(class)s{self.uniques}"
        elif style < 0.52:
            kwargs["related_name"] = f"hid{self.uniques}+"
        else:
            kwargs["related_name"] = f"{name}{self.uniques}_set"
            if self.chance(0.4):
                kwargs["related_query_name"] = f"{name}{self.uniques}q"
        if kind == "ManyToManyField":
            if self.chance(0.3):
                kwargs["blank"] = True
            if to_self:
                kwargs["symmetrical"] = self.chance(0.5)
                if kwargs["symmetrical"]:
                    kwargs.pop("related_name", None)
                    kwargs.pop("related_query_name", None)
            kwargs["to"] = "self" if to_self else self.label(target)
            if self.chance(0.15):
                kwargs["db_table"] = f"m2m of {self.app} {self.uniques}"
            return field(name, kind, **kwargs)
        on_delete = rng.choice(ON_DELETE)
        if on_delete in ("SET_NULL", "SET_DEFAULT") or to_self or self.chance(0.5):
            kwargs["null"] = True
        if self.chance(0.3):
            kwargs["blank"] = True
        unique = [item for item in target["fields"] if item["kwargs"].get("unique") and item["type"] in UNIQUE]
        if unique and self.chance(0.5):
            kwargs["to_field"] = rng.choice(unique)["name"]
        if on_delete == "SET_DEFAULT":
            kwargs["default"] = None
        if self.chance(0.15):
            kwargs["db_column"] = f"{rng.choice(Names.COLUMNS)} {self.uniques}"
        kwargs["on_delete"] = on_delete
        kwargs["to"] = self.label(target)
        return field(name, kind, **kwargs)

    # Models

    def key(self):
        roll = self.rng.random()
        if roll < 0.6:
            return None
        if roll < 0.72:
            return field("code_pk", "CharField", primary_key=True, max_length=20)
        if roll < 0.8:
            return field("id", "UUIDField", primary_key=True, default={"$callable": "uuid4"})
        if roll < 0.88:
            return field("number", "IntegerField", primary_key=True)
        return field("id", self.rng.choice(["AutoField", "SmallAutoField"]), primary_key=True)

    def root(self, name):
        model = {"name": name, "fields": []}
        names = self.free_names(model)
        if self.chance(0.12) and any(not other.get("composite") for other in self.made):
            return self.composite(model, names)
        parents = [other for other in self.made if not other.get("composite")]
        key = self.key()
        if key:
            model["fields"].append(key)
        elif parents and self.chance(0.08):
            model["fields"].append(
                field("owner_pk", "OneToOneField", primary_key=True, on_delete="CASCADE", to=self.label(self.rng.choice(parents)), related_name=f"owned_{len(self.made)}")
            )
        self.body(model, names)
        return model

    def composite(self, model, names):
        rng = self.rng
        parents = [other for other in self.made if not other.get("composite")]
        model["composite"] = True
        part = field("part", rng.choice(["IntegerField", "DateField", "SlugField"]))
        if self.chance(0.7):
            owner = field("owner", "ForeignKey", on_delete="CASCADE", to=self.label(rng.choice(parents)), related_name=f"parts_{len(self.made)}")
        else:
            owner = field("owner", "CharField", max_length=20)
        attname = "owner_id" if owner["type"] == "ForeignKey" else "owner"
        key = {"name": "pk", "type": "CompositePrimaryKey", "args": [attname, "part"], "kwargs": {"primary_key": True}}
        model["fields"] += [key, owner, part]
        self.body(model, names)
        return model

    def body(self, model, names):
        rng = self.rng
        for _ in range(rng.randint(2, 6)):
            model["fields"].append(self.plain(names.pop()))
        for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
            made = self.relation(names.pop(), model)
            if made:
                model["fields"].append(made)
        if self.chance(0.2):
            made = self.generated(names.pop(), model)
            if made:
                model["fields"].append(made)
        if self.chance(0.12):
            self.through(model, names)
        self.options(model)

    def through(self, model, names):
        """A many-to-many relation over a model of its own: this model joins two others."""
        ends = [other for other in self.made if not other.get("composite") and not other.get("options", {}).get("proxy")]
        if len(ends) < 2 or model.get("composite"):
            return
        left, right = self.rng.sample(ends, 2)
        self.uniques += 1
        number = self.uniques
        for name, end in (("left", left), ("right", right)):
            model["fields"].append(
                field(f"{name}_end", "ForeignKey", on_delete="CASCADE", to=self.label(end), related_name=f"{name}_links_{number}")
            )
        if self.chance(0.3):
            model["fields"].append(
                field("third_end", "ForeignKey", on_delete="SET_NULL", null=True, to=self.label(left), related_name=f"third_{number}")
            )
        left["fields"].append(
            field(
                f"linked_{number}",
                "ManyToManyField",
                to=self.label(right),
                through=self.label(model),
                through_fields=["left_end", "right_end"],
                related_name=f"linking_{number}",
            )
        )

    def child(self, name, base):
        model = {"name": name, "bases": [self.label(base)], "fields": []}
        if base.get("composite"):
            return self.root(name)
        if self.chance(0.2):
            model["fields"].append(
                field(f"{base['name'].lower()}_link", "OneToOneField", primary_key=True, parent_link=True, on_delete="CASCADE", to=self.label(base), related_name=f"sub_{len(self.made)}")
            )
        names = self.free_names(model)
        for _ in range(self.rng.randint(0, 3)):
            model["fields"].append(self.plain(names.pop()))
        if self.chance(0.5):
            made = self.relation(names.pop(), model)
            if made:
                model["fields"].append(made)
        self.options(model)
        return model

    def proxy(self, name, base):
        model = {"name": name, "bases": [self.label(base)], "fields": [], "options": {"proxy": True}}
        if base.get("composite"):
            return self.root(name)
        if self.chance(0.6):
            self.managers(model)
        if self.chance(0.5):
            self.ordering(model)
        return model

    def own(self, model, kinds=None, parents=True):
        owners = [model, *self.ancestors(model)] if parents else [model]
        return [item for owner in owners for item in owner["fields"] if item["type"] in (kinds or PLAIN)]

    def options(self, model):
        rng = self.rng
        if self.chance(0.4):
            self.ordering(model)
        if self.chance(0.25):
            self.managers(model)
        options = model.setdefault("options", {})
        dates = self.own(model, ("DateField", "DateTimeField", "IntegerField"))
        if dates and self.chance(0.2):
            options["get_latest_by"] = rng.choice(["", "-"]) + rng.choice(dates)["name"]
        local = self.own(model, parents=False)
        plain = [item for item in local if not item["kwargs"].get("primary_key")]
        if len(plain) >= 2 and self.chance(0.15):
            options["unique_together"] = [[item["name"] for item in rng.sample(plain, 2)]]
        constraints = []
        if plain and self.chance(0.15):
            some = [item["name"] for item in rng.sample(plain, min(len(plain), 2))]
            kwargs = {"name": f"uq_{self.app}_{model['name'].lower()}"[:60], "fields": some}
            flags = [item for item in plain if item["type"] == "BooleanField"]
            if flags:
                kwargs["condition"] = q([flags[0]["name"], True])
            constraints.append({"type": "UniqueConstraint", "kwargs": kwargs})
        numbers = [item for item in local if item["type"] in NUMBERS and not item["kwargs"].get("primary_key")]
        if numbers and self.chance(0.25):
            name = numbers[0]["name"]
            kwargs = {
                "name": f"ck_{self.app}_{model['name'].lower()}"[:60],
                "condition": q([f"{name}__isnull", True], [f"{name}__lt", 900], connector="OR"),
            }
            constraints.append({"type": "CheckConstraint", "kwargs": kwargs})
        if constraints:
            options["constraints"] = constraints
        keys = [item for item in model["fields"] if item["type"] == "ForeignKey"]
        if keys and "ordering" not in options and not model.get("bases") and self.chance(0.12):
            options["order_with_respect_to"] = rng.choice(keys)["name"]
        if not options:
            del model["options"]

    def ordering(self, model):
        rng = self.rng
        terms = []
        for _ in range(rng.randint(1, 2)):
            fields = self.own(model)
            relations = [item for owner in [model, *self.ancestors(model)] for item in owner["fields"] if item["type"] in ("ForeignKey", "OneToOneField") and not item["kwargs"].get("parent_link")]
            roll = rng.random()
            sign = rng.choice(["", "-"])
            if relations and roll < 0.2:
                # Orderings that refer to each other have no end.
                relation = rng.choice(relations)
                target = next((other for other in self.made if self.label(other) == relation["kwargs"]["to"]), None)
                if target and not target.get("options", {}).get("order_with_respect_to"):
                    inner = [item for item in self.own(target)]
                    if inner:
                        terms.append(f"{sign}{relation['name']}__{rng.choice(inner)['name']}")
            elif relations and roll < 0.28:
                terms.append(f"{sign}{rng.choice(relations)['name']}_id" if rng.random() < 0.6 else f"{sign}pk")
            elif fields and roll < 0.4:
                name = rng.choice(fields)["name"]
                terms.append(expr("OrderBy", {"$f": name}, **rng.choice([{}, {"descending": True}, {"nulls_last": True}, {"descending": True, "nulls_first": True}])))
            elif fields:
                terms.append(sign + rng.choice(fields)["name"])
        if terms:
            model.setdefault("options", {})["ordering"] = terms

    def managers(self, model):
        rng = self.rng
        fields = self.own(model)
        if not fields:
            return
        item = rng.choice(fields)
        chain = rng.choice(
            [
                [{"m": "filter", "kwargs": {f"{item['name']}__isnull": False}}],
                [{"m": "exclude", "kwargs": {item["name"]: rng.choice(POOLS[item["type"]])}}],
                [{"m": "order_by", "args": [f"-{item['name']}", "pk"]}],
                [{"m": "annotate", "kwargs": {"noted": {"$f": item["name"]}}}],
                [{"m": "filter", "kwargs": {"pk__isnull": False}}, {"m": "defer", "args": [item["name"]]}],
            ]
        )
        listed = [{"name": "objects"}, {"name": "special", "chain": chain}]
        if rng.random() < 0.35:
            listed.reverse()
        if rng.random() < 0.2:
            listed[listed[0]["name"] == "special"]["name"] = "objects" if listed[0]["name"] != "objects" else "other"
        if len({manager["name"] for manager in listed}) < 2:
            return
        model["managers"] = listed

    # Rows

    def row(self, model, number, stored):
        row = {}
        opts = model._meta
        for item in opts.local_concrete_fields:
            if getattr(item, "generated", False):
                continue
            value = self.value(model, item, number, stored)
            if value is NotImplemented:
                return None
            row[item.attname] = value
        return row

    def value(self, model, item, number, stored):
        rng = self.rng
        if item.name == "_order":
            return number - 1
        if item.remote_field:
            return self.foreign(model, item, stored)
        kind = item.get_internal_type()
        if item.primary_key or item.unique:
            if kind in ("AutoField", "BigAutoField", "SmallAutoField"):
                return number
            if kind == "UUIDField":
                return {"$uuid": f"{number:08d}-0000-4000-8000-{rng.randint(0, 99):012d}"}
            if kind in ("CharField", "SlugField"):
                return f"{rng.choice(['k', 'K', 'a-', 'ü', 'z_'])}{number}"[: item.max_length or 20]
            return number * rng.choice([1, 3, 10])
        if item.null and rng.random() < 0.25:
            return None
        if item.choices and rng.random() < 0.8:
            return rng.choice([choice[0] for choice in item.choices])
        if kind == "JSONField" and rng.random() < 0.08:
            return {"$json_null": True}
        value = rng.choice(POOLS[kind])
        if isinstance(value, str) and item.max_length:
            value = value[: item.max_length]
        return value

    def foreign(self, model, item, stored):
        rng = self.rng
        target = item.target_field
        owner = item.remote_field.model._meta.concrete_model
        rows = []
        while True:
            rows = stored.get(owner, [])
            name = target.attname
            if not rows or name in rows[0]:
                break
            owner = next(parent for parent in owner._meta.parents)
        values = [row[name] for row in rows if row[name] is not None]
        if getattr(item.remote_field, "parent_link", False) or item.unique:
            used = [row[item.attname] for row in stored.get(model, [])]
            values = [value for value in values if value not in used]
        if item.null and rng.random() < 0.3:
            return None
        if not values:
            return None if item.null else NotImplemented
        return rng.choice(values)
