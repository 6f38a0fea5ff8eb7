// How many pictures are shown a second, and whether that is too few.

const SLOW_FPS = 18;
const EASED_FPS = 21;
const OVER_MS = 2000;
const QUIET_MS = 3000;
const TELL_EVERY_MS = 500;

/** Counts over the last two seconds. Slow below 18, until there are 21 again: between them it stays as it was. */
export class Pace {
  constructor() {
    Object.assign(this, { times: [], beganMs: null, toldMs: -Infinity, slow: false });
  }

  /** Take the time of a picture that is shown; return {fps, slow} when there is something to tell, else null. */
  shown(nowMs) {
    this.beganMs ??= nowMs;
    this.times.push(nowMs);
    while (this.times[0] < nowMs - OVER_MS) this.times.shift();
    // The first ones always come late.
    if (nowMs - this.beganMs < QUIET_MS || nowMs - this.toldMs < TELL_EVERY_MS) return null;
    this.toldMs = nowMs;
    const fps = this.times.length / (OVER_MS / 1000);
    this.slow = fps < (this.slow ? EASED_FPS : SLOW_FPS);
    return { fps, slow: this.slow };
  }
}
