// The one catalogue: words by key, sentences of the core by key or by their English.

import { ask } from "/static/dom.js";

const formats = {}; // They are dear to make, and numbers change thirty times a second.
let texts = { language: "en", ui: {}, exercises: {}, rules: {}, session: {}, measures: {}, says: {} };

/** Load a language. */
export async function load(language) {
  texts = await ask(`/api/texts/${language}`);
  document.documentElement.lang = texts.language;
}

export const language = () => texts.language;

/** Return a text of the page with its {values} filled in; the key itself where there is none. */
export function t(key, values = {}) {
  return filled(texts.ui[key] ?? key, values);
}

export const exercise = (name) => texts.exercises[name] ?? { title: name };
/** Return exercises in the order of what they are called on the page. */
export const byTitle = (all) => [...all].sort((a, b) => exercise(a.name).title.localeCompare(exercise(b.name).title, texts.language));
export const rule = (code, name) => texts.rules[code] ?? { name: name ?? code };
export const measure = (name, label) => texts.measures[name] ?? label ?? name;

/** Return a text of the session by its key, where this language has it. */
export const sessionText = (key) => texts.session[key];

/** Return an English sentence of the core in this language; numbers in it stand at {places}. */
export function say(english) {
  return texts.says[english] ?? patterned(english) ?? english;
}

function patterned(english) {
  for (const [pattern, words] of Object.entries(texts.says)) {
    if (!pattern.includes("{")) continue;
    const parts = pattern.split(/\{(\w+)\}/);
    const names = parts.filter((_, index) => index % 2);
    const literal = parts.filter((_, index) => index % 2 === 0).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const found = new RegExp(`^${literal.join("(.+?)")}$`, "s").exec(english);
    if (found) return filled(words, Object.fromEntries(names.map((name, index) => [name, found[index + 1]])));
  }
  return undefined;
}

/** Return a message of the session {key, values, english} in this language. */
export function spoken(message) {
  const words = translated(message);
  return message.values.of
    ? filled(texts.session[message.values.of] ?? message.english, { cue: words })
    : words;
}

function translated(message) {
  const { key, values } = message;
  const known = texts.session[key] ?? cueOrPraise(key);
  if (known === undefined) return say(message.english);
  const side = values.side && texts.session[`side.${values.side}`];
  return filled(known, side ? { ...values, side } : values);
}

function cueOrPraise(key) {
  const [kind, name] = [key.slice(0, key.indexOf(".")), key.slice(key.indexOf(".") + 1)];
  if (kind === "cue") return texts.rules[name]?.cue;
  if (kind === "praise") return texts.exercises[name]?.praise;
  if (kind === "setup") return texts.exercises[name]?.setup;
  return undefined;
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Return a number with its ±, as everywhere else in glutecam. */
export function plusMinus(value, half, unit) {
  if (value === null || value === undefined) return t("not.seen");
  const digits = unit === "°" || unit === "%" ? 0 : 2;
  const close = unit === "°" || unit === "%" ? unit : "";
  const after = close || !unit ? "" : ` ${say(unit)}`;
  const shown = number(value, digits) + close;
  if (half === null || half === undefined || half === 0) return shown + after;
  return `${shown} ± ${number(half, digits)}${close}${after}`;
}

/** Return a number as this language writes it, without a negative zero. */
export function number(value, digits = 0) {
  const rounded = Number(value.toFixed(digits)) + 0;
  const kind = `${texts.language} ${digits}`;
  formats[kind] ??= new Intl.NumberFormat(texts.language, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  return formats[kind].format(rounded).replace("-", "−");
}

/** English dates are those of the terminal: 22 Nov, 18:30. */
const dates = () => (texts.language === "en" ? "en-GB" : texts.language);
/** Return a kept time as the clock showed it where the set was done, as in the terminal, in milliseconds. */
export const clock = (iso) => Date.parse(iso.length > 10 ? `${iso.slice(0, 19)}Z` : iso);
const written = (iso, how) => new Intl.DateTimeFormat(dates(), { ...how, timeZone: "UTC" }).format(clock(iso));
export const day = (iso) => written(iso, { dateStyle: "medium" });
export const shortDay = (iso) => written(iso, { day: "numeric", month: "short" });
/** Of a set that was dated without a time, which is kept as midnight, the day alone. */
export const moment = (iso) => (/T00:00:00(?!\.)/.test(iso) ? day(iso)
  : written(iso, { dateStyle: "medium", timeStyle: "short" }));
export const weekdayMoment = (iso) => written(iso, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});

export const SIGNS = { ok: "✓", "no-fault": "○", watch: "!", fault: "✕", inconclusive: "?" };
export const BANDS = ["ok", "no-fault", "watch", "fault", "inconclusive"];
export const band = (name) => t(`band.${name}`);
export const side = (name) => t(`side.${name}`);
export const sides = (names) => names.map(side).join(", ");
