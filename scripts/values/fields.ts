/** The fields whose values are written and read, by a name that Django knows too. */
import {
  BigIntegerField,
  BinaryField,
  BooleanField,
  CharField,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  EmailField,
  FloatField,
  GenericIPAddressField,
  IntegerField,
  JSONField,
  Model,
  PositiveBigIntegerField,
  PositiveIntegerField,
  PositiveSmallIntegerField,
  SlugField,
  SmallIntegerField,
  TextField,
  TimeField,
  URLField,
  UUIDField,
} from "asgimod";

/** A field under test: Django's class and options, and the field here. */
export interface Tested {
  readonly name: string;
  readonly django: readonly [type: string, options: Readonly<Record<string, unknown>>];
  readonly field: unknown;
}

const nullable = { null: true } as const;

export const tested: readonly Tested[] = [
  { name: "big", django: ["BigIntegerField", {}], field: BigIntegerField(nullable) },
  { name: "binary", django: ["BinaryField", {}], field: BinaryField(nullable) },
  { name: "boolean", django: ["BooleanField", {}], field: BooleanField(nullable) },
  {
    name: "char",
    django: ["CharField", { max_length: 12 }],
    field: CharField({ maxLength: 12, ...nullable }),
  },
  { name: "date", django: ["DateField", {}], field: DateField(nullable) },
  { name: "datetime", django: ["DateTimeField", {}], field: DateTimeField(nullable) },
  {
    name: "decimal",
    django: ["DecimalField", { max_digits: 12, decimal_places: 4 }],
    field: DecimalField({ maxDigits: 12, decimalPlaces: 4, ...nullable }),
  },
  {
    name: "wide",
    django: ["DecimalField", { max_digits: 40, decimal_places: 10 }],
    field: DecimalField({ maxDigits: 40, decimalPlaces: 10, ...nullable }),
  },
  { name: "duration", django: ["DurationField", {}], field: DurationField(nullable) },
  { name: "email", django: ["EmailField", {}], field: EmailField(nullable) },
  { name: "float", django: ["FloatField", {}], field: FloatField(nullable) },
  { name: "ip", django: ["GenericIPAddressField", {}], field: GenericIPAddressField(nullable) },
  { name: "integer", django: ["IntegerField", {}], field: IntegerField(nullable) },
  { name: "json", django: ["JSONField", {}], field: JSONField(nullable) },
  { name: "positivebig", django: ["PositiveBigIntegerField", {}], field: PositiveBigIntegerField(nullable) },
  { name: "positive", django: ["PositiveIntegerField", {}], field: PositiveIntegerField(nullable) },
  {
    name: "positivesmall",
    django: ["PositiveSmallIntegerField", {}],
    field: PositiveSmallIntegerField(nullable),
  },
  { name: "slug", django: ["SlugField", {}], field: SlugField(nullable) },
  { name: "small", django: ["SmallIntegerField", {}], field: SmallIntegerField(nullable) },
  { name: "text", django: ["TextField", {}], field: TextField(nullable) },
  { name: "time", django: ["TimeField", {}], field: TimeField(nullable) },
  { name: "url", django: ["URLField", {}], field: URLField(nullable) },
  { name: "uuid", django: ["UUIDField", {}], field: UUIDField(nullable) },
];

/** A model with one column of the field, and its key. */
export interface ValueModel {
  readonly name: string;
  readonly aobjects: {
    create(values: object): Promise<{ readonly pk: number }>;
    get(lookups: object): Promise<{ readonly v: unknown }>;
    valuesList(...names: unknown[]): PromiseLike<readonly (readonly unknown[])[]>;
    filter(lookups: object): { delete(): Promise<unknown> };
  };
  readonly _meta: unknown;
}

/** The models, by the names of their fields: `fieldvalues.Big` and so on. */
export const models: Readonly<Record<string, ValueModel>> = Object.fromEntries(
  tested.map(({ name, field }) => [
    modelName(name),
    Model(`fieldvalues.${modelName(name)}`, { v: field } as never) as unknown as ValueModel,
  ]),
);

export function modelName(field: string): string {
  return `${field[0]?.toUpperCase()}${field.slice(1)}`;
}
