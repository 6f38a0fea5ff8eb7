// What is set in this browser, what the server was started with, and what all this is.

import { field, h, remember, remembered, select, tick } from "/static/dom.js";
import { t } from "/static/texts.js";
import { cameras } from "/static/camera.js";
import { Tones, Voice } from "/static/sound.js";

/** Return the page. */
export async function open(shared) {
  return [
    h("h1", {}, t("settings.title")),
    looks(shared), sounds(shared), judging(shared), await camera(shared), server(shared), about(),
  ];
}

const kept = (name, otherwise, label, hint) => tick(label, remembered(name, otherwise), (on) => remember(name, on), hint);

function looks(shared) {
  const languages = shared.info.languages.map((name) => [name, t(`language.${name}`)]);
  return h("section", { class: "card" }, h("h2", {}, t("settings.looks")), h("div", { class: "fields" },
    field(t("settings.language"), select(languages, document.documentElement.lang, (name) => { remember("language", name); shared.redraw(); })),
    field(t("settings.theme"), select(["auto", "light", "dark"].map((name) => [name, t(`theme.${name}`)]), remembered("theme", "auto"),
      (name) => { remember("theme", name); shared.redraw(); }))),
  kept("mirror", shared.info.mirror, t("settings.mirror"), t("settings.mirror.hint")));
}

function sounds(shared) {
  const test = () => {
    const tones = new Tones();
    tones.wake();
    tones.play([[660, 0.1], [990, 0.18]]);
    tones.close();
    new Voice(true).say(t("settings.sample"), true);
  };
  return h("section", { class: "card" }, h("h2", {}, t("settings.sounds")),
    kept("voice", shared.info.voice, t("settings.voice"), t("settings.voice.hint")),
    kept("tones", true, t("settings.tones"), t("settings.tones.hint")),
    kept("follow", false, t("settings.follow"), t("settings.follow.hint")),
    h("button", { class: "plain", onclick: test }, t("settings.test")));
}

function judging(shared) {
  return h("section", { class: "card" }, h("h2", {}, t("settings.judging")),
    kept("strict", shared.info.strict, t("settings.strict"), t("settings.strict.hint")),
    kept("fade", true, t("settings.fade"), t("settings.fade.hint")));
}

async function camera() {
  const found = await cameras();
  const choices = [["", t("settings.camera.any")], ...found.map((one) => [one.deviceId, one.label])];
  const widths = [["640", "640"], ["960", "960"], ["1280", "1280"]];
  return h("section", { class: "card" }, h("h2", {}, t("settings.camera")), h("div", { class: "fields" },
    field(t("settings.camera.which"), select(choices, remembered("camera", ""), (id) => remember("camera", id)), found.length ? null : t("settings.camera.unknown")),
    field(t("settings.width"), select(widths, String(remembered("width", 640)), (width) => remember("width", Number(width))), t("settings.width.hint"))));
}

function server({ info }) {
  const rows = [["version", info.version], ["model", info.model], ["subject", info.subject], ["reach", t(info.local ? "settings.local" : "settings.remote")]];
  return h("section", { class: "card" }, h("h2", {}, t("settings.server")),
    h("dl", { class: "facts" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, t(`settings.${name}`)), h("dd", {}, value)))),
    h("p", { class: "soft small" }, t("settings.server.hint")));
}

function about() {
  return h("section", { class: "card" }, h("h2", {}, t("about.title")),
    ["about.measures", "about.plusminus", "about.private"].map((key) => h("p", {}, t(key))));
}
