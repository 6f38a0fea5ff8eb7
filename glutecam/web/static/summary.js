// How a set went: in words, as a curve, and repetition by repetition.

import { ask, field, h, select, table } from "/static/dom.js";
import { BANDS, SIGNS, band, exercise, number, plusMinus, rule, say, sessionText, side, t } from "/static/texts.js";
import { setPlot } from "/static/plots.js";
import { wordsOf } from "/static/troubles.js";

/** Return the card of a set that was judged in this run of the server. */
export function summary(set, { name, kept, problem, heading, ended, another = "exercise" }) {
  const title = headline(set);
  const pained = ended === "pain";
  return h("section", { class: "card summary", "data-verdict": set.verdict },
    heading ? h("h2", {}, heading) : null,
    pained ? h("p", { class: "notice watch" }, sessionText("pain")) : null,
    h("div", { class: `verdict ${mood(set.verdict)}` },
      h("span", { class: "mark", "aria-hidden": "true" }, SIGNS[mood(set.verdict)]),
      h("div", {}, h("h2", {}, title), likelier(set, another),
        // Whoever stopped because of pain is not asked for more repetitions.
        pained && set.verdict === "not assessable" ? null : h("p", {}, advice(set)))),
    ended === "faults" ? h("p", { class: "notice watch" }, t("summary.faults")) : null,
    chips(set.bands),
    noFault(set.bands),
    scored(set),
    set.curve ? setPlot(set) : null,
    // What was counted in a refused recording is no result.
    set.verdict !== "not assessable" && (set.reps.length || set.attempts.length) ? repsTable([...set.reps, ...set.attempts], set.rules) : null,
    set.of_set.length ? h("ul", { class: "plainlist" }, set.of_set.map((found) => ofSet(found, set.rules))) : null,
    notes(set).map((words) => h("p", { class: "soft small" }, words)),
    h("div", { class: "row" },
      h("a", { class: "button", href: `/api/results/${name}/report`, hreflang: "en", target: "_blank", rel: "noopener" }, t("summary.report")),
      keeping(set, name, kept, problem)));
}

/** Return what must be known to read the numbers. */
function notes(set) {
  return [
    ...set.warnings.map(say),
    set.reduced_accuracy ? t("summary.reduced") : null,
    set.own_bands.length ? t("summary.own", { limits: set.own_bands.join("; ") }) : null,
  ].filter(Boolean);
}

/** Return whose sign and colour a verdict has. */
export function mood(verdict) {
  return { fine: "no-fault", fault: "fault" }[verdict] ?? "inconclusive";
}

function headline(set) {
  const count = set.reps.length;
  if (set.verdict === "not assessable") return t("verdict.not");
  if (set.good_in_part) return t(count === 1 ? "verdict.partly.one" : "verdict.partly", { count });
  if (set.verdict === "fine") return t(count === 1 ? "verdict.fine.one" : "verdict.fine", { count });
  if (set.not_good) return t("verdict.not-good", { ...set.not_good, rule: rule(set.not_good.code).name, count });
  if (set.verdict === "inconclusive") return t(count === 1 ? "verdict.open.one" : "verdict.open", { count });
  const [code, times] = most(set, "fault");
  if (!times) return t("verdict.fault.set", { rule: rule(worst(set)).name });
  return t("verdict.fault", { rule: rule(code).name, times, count });
}

function advice(set) {
  const failed = set.gates.find((gate) => !gate.passed);
  if (set.verdict === "not assessable") return failed ? gateWords(failed) : say(set.instruction ?? "");
  if (set.verdict === "fault") {
    const [code, times] = most(set, "fault");
    return rule(times ? code : worst(set)).cue ?? "";
  }
  const open = set.verdict === "inconclusive" && !set.good_in_part;
  if (open) return t("verdict.open.hint");
  return set.praised ? exercise(set.exercise).praise : t("verdict.fine.hint");
}

function gateWords(gate) {
  return sessionText(gate.do) ?? say(gate.instruction);
}

/** Name the exercises that a refused recording looks more like, each a link to do or score it as that. */
function likelier(set, page) {
  if (!set.likelier.length) return null;
  const links = set.likelier.map((name) => h("a", { href: `#/${page}/${name}` }, exercise(name).title));
  const apart = links.flatMap((link, index) => (index ? [index === links.length - 1 ? ` ${t("or")} ` : ", ", link] : [link]));
  return h("p", { class: "likelier" }, t("summary.likelier"), " ", apart, ".");
}

function most(set, wanted) {
  const counts = set.rules.map(({ code }) => [code, set.reps.filter((rep) =>
    rep.findings.some((found) => found.code === code && found.band === wanted)).length]);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best), ["", 0]);
}

/** Return the rule of the whole set that is broken. */
const worst = (set) => set.of_set.find((found) => found.band === "fault")?.code ?? "";

function ofSet(found, rules) {
  const unit = rules.find((one) => one.code === found.code)?.unit ?? "";
  return h("li", {}, h("strong", {}, rule(found.code).name), ": ", plusMinus(found.value, found.half_width, unit), " ",
    h("span", { class: `chip ${found.band}` }, `${SIGNS[found.band]} ${reads(found)}`));
}

/** Return how many repetitions read what, as signs with words. */
export function chips(bands) {
  const found = BANDS.filter((name) => bands[name]);
  return found.length
    ? h("p", { class: "chips" }, found.map((name) =>
      h("span", { class: `chip ${name}` }, `${SIGNS[name]} ${band(name)}: ${number(bands[name])}`)))
    : null;
}

/** Return what "no fault" says of a repetition, where one reads so. */
export function noFault(bands) {
  if (!bands["no-fault"]) return null;
  const words = { none: band("no-fault"), fault: band("fault"), good: band("ok"), watch: band("watch") };
  return h("p", { class: "soft small" }, t("band.no-fault.means", words));
}

/** Return what a set scores, in the words of the terminal. */
export function scored(set) {
  return set.score_said ? h("p", { class: "soft small" }, say(set.score_said)) : null;
}

/** Return the table of repetitions and attempts; only rules that found something have a column. */
export function repsTable(reps, rules) {
  const shown = rules.filter(({ code }) => reps.some((rep) => rep.findings.some((found) => found.code === code)));
  const heads = [
    { words: t("table.rep") }, { words: t("table.side"), clear: true },
    ...shown.map((one) => ({ words: rule(one.code, one.name).name })),
    { words: t("table.reads"), clear: true },
  ];
  return table(t("table.reps"), heads, reps.map((rep) => row(rep, shown)));
}

function row(rep, rules) {
  const found = new Map(rep.findings.map((finding) => [finding.code, finding]));
  return { class: rep.reason ? "attempt" : null, cells: [
    [rep.reason ? "–" : number(rep.number), h("small", {}, ` ${number(rep.start_s, 1)}–${number(rep.end_s, 1)} s`)],
    side(rep.side),
    ...rules.map(({ code, unit }) => cell(found.get(code), unit)),
    rep.reason ? t("table.attempt", { reason: say(rep.reason) }) : rep.band
      ? h("span", { class: `chip ${rep.band}` }, `${SIGNS[rep.band]} ${band(rep.band)}`) : t("table.unjudged"),
  ] };
}

function cell(finding, unit) {
  if (!finding) return "";
  return [
    // A number, its ± and a short unit stay on one line.
    plusMinus(finding.value, finding.half_width, unit).replace(" ± ", "\u00a0±\u00a0").replace(/ (\S{1,2})$/, "\u00a0$1"),
    h("small", { class: `reads ${finding.band}` }, ` ${SIGNS[finding.band]} `, h("span", {}, reads(finding))),
  ];
}

/** Return what a rule reads; what it may be, where its ± rules one band out. */
function reads({ band: name, may_be: among }) {
  return name === "inconclusive" && among.length === 2 ? among.map(band).join(` ${t("or")} `) : band(name);
}

function keeping(set, name, kept, problem) {
  const place = h("div", { class: "keeping" });
  const done = (number_) => place.replaceChildren(felt(number_));
  if (kept !== null) done(kept);
  else if (problem) place.append(h("p", { class: "notice fault", role: "alert" }, say(problem)));
  else if (set.reps.length) {
    const button = h("button", { class: "plain", onclick: async () => {
      try {
        done((await ask(`/api/results/${name}/keep`, { method: "POST" })).number);
      } catch (error) {
        place.replaceChildren(h("p", { role: "alert" }, wordsOf(error)));
      }
    } }, t("summary.keep"));
    place.append(button);
  }
  return place;
}

/** Ask how it felt. */
function felt(number_) {
  const said = h("span", { role: "status" });
  const pain = select([["", "–"], ...Array.from({ length: 11 }, (_, n) => [String(n), String(n)])], "", async (value) => {
    try {
      await ask(`/api/history/${number_}`, { method: "PATCH", body: { pain_after: value === "" ? null : Number(value) } });
      said.textContent = t("summary.noted");
    } catch (error) {
      said.textContent = wordsOf(error);
    }
  });
  return h("div", { class: "felt" },
    h("span", {}, t("summary.kept"), " ", h("a", { href: `#/history/${number_}` }, t("history.set", { number: number_ }))),
    field(t("summary.pain"), pain), said);
}

