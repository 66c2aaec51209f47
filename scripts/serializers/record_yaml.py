"""Records how PyYAML writes generated values: `python scripts/serializers/record_yaml.py SEED COUNT > FILE`."""

import json
import random
import sys

from django.conf import settings

settings.configure()

import yaml  # noqa: E402
from django.core.serializers.pyyaml import DjangoSafeDumper  # noqa: E402

WORDS = """a the word yes no null ~ true On 12 1.5 1e5 .5 0x1F 0b1 017 1:30 2020-01-01 2020-1-1 10:00:00 = << - -- --- ... ? : # ,
[ ] { } & * ! | > ' " % @ ` - : key: a:b #c a# it's "q" é ü 漢字 😀 Ünïcödé -.inf .nan +1 1_000 long-word-without-any-break \\ \\n /path/to
""".split()
SPACES = [" "] * 12 + ["  ", "\n", "\n\n", " \n", "\n ", "\t", "\r\n", "\r", "\x85", "\u2028", "\xa0", "\x00", "\x07", "\x1b", "\x7f", "\ufeff", "\ue000", "\ufffe"]


def text(random):
    kind = random.random()
    if kind < 0.1:
        return random.choice(WORDS)
    if kind < 0.25:
        return "".join(random.choice(WORDS) + " " for _ in range(random.randint(10, 60))).strip()
    parts = []
    for _ in range(random.randint(0, 8 if kind < 0.7 else 40)):
        parts.append(random.choice(WORDS))
        parts.append(random.choice(SPACES if random.random() < 0.5 else [" "]))
    result = "".join(parts)
    return result.strip() if random.random() < 0.5 else result


def value(random, depth=0):
    kind = random.random()
    if depth < 4 and kind < 0.15:
        return [value(random, depth + 1) for _ in range(random.randint(0, 4))]
    if depth < 4 and kind < 0.35:
        return {text(random): value(random, depth + 1) for _ in range(random.randint(0, 4))}
    if kind < 0.5:
        return random.choice([None, True, False, 0, -1, 12345678901, 0.5, 1e-7, 1e17, 1e100, -2.25])
    return text(random)


def main():
    seed, count = map(int, sys.argv[1:])
    generator = random.Random(seed)
    cases = []
    for i in range(count):
        items = [value(generator) for _ in range(generator.randint(0, 3))]
        indent = generator.choice([None, None, 2, 4])
        written = yaml.dump(items, Dumper=DjangoSafeDumper, allow_unicode=True, indent=indent)
        # Objects as pairs: JavaScript moves keys such as "1" to the front.
        cases.append([items_as_pairs(items), indent, written])
    json.dump(cases, sys.stdout, ensure_ascii=True, separators=(",", ":"))


def items_as_pairs(value):
    if isinstance(value, list):
        return [items_as_pairs(item) for item in value]
    if isinstance(value, dict):
        return {"$map": [[key, items_as_pairs(member)] for key, member in value.items()]}
    return value


main()
