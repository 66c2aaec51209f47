/** A model with every kind of field that people write, and some that they do not. */
import {
  BigIntegerField,
  BinaryField,
  BooleanField,
  CASCADE,
  CharField,
  CheckConstraint,
  configure,
  connections,
  createTables,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  EmailField,
  FloatField,
  ForeignKey,
  GenericIPAddressField,
  IntegerField,
  JSONField,
  ManyToManyField,
  MaxValueValidator,
  MinLengthValidator,
  MinValueValidator,
  Model,
  PositiveSmallIntegerField,
  Q,
  RegexValidator,
  SET_NULL,
  SlugField,
  StepValueValidator,
  TextField,
  TimeField,
  URLField,
  UUIDField,
  ValidationError,
} from "asgimod";

export class Maker extends Model("goods.Maker", {
  code: CharField({ maxLength: 4, primaryKey: true }),
  name: CharField({ maxLength: 20 }),
}) {}

export class Mark extends Model("goods.Mark", { name: CharField({ maxLength: 20, unique: true }) }) {}

export class Thing extends Model(
  "goods.Thing",
  {
    name: CharField({
      maxLength: 20,
      unique: true,
      validators: [MinLengthValidator(2)],
      helpText: "What it is called.",
    }),
    slug: SlugField({ blank: true }),
    text: TextField({ blank: true, null: true }),
    size: CharField({
      maxLength: 1,
      choices: [
        ["S", "Small"],
        [
          "Large",
          [
            ["L", "Large"],
            ["X", "Extra"],
          ],
        ],
      ],
      default: "S",
    }),
    level: IntegerField({
      null: true,
      choices: [
        [1, "one"],
        [2, "two"],
      ],
    }),
    price: DecimalField({ maxDigits: 6, decimalPlaces: 2, default: "1.00" }),
    stock: PositiveSmallIntegerField({ validators: [MaxValueValidator(500), StepValueValidator(5)] }),
    big: BigIntegerField({ null: true }),
    ratio: FloatField({ null: true, validators: [MinValueValidator(0)] }),
    active: BooleanField({ default: true }),
    day: DateField({ null: true }),
    at: DateTimeField({ null: true }),
    clock: TimeField({ null: true }),
    length: DurationField({ null: true }),
    uid: UUIDField({ null: true }),
    mail: EmailField({ blank: true }),
    link: URLField({ blank: true }),
    ip: GenericIPAddressField({ null: true }),
    code: CharField({ maxLength: 10, blank: true, validators: [RegexValidator(/^[A-Z]{2}\d+$/)] }),
    data: JSONField<{ a: number }>({ null: true }),
    maker: ForeignKey("goods.Maker", { onDelete: CASCADE }),
    parent: ForeignKey("goods.Thing", { null: true, onDelete: SET_NULL }),
    marks: ManyToManyField("goods.Mark"),
    created: DateTimeField({ autoNowAdd: true }),
    secret: CharField({ maxLength: 10, editable: false, default: "" }),
    bytes: BinaryField({ null: true }),
  },
  {
    constraints: [
      CheckConstraint({
        condition: Q({ price__gte: 0 }),
        name: "price_not_negative",
        violationErrorMessage: "Too cheap.",
      }),
    ],
  },
) {
  override clean() {
    if (this.name === this.code) throw new ValidationError("Name and code are the same.", { code: "same" });
    if (this.slug === "") this.slug = this.name.toLowerCase();
  }
}

declare module "asgimod" {
  interface Apps {
    goods: { Maker: typeof Maker; Mark: typeof Mark; Thing: typeof Thing };
  }
}

export async function open(): Promise<void> {
  configure({ apps: { goods: { Maker, Mark, Thing } }, databases: { default: "sqlite::memory:" } });
  await connections.close();
  await createTables({ apps: ["goods"] });
}
