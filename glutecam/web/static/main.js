// Starts the page: language, colours, and which page the address asks for.

import { ask, h, remembered } from "/static/dom.js";
import { load, t } from "/static/texts.js";
import { quiet, wordsOf } from "/static/troubles.js";
import * as exercise from "/static/exercise.js";
import * as score from "/static/score.js";
import * as history from "/static/history.js";
import * as programme from "/static/programme.js";
import * as settings from "/static/settings.js";

const PAGES = { exercise, score, history, programme, settings };

const shared = { info: null, exercises: [], redraw: () => show(true) };
let shown = null;
let turn = 0;

function address() {
  const [name, ...rest] = location.hash.replace(/^#\//, "").split("/");
  return name in PAGES ? { name, rest } : { name: "exercise", rest: [] };
}

function colours() {
  const theme = remembered("theme", "auto");
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function frame(current) {
  const links = Object.keys(PAGES).map((name) =>
    h("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, t(`nav.${name}`)));
  document.getElementById("nav").replaceChildren(...links);
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
}

async function show(again = false) {
  const mine = ++turn;
  const { name, rest } = address();
  await shown?.leave?.();
  if (again) await prepare();
  if (mine !== turn) return;
  colours();
  quiet();
  frame(name);
  const main = document.getElementById("main");
  shown = PAGES[name];
  document.title = `${t(`nav.${name}`)} · glutecam`;
  try {
    const made = await shown.open(shared, rest);
    if (mine === turn) main.replaceChildren(...[made].flat());
  } catch (error) {
    if (mine === turn) main.replaceChildren(failed(error));
  }
  main.dataset.page = name;
  if (document.activeElement === document.body || document.activeElement === null) return;
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function failed(error) {
  return h("section", { class: "card notice fault", role: "alert" },
    h("h1", {}, t("error.title")),
    h("p", {}, wordsOf(error)),
    h("button", { onclick: () => show(true) }, t("error.again")));
}

async function prepare() {
  shared.info = await ask("/api/info");
  const wanted = remembered("language", navigator.language.slice(0, 2));
  await load(shared.info.languages.includes(wanted) ? wanted : "en");
  shared.exercises = await ask("/api/exercises");
}

async function start() {
  try {
    await prepare();
  } catch (error) {
    document.getElementById("main").replaceChildren(failed(error));
    return;
  }
  window.addEventListener("hashchange", () => show());
  // An address names a page here: "#main" would be taken for one, and end a session.
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
  await show();
  document.documentElement.dataset.ready = "yes";
}

start();
