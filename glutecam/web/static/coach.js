// One live session on the page: camera, line to the server, picture, words and sounds.

import { h, remembered } from "/static/dom.js";
import { number, say, spoken, t } from "/static/texts.js";
import { CameraTrouble, openCamera, Packer } from "/static/camera.js";
import { Line } from "/static/line.js";
import { Board } from "/static/draw.js";
import { Pace } from "/static/pace.js";
import { Panel } from "/static/panel.js";
import { Tones, Voice } from "/static/sound.js";

const SILENT_MS = 600;
const KEPT = 4000;
const AGAIN_MS = 1500;

/** Lives from the camera's start to the summary; `over` gives the sets that were done. */
export class Coach {
  constructor({ stream, begin, chosen, mirror }) {
    Object.assign(this, { stream, begin, chosen, sets: [], reps: 0, shownMs: 0, pace: new Pace(), ended: false });
    this.stats = { clock: "", captured: 0, sent: 0, shown: 0, left: 0, latencyMs: [], serverMs: [] };
    window.glutecamStats = this.stats;
    this.voice = new Voice(remembered("voice", true));
    this.tones = new Tones();
    if (remembered("tones", true)) this.tones.wake();
    this.follows = remembered("follow", false);
    this.packer = new Packer();
    this.over = new Promise((resolve) => { this.resolve = resolve; });
    this.panel = new Panel(chosen, { press: (command) => this.press(command), fullScreen: () => this.fullScreen() });
    this.node = this.panel.node;
    this.board = new Board(this.panel.canvas, {
      mirror, posture: chosen.posture, measure: chosen.measure,
      labels: { level: t("board.level"), stacked: t("board.stacked") },
    });
    this.line = new Line(begin, {
      ready: (message) => this.ready(message),
      frame: (message, sent) => this.frame(message, sent),
      set: (message) => this.sets.push(message),
      problem: (message) => this.problem(message),
      over: () => this.finish(),
      lost: () => this.serverLost(),
      back: () => this.panel.tell(t("live.back"), false),
    });
    this.hidden = () => this.visibility();
    document.addEventListener("visibilitychange", this.hidden);
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.panel.tell(t("live.loading"), false);
    this.watch(stream);
  }

  // The camera

  async watch(stream) {
    this.stream = stream;
    const track = stream.getVideoTracks()[0];
    track.addEventListener("ended", () => this.cameraLost());
    track.addEventListener("mute", () => this.cameraLost());
    track.addEventListener("unmute", () => this.cameraBack());
    this.video = h("video", { muted: true, playsinline: true, autoplay: true });
    this.presented = 0;
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
      this.missed(facts?.presentedFrames);
      this.captured(video, facts?.captureTime ?? now);
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(seen);
    else requestAnimationFrame(() => seen(performance.now()));
  }

  /** Count what the camera gave while this page was busy; browsers that do not tell count nothing. */
  missed(presented) {
    if (presented && this.presented) this.leaveOut(presented - this.presented - 1);
    this.presented = presented;
  }

  leaveOut(pictures) {
    if (pictures > 0 && !document.hidden && !this.lost) this.line.leaveOut(pictures);
  }

  captured(video, capturedMs) {
    this.stats.captured += 1;
    this.stats.clock ||= capturedMs === this.calledMs ? "callback" : "camera";
    if (performance.now() - this.shownMs > SILENT_MS) this.board.picture(video);
    if (document.hidden || this.lost || !this.line.free) {
      this.stats.left += 1;
      this.leaveOut(1);
      return;
    }
    this.stats.sent += 1;
    const frame = typeof VideoFrame === "function" ? new VideoFrame(video) : video;
    this.line.send(frame, capturedMs, this.packer).catch(() => frame.close?.());
  }

  cameraLost() {
    if (this.ended || this.lost) return;
    this.lost = true;
    this.line.lostPictures();
    this.panel.tell(t("live.camera.lost"));
    this.voice.say(t("live.camera.lost"), true);
    // Not at once: what says that it is gone must not be overtaken by the next picture.
    setTimeout(() => this.seek(), AGAIN_MS);
  }

  cameraBack() {
    if (!this.lost) return;
    this.lost = false;
    this.panel.tell("");
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
      this.panel.tell(t("live.hidden"));
      this.voice.say(t("live.hidden"), true);
    } else if (!this.lost) this.panel.tell("");
  }

  // What the server says

  ready({ reduced_accuracy }) {
    this.panel.tell("");
    this.panel.note(reduced_accuracy ? t("summary.reduced") : "");
  }

  frame(message, sent) {
    if (this.ended) return;
    const now = performance.now();
    if (sent) {
      this.board.result(sent, message.points, message);
      this.measure(now, sent);
    }
    this.panel.words(message);
    this.reps = message.reps;
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
    const told = this.pace.shown(now);
    if (told) this.panel.rate(`${t("live.rate", { fps: number(told.fps) })}${told.slow ? ` ${t("live.slow")}` : ""}`);
  }

  sounds(message) {
    if (message.speak) this.voice.say(spoken(message.speak));
    if (message.tone) this.tones.play(message.tone);
    if (this.follows) this.tones.follow(message.pitch_hz);
  }

  problem(message) {
    // What is said of one picture is over with it; where the beginning is refused, nothing comes.
    if (message.code === "input" && this.line.ready) return;
    const key = `problem.${message.code}`;
    this.trouble = ["ended", "input"].includes(message.code) ? say(message.text) : t(key);
    this.panel.tell(this.trouble);
    if (["busy", "input"].includes(message.code)) this.stopped = true;
  }

  serverLost() {
    const done = this.reps === 1 ? "live.server.reps.one" : "live.server.reps";
    this.panel.tell(this.reps ? t(done, { reps: this.reps }) : t("live.server"));
    this.voice.say(t("live.server"), true);
  }

  // What the person asks for

  press(command) {
    this.tones.wake();
    if (this.stopped) return this.finish();
    if (command === "quit") return this.quit();
    if (command === "start" && !["setup", "ready", "paused"].includes(this.step)) this.ask("next");
    else this.ask(command);
  }

  /** Ask for something; it happens with the next picture, or without one where none comes. */
  ask(command) {
    this.line.command(command);
    if (this.lost) this.line.lostPictures();
  }

  quit() {
    if (!this.line.ready) return this.finish();
    this.ask("quit");
    // Should no answer come.
    setTimeout(() => this.finish(), 2500);
  }

  key(event) {
    if (event.target.closest?.("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    // A button that was clicked keeps the focus, and the space bar presses it again.
    if (event.key === " " && event.target.closest?.("button, a")) return;
    const key = event.key.toLowerCase();
    const command = { " ": this.step === "reps" ? "pause" : "start", n: "next", x: "pain", q: "quit" }[key];
    if (key === "f") this.fullScreen();
    else if (command) this.press(command);
    else return;
    event.preventDefault();
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.panel.stage.requestFullscreen?.();
  }

  finish() {
    if (this.ended) return;
    if (this.trouble && !this.sets.length) {
      this.panel.stuck();
      this.panel.tell(this.trouble);
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
    this.tones.close();
    if (this.step !== "summary" && this.step !== "done") this.voice.stop();
    stopped(this.stream);
    this.video.srcObject = null;
    this.line.close();
    this.resolve(this.sets);
  }
}

function stopped(stream) {
  for (const track of stream.getTracks()) track.stop();
}
