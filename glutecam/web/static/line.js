// The line to the server: pictures out, what the coach says in. Never more than three on the way: one is packed, one is looked at, one is drawn.

import { widthOf } from "/static/camera.js";

const MOST_ON_THE_WAY = 3;
const OVERDUE_MS = 2000;
const AGAIN_MS = [500, 1000, 2000, 4000];

/** A live session over a WebSocket, opened again where it breaks off. */
export class Line {
  /** `on` has: ready, frame, set, problem, over, lost, back. */
  constructor(begin, on) {
    this.begin = begin;
    this.on = on;
    this.closed = false;
    this.ready = false;
    this.tries = 0;
    this.number = 0;
    this.left = 0;
    this.waiting = new Map();
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/live`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if (this.tries > 0) this.on.back();
      this.tries = 0;
      this.say({ type: "begin", ...this.begin });
    };
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = () => this.broken(socket);
    this.socket = socket;
  }

  broken(socket) {
    if (this.closed || socket !== this.socket) return;
    if (this.ready || this.tries === 0) this.on.lost();
    this.ready = false;
    this.forget(Infinity);
    const wait = AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)];
    this.tries += 1;
    this.timer = setTimeout(() => this.open(), wait);
  }

  take(message) {
    if (message.type === "ready") this.ready = true;
    // One picture that is refused is not the end of the session.
    if (message.type === "over" || (message.type === "problem" && message.code !== "input")) this.ready = false;
    if (message.type === "frame") {
      const sent = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      this.forget(message.id);
      this.on.frame(message, sent);
      sent?.frame?.close?.();
      return;
    }
    this.on[message.type]?.(message);
  }

  /** Whether a further picture may be sent now. */
  get free() {
    if (!this.ready || this.socket.readyState !== WebSocket.OPEN) return false;
    const oldest = this.waiting.values().next().value;
    if (oldest && performance.now() - oldest.sentMs > OVERDUE_MS) this.forget(Infinity);
    return this.waiting.size < MOST_ON_THE_WAY;
  }

  /** Count pictures that came and cannot be sent, as those before them are on the way. */
  leaveOut(pictures) {
    if (this.ready) this.left += pictures;
  }

  /** Send a picture; the packer makes its bytes, `frame` is kept to be drawn with its result. */
  async send(frame, capturedMs, packer) {
    const number = this.number++;
    const sent = { frame, capturedMs, sentMs: performance.now() };
    this.waiting.set(number, sent);
    const bytes = await packer.pack(frame, { number, timeMs: capturedMs, left: this.left });
    sent.width = widthOf(bytes);
    if (this.ready && this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes);
    packer.done(bytes);
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  command(name) {
    this.say({ type: "command", name });
  }

  /** Say that no pictures come any more, because the camera is gone or the tab is hidden. */
  lostPictures() {
    if (this.ready) this.say({ type: "lost", time_ms: performance.now(), id: this.number++ });
  }

  forget(upTo) {
    for (const [number, sent] of this.waiting) {
      if (number > upTo) continue;
      sent.frame?.close?.();
      this.waiting.delete(number);
    }
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.forget(Infinity);
    this.socket.close();
  }
}
