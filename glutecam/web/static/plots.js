// Curves as SVG, readable without colour and with a table or words beside them.

import { h, s } from "/static/dom.js";
import { SIGNS, band, number, plusMinus, rule, say, shortDay, side, t } from "/static/texts.js";

let W = 720;
const H = 240;
const PAD = { left: 46, right: 14, top: 14, bottom: 30 };

const BESIDE = 62;

/** Letters must not shrink with the picture on a phone; beside it are the edges of page and card. */
function fit() {
  W = Math.max(240, Math.min(720, window.innerWidth - BESIDE));
}

function scale([low, high], [from, to]) {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

function steps(low, high, most = 5) {
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + 1e-9; at += step) found.push(Number(at.toFixed(6)));
  return found;
}

function axes(x, y, xs, ys, unit, names = number) {
  return [
    ys.map((value) => [
      s("line", { x1: PAD.left, x2: W - PAD.right, y1: y(value), y2: y(value), class: value === 0 ? "zero" : "grid" }),
      s("text", { x: PAD.left - 7, y: y(value) + 4, class: "end" }, `${number(value, Math.abs(value) % 1 ? 1 : 0)}${unit === "°" ? "°" : ""}`),
    ]),
    xs.map((value) => s("text", { x: x(value), y: H - 9, class: "middle" }, names(value))),
  ];
}

function figure(svg, caption) {
  return h("figure", {}, svg, h("figcaption", { class: "soft small" }, caption));
}

function canvas(label, ...children) {
  return s("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label, class: "plot" }, ...children);
}

function path(points) {
  let pen = "M";
  return points.map((point) => {
    if (!point) { pen = "M"; return ""; }
    const part = `${pen}${point[0].toFixed(1)},${point[1].toFixed(1)}`;
    pen = "L";
    return part;
  }).join("");
}

/** Return the leading measure over one set: its ±, the repetitions, and the edges. */
export function setPlot(set) {
  fit();
  const { curve } = set;
  const seen = curve.value.map((v, i) => (v === null ? null : [curve.time_s[i], v, curve.half_width[i] ?? 0]));
  const known = seen.filter(Boolean);
  const edges = curve.edges.filter((edge) => Number.isFinite(edge.value));
  const sorted = (pick) => known.map(pick).sort((a, b) => a - b);
  const quantile = (list, q) => list[Math.min(list.length - 1, Math.floor(q * list.length))];
  const low = Math.min(0, quantile(sorted((p) => p[1] - p[2]), 0.01), ...edges.map((e) => e.value));
  const high = Math.max(quantile(sorted((p) => p[1] + p[2]), 0.99), ...edges.map((e) => e.value * 1.15));
  const [first, last] = [curve.time_s[0], curve.time_s[curve.time_s.length - 1]];
  const x = scale([first, last], [PAD.left, W - PAD.right - roomFor(edges)]);
  const y = scale([low, high], [H - PAD.bottom, PAD.top]);
  const clamp = (value) => Math.max(PAD.top, Math.min(H - PAD.bottom, y(value)));
  const seconds = (value) => `${number(value, value % 1 ? 1 : 0)} s`;
  const name = curve.code ? rule(curve.code).name : say(curve.label);
  const caption = t("plot.set", { name });
  return figure(canvas(caption,
    set.reps.map((rep) => repBox(rep, x)),
    axes(x, y, steps(first, last, W < 640 ? 4 : 6), steps(low, high, 4), curve.unit, seconds),
    ribbons(seen, x, clamp),
    edges.map((edge) => edgeLine(edge, y)),
    s("path", { d: path(seen.map((p) => p && [x(p[0]), clamp(p[1])])), class: "curve" })), caption);
}

/** The limits' names stand at the right: beside the last points, not on them. */
function roomFor(edges) {
  return edges.length ? Math.min(100, 0.25 * W) : 0;
}

function repBox(rep, x) {
  const middle = (x(rep.start_s) + x(rep.end_s)) / 2;
  return [
    s("rect", { x: x(rep.start_s), y: PAD.top, width: Math.max(1, x(rep.end_s) - x(rep.start_s)), height: H - PAD.top - PAD.bottom, class: `rep ${rep.band ?? "none"}` }),
    s("text", { x: middle, y: PAD.top + 15, class: `middle sign ${rep.band ?? "none"}` }, rep.band ? SIGNS[rep.band] : ""),
  ];
}

function ribbons(seen, x, y) {
  const runs = [];
  for (const point of seen) {
    if (!point) runs.push([]);
    else if (runs.length === 0) runs.push([point]);
    else runs[runs.length - 1].push(point);
  }
  return runs.filter((run) => run.length > 1).map((run) => {
    const above = run.map(([time, value, half]) => [x(time), y(value + half)]);
    const below = run.map(([time, value, half]) => [x(time), y(value - half)]).reverse();
    return s("path", { d: `${path([...above, ...below])}Z`, class: "ribbon" });
  });
}

function edgeLine(edge, y) {
  return [
    s("line", { x1: PAD.left, x2: W - PAD.right, y1: y(edge.value), y2: y(edge.value), class: `edge ${edge.band}` }),
    s("text", { x: W - PAD.right - 4, y: y(edge.value) - 4, class: `end edge-name ${edge.band}` }, `${SIGNS[edge.band]} ${band(edge.band)}`),
  ];
}

/** Return one rule over weeks, a symbol for each side and session. */
export function trendPlot(trend) {
  fit();
  const points = trend.sides.flatMap((one) => one.points.map((point) => ({ ...point, side: one.side, at: Date.parse(point.began) })));
  const edges = trend.edges.filter((edge) => Number.isFinite(edge.value));
  const times = points.map((point) => point.at);
  const air = Math.max(43200e3, 0.04 * (Math.max(...times) - Math.min(...times)));
  const x = scale([Math.min(...times) - air, Math.max(...times) + air], [PAD.left, W - PAD.right - roomFor(edges)]);
  const values = points.flatMap((p) => [p.median - (p.half_width ?? 0), p.median + (p.half_width ?? 0)]);
  const low = Math.min(0, ...values, ...edges.map((e) => e.value));
  const high = Math.max(...values, ...edges.map((e) => e.value));
  const y = scale([low, high], [H - PAD.bottom, PAD.top]);
  const apart = points.some((point) => !point.comparable);
  const caption = [t("plot.trend", { name: rule(trend.code).name }), apart ? t("plot.apart") : ""].filter(Boolean).join(" ");
  return figure(canvas(caption,
    axes(x, y, days(times), steps(low, high, 4), trend.unit, (time) => shortDay(new Date(time).toISOString())),
    edges.map((edge) => edgeLine(edge, y)),
    trend.sides.map((one) => sideMarks(one, x, y, trend.unit))),
  [caption, " ", legend(trend.sides)]);
}

function days(times) {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const most = W < 640 ? 3 : 6;
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  // A date is about so wide; the names of the limits take a part of the width.
  const apart = ((high - low) * 60) / (W - 160);
  if (sorted.length <= most && sorted.every((time, i) => !i || time - sorted[i - 1] > apart)) return sorted;
  const count = high === low ? 1 : W < 640 ? 3 : 5;
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / Math.max(1, count - 1));
}

function sideMarks(one, x, y, unit) {
  const shift = one.side === "left" ? -4 : 4;
  const marks = one.points.map((point) => {
    const at = x(Date.parse(point.began)) + shift;
    const words = `${side(one.side)}, ${shortDay(point.began)}: ${plusMinus(point.median, point.half_width, unit)}`;
    const mark = one.side === "left"
      ? s("rect", { x: at - 4.5, y: y(point.median) - 4.5, width: 9, height: 9, class: `point left${point.comparable ? "" : " other"}` })
      : s("circle", { cx: at, cy: y(point.median), r: 5, class: `point right${point.comparable ? "" : " other"}` });
    mark.append(s("title", {}, words));
    return [
      s("line", { x1: at, x2: at, y1: y(point.median - (point.half_width ?? 0)), y2: y(point.median + (point.half_width ?? 0)), class: `whisker ${one.side}` }),
      mark,
    ];
  });
  const joined = one.points.filter((p) => p.comparable).map((p) => [x(Date.parse(p.began)) + shift, y(p.median)]);
  return [s("path", { d: path(joined), class: `joined ${one.side}` }), marks];
}

function legend(sides) {
  return sides.map((one) => h("span", { class: `key ${one.side}` }, `${one.side === "left" ? "■" : "●"} ${side(one.side)} `));
}
