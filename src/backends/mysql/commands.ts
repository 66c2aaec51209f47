/** The requests of a session: their packets, and how the packets of the answer are read. */

import type { Rows } from "../../task.ts";
import type { QueuedRequest } from "../base/server/request-queue.ts";
import type { Client, Command, OutgoingPacket, Packet } from "./driver.ts";
import {
  type BinaryReader,
  binaryReader,
  type Column,
  type Position,
  type RowReader,
  readBinaryRow,
  readLength,
  textRowReader,
} from "./readers.ts";

const COM_QUERY = 3;
const COM_PING = 14;
const COM_STMT_PREPARE = 22;
const COM_STMT_EXECUTE = 23;
const COM_STMT_CLOSE = 25;
const COM_STMT_FETCH = 28;

const CURSOR_READ_ONLY = 1;

/** The server's status: bits of the last packet of an answer. */
const STATUS = { inTransaction: 1, moreResults: 8, cursorExists: 64, lastRowSent: 128 } as const;

const ERROR = 0xff;
const END = 0xfe;

/** An error of the server, with its number and its SQLSTATE. */
export class ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;

  constructor(errno: number, sqlState: string, message: string) {
    super(message);
    this.name = "ServerError";
    this.errno = errno;
    this.sqlState = sqlState;
  }
}

function errorOf({ buffer, offset, end }: Packet): ServerError {
  const errno = buffer.readUInt16LE(offset + 1);
  const hasState = buffer[offset + 3] === 35;
  const sqlState = hasState ? buffer.toString("latin1", offset + 4, offset + 9) : "HY000";
  return new ServerError(errno, sqlState, buffer.toString("utf8", offset + (hasState ? 9 : 3), end));
}

const HEADER = 4;
/** The most bytes of one packet; longer ones are sent in parts. */
const MOST = 0xffffff;

/** A packet: a command with its bytes. */
class Outgoing implements OutgoingPacket {
  readonly buffer: Buffer;

  constructor(command: number, size: number) {
    this.buffer = Buffer.allocUnsafe(HEADER + 1 + size);
    this.buffer[HEADER] = command;
  }

  /** A packet that fills the last of its parts is followed by an empty one. */
  length(): number {
    const size = this.buffer.length - HEADER;
    return size % MOST === 0 ? size + 1 : size;
  }

  writeHeader(sequence: number): void {
    this.buffer.writeUIntLE(this.buffer.length - HEADER, 0, 3);
    this.buffer[3] = sequence;
  }
}

function textPacket(command: number, text: string): Outgoing {
  const packet = new Outgoing(command, Buffer.byteLength(text));
  packet.buffer.write(text, HEADER + 1);
  return packet;
}

function statementPacket(command: number, statement: number, ...numbers: readonly number[]): Outgoing {
  const packet = new Outgoing(command, 4 + numbers.length * 4);
  packet.buffer.writeUInt32LE(statement, HEADER + 1);
  numbers.forEach((number, i) => void packet.buffer.writeUInt32LE(number, HEADER + 5 + i * 4));
  return packet;
}

/** What a request gave. */
export interface Answer {
  readonly rows: Rows;
  readonly columns: readonly Column[];
  readonly changes: number;
  readonly lastInsertId: number;
}

/** The end of rows; a row that begins with this byte is longer. */
function isEnd({ buffer, offset, end }: Packet): boolean {
  return buffer[offset] === END && end - offset < 9;
}

function columnOf(packet: Packet, extended: boolean): Column {
  const position: Position = { buffer: packet.buffer, at: packet.offset };
  const { buffer } = packet;
  /** Moves behind a text; gives where it begins. */
  const skip = (): number => {
    const length = readLength(position);
    position.at += length;
    return position.at - length;
  };
  // Catalog, schema, table, and the table's own name.
  for (let i = 0; i < 4; i++) skip();
  const start = skip();
  const name = buffer.toString("utf8", start, position.at);
  skip();
  if (extended) skip();
  const at = position.at + 1;
  return {
    name,
    charset: buffer.readUInt16LE(at),
    type: buffer[at + 6] as number,
    flags: buffer.readUInt16LE(at + 7),
  };
}

/** What the session wants to know of every answer. */
export interface Watcher {
  /** The server's status after an answer. */
  status(bits: number): void;
  lost(error: unknown): void;
}

/** A request as its session handles it, whatever it gives. */
export interface Sent extends Command, QueuedRequest {
  whenAnswered: (error: unknown) => void;
  fail(error: unknown): void;
}

/** A request with its answer. What goes wrong while rows are read is kept until the server has sent them all. */
export abstract class Request<T> implements Sent {
  readonly answer: Promise<T>;
  /** Called once, with the error if there is one, before the answer settles. */
  whenAnswered: (error: unknown) => void = () => {};
  /** It was asked to stop; an error of the server is taken for the consequence. */
  cancelled: { readonly reason: unknown } | null = null;
  #resolve!: (answer: T) => void;
  #reject!: (error: unknown) => void;
  #failure: { readonly error: unknown } | null = null;
  #started = false;
  #settled = false;
  protected readonly watcher: Watcher;

  constructor(watcher: Watcher) {
    this.watcher = watcher;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  protected abstract send(client: Client): void;

  /** Reads one packet, no error. Gives true when it is the last one. */
  protected abstract receive(packet: Packet, client: Client): boolean;

  protected abstract result(): T;

  execute(packet: Packet | undefined, client: Client): boolean {
    if (!this.#started) {
      this.#started = true;
      client._resetSequenceId();
      this.send(client);
      return false;
    }
    if (packet === undefined) return false;
    if (packet.buffer[packet.offset] === ERROR) {
      this.fail(errorOf(packet));
      return true;
    }
    if (!this.receive(packet, client)) return false;
    if (this.#failure === null) this.#succeed();
    else this.fail(this.#failure.error);
    return true;
  }

  #succeed(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.whenAnswered(undefined);
    this.#resolve(this.result());
  }

  /** Ends the request with an error. */
  fail(error: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.whenAnswered(error);
    this.#reject(this.cancelled === null ? error : this.cancelled.reason);
  }

  /** Ends a request that was not sent. */
  reject(reason: unknown): void {
    this.#settled = true;
    this.#reject(reason);
  }

  /** Remembers an error of ours until the server has sent everything. */
  protected keep(error: unknown): void {
    this.#failure ??= { error };
  }

  protected get failed(): boolean {
    return this.#failure !== null;
  }

  onResult(error: unknown): void {
    this.watcher.lost(error);
    this.fail(error);
  }
}

type State = "header" | "columns" | "columns end" | "rows";

/** Reads the columns of an answer, then its rows, in either form. */
abstract class RowsRequest<T> extends Request<T> {
  protected readonly bigints: boolean;
  protected readonly columns: Column[] = [];
  protected rows: unknown[][] = [];
  protected changes = 0;
  protected lastInsertId = 0;
  #state: State = "header";
  #expected = 0;
  readonly #position: Position = { buffer: Buffer.alloc(0), at: 0 };

  constructor(watcher: Watcher, bigints: boolean) {
    super(watcher);
    this.bigints = bigints;
  }

  /** The columns are known. */
  protected abstract described(): void;
  protected abstract readRow(position: Position): unknown[];

  /** Behind the columns: whether rows follow. */
  protected rowsFollow(_status: number): boolean {
    return true;
  }

  protected override receive(packet: Packet, client: Client): boolean {
    switch (this.#state) {
      case "header":
        return this.#header(packet);
      case "columns":
        this.columns.push(columnOf(packet, client._mariadbExtendedMetadata === true));
        if (this.columns.length === this.#expected) this.#state = "columns end";
        return false;
      case "columns end": {
        this.described();
        const status = packet.buffer.readUInt16LE(packet.offset + 3);
        if (!this.rowsFollow(status)) {
          this.watcher.status(status);
          return true;
        }
        this.#state = "rows";
        return false;
      }
      default:
        return this.#row(packet);
    }
  }

  #header(packet: Packet): boolean {
    const position = this.#at(packet);
    if (packet.buffer[packet.offset] === 0) {
      position.at++;
      this.changes = readLength(position);
      this.lastInsertId = readLength(position);
      return this.#done(packet.buffer.readUInt16LE(position.at));
    }
    this.#expected = readLength(position);
    this.columns.length = 0;
    this.rows = [];
    this.#state = "columns";
    return false;
  }

  #row(packet: Packet): boolean {
    if (isEnd(packet)) return this.#done(packet.buffer.readUInt16LE(packet.offset + 3));
    if (this.failed) return false;
    try {
      this.rows.push(this.readRow(this.#at(packet)));
    } catch (error) {
      this.keep(error);
    }
    return false;
  }

  #at({ buffer, offset }: Packet): Position {
    const position = this.#position;
    position.buffer = buffer;
    position.at = offset;
    return position;
  }

  #done(status: number): boolean {
    this.watcher.status(status);
    this.#state = "header";
    return (status & STATUS.moreResults) === 0;
  }
}

/** Runs a statement whose parameters are literals already. */
export class QueryRequest extends RowsRequest<Answer> {
  readonly #text: string;
  #read: RowReader | null = null;

  constructor(watcher: Watcher, text: string, bigints: boolean) {
    super(watcher, bigints);
    this.#text = text;
  }

  protected override send(client: Client): void {
    client.writePacket(textPacket(COM_QUERY, this.#text));
  }

  protected override described(): void {
    this.#read = textRowReader(this.columns, this.bigints);
  }

  protected override readRow(position: Position): unknown[] {
    return (this.#read as RowReader)(position);
  }

  protected override result(): Answer {
    const { rows, columns, changes, lastInsertId } = this;
    return { rows, columns, changes, lastInsertId };
  }
}

/** Asks for a sign of life. */
export class PingRequest extends Request<void> {
  protected override send(client: Client): void {
    client.writePacket(new Outgoing(COM_PING, 0));
  }

  protected override receive(): boolean {
    return true;
  }

  protected override result(): void {}
}

/** Prepares a statement for a cursor; gives its number. */
export class PrepareRequest extends Request<number> {
  readonly #text: string;
  #statement = 0;
  #left = -1;

  constructor(watcher: Watcher, text: string) {
    super(watcher);
    this.#text = text;
  }

  protected override send(client: Client): void {
    client.writePacket(textPacket(COM_STMT_PREPARE, this.#text));
  }

  /** Descriptions of columns follow, which come once more with the rows. */
  protected override receive({ buffer, offset }: Packet): boolean {
    if (this.#left < 0) {
      this.#statement = buffer.readUInt32LE(offset + 1);
      const columns = buffer.readUInt16LE(offset + 5);
      const params = buffer.readUInt16LE(offset + 7);
      this.#left = columns + (columns > 0 ? 1 : 0) + params + (params > 0 ? 1 : 0);
      return this.#left === 0;
    }
    return --this.#left === 0;
  }

  protected override result(): number {
    return this.#statement;
  }
}

/** What opening a cursor, or fetching from it, gave. */
export interface Fetched {
  readonly rows: Rows;
  readonly columns: readonly Column[];
  /** There are no more rows. */
  readonly finished: boolean;
}

/** Opens a cursor for a prepared statement. Where the server has none for it, all rows come at once. */
export class OpenRequest extends RowsRequest<Fetched> {
  readonly #statement: number;
  #readers: readonly BinaryReader[] = [];
  #finished = true;

  constructor(watcher: Watcher, statement: number, bigints: boolean) {
    super(watcher, bigints);
    this.#statement = statement;
  }

  protected override send(client: Client): void {
    const packet = new Outgoing(COM_STMT_EXECUTE, 9);
    packet.buffer.writeUInt32LE(this.#statement, HEADER + 1);
    packet.buffer[HEADER + 5] = CURSOR_READ_ONLY;
    packet.buffer.writeUInt32LE(1, HEADER + 6);
    client.writePacket(packet);
  }

  protected override described(): void {
    this.#readers = this.columns.map((column) => binaryReader(column, this.bigints));
  }

  protected override rowsFollow(status: number): boolean {
    this.#finished = (status & STATUS.cursorExists) === 0;
    return this.#finished;
  }

  protected override readRow(position: Position): unknown[] {
    return readBinaryRow(position, this.#readers);
  }

  protected override result(): Fetched {
    return { rows: this.rows, columns: this.columns, finished: this.#finished };
  }
}

/** The next rows of a cursor. */
export class FetchRequest extends Request<Fetched> {
  readonly #statement: number;
  readonly #count: number;
  readonly #columns: readonly Column[];
  readonly #readers: readonly BinaryReader[];
  readonly #rows: Rows = [];
  readonly #position: Position = { buffer: Buffer.alloc(0), at: 0 };
  #finished = false;

  constructor(
    watcher: Watcher,
    statement: number,
    count: number,
    columns: readonly Column[],
    bigints: boolean,
  ) {
    super(watcher);
    this.#statement = statement;
    this.#count = count;
    this.#columns = columns;
    this.#readers = columns.map((column) => binaryReader(column, bigints));
  }

  protected override send(client: Client): void {
    client.writePacket(statementPacket(COM_STMT_FETCH, this.#statement, this.#count));
  }

  protected override receive(packet: Packet): boolean {
    if (isEnd(packet)) {
      const status = packet.buffer.readUInt16LE(packet.offset + 3);
      this.#finished = (status & STATUS.lastRowSent) !== 0;
      this.watcher.status(status);
      return true;
    }
    if (this.failed) return false;
    this.#position.buffer = packet.buffer;
    this.#position.at = packet.offset;
    try {
      this.#rows.push(readBinaryRow(this.#position, this.#readers));
    } catch (error) {
      this.keep(error);
    }
    return false;
  }

  protected override result(): Fetched {
    return { rows: this.#rows, columns: this.#columns, finished: this.#finished };
  }
}

/** Ends a prepared statement, and its cursor with it. The server does not answer. */
export class CloseStatement implements Command {
  readonly #statement: number;

  constructor(statement: number) {
    this.#statement = statement;
  }

  execute(_packet: Packet | undefined, client: Client): boolean {
    client._resetSequenceId();
    client.writePacket(statementPacket(COM_STMT_CLOSE, this.#statement));
    return true;
  }

  /** The statement is gone with its connection. */
  onResult(): void {}
}

/** Whether the status says that a transaction is open. */
export function inTransaction(status: number): boolean {
  return (status & STATUS.inTransaction) !== 0;
}
