/**
 * Offsets of IANA time zones, as Python's `zoneinfo` gives them: seconds since the epoch in, seconds east of
 * UTC out. Asking the platform costs microseconds, so the answers are kept by day.
 */

const DAY = 86_400;
const MAX_DAYS = 20_000;

class Zone {
  readonly #format: Intl.DateTimeFormat;
  /** Day since the epoch -> the offset of the whole day, NaN where it changes within the day. */
  readonly #days = new Map<number, number>();

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** The offset at an instant. */
  offsetAt(instant: number): number {
    const day = Math.floor(instant / DAY);
    let offset = this.#days.get(day);
    if (offset === undefined) {
      const start = this.#ask(day * DAY);
      offset = start === this.#ask(day * DAY + DAY - 1) ? start : Number.NaN;
      if (this.#days.size >= MAX_DAYS) this.#days.clear();
      this.#days.set(day, offset);
    }
    return Number.isNaN(offset) ? this.#ask(Math.floor(instant)) : offset;
  }

  #ask(instant: number): number {
    const field: Record<string, number> = {};
    let beforeChrist = false;
    for (const { type, value } of this.#format.formatToParts(instant * 1000)) {
      if (type === "era") beforeChrist = value.startsWith("B");
      else field[type] = Number(value);
    }
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
    const date = new Date(0);
    date.setUTCFullYear(beforeChrist ? 1 - year : year, month - 1, day);
    date.setUTCHours(hour, minute, second);
    return date.getTime() / 1000 - instant;
  }

  /**
   * The offset of a local time. Where the clock was set back and a local time comes twice, the first counts;
   * where it was set forward and the time does not exist, the offset before the change does.
   */
  offsetOfLocal(local: number): number {
    const before = this.offsetAt(local - DAY);
    const after = this.offsetAt(local + DAY);
    if (before === after)
      return this.offsetAt(local - before) === before ? before : this.offsetAt(local - before);
    if (this.offsetAt(local - before) === before) return before;
    return this.offsetAt(local - after) === after ? after : before;
  }
}

const zones = new Map<string, Zone | null>();

function findZone(name: string): Zone | null {
  let zone = zones.get(name);
  if (zone === undefined) {
    try {
      // Offsets such as "+03:00" are not names of zones.
      zone = /^[+-]/.test(name) ? null : new Zone(name);
    } catch {
      zone = null;
    }
    if (zones.size < 1_000) zones.set(name, zone);
  }
  return zone;
}

/** Whether there is a time zone of that name. */
export function isZone(name: string): boolean {
  return name === "UTC" || findZone(name) !== null;
}

/**
 * Seconds east of UTC at an instant, given in seconds since the epoch.
 *
 * @throws RangeError for an unknown zone
 */
export function offsetAt(name: string, instant: number): number {
  return name === "UTC" ? 0 : known(name).offsetAt(instant);
}

/** Seconds east of UTC at a local time, given as if it were UTC in seconds since the epoch. */
export function offsetOfLocal(name: string, local: number): number {
  return name === "UTC" ? 0 : known(name).offsetOfLocal(local);
}

function known(name: string): Zone {
  const zone = findZone(name);
  if (zone === null) throw new RangeError(`No time zone found with key ${name}`);
  return zone;
}
