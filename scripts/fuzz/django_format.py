"""Arguments and results of the conformance format, as Python and Django have them."""

import base64
import datetime
import decimal
import json
import math
import uuid
import zoneinfo

from django.core.exceptions import ObjectDoesNotExist

# Arguments


class Skip(Exception):
    """A case that says nothing, and why."""


def find_name(name):
    from django.db import models
    from django.db.models import aggregates, expressions, functions, lookups
    from django.db.models.fields import json as json_fields
    from django.db.models.functions import comparison, datetime as dates, math as maths, text, window

    for module in (models, functions, expressions, aggregates, lookups, json_fields, comparison, dates, maths, text, window):
        found = getattr(module, name, None)
        if found is not None:
            return found
    raise Skip(f"Django has no {name}")


def get_model(label):
    from django.apps import apps

    return apps.get_model(label)


def form_of(node):
    if isinstance(node, dict) and len(node) >= 1:
        key = next(iter(node))
        if key.startswith("$"):
            return key
    return None


OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
    "neg": lambda a: -a,
    "~": lambda a: ~a,
    "bitand": lambda a, b: a.bitand(b),
    "bitor": lambda a, b: a.bitor(b),
    "bitxor": lambda a, b: a.bitxor(b),
    "bitleftshift": lambda a, b: a.bitleftshift(b),
    "bitrightshift": lambda a, b: a.bitrightshift(b),
    "slice": lambda a, b, c: a[b:c],
    "index": lambda a, b: a[b],
}

CALLABLES = {"uuid4": uuid.uuid4, "dict": dict, "list": list}


def decode(node):
    from django.db import models

    if isinstance(node, list):
        return [decode(item) for item in node]
    if not isinstance(node, dict):
        return node
    form = form_of(node)
    if form is None:
        return {key: decode(value) for key, value in node.items()}
    inner = node[form]
    match form:
        case "$decimal":
            return decimal.Decimal(inner)
        case "$bigint":
            return int(inner)
        case "$float":
            return float(inner)
        case "$date":
            return datetime.date.fromisoformat(inner)
        case "$time":
            return datetime.time.fromisoformat(inner)
        case "$datetime":
            return datetime.datetime.fromisoformat(inner)
        case "$duration_us":
            return datetime.timedelta(microseconds=int(inner))
        case "$uuid":
            return uuid.UUID(inner)
        case "$bytes":
            return base64.b64decode(inner)
        case "$tz":
            return zoneinfo.ZoneInfo(inner)
        case "$tuple":
            return tuple(decode(item) for item in inner)
        case "$set":
            return {decode(item) for item in inner}
        case "$object" | "$map":
            return {decode(key): decode(value) for key, value in inner}
        case "$f":
            return models.F(inner)
        case "$outerref":
            return models.OuterRef(decode(inner))
        case "$q":
            return decode_q(inner)
        case "$expr":
            args = [decode(arg) for arg in inner.get("args") or []]
            kwargs = {key: decode(value) for key, value in (inner.get("kwargs") or {}).items()}
            return find_name(inner["name"])(*args, **kwargs)
        case "$op":
            return OPERATORS[inner[0]](*[decode(operand) for operand in inner[1:]])
        case "$field":
            kwargs = {key: decode(value) for key, value in (inner.get("kwargs") or {}).items()}
            return getattr(models, inner["type"])(*[decode(arg) for arg in inner.get("args") or []], **kwargs)
        case "$qs":
            return apply_chain(start_of(inner["model"], inner.get("manager")), inner["chain"])
        case "$prefetch":
            kwargs = {key: decode(value) for key, value in inner.items() if key != "lookup"}
            return models.Prefetch(inner["lookup"], **kwargs)
        case "$instance":
            # Fetching it beforehand does not count.
            label, pk = inner
            count = len(SENT)
            try:
                found = get_model(label)._base_manager.get(pk=decode(pk))
            except ObjectDoesNotExist:
                raise Skip("an argument that does not exist") from None
            del SENT[count:]
            return found
        case "$new":
            kwargs = {key: decode(value) for key, value in (inner.get("kwargs") or {}).items()}
            return get_model(inner["model"])(**kwargs)
        case "$var":
            if inner not in VARIABLES:
                raise Skip("a variable that was not set")
            found = VARIABLES[inner]
            for name in node.get("path") or []:
                found = found[int(name)] if isinstance(found, (list, tuple)) else getattr(found, name)
            return found
        case "$callable":
            return CALLABLES[inner]
        case _:
            raise Skip(f"the form {form} is not known here")


def decode_q(node):
    from django.db.models import Q

    children = []
    for child in node["children"]:
        children.append((child[0], decode(child[1])) if isinstance(child, list) else decode(child))
    return Q.create(children=children, connector=node["connector"], negated=node["negated"])


def start_of(label, manager):
    model = get_model(label)
    return (getattr(model, manager) if manager else model._default_manager).all()


def call_arguments(call):
    args = [decode(arg) for arg in call.get("args") or []]
    kwargs = {key: decode(value) for key, value in (call.get("kwargs") or {}).items()}
    return args, kwargs


def apply_chain(queryset, chain):
    for call in chain:
        name = call["m"]
        args, kwargs = call_arguments(call)
        if name == "slice":
            queryset = queryset[slice(*(args + [None] * (3 - len(args))))] if len(args) > 1 else queryset[args[0] :]
        elif name == "and":
            queryset = queryset & args[0]
        elif name == "or":
            queryset = queryset | args[0]
        elif name == "xor":
            queryset = queryset ^ args[0]
        else:
            queryset = getattr(queryset, name)(*args, **kwargs)
    return queryset


def apply_terminal(queryset, call):
    name = call["m"]
    args, kwargs = call_arguments(call)
    if name == "list":
        return "rows", list(queryset)
    if name == "iterator":
        return "rows", list(queryset.iterator(*args, **kwargs))
    if name == "index":
        return "value", queryset[args[0]]
    if name == "ordered":
        return "value", queryset.ordered
    return "value", getattr(queryset, name)(*args, **kwargs)


# Results


def encode(value, outer=()):
    from django.db import models

    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"$bigint": str(value)}
    if isinstance(value, float):
        if math.isnan(value):
            return {"$float": "nan"}
        if math.isinf(value):
            return {"$float": "inf" if value > 0 else "-inf"}
        return {"$float": "-0"} if value == 0 and math.copysign(1, value) < 0 else value
    if isinstance(value, decimal.Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime.datetime):
        text = value.isoformat()
        return {"$datetime": text.replace("+00:00", "Z")}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"$time": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        micros = (value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds
        return {"$duration_us": micros if abs(micros) < 2**53 else str(micros)}
    if isinstance(value, uuid.UUID):
        return {"$uuid": str(value)}
    if isinstance(value, (bytes, memoryview)):
        return {"$bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, tuple):
        if hasattr(value, "_fields"):
            return {"$named": [[name, encode(item, outer)] for name, item in zip(value._fields, value)]}
        return {"$tuple": [encode(item, outer) for item in value]}
    if isinstance(value, (list, models.QuerySet)):
        return [encode(item, outer) for item in value]
    if isinstance(value, set):
        return {"$set": [encode(item, outer) for item in value]}
    if isinstance(value, dict):
        items = [[key, encode(item, outer)] for key, item in value.items()]
        if not all(isinstance(key, str) for key in value):
            return {"$map": [[encode(key), item] for key, item in items]}
        if any(key.startswith("$") for key in value):
            return {"$object": items}
        return dict(items)
    if isinstance(value, models.Model):
        return encode_instance(value, outer)
    if hasattr(value, "resolve_expression"):
        return {"$expression": type(value).__name__}
    raise Skip(f"a result of the type {type(value).__name__}")


def encode_instance(instance, outer):
    from django.db import models

    identity = [instance._meta.label, encode(instance.pk)]
    if any(instance is other for other in outer):
        return {"$ref": identity}
    inner = (*outer, instance)
    fields, annotations, related = {}, {}, {}
    deferred = []
    state = instance.__dict__
    known = {"_state", "_prefetched_objects_cache"}
    for field in instance._meta.concrete_fields:
        known.add(field.attname)
        if field.attname in state:
            fields[field.attname] = encode(state[field.attname], inner)
        else:
            deferred.append(field.attname)
    for name, value in instance._state.fields_cache.items():
        # The other side of a hidden relation cannot be read.
        if name.endswith("+"):
            continue
        related[name] = encode(value, inner)
    for name, value in state.get("_prefetched_objects_cache", {}).items():
        related[name] = [encode(item, inner) for item in value]
    for name, value in state.items():
        if name in known or name.startswith("_"):
            continue
        is_list = isinstance(value, list) and all(isinstance(item, models.Model) for item in value)
        is_related = isinstance(value, models.Model) or (is_list and name in TO_ATTR)
        (related if is_related else annotations)[name] = encode(value, inner)
    result = {"$obj": identity, "fields": fields}
    if annotations:
        result["annotations"] = annotations
    if related:
        result["related"] = related
    if deferred:
        result["deferred"] = deferred
    return result


TO_ATTR = set()
VARIABLES = {}
"""What the steps of a case have stored."""
SENT = []
"""The statements that were sent for a case."""


def collect_to_attr(node):
    if isinstance(node, list):
        for item in node:
            collect_to_attr(item)
    elif isinstance(node, dict):
        if form_of(node) == "$prefetch" and node["$prefetch"].get("to_attr"):
            TO_ATTR.add(node["$prefetch"]["to_attr"])
        for item in node.values():
            collect_to_attr(item)


def encode_row(row):
    if type(row) is tuple:
        return [encode(item) for item in row]
    return encode(row)


def encode_value(value):
    from django.db import models

    if isinstance(value, models.QuerySet):
        return [encode_row(row) for row in value]
    if type(value) is tuple:
        return [encode(item) for item in value]
    return encode(value)


def multiset(node, deep=True):
    """A text that is the same for the same rows in another order, prefetched lists included."""
    if isinstance(node, dict):
        parts = []
        for key, value in node.items():
            is_bag = key == "rows" or key == "$map"
            if key == "related":
                parts.append((key, {name: bag(item) if isinstance(item, list) else multiset(item) for name, item in value.items()}))
            elif is_bag:
                parts.append((key, bag(value)))
            else:
                parts.append((key, multiset(value)))
        return json.dumps(dict(parts), sort_keys=True)
    if isinstance(node, list):
        return json.dumps([multiset(item) for item in node])
    return json.dumps(node)


def bag(items):
    return json.dumps(sorted(multiset(item) for item in items))
