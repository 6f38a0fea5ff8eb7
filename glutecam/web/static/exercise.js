// The exercise page: choose, place yourself, move, and see how it went.

import { field, h, remember, remembered, select, tick } from "/static/dom.js";
import { byTitle, exercise, t } from "/static/texts.js";
import { CameraTrouble, openCamera } from "/static/camera.js";
import { Coach } from "/static/coach.js";
import { summary } from "/static/summary.js";
import { wordsOf } from "/static/troubles.js";

const NARROW = "(max-width: 46rem)";

let coach = null;

/** Return the page. */
export async function open(shared, [wanted, dose]) {
  const place = h("div", { class: "exercise" });
  choose(place, shared, wanted, dosed(dose));
  return place;
}

/** End whatever goes on. */
export async function leave() {
  await coach?.close();
  coach = null;
}

/** Return what the programme asks for, from "3x15" in the address: so many sets of both legs. */
function dosed(dose) {
  const found = /^([1-5])x([1-9]\d?)$/.exec(dose ?? "");
  return found ? { sides: "both", sets: Number(found[1]), reps: Number(found[2]) } : {};
}

function choose(place, shared, wanted, dose = {}) {
  const known = shared.exercises.map((one) => one.name);
  const asked = { ...defaults(shared), ...remembered("asked", {}), ...dose };
  if (known.includes(wanted)) asked.exercise = wanted;
  if (!known.includes(asked.exercise)) asked.exercise = known.includes("step-down") ? "step-down" : known[0];
  const about = h("div", { class: "about" });
  const trouble = h("div", { role: "alert" });
  const keep = (changes) => {
    Object.assign(asked, changes);
    remember("asked", asked);
    about.replaceChildren(...described(asked.exercise));
  };
  const begin = h("button", { class: "primary big", id: "begin" }, t("exercise.camera"));
  begin.addEventListener("click", async () => {
    begin.disabled = true;
    trouble.replaceChildren();
    try {
      await start(place, shared, asked);
    } catch (error) {
      trouble.replaceChildren(...explained(error));
    }
    begin.disabled = false;
  });
  place.replaceChildren(
    h("h1", {}, t("exercise.title")),
    h("form", { class: "choose", onsubmit: (event) => event.preventDefault() },
      list(shared.exercises, asked, keep),
      h("div", { class: "card side" }, about, options(asked, keep), h("div", { class: "beginning" }, begin, trouble),
        h("p", { class: "soft small" }, t("exercise.private")))));
  keep({});
}

function defaults(shared) {
  return { exercise: null, sides: shared.info.side, sets: 1, reps: 10, start: "hand", delay: 10, rest: 60, save: shared.info.save };
}

/** Return the list of exercises; folded in a narrow window, where it would push all else out of sight. */
function list(all, asked, keep) {
  const chosen = h("strong", {}, exercise(asked.exercise).title);
  const summary = h("summary", { class: "card" }, t("exercise.which"), " ", chosen);
  const fold = () => {
    folded.open = false;
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "nearest" });
  };
  const choice = ({ name }) => h("label", {
    class: "card choice",
    // What was tapped is chosen, and the list folds when that is done. Arrow keys go on through it.
    onclick: (event) => { if (event.pointerType && matchMedia(NARROW).matches) setTimeout(fold); },
  },
  h("input", {
    type: "radio", name: "exercise", value: name, checked: name === asked.exercise,
    onchange: () => {
      keep({ exercise: name });
      chosen.textContent = exercise(name).title;
    },
  }),
  h("span", {}, h("strong", {}, exercise(name).title), h("small", {}, exercise(name).summary)));
  const folded = h("details", { class: "cards", open: !matchMedia(NARROW).matches }, summary,
    h("fieldset", {}, h("legend", { class: "hidden" }, t("exercise.which")), byTitle(all).map(choice)));
  return folded;
}

function described(name) {
  const text = exercise(name);
  return [
    h("h2", {}, text.title),
    text.drawing ? h("img", { class: "drawing", src: `/api/exercises/${name}/drawing`, alt: text.drawing }) : null,
    h("p", {}, text.setup),
    h("p", { class: "soft small" }, h("strong", {}, t("exercise.blind")), " ", text.cannot_see),
    text.unjudged ? h("p", { class: "soft small" }, text.unjudged) : null,
  ].filter(Boolean);
}

function options(asked, keep) {
  const reps = h("input", {
    type: "number", min: 1, max: 100, value: asked.reps ?? "", inputmode: "numeric",
    oninput: () => keep({ reps: reps.value && reps.validity.valid ? Number(reps.value) : null }),
  });
  const sets = select([1, 2, 3, 4, 5].map((n) => [String(n), String(n)]), String(asked.sets), (n) => keep({ sets: Number(n) }));
  const sides = select(
    ["auto", "left", "right", "both"].map((name) => [name, t(`sides.${name}`)]), asked.sides, (name) => keep({ sides: name }));
  const how = select(
    ["hand", "timer", "now"].map((name) => [name, t(`start.${name}`)]), asked.start, (name) => keep({ start: name }));
  return h("div", { class: "fields" },
    field(t("exercise.sides"), sides, t("exercise.sides.hint")),
    field(t("exercise.reps"), reps, t("exercise.reps.hint")),
    field(t("exercise.sets"), sets),
    field(t("exercise.start"), how),
    tick(t("exercise.save"), asked.save, (save) => keep({ save })));
}

async function start(place, shared, asked) {
  const stream = await openCamera({ device: remembered("camera", null), width: remembered("width", 640) });
  const chosen = shared.exercises.find((one) => one.name === asked.exercise);
  const begin = {
    exercise: asked.exercise,
    sides: asked.sides === "both" ? ["left", "right"] : [asked.sides],
    sets: asked.sets,
    reps: asked.reps,
    start: asked.start,
    delay_s: asked.delay,
    rest_s: asked.rest,
    strict: remembered("strict", shared.info.strict),
    fade: remembered("fade", true),
    save: asked.save,
  };
  coach = new Coach({ stream, begin, chosen, mirror: remembered("mirror", shared.info.mirror) });
  place.replaceChildren(coach.node);
  coach.node.querySelector("h1").focus({ preventScroll: true });
  coach.node.scrollIntoView();
  const sets = await coach.over;
  coach = null;
  if (!place.isConnected) return;
  after(place, shared, sets);
}

function after(place, shared, sets) {
  const again = h("button", { class: "primary", onclick: () => choose(place, shared) }, t("exercise.again"));
  const shown = sets.length
    ? sets.map((set) => summary(set.summary, { name: set.result, kept: set.kept, problem: set.problem, ended: set.ended, heading: heading(set, sets) }))
    : [h("section", { class: "card" }, h("h2", {}, t("summary.empty")), h("p", {}, t("summary.empty.hint")))];
  const title = h("h1", { tabindex: -1 }, t("summary.title"));
  place.replaceChildren(title, ...shown, h("div", { class: "row" }, again, h("a", { class: "button plain", href: "#/history" }, t("summary.history"))));
  title.focus();
  window.scrollTo(0, 0);
}

function heading(set, sets) {
  return sets.length > 1 ? t("summary.set", { number: set.number }) : null;
}

function explained(error) {
  if (!(error instanceof CameraTrouble)) return [h("p", { class: "notice fault" }, wordsOf(error))];
  return [h("div", { class: "notice fault" },
    h("strong", {}, t(error.code)), h("p", {}, t(`${error.code}.hint`)))];
}
