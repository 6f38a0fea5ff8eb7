// Draws the figures that the page carries, in the colours of the page. Fetches nothing.
(() => {
  "use strict";
  const data = document.getElementById("chart-data").textContent;
  const darkOf = JSON.parse(data).dark_of;
  const places = [...document.querySelectorAll(".plot")];
  const night = matchMedia("(prefers-color-scheme: dark)");
  // A finger that strokes over a chart wants to scroll the page, and finds no small buttons.
  const finger = matchMedia("(pointer: coarse)").matches;
  // On a sheet: two side by side are half as wide. page_style.css.j2 has the same heights.
  const WIDE = { width: 680, autosize: false };
  const ON_PAPER = [
    [".curves.beside", { width: 332, height: 138, autosize: false }],
    [".curves", { width: 680, height: 138, autosize: false }],
    [".pair", { width: 332, height: 180, autosize: false }],
  ];
  const settings = {
    displaylogo: false,
    displayModeBar: finger ? false : "hover",
    responsive: true,
    doubleClick: "reset",
    modeBarButtons: [["resetScale2d", "toImage"]],
    toImageButtonOptions: { scale: 2 },
  };

  function figures(dark) {
    return JSON.parse(data, (_, value) =>
      dark && typeof value === "string" && Object.hasOwn(darkOf, value) ? darkOf[value] : value,
    ).figures;
  }

  function onPaper(place) {
    const [, size] = ON_PAPER.find(([around]) => place.closest(around)) || [null, WIDE];
    return size;
  }

  function draw(dark, paper) {
    figures(dark).forEach((figure, index) => {
      const fixed = paper ? onPaper(places[index]) : {};
      const layout = { ...figure.layout, ...fixed };
      if (finger) layout.dragmode = false;
      Plotly.react(places[index], figure.data, layout, settings);
    });
  }

  // Whoever looks closer at one chart looks at the same seconds in all.
  function follow(place, change) {
    const from = change["xaxis.range[0]"];
    const to = change["xaxis.range[1]"];
    if (from === undefined || to === undefined) return;
    for (const other of places) {
      if (other.layout.meta !== place.layout.meta) continue;
      const [first, last] = other.layout.xaxis.range;
      if (other !== place && (first !== from || last !== to)) {
        Plotly.relayout(other, { "xaxis.range": [from, to] });
      }
    }
  }

  draw(night.matches);
  for (const place of places) place.on("plotly_relayout", (change) => follow(place, change));
  night.addEventListener("change", () => draw(night.matches));
  addEventListener("beforeprint", () => draw(false, true));
  addEventListener("afterprint", () => draw(night.matches));
})();
