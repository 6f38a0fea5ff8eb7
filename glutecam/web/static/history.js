// What was kept of earlier sets, one of them, and whether it is getting better.

import { ask, confirmed, field, h, select, table } from "/static/dom.js";
import { SIGNS, day, exercise, moment, number, plusMinus, rule, say, side, sides, t } from "/static/texts.js";
import { chips, mood, noFault, repsTable, scored } from "/static/summary.js";
import { trendPlot } from "/static/plots.js";
import { guarded, wordsOf } from "/static/troubles.js";

/** Return the page of all sets, or of one. */
export async function open(shared, [which]) {
  return /^\d+$/.test(which ?? "") ? one(Number(which)) : all(which ?? "");
}

async function all(wanted) {
  const query = wanted ? `?exercise=${encodeURIComponent(wanted)}` : "";
  const [found, every] = await Promise.all([ask(`/api/history${query}`), wanted ? ask("/api/history") : null]);
  const names = [...new Set((every ?? found).sets.map((set) => set.exercise))];
  if (!found.sets.length) {
    return [h("h1", {}, t("history.title")), h("section", { class: "card" },
      h("p", {}, t("history.empty")), h("a", { class: "button primary", href: "#/exercise" }, t("history.first")))];
  }
  const filter = names.length > 1 ? field(t("history.exercise"), select(
    [["", t("history.every")], ...names.map((name) => [name, exercise(name).title])], wanted,
    (name) => { location.hash = name ? `#/history/${name}` : "#/history"; })) : null;
  const followed = await Promise.all((wanted ? [wanted] : names).map((name) => trend(name)));
  return [
    h("h1", {}, t("history.title")),
    filter,
    trendsCard(followed.filter(Boolean)),
    h("section", { class: "card" }, h("h2", {}, t(found.total === 1 ? "history.one" : "history.sets", { count: number(found.total) })), setsTable(found.sets),
      found.sets.some(isReduced) ? h("p", { class: "soft small" }, `† ${t("summary.reduced")}`) : null),
    h("p", { class: "soft small" }, t("history.place", { place: found.place, subject: found.subject })),
  ].flat(2).filter(Boolean);
}

const CLEAR = ["done", "exercise", "side", "read"];

function setsTable(sets) {
  const heads = ["done", "exercise", "side", "reps", "read", "pain"].map((name) => (
    { words: t(`history.${name}`), number: name === "reps", clear: CLEAR.includes(name) }));
  return table(t("history.title"), heads, sets.map((set) => ({ cells: [
    [h("a", { href: `#/history/${set.number}` }, moment(set.done)), isReduced(set) ? " †" : null],
    exercise(set.exercise).title,
    sides(set.sides),
    set.verdict === "not assessable" ? "–" : number(set.reps),
    set.verdict === "not assessable" ? t("verdict.short.not") : chips(set.bands),
    pain(set)] })));
}

/** Whether numbers of a small pose model are shown of a set. */
function isReduced(set) {
  return set.reduced_accuracy && set.verdict !== "not assessable";
}

/** Return the trends, and once what their words and numbers mean. */
function trendsCard(cards) {
  return cards.length ? [...cards, h("p", { class: "soft small" }, t("trend.means"))] : [];
}

function pain(set) {
  const words = (value) => (value === null ? "–" : number(value));
  return set.pain_before === null && set.pain_after === null ? "" : `${words(set.pain_before)} → ${words(set.pain_after)}`;
}

async function trend(name, code = "") {
  let found;
  try {
    found = await ask(`/api/trend?exercise=${encodeURIComponent(name)}&rule=${code}`);
  } catch {
    return null; // An exercise that this version does not know any more.
  }
  if (!found.sides.length) return null;
  return h("section", { class: "card" },
    h("h2", {}, `${exercise(name).title}: ${rule(found.code).name}`),
    trendPlot(found),
    h("ul", { class: "plainlist" }, found.sides.map((one) => h("li", {}, change(one, found.unit)))),
    found.sides.some((one) => one.reduced_accuracy) ? h("p", {}, `! ${t("summary.reduced")}`) : null);
}

function change(one, unit) {
  const name = side(one.side);
  if (one.change === null) return t("trend.one", { side: name });
  const values = {
    side: name, size: plusMinus(Math.abs(one.change), 0, unit), since: day(one.first),
    way: t(one.change < 0 ? "trend.less" : "trend.more"),
    needed: one.detectable === null ? "" : plusMinus(one.detectable, 0, unit),
  };
  if (!one.has_ends) return t("trend.groups", values);
  if (one.detectable === null) return t("trend.unknown", values);
  if (values.size === plusMinus(0, 0, unit)) return t("trend.same", values);
  return t(one.is_real ? "trend.real" : "trend.open", values);
}

async function one(wanted) {
  const set = await ask(`/api/history/${wanted}`);
  const by = set.made_by;
  return [
    h("p", {}, h("a", { href: "#/history" }, `← ${t("history.title")}`)),
    h("h1", {}, `${exercise(set.exercise).title}, ${sides(set.sides)}`),
    h("p", { class: "soft" }, `${moment(set.done)} · ${t(`source.${set.source}`)} · ${t("history.set", { number: set.number })}`),
    h("section", { class: "card" },
      h("p", { class: `verdict small ${mood(set.verdict)}` }, h("span", { class: "mark", "aria-hidden": "true" }, SIGNS[mood(set.verdict)]), h("span", { class: "sentence" }, t(`verdict.short.${set.verdict}`))),
      refusal(set),
      chips(set.bands), noFault(set.bands), scored(set), set.each.length ? repsTable(set.each, set.rules) : null,
      exercise(set.exercise).unjudged ? h("p", { class: "soft small" }, exercise(set.exercise).unjudged) : null),
    felt(set),
    h("p", { class: "soft small" }, t("history.made", {
      version: by.glutecam, rules: by.ruleset, model: by.pose_model, pelvis: by.pelvis_method, filter: by.filter,
      strict: by.strict ? t("history.strict") : "",
    }),
    by.reduced_accuracy ? ` ${t("summary.reduced")}` : "",
    by.own_bands.length ? ` ${t("summary.own", { limits: by.own_bands.join("; ") })}` : ""),
    h("button", { class: "danger", onclick: guarded(() => remove(set)) }, t("history.delete")),
  ];
}

/** Return what was to be changed, of a set that was refused; in English where this language has no words for it. */
function refusal(set) {
  if (set.verdict !== "not assessable" || !set.instruction) return null;
  const words = say(set.instruction);
  return h("p", {}, `${t("history.refused")} `, h("span", { lang: words === set.instruction ? "en" : null }, words));
}

function felt(set) {
  const choices = [["", "–"], ...Array.from({ length: 11 }, (_, n) => [String(n), String(n)])];
  const pains = Object.fromEntries(["before", "after"].map((when) =>
    [when, select(choices, set[`pain_${when}`] === null ? "" : String(set[`pain_${when}`]))]));
  const load = h("input", { type: "text", maxlength: 64, value: set.load });
  const note = h("textarea", { maxlength: 2000, rows: 3 }, say(set.note));
  const said = h("span", { role: "status" });
  const chosen = (node) => (node.value === "" ? null : Number(node.value));
  const save = async (event) => {
    event.preventDefault();
    const body = { pain_before: chosen(pains.before), pain_after: chosen(pains.after), load: load.value, note: note.value };
    try {
      await ask(`/api/history/${set.number}`, { method: "PATCH", body });
      said.textContent = t("summary.noted");
    } catch (error) {
      said.textContent = wordsOf(error);
    }
  };
  return h("form", { class: "card", onsubmit: save },
    h("h2", {}, t("history.felt")),
    h("div", { class: "fields" },
      field(t("history.pain.before"), pains.before), field(t("history.pain.after"), pains.after),
      field(t("history.load"), load, t("history.load.hint"))),
    field(t("history.note"), note),
    h("div", { class: "row" }, h("button", { class: "primary", type: "submit" }, t("history.save")), said));
}

async function remove(set) {
  if (!(await confirmed(t("history.delete.sure"), t("history.delete"), t("no")))) return;
  await ask(`/api/history/${set.number}`, { method: "DELETE" });
  location.hash = "#/history";
}
