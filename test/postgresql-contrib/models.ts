/** The models of django_answers.py. */
import {
  BigIntegerField,
  BooleanField,
  CASCADE,
  Cast,
  CharField,
  CompositePrimaryKey,
  DateField,
  DateTimeField,
  DecimalField,
  Deferrable,
  F,
  FloatField,
  ForeignKey,
  Func,
  GeneratedField,
  Index,
  IntegerField,
  JSONField,
  Lower,
  Model,
  Q,
  SmallIntegerField,
  TextField,
  UniqueConstraint,
  Upper,
  UUIDField,
} from "asgimod";
import {
  ArrayField,
  BigIntegerRangeField,
  BloomIndex,
  BrinIndex,
  BTreeIndex,
  DateRangeField,
  DateTimeRangeField,
  DecimalRangeField,
  ExclusionConstraint,
  GinIndex,
  GistIndex,
  HashIndex,
  HStoreField,
  IntegerRangeField,
  OpClass,
  RandomUUID,
  RangeBoundary,
  RangeOperators,
  SearchVector,
  SearchVectorField,
  SpGistIndex,
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

export class Indexed extends Model(
  "contrib.Indexed",
  {
    title: CharField({ maxLength: 30 }),
    body: TextField({ dbCollation: "C" }),
    tags: ArrayField(CharField({ maxLength: 10 }), { default: () => [], dbIndex: true }),
    limited: ArrayField(ArrayField(IntegerField(), { size: 2 }), { size: 3, null: true }),
    data: HStoreField({ null: true }),
    document: JSONField({ null: true }),
    span: IntegerRangeField({ null: true }),
    n: IntegerField({ default: 0 }),
    created: DateTimeField({ null: true }),
    vector: SearchVectorField({ null: true }),
    token: UUIDField({ dbDefault: RandomUUID() }),
  },
  {
    indexes: [
      GinIndex({ fields: ["tags"] }),
      GinIndex({ fields: ["document"], name: "doc_path", opclasses: ["jsonb_path_ops"] }),
      GinIndex({ fields: ["data"], name: "data_gin", fastupdate: false, ginPendingListLimit: 128 }),
      GinIndex(OpClass("title", "gin_trgm_ops"), { name: "title_trigrams" }),
      GinIndex(OpClass(Upper("title"), "gin_trgm_ops"), { name: "upper_title_trigrams" }),
      GinIndex(SearchVector("title", "body", { config: "english" }), { name: "words_gin" }),
      GinIndex({ fields: ["vector"], name: "vector_gin", condition: Q({ n__gt: 0 }) }),
      GistIndex({ fields: ["span"], name: "span_gist", buffering: true, fillfactor: 80 }),
      GistIndex({ fields: ["span"], name: "span_covering", include: ["n", "title"] }),
      BrinIndex({ fields: ["created"], name: "created_brin", autosummarize: true, pagesPerRange: 4 }),
      BrinIndex({ fields: ["created"] }),
      HashIndex({ fields: ["title"], name: "title_hash", fillfactor: 50 }),
      BTreeIndex({ fields: ["-n", "title"], name: "n_btree", fillfactor: 80, deduplicateItems: false }),
      BTreeIndex({ fields: ["n"] }),
      SpGistIndex({ fields: ["span"], name: "span_spgist", fillfactor: 60 }),
      SpGistIndex({ fields: ["title"] }),
      BloomIndex({
        fields: ["n", "title"],
        name: "bloom",
        length: 80,
        columns: [2, 4],
        opclasses: ["int4_ops", "text_ops"],
      }),
      Index(OpClass(Lower("title"), "varchar_pattern_ops").desc(), "n", { name: "lower_like" }),
      Index({ fields: ["title", "n"], name: "ops", opclasses: ["varchar_pattern_ops", "int4_ops"] }),
      Index({
        fields: ["n"],
        name: "covering",
        include: ["title"],
        condition: Q({ title__startswith: "a" }),
      }),
      Index(F("tags__0"), { name: "first_tag" }),
      Index(Cast("n", TextField()), { name: "n_text" }),
    ],
    constraints: [
      UniqueConstraint({ fields: ["title", "n"], name: "unique_deferred", deferrable: Deferrable.DEFERRED }),
      UniqueConstraint({ fields: ["n", "body"], name: "unique_immediate", deferrable: Deferrable.IMMEDIATE }),
      UniqueConstraint({ fields: ["title"], name: "unique_ops", opclasses: ["varchar_pattern_ops"] }),
      UniqueConstraint({ fields: ["title", "created"], name: "unique_nulls", nullsDistinct: false }),
      UniqueConstraint({
        fields: ["n", "created"],
        name: "unique_nulls_where",
        nullsDistinct: false,
        condition: Q({ n__lt: 0 }),
      }),
      UniqueConstraint(OpClass(Lower("body"), "text_pattern_ops").desc(), { name: "unique_lower" }),
      UniqueConstraint({ fields: ["n", "token"], name: "unique_covering", include: ["title"] }),
    ],
  },
) {}

export class Defaulted extends Model("contrib.Defaulted", {
  labels: ArrayField(TextField(), { dbDefault: ["a", "b'c", "", "NULL", "x y"] }),
  numbers: ArrayField(IntegerField(), { dbDefault: [1, 2] }),
  spare: IntegerRangeField({ dbDefault: [1, 5] }),
  title: CharField({ maxLength: 30 }),
  words: GeneratedField({
    expression: SearchVector("title", { config: "english" }),
    outputField: SearchVectorField(),
    dbPersist: true,
  }),
  open: DateTimeRangeField({ dbDefault: [new Date("2024-01-01T00:00:00Z"), null] }),
}) {}

export class Booking extends Model(
  "contrib.Booking",
  {
    room: IntegerField(),
    start: DateTimeField(),
    end: DateTimeField({ null: true, blank: true }),
    span: IntegerRangeField({ null: true, blank: true }),
    cancelled: BooleanField({ default: false }),
  },
  {
    constraints: [
      ExclusionConstraint({
        name: "one_at_a_time",
        expressions: [
          ["room", RangeOperators.EQUAL],
          [
            Func("start", "end", RangeBoundary(), {
              function: "TSTZRANGE",
              outputField: DateTimeRangeField(),
            }),
            RangeOperators.OVERLAPS,
          ],
        ],
        condition: Q({ cancelled: false }),
      }),
      ExclusionConstraint({
        name: "spans",
        expressions: [[F("span"), RangeOperators.ADJACENT_TO]],
        indexType: "SPGIST",
        violationErrorMessage: "Spans touch.",
        violationErrorCode: "touch",
      }),
      ExclusionConstraint({
        name: "rooms",
        expressions: [
          [OpClass("span", "range_ops"), "&&"],
          ["room", "<>"],
        ],
        deferrable: Deferrable.DEFERRED,
        include: ["cancelled", "start"],
      }),
    ],
  },
) {}

export class Seat extends Model("contrib.Seat", {
  pk: CompositePrimaryKey("row", "number"),
  row: CharField({ maxLength: 20 }),
  number: IntegerField(),
  price: DecimalField({ maxDigits: 6, decimalPlaces: 2, null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    contrib: typeof import("./models.ts");
  }
}
