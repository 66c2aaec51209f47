/** The models of django_answers.py. */
import {
  BigIntegerField,
  BooleanField,
  CASCADE,
  CharField,
  DateField,
  DateTimeField,
  DecimalField,
  FloatField,
  ForeignKey,
  IntegerField,
  JSONField,
  Model,
  SmallIntegerField,
  TextField,
  UUIDField,
} from "asgimod";
import {
  ArrayField,
  BigIntegerRangeField,
  DateRangeField,
  DateTimeRangeField,
  DecimalRangeField,
  HStoreField,
  IntegerRangeField,
  SearchVectorField,
} from "asgimod/postgres";

export class Post extends Model("contrib.Post", {
  title: CharField({ maxLength: 30 }),
  tags: ArrayField(CharField({ maxLength: 10 }), { default: () => [], blank: true }),
  scores: ArrayField(IntegerField(), { null: true, blank: true, size: 3 }),
  grid: ArrayField(ArrayField(IntegerField()), { null: true, blank: true }),
  prices: ArrayField(DecimalField({ maxDigits: 6, decimalPlaces: 2 }), { null: true, blank: true }),
  days: ArrayField(DateField(), { null: true, blank: true }),
  bigs: ArrayField(BigIntegerField({ null: true }), { null: true, blank: true }),
  uuids: ArrayField(UUIDField(), { null: true, blank: true }),
  documents: ArrayField(JSONField<{ a: number }>(), { null: true, blank: true }),
}) {}

export class Dog extends Model("contrib.Dog", {
  name: CharField({ maxLength: 30 }),
  data: HStoreField({ null: true }),
  many: ArrayField(HStoreField(), { null: true, blank: true }),
}) {}

export class Event extends Model("contrib.Event", {
  ints: IntegerRangeField({ null: true, blank: true }),
  bigints: BigIntegerRangeField({ null: true, blank: true }),
  decimals: DecimalRangeField({ null: true, blank: true }),
  instants: DateTimeRangeField({ null: true, blank: true, defaultBounds: "[]" }),
  days: DateRangeField({ null: true, blank: true }),
  several: ArrayField(IntegerRangeField(), { null: true, blank: true }),
  n: IntegerField({ default: 0 }),
  small: SmallIntegerField({ default: 0 }),
  float: FloatField({ default: 0 }),
  amount: DecimalField({ maxDigits: 6, decimalPlaces: 2, default: "0" }),
  day: DateField({ null: true }),
  at: DateTimeField({ null: true }),
}) {}

export class Recipe extends Model("contrib.Recipe", {
  title: CharField({ maxLength: 60 }),
  body: TextField({ null: true }),
  language: CharField({ maxLength: 20, default: "english" }),
  stars: IntegerField({ default: 0 }),
  vector: SearchVectorField({ null: true }),
}) {}

export class Shop extends Model("contrib.Shop", {
  name: CharField({ maxLength: 20 }),
}) {}

export class Sale extends Model("contrib.Sale", {
  shop: ForeignKey("contrib.Shop", { onDelete: CASCADE, relatedName: "sales" }),
  item: CharField({ maxLength: 20, null: true }),
  n: IntegerField({ null: true }),
  price: DecimalField({ maxDigits: 6, decimalPlaces: 2 }),
  weight: FloatField({ null: true }),
  paid: BooleanField({ null: true }),
  day: DateField(),
  token: UUIDField({ null: true }),
  at: DateTimeField({ null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    contrib: typeof import("./models.ts");
  }
}
