// Sorts and filters the rows that the page carries. Fetches nothing, keeps nothing.
(() => {
  "use strict";
  const body = document.querySelector("tbody");
  // Of the clips alone: what stands below them has an order of its own.
  const heads = [...body.closest("table").querySelectorAll("thead th")];
  const find = document.getElementById("find");
  const subject = document.getElementById("subject");
  const exercise = document.getElementById("exercise");
  const boxes = [...document.querySelectorAll("#verdicts input")];
  const order = document.getElementById("order");
  const shown = document.getElementById("shown");
  const what = shown.dataset.what;
  const alike = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const rows = [...body.rows].map((row, place) => ({
    row,
    place,
    text: row.textContent.toLowerCase(),
  }));

  function filter() {
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, text } of rows) {
      const { verdict, subject: whose, exercise: which } = row.dataset;
      const fits =
        verdicts.has(verdict) &&
        (!subject.value || whose === subject.value) &&
        (!exercise.value || which === exercise.value) &&
        words.every((word) => text.includes(word));
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent =
      count === rows.length ? `All ${count} ${what}` : `${count} of ${rows.length} ${what}`;
  }

  // What a cell is sorted by; an empty one stands last, whichever way.
  function valueOf(row, column, number) {
    const cell = row.cells[column];
    const text = cell.dataset.sort ?? cell.textContent.trim();
    return number ? (text === "" ? null : Number(text)) : text || null;
  }

  function sort(head, down) {
    const column = heads.indexOf(head);
    const number = "number" in head.dataset;
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    order.value = `${column} ${down}`;
    const sorted = rows.map((entry) => ({ entry, value: valueOf(entry.row, column, number) }));
    sorted.sort((a, b) => {
      if (a.value === null || b.value === null) {
        return (a.value === null) - (b.value === null) || a.entry.place - b.entry.place;
      }
      const by = number ? a.value - b.value : alike.compare(a.value, b.value);
      return (down ? -by : by) || a.entry.place - b.entry.place;
    });
    body.append(...sorted.map(({ entry }) => entry.row));
  }

  function reset() {
    find.value = subject.value = exercise.value = "";
    for (const box of boxes) box.checked = true;
    filter();
  }

  // Arrows go from row to row, as Tab alone would take thousands of steps.
  function step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = event.target.closest?.("tbody tr");
    if (!by || !from) return;
    let row = from;
    do {
      row = by > 0 ? row.nextElementSibling : row.previousElementSibling;
    } while (row && (row.hidden || !row.querySelector("a, summary")));
    const target = row?.querySelector(".links a") ?? row?.querySelector("summary");
    if (target) {
      target.focus();
      event.preventDefault();
    }
  }

  for (const head of heads.filter((each) => !each.classList.contains("links"))) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head, head.getAttribute("aria-sort") === "ascending"));
    // Browsers do not repeat a button on the next sheet of paper, but plain words.
    const words = document.createElement("span");
    words.className = "paper";
    words.textContent = head.textContent;
    head.replaceChildren(button, words);
    for (const [down, sign] of [[false, "▴"], [true, "▾"]]) {
      order.add(new Option(`${words.textContent} ${sign}`, `${heads.indexOf(head)} ${down}`));
    }
  }
  // On a phone the heads are not there to be clicked.
  order.addEventListener("change", () => {
    const [column, down] = order.value.split(" ");
    sort(heads[column], down === "true");
  });
  for (const input of [...boxes, subject, exercise]) input.addEventListener("change", filter);
  find.addEventListener("input", filter);
  document.getElementById("reset").addEventListener("click", reset);
  body.addEventListener("keydown", step);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input[type=search], select");
    if (event.key === "/" && !typing) {
      find.focus();
      event.preventDefault();
    } else if (event.key === "Escape" && event.target === find) {
      reset();
    }
  });
  document.querySelector(".tools").hidden = false;
  // A browser may fill fields in again after going back.
  filter();
})();
