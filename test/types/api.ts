/** The public names with their types only: what the tests here import. */
import type {
  AnyValueFactory,
  AsyncMixinFactory,
  AutoFieldFactory,
  AvgFactory,
  BigIntegerFieldFactory,
  BinaryFieldFactory,
  BooleanFieldFactory,
  CharFieldFactory,
  CountFactory,
  DateFieldFactory,
  DateTimeFieldFactory,
  DecimalFieldFactory,
  DurationFieldFactory,
  FFactory,
  FloatFieldFactory,
  ForeignKeyFactory,
  GenericForeignKeyFactory,
  GenericIPAddressFieldFactory,
  IntegerFieldFactory,
  JSONFieldFactory,
  ManyToManyFieldFactory,
  MaxFactory,
  MinFactory,
  ModelFactory,
  OnDelete,
  OneToOneFieldFactory,
  PrefetchFactory,
  QFactory,
  SlugFieldFactory,
  SumFactory,
  SyncModelFactory,
  TextFieldFactory,
  TimeFieldFactory,
  UUIDFieldFactory,
  ValueFactory,
} from "../../src/types/index.ts";

export type * from "../../src/types/index.ts";

export declare const Model: ModelFactory;
export declare const SyncModel: SyncModelFactory;
export declare const AsyncMixin: AsyncMixinFactory;
export declare const AutoField: AutoFieldFactory;
export declare const BigIntegerField: BigIntegerFieldFactory;
export declare const BinaryField: BinaryFieldFactory;
export declare const BooleanField: BooleanFieldFactory;
export declare const CharField: CharFieldFactory;
export declare const DateField: DateFieldFactory;
export declare const DateTimeField: DateTimeFieldFactory;
export declare const DecimalField: DecimalFieldFactory;
export declare const DurationField: DurationFieldFactory;
export declare const FloatField: FloatFieldFactory;
export declare const GenericForeignKey: GenericForeignKeyFactory;
export declare const GenericIPAddressField: GenericIPAddressFieldFactory;
export declare const IntegerField: IntegerFieldFactory;
export declare const JSONField: JSONFieldFactory;
export declare const SlugField: SlugFieldFactory;
export declare const TextField: TextFieldFactory;
export declare const TimeField: TimeFieldFactory;
export declare const UUIDField: UUIDFieldFactory;
export declare const ForeignKey: ForeignKeyFactory;
export declare const OneToOneField: OneToOneFieldFactory;
export declare const ManyToManyField: ManyToManyFieldFactory;
export declare const CASCADE: OnDelete;
export declare const SET_NULL: OnDelete;
export declare const F: FFactory;
export declare const Q: QFactory;
export declare const Value: ValueFactory;
export declare const Count: CountFactory;
export declare const Sum: SumFactory;
export declare const Avg: AvgFactory;
export declare const Min: MinFactory;
export declare const Max: MaxFactory;
export declare const AnyValue: AnyValueFactory;
export declare const Prefetch: PrefetchFactory;
