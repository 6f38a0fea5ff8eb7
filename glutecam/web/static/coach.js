// One live session on the page: camera, line to the server, picture, words and sounds.

import { h, remembered } from "/static/dom.js";
import { exercise, measure, number, plusMinus, SIGNS, band, side, spoken, t } from "/static/texts.js";
import { CameraTrouble, openCamera, Packer } from "/static/camera.js";
import { Line } from "/static/line.js";
import { Board } from "/static/draw.js";
import { Tones, Voice } from "/static/sound.js";

const SILENT_MS = 600;
const SLOW_FPS = 18;
const KEPT = 4000;
const AGAIN_MS = 1500;

/** Lives from the camera's start to the summary; `over` gives the sets that were done. */
export class Coach {
  constructor({ stream, begin, chosen, mirror }) {
    Object.assign(this, { stream, begin, chosen, sets: [], reps: 0, shownMs: 0, shown: [], ended: false });
    this.stats = { clock: "", captured: 0, sent: 0, shown: 0, left: 0, latencyMs: [], serverMs: [] };
    window.glutecamStats = this.stats;
    this.voice = new Voice(remembered("voice", true));
    this.tones = new Tones();
    if (remembered("tones", true)) this.tones.wake();
    this.follows = remembered("follow", false);
    this.packer = new Packer();
    this.over = new Promise((resolve) => { this.resolve = resolve; });
    this.node = this.build();
    this.board = new Board(this.parts.canvas, {
      mirror, posture: chosen.posture, measure: chosen.measure,
      labels: { level: t("board.level"), stacked: t("board.stacked") },
    });
    this.line = new Line(begin, {
      ready: () => this.tell(""),
      frame: (message, sent) => this.frame(message, sent),
      set: (message) => this.sets.push(message),
      problem: (message) => this.problem(message),
      over: () => this.finish(),
      lost: () => this.serverLost(),
      back: () => this.tell(t("live.back"), false),
    });
    this.hidden = () => this.visibility();
    document.addEventListener("visibilitychange", this.hidden);
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.tell(t("live.loading"), false);
    this.watch(stream);
  }

  // What it looks like

  build() {
    const button = (name, command, kind = "plain") =>
      h("button", { class: kind, "data-do": command, onclick: () => this.press(command) }, t(`live.${name}`));
    const parts = {
      canvas: h("canvas", { width: 640, height: 360, role: "img", "aria-label": t("live.picture") }),
      title: h("h1", { tabindex: -1 }, exercise(this.chosen.name).title),
      step: h("p", { class: "step" }),
      message: h("p", { class: "message", id: "message" }),
      count: h("output", { class: "count", id: "reps", "aria-label": t("live.reps") }, "0"),
      counted: h("small", {}, t("live.reps")),
      readout: h("div", { class: "readout", hidden: true }),
      ticks: h("ul", { class: "ticks", "aria-label": t("live.ticks"), hidden: true }),
      trouble: h("p", { class: "trouble", role: "alert", hidden: true }),
      rate: h("small", { class: "rate" }),
      hand: h("progress", { class: "hand", max: 1, value: 0, hidden: true, "aria-label": t("live.hand") }),
      next: button("start", "start", "primary"),
      pause: button("pause", "pause"),
    };
    this.parts = parts;
    return h("section", { class: "live", "aria-label": exercise(this.chosen.name).title },
      h("div", { class: "stage", "data-step": "setup" }, parts.canvas,
        h("div", { class: "corner left" }, parts.title, parts.step),
        h("div", { class: "corner right", hidden: true }, parts.count, parts.counted),
        parts.ticks, parts.readout, parts.trouble,
        h("div", { class: "banner" }, parts.message, parts.hand)),
      h("div", { class: "row controls" }, parts.next, parts.pause,
        button("pain", "pain", "danger"), button("quit", "quit"),
        h("button", { class: "plain", onclick: () => this.fullScreen() }, t("live.full")), parts.rate),
      h("p", { class: "soft small keys" }, t("live.keys")));
  }

  tell(words, wrong = true) {
    put(this.parts.trouble, words);
    this.parts.trouble.hidden = !words;
    this.parts.trouble.dataset.wrong = wrong ? "yes" : "no";
  }

  // The camera

  async watch(stream) {
    this.stream = stream;
    const track = stream.getVideoTracks()[0];
    track.addEventListener("ended", () => this.cameraLost());
    track.addEventListener("mute", () => this.cameraLost());
    track.addEventListener("unmute", () => this.cameraBack());
    this.video = h("video", { muted: true, playsinline: true, autoplay: true });
    this.video.srcObject = stream;
    await this.video.play().catch(() => {});
    this.next();
  }

  next() {
    const video = this.video;
    const seen = (now, facts) => {
      if (this.ended || video !== this.video) return;
      this.next();
      this.calledMs = now;
      this.captured(video, facts?.captureTime ?? now);
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(seen);
    else requestAnimationFrame(() => seen(performance.now()));
  }

  captured(video, capturedMs) {
    this.stats.captured += 1;
    this.stats.clock ||= capturedMs === this.calledMs ? "callback" : "camera";
    if (performance.now() - this.shownMs > SILENT_MS) this.board.picture(video);
    if (document.hidden || this.lost || !this.line.free) {
      this.stats.left += 1;
      return;
    }
    this.stats.sent += 1;
    const frame = typeof VideoFrame === "function" ? new VideoFrame(video) : video;
    this.line.send(frame, capturedMs, (...all) => this.packer.pack(...all)).catch(() => frame.close?.());
  }

  cameraLost() {
    if (this.ended || this.lost) return;
    this.lost = true;
    this.line.lostPictures();
    this.tell(t("live.camera.lost"));
    this.voice.say(t("live.camera.lost"), true);
    this.seek();
  }

  cameraBack() {
    if (!this.lost) return;
    this.lost = false;
    this.tell("");
  }

  /** Ask for the camera again until it is back. */
  async seek() {
    if (this.ended || !this.lost) return;
    const track = this.stream.getVideoTracks()[0];
    if (track.readyState === "live" && !track.muted) return this.cameraBack();
    if (track.readyState === "ended") {
      try {
        const stream = await openCamera({ device: remembered("camera", null), width: remembered("width", 640) });
        if (this.ended) return stopped(stream);
        this.cameraBack();
        return this.watch(stream);
      } catch (error) {
        if (!(error instanceof CameraTrouble)) throw error;
      }
    }
    setTimeout(() => this.seek(), AGAIN_MS);
  }

  visibility() {
    if (this.ended) return;
    if (document.hidden) {
      this.line.lostPictures();
      this.tell(t("live.hidden"));
      this.voice.say(t("live.hidden"), true);
    } else if (!this.lost) this.tell("");
  }

  // What the server says

  frame(message, sent) {
    if (this.ended) return;
    const now = performance.now();
    if (sent) {
      this.board.result(sent.frame, message.points, message);
      this.measure(now, sent);
    }
    this.words(message);
    this.sounds(message);
    this.step = message.step;
  }

  measure(now, sent) {
    const stats = this.stats;
    stats.shown += 1;
    stats.latencyMs.push(now - sent.capturedMs);
    stats.serverMs.push(now - sent.sentMs);
    for (const list of [stats.latencyMs, stats.serverMs]) if (list.length > KEPT) list.splice(0, KEPT / 4);
    this.shownMs = now;
    this.shown.push(now);
    while (this.shown[0] < now - 2000) this.shown.shift();
    if (this.shown.length % 10 === 0) this.rate();
  }

  rate() {
    const fps = this.shown.length / 2;
    if (performance.now() - (this.beganMs ??= performance.now()) < 3000) return;
    const words = t("live.rate", { fps: number(fps) });
    this.parts.rate.textContent = fps < SLOW_FPS ? `${words} ${t("live.slow")}` : words;
  }

  words(message) {
    const parts = this.parts;
    const text = message.cue ?? message.message;
    put(parts.message, text ? `${message.cue ? "! " : ""}${spoken(text)}` : "");
    put(parts.step, this.stepWords(message));
    put(parts.count, number(message.reps));
    put(parts.counted, message.attempts ? `${t("live.reps")} ${t("live.attempts", { count: message.attempts })}` : t("live.reps"));
    this.reps = message.reps;
    const stage = parts.canvas.parentElement;
    stage.dataset.step = message.step;
    stage.dataset.cue = message.cue ? "yes" : "no";
    parts.count.parentElement.hidden = ["setup", "ready", "countdown", "summary", "done"].includes(message.step);
    parts.hand.hidden = !(message.hand > 0.1);
    parts.hand.value = message.hand;
    put(parts.next, t(`live.next.${message.step}`));
    parts.next.hidden = ["countdown", "baseline", "done"].includes(message.step);
    put(parts.pause, t(message.step === "paused" ? "live.resume" : "live.pause"));
    this.readout(message);
    this.ticks(message.ticks);
  }

  stepWords(message) {
    const words = [t(`step.${message.step}`)];
    if (message.sets > 1) words.push(t("live.set", { number: message.set, sets: message.sets }));
    if (message.side) words.push(t("live.leg", { side: side(message.side) }));
    return words.join(" · ");
  }

  readout(message) {
    const [value, half] = message.values[this.chosen.measure] ?? [null, null];
    const state = message.bands[this.chosen.measure];
    const box = this.parts.readout;
    box.hidden = value === null || !["reps", "baseline"].includes(message.step);
    if (box.hidden) return;
    const unit = this.chosen.rules.find((rule) => rule.code === this.chosen.leading)?.unit ?? "°";
    box.dataset.band = state ?? "none";
    const shown = ["pelvic_drop_deg", "pelvic_roll_deg"].includes(this.chosen.measure) ? Math.abs(value) : value;
    if (!box.firstChild) box.append(h("small"), h("strong"), h("span"));
    const [heading, figure, words] = box.children;
    put(heading, this.heading(value, half, message.side));
    put(figure, plusMinus(shown, half, unit));
    put(words, state ? `${SIGNS[state]} ${band(state)}` : "");
  }

  heading(value, half, leg) {
    const doubt = Math.abs(value) < half ? "perhaps." : "";
    if (Math.round(Math.abs(value)) === 0) return t(`readout.${this.chosen.measure}.level`);
    if (this.chosen.measure === "pelvic_drop_deg" && leg) {
      const lower = value > 0 ? other(leg) : leg;
      return t(`readout.${doubt}drop`, { side: side(lower) });
    }
    if (this.chosen.measure === "pelvic_roll_deg") return t(`readout.${doubt}roll.${value > 0 ? "back" : "forward"}`);
    return measure(this.chosen.measure);
  }

  ticks(ticks) {
    const list = this.parts.ticks;
    list.hidden = ticks.length === 0;
    while (list.children.length > ticks.length) list.lastChild.remove();
    while (list.children.length < ticks.length) list.append(h("li"));
    ticks.forEach((one, index) => {
      const state = one.passed === null ? "unknown" : one.passed ? "ok" : "fault";
      const sign = { unknown: "·", ok: "✓", fault: "✕" }[state];
      list.children[index].dataset.state = state;
      put(list.children[index], `${sign} ${spoken(one.name)}`);
    });
  }

  sounds(message) {
    if (message.speak) this.voice.say(spoken(message.speak));
    if (message.tone) this.tones.play(message.tone);
    if (this.follows) this.tones.follow(message.pitch_hz);
  }

  problem(message) {
    if (message.code === "input") return;
    const key = `problem.${message.code}`;
    this.trouble = message.code === "ended" ? message.text : t(key);
    this.tell(this.trouble);
    if (message.code === "busy") this.stopped = true;
  }

  serverLost() {
    this.tell(this.reps ? t("live.server.reps", { reps: this.reps }) : t("live.server"));
    this.voice.say(t("live.server"), true);
  }

  // What the person asks for

  press(command) {
    this.tones.wake();
    if (this.stopped) return this.finish();
    if (command === "quit") return this.quit();
    if (command === "pause" && this.step === "paused") this.line.command("resume");
    else if (command === "start" && !["setup", "ready", "paused"].includes(this.step)) this.line.command("next");
    else this.line.command(command);
  }

  quit() {
    if (!this.line.ready) return this.finish();
    this.line.command("quit");
    // The answer comes with the next picture; without a camera there is none.
    setTimeout(() => this.finish(), 2500);
  }

  key(event) {
    if (event.target.closest?.("input, select, textarea, button, a, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    const command = { " ": this.step === "reps" ? "pause" : "start", n: "next", x: "pain", q: "quit" }[event.key];
    if (event.key === "f") this.fullScreen();
    else if (command === "next") this.line.command("next");
    else if (command) this.press(command);
    else return;
    event.preventDefault();
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.parts.canvas.parentElement.requestFullscreen?.();
  }

  finish() {
    if (this.ended) return;
    if (this.trouble && !this.sets.length) {
      this.parts.next.hidden = this.parts.pause.hidden = true;
      this.tell(this.trouble);
      this.stopped = true;
      this.trouble = null;
      return;
    }
    this.close();
  }

  async close() {
    if (this.ended) return;
    this.ended = true;
    document.removeEventListener("visibilitychange", this.hidden);
    document.removeEventListener("keydown", this.keys);
    if (document.fullscreenElement) await document.exitFullscreen();
    this.tones.stop();
    if (this.step !== "summary" && this.step !== "done") this.voice.stop();
    stopped(this.stream);
    this.line.close();
    this.resolve(this.sets);
  }
}

function stopped(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function put(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function other(name) {
  return name === "left" ? "right" : "left";
}
