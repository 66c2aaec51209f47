/** Indexes that PostgreSQL keeps in other ways. Django: django.contrib.postgres, "PostgreSQL specific model indexes". */
import { ValueError } from "../errors.ts";
import { Index, type IndexOptions, splitArguments, type WithExpressions } from "../models/indexes.ts";

/** An index by one of PostgreSQL's access methods, with its storage parameters. */
abstract class PostgresIndex<O extends IndexOptions = IndexOptions> extends Index {
  protected readonly parameters: O;
  abstract override readonly suffix: string;

  constructor(given: readonly unknown[], own: readonly (keyof O & string)[]) {
    const { expressions, options } = splitArguments<O>(given);
    const rest = Object.fromEntries(
      Object.entries(options).filter(([name]) => !own.includes(name as keyof O & string)),
    );
    super(...expressions, rest);
    this.parameters = Object.fromEntries(
      own.filter((name) => options[name] != null).map((name) => [name, options[name]]),
    ) as unknown as O;
  }

  override get method(): string {
    return this.suffix;
  }

  /** Longer suffixes than usual may be: no other database sees the name. */
  protected override get maxNameLength(): number {
    return super.maxNameLength - 3 + this.suffix.length;
  }

  override deconstruct(): ReturnType<Index["deconstruct"]> {
    const { type, args, kwargs } = super.deconstruct();
    return { type, args, kwargs: { ...kwargs, ...this.parameters } };
  }

  /** `name = 3`, `name = on`; nothing where it was not given. */
  protected setting(name: keyof O & string, option: string): string[] {
    const value = this.parameters[name];
    if (value === undefined) return [];
    return [`${option} = ${typeof value === "boolean" ? (value ? "on" : "off") : Math.trunc(Number(value))}`];
  }
}

export interface BloomOptions extends IndexOptions {
  /** The length of a signature in bits, 1 to 4096. */
  length?: number | undefined;
  /** The bits of each of the fields, 1 to 4095. */
  columns?: readonly number[] | undefined;
}

export class BloomIndex extends PostgresIndex<BloomOptions> {
  override readonly suffix: string = "bloom";

  constructor(...given: WithExpressions<BloomOptions> | unknown[]) {
    super(given, ["length", "columns"]);
    const { length, columns = [] } = this.parameters;
    if (this.fields.length > 32) throw new ValueError("Bloom indexes support a maximum of 32 fields.");
    if (!Array.isArray(columns)) throw new ValueError("BloomIndex.columns must be a list or tuple.");
    if (columns.length > this.fields.length) {
      throw new ValueError("BloomIndex.columns cannot have more values than fields.");
    }
    if (!columns.every((bits) => bits > 0 && bits <= 4095)) {
      throw new ValueError("BloomIndex.columns must contain integers from 1 to 4095.");
    }
    if (length !== undefined && !(length > 0 && length <= 4096)) {
      throw new ValueError("BloomIndex.length must be None or an integer from 1 to 4096.");
    }
  }

  override get storageParameters(): readonly string[] {
    const columns = this.parameters.columns ?? [];
    return [...this.setting("length", "length"), ...columns.map((bits, i) => `col${i + 1} = ${bits}`)];
  }
}

export interface BrinOptions extends IndexOptions {
  /** New pages are summarized at once. */
  autosummarize?: boolean | undefined;
  pagesPerRange?: number | undefined;
}

export class BrinIndex extends PostgresIndex<BrinOptions> {
  override readonly suffix: string = "brin";

  constructor(...given: WithExpressions<BrinOptions> | unknown[]) {
    super(given, ["autosummarize", "pagesPerRange"]);
    const { pagesPerRange } = this.parameters;
    if (pagesPerRange !== undefined && pagesPerRange <= 0) {
      throw new ValueError("pagesPerRange must be None or a positive integer");
    }
  }

  override get storageParameters(): readonly string[] {
    return [
      ...this.setting("autosummarize", "autosummarize"),
      ...this.setting("pagesPerRange", "pages_per_range"),
    ];
  }
}

export interface FillOptions extends IndexOptions {
  /** How full pages get, in percent. */
  fillfactor?: number | undefined;
}

export interface BTreeOptions extends FillOptions {
  deduplicateItems?: boolean | undefined;
}

export class BTreeIndex extends PostgresIndex<BTreeOptions> {
  override readonly suffix: string = "btree";

  constructor(...given: WithExpressions<BTreeOptions> | unknown[]) {
    super(given, ["fillfactor", "deduplicateItems"]);
  }

  override get storageParameters(): readonly string[] {
    return [
      ...this.setting("fillfactor", "fillfactor"),
      ...this.setting("deduplicateItems", "deduplicate_items"),
    ];
  }
}

export interface GinOptions extends IndexOptions {
  /** New entries wait in a list first. */
  fastupdate?: boolean | undefined;
  /** The size of that list in kilobytes. */
  ginPendingListLimit?: number | undefined;
}

export class GinIndex extends PostgresIndex<GinOptions> {
  override readonly suffix: string = "gin";

  constructor(...given: WithExpressions<GinOptions> | unknown[]) {
    super(given, ["fastupdate", "ginPendingListLimit"]);
  }

  override get storageParameters(): readonly string[] {
    return [
      ...this.setting("ginPendingListLimit", "gin_pending_list_limit"),
      ...this.setting("fastupdate", "fastupdate"),
    ];
  }
}

export interface GistOptions extends FillOptions {
  /** Building it uses buffers. */
  buffering?: boolean | undefined;
}

export class GistIndex extends PostgresIndex<GistOptions> {
  override readonly suffix: string = "gist";

  constructor(...given: WithExpressions<GistOptions> | unknown[]) {
    super(given, ["buffering", "fillfactor"]);
  }

  override get storageParameters(): readonly string[] {
    return [...this.setting("buffering", "buffering"), ...this.setting("fillfactor", "fillfactor")];
  }
}

export class HashIndex extends PostgresIndex<FillOptions> {
  override readonly suffix: string = "hash";

  constructor(...given: WithExpressions<FillOptions> | unknown[]) {
    super(given, ["fillfactor"]);
  }

  override get storageParameters(): readonly string[] {
    return this.setting("fillfactor", "fillfactor");
  }
}

export class SpGistIndex extends PostgresIndex<FillOptions> {
  override readonly suffix: string = "spgist";

  constructor(...given: WithExpressions<FillOptions> | unknown[]) {
    super(given, ["fillfactor"]);
  }

  override get storageParameters(): readonly string[] {
    return this.setting("fillfactor", "fillfactor");
  }
}
