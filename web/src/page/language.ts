// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import en from '../../strings/en.json';
import ru from '../../strings/ru.json';
import type { Language } from './properties';

export type Key = keyof typeof ru;
export type Values = Readonly<Record<string, string | number>>;

const TEXTS: Record<Language, Record<Key, string>> = { ru, en };
/** The order in which a text lists its plural forms: `{n#строка|строки|строк}`. */
const FORMS: Record<Language, readonly Intl.LDMLPluralRule[]> = {
  ru: ['one', 'few', 'many'],
  en: ['one', 'other'],
};

let language: Language = 'ru';
let plural = new Intl.PluralRules('ru');
let shortNumber = new Intl.NumberFormat('ru');
let wholeNumber = new Intl.NumberFormat('ru');
let percents = new Intl.NumberFormat('ru');

export function preferredLanguage(): Language {
  return navigator.languages.some((one) => one.toLowerCase().startsWith('ru')) ? 'ru' : 'en';
}

export function useLanguage(next: Language): void {
  language = next;
  plural = new Intl.PluralRules(next);
  shortNumber = new Intl.NumberFormat(next, { maximumSignificantDigits: 3 });
  wholeNumber = new Intl.NumberFormat(next, { maximumFractionDigits: 0 });
  percents = new Intl.NumberFormat(next, { style: 'percent', maximumFractionDigits: 1 });
}

/** The text of a key, with `{name}` replaced by a value and `{name#one|few|many}` by the form it needs. */
export function t(key: Key, values: Values = {}): string {
  return TEXTS[language][key].replace(/\{(\w+)(?:#([^}]*))?\}/g, (_, name: string, forms?: string) => {
    const value = values[name] ?? '';
    if (forms === undefined) return typeof value === 'number' ? count(value) : value;
    const words = forms.split('|');
    const at = FORMS[language].indexOf(plural.select(Number(value)));
    return words[at] ?? words[words.length - 1] ?? '';
  });
}

/** Three significant digits; very large and very small numbers as powers of ten. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return power(value);
  return shortNumber.format(value).replace('-', '−');
}

export const count = (value: number) => wholeNumber.format(value);
export const percent = (share: number) => (Number.isFinite(share) ? percents.format(share) : '–');

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `1e-5` as `10⁻⁵`, `3e-5` as `3·10⁻⁵`. */
export function power(value: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const lead = shortNumber.format(Number((value / 10 ** exponent).toPrecision(2)));
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? '');
  const raised = `10${exponent < 0 ? '⁻' : ''}${digits}`;
  return lead === '1' ? raised : `${lead}·${raised}`;
}

/** Fills every element that names its text; `data-html` texts carry markup of their own. */
export function translate(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = t(element.dataset.text as Key);
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-html]')) {
    element.innerHTML = t(element.dataset.html as Key);
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-label]')) {
    element.setAttribute('aria-label', t(element.dataset.label as Key));
  }
}
