// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// Texts that are dates, and what of a date repeats. Times are those that the texts show: a clock's hands, whatever the
// zone, so that a working day begins at nine in summer and in winter.

/** What of a date repeats. */
export type Part = 'hour' | 'weekday' | 'day';

/** A point in time as its text shows it. */
export interface Moment {
  /** Milliseconds since 1970, as if the text were in UTC. */
  readonly ms: number;
  /** Whether the text has a day, and a time of day. */
  readonly dated: boolean;
  readonly timed: boolean;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

const month = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const weekday = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,?\\s+)?';
const zone = '(?:\\s*(?:z|utc|gmt)?(?:\\s*[-+]\\d\\d:?(?:\\d\\d)?)?(?:\\s*\\(.*\\))?)';
const clock = `(\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,9}))?)?\\s*([ap])?(?:\\.?m\\.?)?${zone}`;
const onlyClock = new RegExp(`^${clock}$`, 'i');
/** Of every form: its pattern, and where year, month and day are in it. */
const form = (date: string, year: number, monthAt: number, day: number) => ({
  pattern: new RegExp(`^${weekday}${date}(?:(?:t|,?\\s+)${clock})?$`, 'i'),
  places: [year, monthAt, day] as const,
});
const yearFirst = form('([12]\\d{3})([-/.])(\\d{1,2})\\2(\\d{1,2})', 1, 3, 4);
const yearAndMonth = form('([12]\\d{3})[-/](\\d\\d)', 1, 2, 0);
const named = [
  form(`(\\d{1,2})(?:st|nd|rd|th)?[-\\s.]+${month}[-\\s.,]+(\\d{4}|\\d\\d)`, 3, 2, 1),
  form(`${month}[-\\s]+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})`, 3, 1, 2),
] as const;
const monthOfYear = form(`${month}[-\\s]+(\\d{4})`, 2, 1, 0);
/** With points and two digits of a year, all parts have two: otherwise it is a version. */
const withYearLast = form(
  '(?!(?:\\d\\.\\d{1,2}|\\d\\d\\.\\d)\\.\\d\\d(?!\\d))(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d\\d)',
  4,
  1,
  3,
);
const withYearLastDayFirst = { ...withYearLast, places: [4, 3, 1] as const };

/** What a text says as a date or a time of day; undefined where it says none. */
export function momentIn(text: string, dayFirst: boolean): Moment | undefined {
  const bare = text.trim();
  if (bare.length < 4 || bare.length > 80 || !/^[a-z]{3}|^\d/i.test(bare)) return undefined;
  const time = onlyClock.exec(bare);
  if (time) return timeOfDay(time.slice(1), 0, false);
  const last = dayFirst || /^\d+\.\d+\./.test(bare) ? withYearLastDayFirst : withYearLast;
  for (const { pattern, places } of [yearFirst, last, yearAndMonth, ...named, monthOfYear]) {
    const found = pattern.exec(bare);
    if (!found) continue;
    const [year, at, day] = places.map((place) => (place === 0 ? '1' : (found[place] ?? '1'))) as [
      string,
      string,
      string,
    ];
    const start = startOf(fullYear(year), monthOf(at), Number(day));
    return start === undefined ? undefined : timeOfDay(found.slice(-5), start, true);
  }
  return undefined;
}

/** Two digits are of 1970 to 2069. */
const fullYear = (digits: string): number =>
  digits.length > 2 ? Number(digits) : Number(digits) + (Number(digits) < 70 ? 2000 : 1900);

const monthOf = (text: string): number => (/^\d/.test(text) ? Number(text) : months.indexOf(text.toLowerCase()) + 1);

/** Midnight of a day of the calendar; undefined where there is no such day. */
function startOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && day >= 1 ? date.getTime() : undefined;
}

function timeOfDay(clock: readonly (string | undefined)[], start: number, dated: boolean): Moment | undefined {
  const [hours, minutes, seconds = '0', fraction = '0', half] = clock;
  if (hours === undefined || minutes === undefined) return { ms: start, dated, timed: false };
  let hour = Number(hours);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 60) return undefined;
  if (hour === 24 && Number(minutes) + Number(seconds) > 0) return undefined;
  const ms = hour * hourMs + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(`0.${fraction}`) * 1000;
  return { ms: start + ms, dated, timed: true };
}

/** The period of each part, which is what the engine is told. */
export const periods: Readonly<Record<Part, number>> = { hour: 24, weekday: 7, day: 366 };

/** Days before each month in a leap year: every year then has the same days. */
const daysBefore = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335] as const;

/** Where in its cycle a moment is: hours from 0, days from Monday, days from the first of January. */
export function placeInCycle(part: Part, ms: number): number {
  if (Number.isNaN(ms)) return ms;
  const days = Math.floor(ms / dayMs);
  if (part === 'hour') return (ms - days * dayMs) / hourMs;
  if (part === 'weekday') return (((days + 3) % 7) + 7) % 7;
  const date = new Date(ms);
  return (daysBefore[date.getUTCMonth()] as number) + date.getUTCDate() - 1;
}

/** A place in a cycle in words: `09:30`, `Monday`, `March 5`. */
export function placeInWords(part: Part, place: number): string {
  if (part === 'weekday') return weekdayNames[Math.floor(place) % 7] as string;
  if (part === 'hour') {
    const minutes = Math.floor(place * 60 + 1e-6) % 1440;
    return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  }
  const day = Math.floor(place) % 366;
  const at = daysBefore.findLastIndex((before) => before <= day);
  return `${monthNames[at]} ${day - (daysBefore[at] as number) + 1}`;
}

const pad = (number: number): string => String(number).padStart(2, '0');

/** The coarse places by which a single net takes a part: hours, weekdays and months. */
export function placeByName(part: Part, ms: number): string {
  if (part === 'day') return monthNames[new Date(ms).getUTCMonth()] as string;
  const place = placeInCycle(part, ms);
  return placeInWords(part, part === 'hour' ? Math.floor(place) : place);
}

/** A moment as ISO 8601 writes it, without the parts that are zero. */
export function momentInWords(ms: number): string {
  if (Math.abs(ms) > 8.64e15) return String(ms);
  return new Date(ms)
    .toISOString()
    .replace(/(?:T00:00:00)?\.000Z$/, '')
    .replace(/Z$/, '');
}

/** What the dates of a column tell about it. */
export class Moments {
  /** Texts that are dates with the month first, with the day first, and either way but not the same. */
  count = 0;
  monthFirst = 0;
  dayFirst = 0;
  either = 0;

  /** Takes in a text. */
  see(text: string): void {
    const [one, other] = [momentIn(text, false), momentIn(text, true)];
    if (!one && !other) return;
    this.count++;
    if (!other) this.monthFirst++;
    else if (!one) this.dayFirst++;
    else if (one.ms !== other.ms) this.either++;
  }
}

/** Collects what decides which parts of a column of dates are of use. */
export class Span {
  #dated = false;
  #midnightOnly = true;
  #firstOfMonthOnly = true;
  #least = Infinity;
  #most = -Infinity;

  /** Takes in a date. */
  see({ ms, dated, timed }: Moment): void {
    if (dated) {
      this.#dated = true;
      this.#least = Math.min(this.#least, ms);
      this.#most = Math.max(this.#most, ms);
      if (new Date(ms).getUTCDate() !== 1) this.#firstOfMonthOnly = false;
    }
    if (timed && ms % dayMs !== 0) this.#midnightOnly = false;
  }

  /** Whether there are days, not only times of the day. */
  get dated(): boolean {
    return this.#dated;
  }

  /** Whether all are the same moment. */
  get still(): boolean {
    return this.#dated && this.#least === this.#most;
  }

  /** Whether all are first days of a month, without a time: they number months, and have no weekday. */
  get monthly(): boolean {
    return this.#dated && this.#midnightOnly && this.#firstOfMonthOnly;
  }

  /**
   * The parts that can be learned: an hour where there are times, a weekday from two weeks on unless all are first days of
   * a month, a day of the year from nearly a year on.
   */
  get parts(): readonly Part[] {
    const days = (this.#most - this.#least) / dayMs;
    const parts: Part[] = [];
    if (!this.#midnightOnly) parts.push('hour');
    if (this.#dated && days >= 13 && !this.#firstOfMonthOnly) parts.push('weekday');
    if (this.#dated && days >= 330) parts.push('day');
    return parts;
  }
}
