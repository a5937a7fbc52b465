// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** What stands between the whole part of a number and its fraction. The other one may separate thousands. */
export type Decimal = '.' | ',';

/** Texts that stand for "there is nothing", in lower case and without spaces around. */
const nothing: ReadonlySet<string> = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', '?']);
/** Texts that do so among numbers and dates; among other texts they may well be a value. */
const nothingAmongNumbers: ReadonlySet<string> = new Set(['none', '-', '--']);

/** Whether a text says that there is nothing, whatever the column. */
export const saysNothing = (text: string): boolean => text.length < 8 && nothing.has(text.trim().toLowerCase());

/** Whether a text says so among numbers and dates. */
export const saysNoNumber = (text: string): boolean =>
  saysNothing(text) || (text.length < 8 && nothingAmongNumbers.has(text.trim().toLowerCase()));

const plain = /^[-+]?(?:\d+\.?|\d*\.\d+)(?:e[-+]?\d+)?$/i;
const digits = "\\d(?:[\\d.,'’\\s]*[\\d.,])?|[.,]\\d+";
const currencies = 'USD|EUR|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|CAD|AUD|BRL|MXN|kr';
const currency = `[A-Z]{0,2}\\p{Sc}|${currencies}`;
/** No number that makes sense is longer. */
const longest = 64;
/** Parenthesis, sign, currency, sign, digits, exponent, unit, parenthesis. */
const dressed = new RegExp(
  `^(\\()?([-+−])?\\s*(${currency})?\\s*([-+−])?(${digits})(e[-+]?\\d+)?(-)?\\s*(${currency}|%)?(\\))?$`,
  'iu',
);
const grouped = /^[1-9]\d{0,2}(?:([.,'’]|\s)\d{3})(?:\1\d{3})*$/u;

/** A text that is a number. */
export interface Numeral {
  readonly value: number;
  /** Its percent or currency sign; empty where it has none. */
  readonly unit: string;
}

/** What a text says as a number; undefined where it says none. The unit does not change the number: 12 % is 12. */
export function numeralIn(text: string, decimal: Decimal): Numeral | undefined {
  const bare = text.trim();
  if (bare.length > longest || /^[-+]?\d{16,}$/.test(bare)) return exact(bare);
  if (decimal === '.' && plain.test(bare)) return finite(Number(bare), '');
  const parts = dressed.exec(bare);
  if (!parts) return undefined;
  const [, open, first, before = '', second, body = '', exponent = '', behind, unit = '', close] = parts;
  const signs = [open, first, second, behind].filter((sign) => sign !== undefined);
  if (Boolean(open) !== Boolean(close) || signs.length > 1 || (before && unit)) return undefined;
  const size = sizeOf(body.trim(), decimal);
  if (size === undefined) return undefined;
  const sign = /[-−(]/.test(signs[0] ?? '') ? -1 : 1;
  return finite(sign * Number(size + exponent), before || unit);
}

/** Long whole numbers are numbers only where a double holds all their digits: others are names. */
function exact(text: string): Numeral | undefined {
  if (text.length > longest) return undefined;
  const value = Number(text);
  return BigInt(value) === BigInt(text.replace('+', '')) ? { value, unit: '' } : undefined;
}

/** Numbers too large for a double are none. */
const finite = (value: number, unit: string): Numeral | undefined =>
  Number.isFinite(value) ? { value, unit } : undefined;

/** Digits as JavaScript writes them; undefined where the separators do not fit. */
function sizeOf(body: string, decimal: Decimal): string | undefined {
  const at = body.indexOf(decimal);
  const whole = at < 0 ? body : body.slice(0, at);
  const fraction = at < 0 ? '' : body.slice(at + 1);
  if (!/^\d*$/.test(fraction) || (whole === '' && fraction === '')) return undefined;
  if (/^\d*$/.test(whole)) return `${whole || '0'}.${fraction || '0'}`;
  const groups = grouped.exec(whole);
  if (!groups || groups[1] === decimal) return undefined;
  return `${whole.replace(/\D/g, '')}.${fraction || '0'}`;
}

/** Whether a text begins with zeros that a number would lose, as post codes do. */
export const isPadded = (text: string): boolean => /^\s*0\d+\s*$/.test(text);

/** What the texts of a column tell about its decimal sign. */
export class Numerals {
  /** Texts that are numbers. */
  count = 0;
  /** Those of them that are numbers only with a decimal point, only with a decimal comma, and with both but not the same. */
  point = 0;
  comma = 0;
  either = 0;
  /** Those of the last with a comma. */
  commas = 0;
  /** Texts that begin with zeros. */
  padded = 0;
  /** The units that occur. */
  readonly units = new Set<string>();

  /** Takes in a text. */
  see(text: string): void {
    if (/^[1-9]\d{0,14}$/.test(text)) {
      this.count++;
      this.units.add('');
      return;
    }
    const [withPoint, withComma] = [numeralIn(text, '.'), numeralIn(text, ',')];
    const numeral = withPoint ?? withComma;
    if (numeral === undefined) return;
    this.count++;
    if (isPadded(text)) this.padded++;
    if (numeral.value !== 0 || numeral.unit) this.units.add(numeral.unit);
    if (!withComma) this.point++;
    else if (!withPoint) this.comma++;
    else if (withPoint.value !== withComma.value) {
      this.either++;
      if (text.includes(',')) this.commas++;
    }
  }

  /** Whether some text can be read with a decimal comma alone, and none with a decimal point alone. */
  get provesComma(): boolean {
    return this.comma > this.point;
  }
}
