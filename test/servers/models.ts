import {
  BigIntegerField,
  BinaryField,
  BooleanField,
  CASCADE,
  CharField,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  FloatField,
  ForeignKey,
  GenericIPAddressField,
  IntegerField,
  JSONField,
  Model,
  TextField,
  TimeField,
  UUIDField,
} from "asgimod";

export class Account extends Model("bank.Account", {
  name: CharField({ maxLength: 20, unique: true }),
  balance: IntegerField({ default: 0 }),
}) {}

export class Entry extends Model("bank.Entry", {
  account: ForeignKey("bank.Account", { onDelete: CASCADE }),
  amount: DecimalField({ maxDigits: 8, decimalPlaces: 2 }),
}) {}

export class Thing extends Model("bank.Thing", {
  text: TextField({ null: true }),
  flag: BooleanField({ null: true }),
  small: IntegerField({ null: true }),
  big: BigIntegerField({ null: true }),
  float: FloatField({ null: true }),
  decimal: DecimalField({ maxDigits: 30, decimalPlaces: 10, null: true }),
  date: DateField({ null: true }),
  time: TimeField({ null: true }),
  instant: DateTimeField({ null: true }),
  duration: DurationField({ null: true }),
  bytes: BinaryField({ null: true }),
  uuid: UUIDField({ null: true }),
  ip: GenericIPAddressField({ null: true }),
  json: JSONField<unknown>({ null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    bank: typeof import("./models.ts");
  }
}
