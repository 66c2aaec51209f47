"""What Django's fields make of values: what clean() and get_prep_value() give, or their errors.

Reads [[field, options, [expression, ...]], ...] from stdin; writes {"field options": [[clean, prepared], ...]}.
"""
import datetime, json, sys, uuid, warnings
from datetime import timezone
from decimal import Decimal

import django
from django.conf import settings

settings.configure(
    USE_TZ=True, TIME_ZONE="UTC", INSTALLED_APPS=[],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()
from django.core.exceptions import ValidationError
from django.db import models

warnings.simplefilter("ignore")
names = {"datetime": datetime, "uuid": uuid, "Decimal": Decimal, "UTC": timezone.utc}


def outcome(call, value):
    try:
        result = call(value)
        if isinstance(result, datetime.datetime):
            result = result.astimezone(timezone.utc)
        return repr(result)
    except ValidationError as error:
        return [[e.code, e.messages[0]] for e in error.error_list]
    except Exception as error:
        return [[type(error).__name__, str(error)]]


answers = {}
for field, options, expressions in json.load(sys.stdin):
    column = getattr(models, field)(**options)
    column.set_attributes_from_name("f")
    answers[f"{field} {json.dumps(options)}"] = {
        expression: [
            outcome(lambda value: column.clean(value, None), eval(expression, names)),
            outcome(column.get_prep_value, eval(expression, names)),
        ]
        for expression in expressions
    }
json.dump(answers, sys.stdout)
