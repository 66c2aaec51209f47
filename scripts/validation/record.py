"""Records what the real Django says of generated values: `python scripts/validation/record.py OUT`.

`OUT/validators.json`: for each validator its errors, `OUT/fields.json`: for each field the value that `clean()` gives, or
its errors. An error is `[code, message]`; `{"raises": ...}` is an exception of another kind.
"""

import datetime
import decimal
import json
import os
import pathlib
import random
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fuzz"))

from django_models import configure  # noqa: E402

configure([])

from django.core import validators  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.db import models  # noqa: E402

from django_format import encode  # noqa: E402

RANDOM = random.Random(42)

EMAILS = """a@b.cd user@example.com first.last@sub.example.co.uk x+y@example.org user@localhost user@[127.0.0.1] user@[::1]
user@[1.2.3] "quoted name"@example.com "a\\ b"@example.com ü@example.com user@exämple.de user@-a.com user@a-.com user@a..b user@a.b-c
user@.com @example.com user@ user a@b@c.de user@example.c user@example.123 user@xn--80ak6aa92e.com user@example.com. user@127.0.0.1
.user@example.com user.@example.com us..er@example.com user@ex_ample.com user@example-.com {}@example.com a/b@example.com
user@example.comx1 a@x.y.z.museum USER@EXAMPLE.COM user@EXAMPLE.Com user@sub-domain.example.com user@[2001:db8::1] user@[300.1.1.1]""".split()

URLS = """http://example.com https://example.com/ http://www.example.com/path?query=1#part ftp://ftp.example.com/file ftps://x.org
http://localhost http://localhost:8000/ http://127.0.0.1 http://127.0.0.1:99999/ http://[::1]/ http://[::1]:80 http://[2001:db8::1]/x
http://user@example.com http://user:pass@example.com:80/ http://user:pa:ss@example.com http://exämple.com http://例え.jp/ http://xn--80ak6aa92e.com
http://-a.com http://a-.com http://a..com http://a.b-.com http://.com http://example http://example. http://example.com.
http:// http:/example.com http//example.com example.com //example.com http:///example.com http://256.1.1.1 http://1.2.3 http://1.2.3.4.5
http://0.0.0.0 http://01.02.03.04 http://example.com:0 http://example.com:123456 http://example.com:port/ javascript:alert(1) mailto:a@b.cd
http://example.com/a b http://example.com/ä?x=ü#é HTTP://EXAMPLE.COM http://ex_ample.com http://a.b_c.com http://[::1 http://[::g]/
http://[1.2.3.4] http://[::ffff:1.2.3.4]/ http://example.com\\path http://foo@bar@example.com http://a/b@example.com git://example.com
http://example.museum http://example.c http://example.co1 http://a.b.c.d.e.f.gh http://example.com?x http://example.com#x http://?x""".split()

DOMAINS = """example.com sub.example.co.uk localhost exämple.de 例え.jp xn--80ak6aa92e.com -a.com a-.com a..b a.b- .com example
example. example.com. ex_ample.com a.1 1.com 127.0.0.1 a.b.c.d.e.f.gh EXAMPLE.COM a b.com example.c example.123 x.y-z""".split()

SLUGS = "a a-b a_b A1 -_ ä a.b a\nb 漢字 é-è a/b ß 1 ² ١ ⅷ a\u0301 _ - :".split(" ")

IPS = """127.0.0.1 0.0.0.0 255.255.255.255 256.0.0.1 1.2.3 1.2.3.4.5 01.2.3.4 1.2.3.04 1.2.3.a ::1 :: 2001:db8::1 2001:DB8::1
::ffff:1.2.3.4 ::1.2.3.4 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1::2::3 ::12345 :1 1: ::g fe80::1%eth0 12345:: 0:0:0:0:0:0:0:0
::ffff:1.2.3.256 1.2.3.4:80 [::1] 1..2.3 1.2.3.-4 ١.2.3.4""".split()

LISTS = "1 1,2 1,2,3 -1 -1,2 1,-2 , 1, ,1 1,,2 a 1,a 1;2 1;2;3 1.5 ١ ١,٢ 1-2 -1-2 1 2".split(" ") + ["1, 2", "1\n", "-"]

NUMBERS = [0, 1, -1, 3, 5, 7, 10, 100, 2**31, 2**53, 2**63, -(2**63), 2**70, 0.5, 1.5, -2.5, 2.25, 0.1, 1e-7, 1e20 + 0.5, 3.3]
NUMBERS += [decimal.Decimal(text) for text in "0 0.5 1 1.50 1.005 99.99 100 999.999 -99.99 1E+2 1E-3 0.00 0E-5 1234567.1 NaN Infinity -0".split()]

TEXTS = ["", " ", "a", "abc", "abcd", "abcde", "ABCDEF", "äöü", "😀😀😀", "a\u0301", "a b c", "abc\n", "\nabc", "x\0y", "123", "12ab", "AB12"]


def mutated(texts, count):
    """Texts with a character changed, left out or put in."""
    alphabet = "abcxyzABC019.-_@:/[]%+ ~#?=&ü漢\n\t\\\"'"
    result = list(texts)
    for _ in range(count):
        text = RANDOM.choice(texts)
        for _ in range(RANDOM.choice([1, 1, 2])):
            at = RANDOM.randint(0, len(text))
            kind = RANDOM.random()
            if kind < 0.4:
                text = text[:at] + RANDOM.choice(alphabet) + text[at:]
            elif kind < 0.7:
                text = text[:at] + text[at + 1 :]
            else:
                text = text[:at] + RANDOM.choice(alphabet) + text[at + 1 :]
        result.append(text)
    return result


def long(*parts):
    return ["".join(piece * times for piece, times in part) for part in parts]


EMAIL_INPUTS = mutated(EMAILS, 250) + long([("a", 64), ("@example.com", 1)], [("a", 309), ("@example.com", 1)], [("a@", 1), ("b", 63), (".com", 1)], [("a@", 1), ("b", 64), (".com", 1)], [("a@", 1), ("b.", 120), ("com", 1)])
URL_INPUTS = mutated(URLS, 300) + long([("http://", 1), ("a", 63), (".com", 1)], [("http://", 1), ("a", 64), (".com", 1)], [("http://", 1), ("a.", 125), ("com", 1)], [("http://", 1), ("a.", 127), ("com", 1)], [("http://example.com/", 1), ("a", 2029), ("", 0)], [("http://example.com/", 1), ("a", 2030), ("", 0)])
DOMAIN_INPUTS = mutated(DOMAINS, 200) + long([("a", 63), (".com", 1)], [("a", 64), (".com", 1)], [("a.", 126), ("com", 1)], [("a.", 127), ("com", 1)])

DATES = [datetime.date(2020, 1, 1), datetime.date(2019, 12, 31), datetime.date(2020, 1, 2)]

VALIDATORS = [
    ("EmailValidator", [], {}, EMAIL_INPUTS),
    ("EmailValidator", [], {"allowlist": ["example", "ex_ample.com"]}, ["a@example", "a@localhost", "a@ex_ample.com", "a@b.cd"]),
    ("EmailValidator", [], {"message": "No %(value)s.", "code": "mail"}, ["a@b.cd", "x"]),
    ("URLValidator", [], {}, URL_INPUTS),
    ("URLValidator", [], {"schemes": ["http", "git+ssh", "s3"]}, ["http://a.bc", "https://a.bc", "git+ssh://a.bc/x", "s3://a.bc", "S3://a.bc"]),
    ("DomainNameValidator", [], {}, DOMAIN_INPUTS),
    ("DomainNameValidator", [], {"accept_idna": False}, DOMAIN_INPUTS[:120]),
    ("validate_slug", None, {}, mutated(SLUGS, 150)),
    ("validate_unicode_slug", None, {}, mutated(SLUGS, 150)),
    ("validate_ipv4_address", None, {}, mutated(IPS, 150)),
    ("validate_ipv6_address", None, {}, mutated(IPS, 250)),
    ("validate_ipv46_address", None, {}, mutated(IPS, 150)),
    ("validate_integer", None, {}, mutated(LISTS, 80) + TEXTS),
    ("validate_comma_separated_integer_list", None, {}, mutated(LISTS, 150)),
    ("int_list_validator", [], {"sep": ";"}, mutated(LISTS, 60)),
    ("int_list_validator", [], {"allow_negative": True}, mutated(LISTS, 60)),
    ("int_list_validator", [], {"sep": "-", "allow_negative": True, "code": "list"}, mutated(LISTS, 60)),
    ("RegexValidator", ["^[a-z]+$"], {}, TEXTS),
    ("RegexValidator", ["b"], {"inverse_match": True, "message": "Not “%(value)s”!", "code": "no_b"}, TEXTS),
    ("RegexValidator", ["\\w\\d?\\Z"], {}, TEXTS),
    ("MaxValueValidator", [5], {}, NUMBERS),
    ("MinValueValidator", [5], {}, NUMBERS),
    ("MinValueValidator", [decimal.Decimal("1.5")], {"message": "At least %(limit_value)s, not %(show_value)s."}, NUMBERS),
    ("MaxValueValidator", [DATES[0]], {}, DATES),
    ("MinValueValidator", [DATES[0]], {}, DATES),
    ("StepValueValidator", [3], {}, [n for n in NUMBERS if not isinstance(n, decimal.Decimal)]),
    ("StepValueValidator", [0.1], {}, [n for n in NUMBERS if not isinstance(n, decimal.Decimal)]),
    ("StepValueValidator", [5], {"offset": 3}, [n for n in NUMBERS if isinstance(n, int)] + [8, 13, 12]),
    ("MinLengthValidator", [3], {}, TEXTS),
    ("MinLengthValidator", [1], {}, TEXTS),
    ("MaxLengthValidator", [3], {}, TEXTS),
    ("MaxLengthValidator", [1], {"message": "%(show_value)d > %(limit_value)d"}, TEXTS),
    ("DecimalValidator", [4, 2], {}, [n for n in NUMBERS if isinstance(n, decimal.Decimal)]),
    ("DecimalValidator", [2, 2], {}, [n for n in NUMBERS if isinstance(n, decimal.Decimal)]),
    ("DecimalValidator", [None, 1], {}, [n for n in NUMBERS if isinstance(n, decimal.Decimal)]),
    ("DecimalValidator", [1, None], {}, [n for n in NUMBERS if isinstance(n, decimal.Decimal)]),
    ("ProhibitNullCharactersValidator", [], {}, TEXTS),
]

VALUES = [None, "", " ", "0", "1", "-1", "1.5", "abc", "True", "False", "t", "f", "true", " 7 ", "1_000", "1e3", "+5", "٣", "NaN", "inf"]
VALUES += ["2020-02-29", "2020-02-30", "2020-1-1", "20200101", "2020-01-01T10:00", "2020-01-01 10:00:00.123456", "2020-01-01T10:00:00Z"]
VALUES += ["2020-01-01 10:00:00+02:00", "2020-01-01 25:00", "10:00", "10:00:00.5", "24:00", "10:60", "1 day", "1 02:03:04", "P1DT2H", "-1:00", "PT1.5S"]
VALUES += ["00000000-0000-4000-8000-000000000001", "{00000000000040008000000000000001}", "urn:uuid:00000000-0000-4000-8000-000000000001", "0000"]
VALUES += ["a@b.cd", "http://a.bc", "a-b", "127.0.0.1", "::ffff:10.0.0.1", "2001:DB8:0::1", "S", "Medium", "x" * 11, "x\0y", "YWJj", "[1]", "{}"]
VALUES += [True, False, 0, 1, 2, -1, 32768, 2**31, 2**63, -(2**63) - 1, 0.5, 2.25, -1.5, float("nan"), float("inf")]
VALUES += [decimal.Decimal("1.50"), decimal.Decimal("123456.78"), decimal.Decimal("1.005"), decimal.Decimal("NaN"), [], [1], {}, {"a": 1}]
VALUES += [datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1, 10, 0, 0, 123456, tzinfo=datetime.timezone.utc), datetime.time(10, 0, 0, 5)]
VALUES += [datetime.timedelta(days=1, seconds=2, microseconds=3), uuid.UUID(int=5), b"ab"]

CHOICES = [["S", "Small"], ["Groups", [["M", "Medium"], ["L", "Large"]]]]
OPTIONS = [{}, {"null": True}, {"blank": True}, {"null": True, "blank": True}]

FIELDS = [
    *[("CharField", {"max_length": 10, **options}) for options in OPTIONS],
    *[("CharField", {"max_length": 6, "choices": CHOICES, **options}) for options in OPTIONS],
    ("TextField", {}),
    ("SlugField", {}),
    ("SlugField", {"allow_unicode": True, "max_length": 5}),
    ("EmailField", {}),
    ("URLField", {}),
    *[("IntegerField", options) for options in OPTIONS],
    ("IntegerField", {"choices": [[1, "one"], [2, "two"]]}),
    ("IntegerField", {"error_messages": {"invalid": "%(value)s?", "null": "Nothing!", "min_value": "Too small."}}),
    ("SmallIntegerField", {}),
    ("BigIntegerField", {}),
    ("PositiveIntegerField", {}),
    ("PositiveSmallIntegerField", {}),
    ("PositiveBigIntegerField", {}),
    ("FloatField", {}),
    ("FloatField", {"null": True, "blank": True}),
    *[("DecimalField", {"max_digits": 6, "decimal_places": 2, **options}) for options in OPTIONS],
    *[("BooleanField", options) for options in OPTIONS],
    *[("DateField", options) for options in OPTIONS[:2]],
    *[("DateTimeField", options) for options in OPTIONS[:2]],
    *[("TimeField", options) for options in OPTIONS[:2]],
    *[("DurationField", options) for options in OPTIONS[:2]],
    *[("UUIDField", options) for options in OPTIONS[:2]],
    ("GenericIPAddressField", {}),
    ("GenericIPAddressField", {"protocol": "IPv4"}),
    ("GenericIPAddressField", {"protocol": "IPv6"}),
    ("GenericIPAddressField", {"unpack_ipv4": True}),
    *[("JSONField", options) for options in OPTIONS],
    ("BinaryField", {"editable": True, "max_length": 2}),
    ("CharField", {"max_length": 10, "editable": False}),
]


def errors_of(error):
    return [[each.code, str(each.messages[0])] for each in error.error_list]


def outcome(run):
    try:
        return run()
    except ValidationError as error:
        return {"errors": errors_of(error)}
    except Exception as error:
        return {"raises": type(error).__name__}


def check_validator(name, args, kwargs, inputs):
    made = getattr(validators, name)
    validator = made if args is None else made(*args, **kwargs)

    def run(value):
        validator(value)
        return None

    cases = [[encode(value), outcome(lambda value=value: run(value))] for value in dict.fromkeys(inputs)]
    return {"name": name, "args": None if args is None else encode(args), "kwargs": encode(kwargs), "cases": cases}


def check_field(name, kwargs):
    field = getattr(models, name)(**kwargs)
    field.set_attributes_from_name("it")
    cases = []
    for value in VALUES:
        cases.append([encode(value), outcome(lambda value=value: {"value": encode(field.clean(value, None))})])
    return {"name": name, "kwargs": encode(kwargs), "cases": cases}


def main():
    [out] = sys.argv[1:]
    found = {
        "validators": [check_validator(*each) for each in VALIDATORS],
        "fields": [check_field(*each) for each in FIELDS],
    }
    for name, cases in found.items():
        with open(os.path.join(out, f"{name}.json"), "w") as file:
            json.dump(cases, file, ensure_ascii=True, separators=(",", ":"))
            file.write("\n")


main()
