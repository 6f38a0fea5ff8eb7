// Small helpers: elements, requests, what is remembered in this browser.

/** Return an element; attributes that are false, null or undefined are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value === "boolean") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Return an SVG element. */
export function s(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.flat(Infinity));
  return node;
}

/** An answer of the server that says what went wrong. */
export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** Ask the server, and return what it answers. */
export async function ask(path, { method = "GET", body } = {}) {
  const asked = { method, headers: {} };
  if (body !== undefined) {
    asked.body = JSON.stringify(body);
    asked.headers["content-type"] = "application/json";
  }
  const answer = await fetch(path, asked);
  if (answer.status === 204) return null;
  const text = await answer.text();
  let said = null;
  try {
    said = JSON.parse(text);
  } catch {
    said = { error: text.slice(0, 300) };
  }
  if (!answer.ok) throw new Refused(answer.status, said.error ?? String(answer.status));
  return said;
}

const PREFIX = "glutecam.";

/** Return what was remembered in this browser, else the default. */
export function remembered(name, otherwise) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Remember something in this browser; where it cannot, it is forgotten with the page. */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private windows may refuse; nothing depends on it.
  }
}

/** Show a dialog that asks, and return whether the answer was yes. */
export function confirmed(question, yes, no) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "asked" },
      h("form", { method: "dialog" },
        h("p", { id: "asked" }, question),
        h("div", { class: "row end" },
          h("button", { value: "no", class: "plain" }, no),
          h("button", { value: "yes", class: "danger" }, yes))));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Return a labelled field: the control with its name above it. */
export function field(label, control, hint) {
  const id = control.id || `f${Math.random().toString(36).slice(2)}`;
  control.id = id;
  const under = hint ? h("small", { id: `${id}-hint` }, hint) : null;
  if (under) control.setAttribute("aria-describedby", under.id);
  return h("div", { class: "field" }, h("label", { for: id }, label), control, under);
}

/** Return a select with (value, words) choices. */
export function select(choices, chosen, onchange) {
  const node = h("select", { onchange: () => onchange?.(node.value) },
    choices.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
  return node;
}

/** Return a check box with its words beside it. */
export function tick(label, checked, onchange, hint) {
  const box = h("input", { type: "checkbox", checked, onchange: () => onchange(box.checked) });
  const text = hint ? [label, h("small", {}, hint)] : [label];
  return h("label", { class: "tick" }, box, h("span", {}, text));
}

/** Return a table that becomes a list of cards on a narrow screen, where no column may hide at the side.

`heads` are {words, number, clear}: `number` stands at the right, `clear` needs no name in a card. The first
cell of a row is its heading. The roles are said, as a table that is laid out as cards loses them in some browsers. */
export function table(label, heads, rows) {
  const cell = (head, content) => h("td", { role: "cell", class: head.number ? "number" : null, "data-label": head.clear ? null : head.words }, content);
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, h("table", { role: "table" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads.map((head) =>
      h("th", { role: "columnheader", scope: "col", class: head.number ? "number" : null }, head.words)))),
    h("tbody", { role: "rowgroup" }, rows.map(({ cells: [first, ...others], ...about }) => h("tr", { role: "row", ...about },
      h("th", { role: "rowheader", scope: "row", "data-label": heads[0].clear ? null : heads[0].words }, first),
      others.map((content, index) => cell(heads[index + 1], content)))))));
}
