// Everything of a session that is read: words, numbers, ticks, buttons.

import { h } from "/static/dom.js";
import { exercise, measure, number, plusMinus, sessionText, SIGNS, band, side, spoken, t } from "/static/texts.js";

const NO_COUNT = ["setup", "ready", "countdown", "rest", "summary", "done"];
const NO_NEXT = ["countdown", "baseline", "done"];
const NO_PAUSE = ["paused", "summary", "done"];
const OVER = ["summary", "done"];
const SHORT = ["", "°", "%"];
const DROP = "pelvic_drop_deg";

/** The stage with the picture, what is written over it, and the buttons below. */
export class Panel {
  /** `press` is told which command a button stands for, `fullScreen` takes no words. */
  constructor(chosen, { press, fullScreen }) {
    this.chosen = chosen;
    // Where the body and the camera belong is the first sentence of the set-up.
    this.where = `${exercise(chosen.name).setup.split(". ")[0]}.`;
    this.node = this.build(press, fullScreen);
    this.canvas = this.parts.canvas;
    this.stage = this.canvas.closest(".stage");
  }

  build(press, fullScreen) {
    const button = (name, command, kind = "plain") =>
      h("button", { class: kind, "data-do": command, onclick: () => press(command) }, t(`live.${name}`));
    const parts = {
      canvas: h("canvas", { width: 640, height: 360, role: "img", "aria-label": t("live.picture") }),
      title: h("h1", { tabindex: -1 }, exercise(this.chosen.name).title),
      step: h("p", { class: "step" }),
      message: h("p", { class: "message", id: "message" }),
      hint: h("p", { class: "hint", hidden: true }),
      clock: h("p", { class: "clock", "aria-hidden": "true", hidden: true }),
      count: h("output", { class: "count", id: "reps", "aria-label": t("live.reps") }, "0"),
      counted: h("small", {}, t("live.reps")),
      readout: h("div", { class: "readout", hidden: true }),
      ticks: h("ul", { class: "ticks", "aria-label": t("live.ticks"), hidden: true }),
      trouble: h("p", { class: "trouble", role: "alert", hidden: true }),
      rate: h("small", { class: "rate" }),
      keys: h("span", { class: "keys" }, " ", t("live.keys")),
      note: h("strong"),
      hand: h("progress", { class: "hand", max: 1, value: 0, hidden: true, "aria-label": t("live.hand") }),
      next: button("start", "start", "primary"),
      pause: button("pause", "pause"),
      pain: button("pain", "pain", "danger"),
      quit: button("quit", "quit"),
    };
    this.parts = parts;
    return h("section", { class: "live", "aria-label": exercise(this.chosen.name).title },
      h("div", { class: "stage", "data-step": "setup" },
        h("div", { class: "view" }, parts.canvas,
          h("div", { class: "beside" }, h("div", { class: "corner left" }, parts.title, parts.step), parts.ticks),
          h("div", { class: "corner right", hidden: true }, parts.count, parts.counted),
          parts.readout, parts.clock, parts.trouble),
        h("div", { class: "banner" }, parts.message, parts.hint, parts.hand)),
      h("div", { class: "row controls" }, parts.next, parts.pause, parts.pain, parts.quit,
        h("button", { class: "plain", onclick: fullScreen }, t("live.full")), parts.rate),
      h("p", { class: "soft small" }, parts.note, sessionText("safety"), parts.keys));
  }

  /** Say that something is wrong, or right again; nothing with no words. */
  tell(words, wrong = true) {
    put(this.parts.trouble, words);
    show(this.parts.trouble, Boolean(words));
    mark(this.parts.trouble, "wrong", wrong ? "yes" : "no");
    // Not by :has() in the style sheet, which is asked again at every picture.
    mark(this.stage, "wrong", words && wrong ? "yes" : "no");
  }

  /** Say how many pictures a second there are. */
  rate(words) {
    put(this.parts.rate, words);
  }

  /** Say what must be known all the time. */
  note(words) {
    put(this.parts.note, words ? `${words} ` : "");
  }

  /** Leave nothing to press but the end. */
  stuck() {
    show(this.parts.next, false);
    show(this.parts.pause, false);
  }

  /** Show what the session says of a picture. */
  words(message) {
    const parts = this.parts;
    const text = message.cue ?? message.message;
    put(parts.message, text ? `${message.cue ? "! " : ""}${spoken(text)}` : "");
    put(parts.step, this.stepWords(message));
    put(parts.count, number(message.reps));
    put(parts.counted, this.countedWords(message));
    mark(this.stage, "step", message.step);
    mark(this.stage, "cue", message.cue ? "yes" : "no");
    show(parts.count.parentElement, !NO_COUNT.includes(message.step));
    put(parts.next, t(`live.next.${message.step}`));
    show(parts.next, !NO_NEXT.includes(message.step));
    show(parts.pause, !NO_PAUSE.includes(message.step));
    // At the end there is one way on; how it hurt is asked beside the result.
    show(parts.pain, !OVER.includes(message.step));
    show(parts.quit, !OVER.includes(message.step));
    for (const part of [parts.rate, parts.keys]) show(part, !OVER.includes(message.step));
    this.hint(message);
    this.waiting(message);
    this.readout(message);
    this.ticks(message.ticks);
  }

  countedWords(message) {
    const words = [message.reps_left ? t("live.left", { count: message.reps_left }) : t(message.reps === 1 ? "live.reps.one" : "live.reps")];
    if (message.attempts) words.push(t("live.attempts", { count: message.attempts }));
    return words.join(" ");
  }

  /** Say what else can be done or known at this step. */
  hint({ step, fading, withheld }) {
    const words = { setup: this.where, rest: sessionText("rest.skip"), summary: sessionText("summary.close") }[step] ?? "";
    const fewer = withheld && step === "reps" ? sessionText(`fading.${fading}`) : "";
    put(this.parts.hint, words || fewer);
    show(this.parts.hint, Boolean(words || fewer));
  }

  /** Show what runs down as a number, and what fills up as a bar. */
  waiting(message) {
    const { clock, hand } = this.parts;
    const runs = message.countdown_s > 0 && ["setup", "countdown", "rest"].includes(message.step);
    const seconds = Math.ceil(message.countdown_s ?? 0);
    put(clock, seconds < 60 ? String(seconds) : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    show(clock, runs);
    const still = message.step === "baseline" && message.countdown_s !== null ? 1 - message.countdown_s : 0;
    const share = Math.min(1, Math.max(message.hand, still));
    if (hand.value !== share) hand.value = share;
    show(hand, share > 0.1);
  }

  stepWords(message) {
    const words = [t(`step.${message.step}`)];
    const set = message.step === "rest" ? "live.set.next" : "live.set";
    if (message.sets > 1) words.push(t(set, { number: message.set, sets: message.sets }));
    if (message.side && message.side_known) words.push(t("live.leg", { side: side(message.side) }));
    return words.join(" · ");
  }

  readout(message) {
    const [value, half] = message.values[this.chosen.measure] ?? [null, null];
    const state = message.bands[this.chosen.measure];
    const box = this.parts.readout;
    show(box, value !== null && ["reps", "baseline"].includes(message.step));
    if (box.hidden) return;
    mark(box, "band", state ?? "none");
    mark(box, "unit", SHORT.includes(this.chosen.unit) ? "sign" : "words");
    const shown = this.chosen.measure === DROP ? Math.abs(value) : value;
    if (!box.firstChild) box.append(h("small"), h("strong"), h("span"));
    const [heading, figure, words] = box.children;
    put(heading, this.heading(value, half, message.side));
    put(figure, plusMinus(shown, half, this.chosen.unit));
    put(words, state ? `${SIGNS[state]} ${band(state)}` : "");
  }

  heading(value, half, leg) {
    if (this.chosen.measure !== DROP) return measure(this.chosen.measure);
    if (Math.round(Math.abs(value)) === 0) return t("readout.pelvic_drop_deg.level");
    if (!leg) return measure(this.chosen.measure);
    const doubt = Math.abs(value) < half ? "perhaps." : "";
    return t(`readout.${doubt}drop`, { side: side(value > 0 ? other(leg) : leg) });
  }

  ticks(ticks) {
    const list = this.parts.ticks;
    show(list, ticks.length > 0);
    while (list.children.length > ticks.length) list.lastChild.remove();
    while (list.children.length < ticks.length) list.append(h("li"));
    ticks.forEach((one, index) => {
      const state = one.passed === null ? "unknown" : one.passed ? "ok" : "fault";
      const sign = { unknown: one.measured ? "·" : "–", ok: "✓", fault: "✕" }[state];
      mark(list.children[index], "state", state);
      put(list.children[index], `${sign} ${spoken(one.name)}`);
    });
  }
}

// Thirty times a second, so that only what changes costs anything.

function put(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function show(node, on) {
  if (node.hidden === on) node.hidden = !on;
}

function mark(node, name, value) {
  if (node.dataset[name] !== value) node.dataset[name] = value;
}

function other(name) {
  return name === "left" ? "right" : "left";
}
