/** A prepared statement: its text, the types of its parameters, and how its rows are read. */

import { type Reader, readerOf, type Wire } from "./types.ts";

export interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/** A statement of a session, for parameters of certain types. */
export class Statement {
  readonly text: string;
  readonly name: string;
  readonly oids: readonly number[];
  /** The same text with parameters of other types. */
  next: Statement | null = null;
  prepared = false;
  used = false;
  #columns: readonly Column[] = [];
  #readers: readonly Reader[] | null = null;
  #bigintReaders: readonly Reader[] | null = null;

  constructor(text: string, name: string, oids: readonly number[]) {
    this.text = text;
    this.name = name;
    this.oids = oids;
  }

  describe(columns: readonly Column[]): void {
    this.#columns = columns;
    this.#readers = null;
    this.#bigintReaders = null;
  }

  get columns(): readonly string[] {
    return this.#columns.map(({ name }) => name);
  }

  readers(bigints: boolean): readonly Reader[] {
    if (bigints) {
      this.#bigintReaders ??= this.#columns.map(({ dataTypeID }) => readerOf(dataTypeID, true));
      return this.#bigintReaders;
    }
    this.#readers ??= this.#columns.map(({ dataTypeID }) => readerOf(dataTypeID, false));
    return this.#readers;
  }

  /** Whether parameters of these types fit. NULL is of any type. */
  fits(oids: readonly number[], values: readonly Wire[]): boolean {
    for (let i = 0; i < oids.length; i++) {
      if (oids[i] !== this.oids[i] && values[i] !== null) return false;
    }
    return true;
  }
}

/** The statements that a session has prepared, a bounded number of them. */
export class StatementCache {
  readonly #limit: number;
  readonly #statements = new Map<string, Statement>();
  /** Names of statements that the server shall forget. */
  #closing: string[] = [];
  #names = 0;
  #count = 0;

  /** @param limit how many are kept; 0: none is given a name */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The statement for this text and parameters; prepared already, or to be prepared. */
  find(sql: string, oids: readonly number[], values: readonly Wire[]): Statement {
    if (this.#limit === 0) return new Statement(sql, "", oids);
    const first = this.#statements.get(sql) ?? null;
    for (let known = first; known !== null; known = known.next) {
      if (known.fits(oids, values)) {
        known.used = true;
        return known;
      }
    }
    if (this.#count >= this.#limit) this.#makeRoom();
    const made = new Statement(sql, `asgimod_s${++this.#names}`, oids);
    made.next = this.#statements.get(sql) ?? null;
    this.#statements.set(sql, made);
    this.#count++;
    return made;
  }

  /** Throws out the oldest text that was not used again since it was last considered. */
  #makeRoom(): void {
    for (const [sql, first] of this.#statements) {
      this.#statements.delete(sql);
      if (first.used) {
        first.used = false;
        this.#statements.set(sql, first);
        continue;
      }
      for (let old: Statement | null = first; old !== null; old = old.next) {
        this.#count--;
        this.#closing.push(old.name);
      }
      return;
    }
  }

  /** Drops a statement that does not work any more. */
  forget(statement: Statement): void {
    if (statement.name === "") return;
    const { text } = statement;
    let before: Statement | null = null;
    for (let known = this.#statements.get(text) ?? null; known !== null; known = known.next) {
      if (known === statement) {
        if (before !== null) before.next = known.next;
        else if (known.next !== null) this.#statements.set(text, known.next);
        else this.#statements.delete(text);
        this.#count--;
        this.#closing.push(statement.name);
        return;
      }
      before = known;
    }
  }

  /** The names to close with the next request. */
  takeClosing(): readonly string[] {
    if (this.#closing.length === 0) return NONE;
    const closing = this.#closing;
    this.#closing = [];
    return closing;
  }
}

const NONE: readonly string[] = [];
