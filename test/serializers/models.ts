/** Models with natural keys, camelCase names and fields that fill themselves in. */
import {
  BinaryField,
  CASCADE,
  CharField,
  configure,
  connections,
  createTables,
  DateTimeField,
  DurationField,
  FloatField,
  ForeignKey,
  IntegerField,
  JSONField,
  ManyToManyField,
  Model,
  TimeField,
} from "asgimod";

export class Shelf extends Model("library.Shelf", { name: CharField({ maxLength: 20, unique: true }) }) {
  static override readonly objects = super.objects.extend({
    getByNaturalKey(name: string) {
      return this.get({ name });
    },
  });

  naturalKey() {
    return [this.name];
  }
}

export class Writer extends Model("library.Writer", {
  firstName: CharField({ maxLength: 20 }),
  lastName: CharField({ maxLength: 20 }),
  rival: ForeignKey("library.Writer", { null: true, onDelete: CASCADE }),
}) {
  static override readonly objects = super.objects.extend({
    getByNaturalKey(firstName: string, lastName: string) {
      return this.get({ firstName, lastName });
    },
  });

  async naturalKey() {
    return [this.firstName, this.lastName];
  }
}

export class Volume extends Model("library.Volume", {
  title: CharField({ maxLength: 40 }),
  writtenBy: ForeignKey("library.Writer", { onDelete: CASCADE }),
  shelves: ManyToManyField("library.Shelf"),
  changed: DateTimeField({ autoNow: true, null: true }),
}) {}

export class Sample extends Model("library.Sample", {
  number: IntegerField({ null: true }),
  ratio: FloatField({ null: true }),
  at: TimeField({ null: true }),
  length: DurationField({ null: true }),
  bytes: BinaryField({ null: true }),
  document: JSONField({ null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    library: { Shelf: typeof Shelf; Writer: typeof Writer; Volume: typeof Volume; Sample: typeof Sample };
  }
}

/** Opens a fresh database. */
export async function open(url = "sqlite::memory:"): Promise<void> {
  configure({ apps: { library: { Shelf, Writer, Volume, Sample } }, databases: { default: url } });
  await connections.close();
  await createTables({ apps: ["library"] });
}
