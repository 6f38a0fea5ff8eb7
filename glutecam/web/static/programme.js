// The programme: what to do today, how far it is, and steps that are taken on purpose.

import { ask, confirmed, field, h, select, table } from "/static/dom.js";
import { BANDS, SIGNS, band, exercise, language, number, say, shortDay, side, t, weekdayMoment } from "/static/texts.js";
import { guarded } from "/static/troubles.js";

let redraw = null;

/** Return the page. */
export async function open(shared) {
  redraw = shared.redraw;
  const plan = await ask("/api/programme");
  const title = h("h1", {}, t("programme.title"));
  return plan.standing ? [title, ...standing(plan)] : [title, ...notStarted(plan)];
}

const rungOf = (plan, name) => plan.rungs.find((rung) => rung.name === name);
const levelOf = (plan, rung) => plan.levels.find((level) => level.number === rung.level);

/** Return "3 x 15 on each side, with a band". */
function dose(rung) {
  const words = t("programme.dose", { sets: rung.sets, reps: rung.reps }).replace(" x ", "\u00a0x\u00a0");
  return rung.with ? `${words}, ${say(rung.with)}` : words;
}

function notStarted(plan) {
  return [
    h("section", { class: "card" }, h("p", {}, t("programme.intro", weeks(plan))), safety(), starting(plan, plan.rungs[0].name)),
    ladder(plan, null),
  ];
}

const weeks = (plan) => ({ fewest: plan.limits.fewest_weeks, most: plan.limits.most_weeks });

function safety() {
  return h("p", { class: "notice watch" }, t("programme.safety"));
}

function starting(plan, chosen) {
  const rung = select(plan.rungs.map((one) => [one.name, `${one.name}: ${dose(one)}`]), chosen);
  const begin = guarded(async () => {
    if (plan.standing && !(await confirmed(t("programme.again.sure", { rung: rung.value }), t("programme.start"), t("no")))) return;
    await ask("/api/programme/start", { method: "POST", body: { rung: rung.value } });
    redraw();
  });
  return h("div", { class: "row" }, field(t("programme.at"), rung), h("button", { class: plan.standing ? "plain" : "primary", onclick: begin }, t("programme.start")));
}

function standing(plan) {
  const rung = rungOf(plan, plan.standing.rung);
  const level = levelOf(plan, rung);
  return [
    h("section", { class: "card today" },
      h("h2", {}, t("programme.today")),
      h("p", { class: "big" }, now(plan)),
      plan.today.ahead ? h("p", {}, t("programme.ahead", { count: plan.today.ahead })) : null,
      h("p", {}, h("strong", {}, `${rung.name}: ${dose(rung)}`), ` · ${say(level.title)} · ${say(level.quality)}`),
      exercises(plan, level, rung),
      others(level)),
    offer(plan),
    sidesCard(plan),
    weeksCard(plan),
    ladder(plan, rung.name),
    h("section", { class: "card" }, h("h2", {}, t("programme.again")), h("p", {}, t("programme.again.hint")), starting(plan, rung.name)),
    safety(),
  ].filter(Boolean);
}

/** Name the exercises of a level; links to begin one stand there only where today is a day to train. */
function exercises(plan, level, rung) {
  const judged = level.exercises.filter((one) => one.judged);
  if (!plan.today.trains) return h("p", {}, judged.map((one) => exercise(one.name).title).join(", "));
  return h("p", { class: "row" }, judged.map((one) =>
    h("a", { class: "button", href: `#/exercise/${one.name}/${rung.sets}x${rung.reps}` }, exercise(one.name).title)));
}

function others(level) {
  const unjudged = level.exercises.filter((one) => !one.judged).map((one) => say(one.title));
  return unjudged.length ? h("p", { class: "soft small" }, t("programme.unjudged", { names: unjudged.join(", ") })) : null;
}

function now(plan) {
  const { today, limits } = plan;
  const left = Object.entries(today.left).map(([name, count]) => `${side(name)} ${count}`).join(", ");
  const words = t(`now.${today.now}`, {
    until: today.until ? weekdayMoment(today.until) : "", left, rest: limits.rest_h,
    sessions: today.sessions_in_week, most: limits.most_a_week,
  });
  return today.pained ? `${words} ${t("pained.before", { when: weekdayMoment(today.pained), pain: limits.pain_to_stop })}` : words;
}

function offer(plan) {
  const { decision, limits } = plan;
  const to = decision.to ? t("programme.to", { rung: decision.to.name, dose: dose(decision.to) }) : "";
  const back = decision.to ? t("programme.back", { to }) : t("programme.lowest");
  const words = t(`reason.${decision.reason}`, {
    to, back, sessions: decision.reason === "faults" ? limits.faulty_sessions : limits.sessions_to_progress,
    share: number(100 * limits.faulty_share), pain: limits.pain_to_stop, rise: limits.pain_rise,
  });
  const confirm = guarded(async () => {
    await ask("/api/programme/confirm", { method: "POST", body: { rung: decision.to.name } });
    redraw();
  });
  return h("section", { class: "card" },
    h("h2", {}, t("programme.next")), h("p", {}, words),
    h("ul", { class: "plainlist checks" }, decision.checks.map((check) => h("li", { class: check.met ? "ok" : "open" },
      h("span", { "aria-hidden": "true" }, check.met ? "✓ " : "· "), h("span", { class: "hidden" }, t(check.met ? "programme.met" : "programme.open")), checkWords(check, rungOf(plan, plan.standing.rung))))),
    decision.weaker ? h("p", {}, t("programme.weaker", { side: side(decision.weaker) })) : null,
    decision.move === "regress" ? null : leftToYou(plan),
    decision.to ? h("button", { class: "primary", onclick: confirm }, t("programme.confirm", { rung: decision.to.name })) : null);
}

/** Say what the camera does not judge on this step, so that nobody takes its offer for more than it is. */
function leftToYou(plan) {
  const level = plan.levels.find((one) => one.number === rungOf(plan, plan.standing.rung).level);
  const left = level.exercises.filter((one) => one.judged).map((one) => exercise(one.name)).filter((one) => one.unjudged);
  return left.length ? h("div", {}, h("p", {}, t("programme.left")),
    h("ul", {}, left.map((one) => h("li", {}, h("strong", {}, one.title), ": ", one.unjudged)))) : null;
}

function checkWords(check, rung) {
  const share = check.condition === "watch";
  const shown = (value) => (share ? `${number(100 * value)}\u00a0%` : number(value, value % 1 ? 1 : 0));
  return t(`check.${check.condition}`, {
    found: shown(check.found), needed: shown(check.needed), sets: rung.sets, reps: rung.reps,
    fault: band("fault"), unsure: band("inconclusive"), watch: band("watch"),
  });
}

function sidesCard(plan) {
  const shown = plan.decision.sides.filter((one) => one.reps);
  if (!shown.length) return null;
  return h("section", { class: "card" }, h("h2", {}, t("programme.sides")), shown.map((one) =>
    h("div", { class: "bar-row" }, h("span", {}, side(one.side)), bar(one.bands, one.reps), h("span", { class: "number" }, number(one.reps)))),
  legend(shown.map((one) => one.bands)));
}

/** Return repetitions as a bar; every part has its sign and is named for who cannot see it. */
function bar(bands, total) {
  const parts = BANDS.filter((name) => bands[name]);
  const words = parts.map((name) => `${band(name)} ${bands[name]}`).join(", ");
  return h("div", { class: "bar", role: "img", "aria-label": words }, parts.map((name) => {
    const part = h("span", { class: name, title: `${band(name)} ${bands[name]}` }, SIGNS[name]);
    part.style.flexGrow = bands[name] / total;
    return part;
  }));
}

/** Return the signs of the bars with their words: a finger opens no tooltip. */
function legend(counted) {
  const shown = BANDS.filter((name) => counted.some((bands) => bands[name]));
  return shown.length ? h("p", { class: "soft small" }, shown.map((name) => `${SIGNS[name]}\u00a0${band(name)}`).join(" · ")) : null;
}

function weeksCard(plan) {
  const heads = ["week", "began", "sessions", "reps", "read"].map((name) => (
    { words: t(`weeks.${name}`), number: ["sessions", "reps"].includes(name), clear: ["began", "read"].includes(name) }));
  const rows = plan.weeks.map((week) => ({
    class: week.is_now ? "now" : null, "aria-current": week.is_now ? "true" : null,
    cells: [
      [number(week.number), week.is_now ? ` (${t("weeks.now")})` : ""],
      shortDay(week.began),
      week.sessions ? number(week.sessions) : "",
      week.reps ? number(week.reps) : "",
      week.reps ? bar(week.bands, week.reps) : ""],
  }));
  return h("section", { class: "card" }, h("h2", {}, t("programme.weeks")), table(t("programme.weeks"), heads, rows), legend(plan.weeks.map((week) => week.bands)));
}

function ladder(plan, current) {
  return h("section", { class: "card" }, h("h2", {}, t("programme.ladder")), h("ol", { class: "ladder", lang: language() },
    plan.levels.map((level) => h("li", {}, h("strong", {}, `${level.number}. ${say(level.title)}`), h("p", { class: "soft small" },
      level.exercises.map((one) => (one.judged ? exercise(one.name).title : say(one.title))).join(", ")),
    h("ul", {}, plan.rungs.filter((rung) => rung.level === level.number).map((rung) =>
      h("li", { class: rung.name === current ? "now" : null, "aria-current": rung.name === current ? "step" : null }, `${rung.name}: ${dose(rung)}`)))))));
}
