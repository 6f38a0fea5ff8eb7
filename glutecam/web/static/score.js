// Drop a recorded video, watch it being judged, and see the report.

import { ask, field, h, remember, remembered, select } from "/static/dom.js";
import { byTitle, exercise, number, say, SIGNS, t } from "/static/texts.js";
import { mood, summary } from "/static/summary.js";
import { guarded, wordsOf } from "/static/troubles.js";

const LOOK_MS = 400;
let job = null;

/** Return the page. */
export async function open(shared, [wanted]) {
  const asked = { exercise: wanted ?? remembered("scored", ""), side: "auto" };
  if (!shared.exercises.some((one) => one.name === asked.exercise)) asked.exercise = "";
  const below = h("div", { id: "scored" });
  // A video that came before its exercise waits for it: judged as another one it would be refused.
  let waiting = null;
  const take = (file) => {
    if (!file) return;
    waiting = asked.exercise ? null : file;
    if (!waiting) return send(below, file, asked, shared);
    below.replaceChildren(h("p", { class: "card notice", role: "alert" }, t("score.which", { name: file.name })));
    which.focus();
  };
  const which = select([...(asked.exercise ? [] : [["", t("score.pick")]]), ...byTitle(shared.exercises).map((one) => [one.name, exercise(one.name).title])],
    asked.exercise, (name) => {
      asked.exercise = name;
      if (!name) return;
      remember("scored", name);
      if (waiting) take(waiting);
    });
  const input = h("input", {
    type: "file", accept: "video/*,.mkv,.avi", class: "hidden-input", id: "file",
    onchange: () => { take(input.files[0]); input.value = ""; },
  });
  const drop = h("div", { class: "drop" },
    h("p", {}, t("score.drop")), h("label", { class: "button primary", for: "file" }, t("score.choose")), input,
    h("p", { class: "soft small" }, t("score.kinds", { size: number(shared.info.largest_upload / 1e9, 0) })));
  dropping(drop, take);
  if (job) follow(below, job);
  return [
    h("h1", {}, t("score.title")),
    h("section", { class: "card" },
      h("div", { class: "fields" },
        field(t("score.exercise"), which),
        field(t("exercise.sides"), select(["auto", "left", "right"].map((name) => [name, t(`sides.${name}`)]), "auto",
          (name) => { asked.side = name; }), t("exercise.sides.hint"))),
      drop,
      h("p", { class: "soft small" }, t("score.private"))),
    below,
  ];
}

function dropping(zone, take) {
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
}

function send(place, file, asked, shared) {
  if (file.size > shared.info.largest_upload) return refused(place, t("score.large"));
  const query = new URLSearchParams({ ...asked, strict: remembered("strict", shared.info.strict), name: file.name });
  const request = new XMLHttpRequest();
  const bar = progressBar(place, file.name, () => request.abort());
  request.open("POST", `/api/score?${query}`);
  request.setRequestHeader("content-type", file.type || "application/octet-stream");
  request.upload.onprogress = (event) => bar.show(t("score.sending"), event.loaded / Math.max(1, event.total));
  request.onload = () => {
    let said = {};
    try { said = JSON.parse(request.responseText); } catch { /* told below */ }
    if (request.status !== 202) return refused(place, said.error ?? t("error.gone"));
    job = said.job;
    follow(place, job);
  };
  request.onerror = () => refused(place, t("error.gone"));
  request.onabort = () => place.replaceChildren();
  request.send(file);
}

function progressBar(place, name, cancel) {
  const bar = h("progress", { max: 1, "aria-label": t("score.progress") });
  const words = h("span", { role: "status" });
  place.replaceChildren(h("section", { class: "card" }, h("h2", {}, name),
    h("div", { class: "row" }, bar, words, h("button", { class: "plain", onclick: cancel }, t("score.cancel")))));
  bring(place);
  let last = "";
  return {
    show(state, share) {
      if (share === null) bar.removeAttribute("value");
      else bar.value = share;
      // A screen reader is told every tenth, not every hundredth.
      const told = share === null ? state : `${state} ${number(10 * Math.floor(share * 10))} %`;
      if (told !== last) words.textContent = last = told;
    },
  };
}

function refused(place, words) {
  place.replaceChildren(h("p", { class: "card notice fault", role: "alert" }, say(words)));
  bring(place);
}

/** On a phone an answer stands below the screen's edge. */
function bring(place) {
  place.scrollIntoView({ block: "nearest" });
}

async function follow(place, name) {
  let bar = null;
  const cancel = guarded(() => ask(`/api/score/${name}`, { method: "DELETE" }));
  for (;;) {
    let now;
    try {
      now = await ask(`/api/score/${name}`);
    } catch (error) {
      if (job === name) job = null;
      return refused(place, wordsOf(error));
    }
    if (job !== name) return undefined;
    bar ??= progressBar(place, now.name, cancel);
    if (now.state === "done") return done(place, now);
    if (now.state === "failed" || now.state === "cancelled") {
      job = null;
      return now.state === "failed" ? refused(place, now.error) : place.replaceChildren();
    }
    bar.show(t(now.polite ? "score.polite" : `score.${now.state}`), now.share);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function done(place, now) {
  const sets = await Promise.all(now.results.map((name) => ask(`/api/results/${name}`)));
  const title = `${exercise(now.exercise).title}: ${now.name}`;
  const several = sets.length > 1 || sets[0].part;
  const cards = sets.map((set, index) => summary(set, {
    name: now.results[index], kept: set.kept, heading: several ? part(set.part) : title, another: "score",
  }));
  place.replaceChildren(
    several ? h("h2", {}, title) : "",
    sets.length > 1 ? overview(sets, cards) : "",
    ...cards);
  place.querySelector("h2")?.setAttribute("tabindex", "-1");
  place.querySelector("h2")?.focus();
}

/** Return which set of a recording it is, and from when to when. */
function part({ number: which, of, start_s: from, end_s: to }) {
  return t("score.set", { number: which, sets: of, from: clock(from), to: clock(to) });
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** List the sets of a recording, each with a link to its card. */
function overview(sets, cards) {
  cards.forEach((card, index) => { card.id = `set-${index + 1}`; });
  return h("nav", { class: "card", "aria-label": t("score.sets") }, h("ol", { class: "plainlist sets" }, sets.map((set, index) =>
    h("li", {},
      // A link would be taken for the address of a page.
      h("button", { class: "plain", onclick: () => shown(cards[index]) }, part(set.part)),
      h("span", { class: `chip ${mood(set.verdict)}` }, `${SIGNS[mood(set.verdict)]} ${t(`verdict.short.${set.verdict}`)}`)))));
}

function shown(card) {
  const heading = card.querySelector("h2");
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
}
