// What is heard: cues by the browser's own voice, short tones, and a tone that follows the pelvis.

import { language } from "/static/texts.js";

const STALE_MS = 3000;
const LAST_TONE_MS = 2000;

/** Speaks, one thing at a time; without a voice a screen reader gets the words. */
export class Voice {
  constructor(on) {
    this.on = on;
    this.region = document.getElementById("spoken");
  }

  say(words, urgent = false) {
    if (!this.on || !("speechSynthesis" in window)) {
      this.region.textContent = words;
      return;
    }
    const synthesis = window.speechSynthesis;
    // What was not said within three seconds is about a movement that is over.
    if (urgent || performance.now() - (this.askedMs ?? 0) > STALE_MS) synthesis.cancel();
    this.askedMs = performance.now();
    const utterance = new SpeechSynthesisUtterance(words);
    utterance.lang = language();
    const voices = synthesis.getVoices().filter((voice) => voice.lang.startsWith(language()));
    // A voice of this computer: others send the words to a server.
    utterance.voice = voices.find((voice) => voice.localService) ?? null;
    synthesis.speak(utterance);
  }

  stop() {
    window.speechSynthesis?.cancel();
    this.region.textContent = "";
  }
}

/** Short tones, and one that lasts. */
export class Tones {
  constructor() {
    Object.assign(this, { context: null, following: null, sounding: 0 });
  }

  /** Must be called from a click: browsers are silent before one. */
  wake() {
    const Context = window.AudioContext;
    if (Context) this.context ??= new Context();
    this.context?.resume().then(() => this.rest());
  }

  /** Let the sound card rest while nothing is to be heard: it is fed a hundred times a second otherwise. */
  rest() {
    if (!this.following && !this.sounding && this.context?.state === "running") this.context.suspend();
  }

  /** Play [pitch in Hz, seconds] one after another. */
  play(notes) {
    if (!this.context) return;
    this.context.resume();
    let at = this.context.currentTime;
    for (const [hertz, seconds] of notes) {
      const { oscillator, gain } = this.oscillator(hertz);
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(0.2, at + 0.01);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
      this.sounding += 1;
      oscillator.onended = () => { this.sounding -= 1; this.rest(); };
      oscillator.start(at);
      oscillator.stop(at + seconds);
      at += seconds;
    }
  }

  /** Let the lasting tone have this pitch; null is silence. */
  follow(hertz) {
    if (!this.context) return;
    if (hertz === null) {
      this.following?.gain.gain.setTargetAtTime(0, this.context.currentTime, 0.04);
      return;
    }
    if (!this.following) {
      this.context.resume();
      this.following = this.oscillator(hertz);
      this.following.gain.gain.value = 0;
      this.following.oscillator.start();
    }
    const now = this.context.currentTime;
    this.following.oscillator.frequency.setTargetAtTime(hertz, now, 0.03);
    this.following.gain.gain.setTargetAtTime(0.06, now, 0.03);
  }

  stop() {
    this.following?.oscillator.stop();
    this.following = null;
  }

  /** End for good, when the last tone is over: a context that stays open keeps its thread. */
  close() {
    this.stop();
    const { context } = this;
    this.context = null;
    if (context) setTimeout(() => context.close(), LAST_TONE_MS);
  }

  oscillator(hertz) {
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.frequency.value = hertz;
    oscillator.connect(gain).connect(this.context.destination);
    return { oscillator, gain };
  }
}
