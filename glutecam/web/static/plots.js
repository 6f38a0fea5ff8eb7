// Curves as SVG, readable without colour and with a table or words beside them.

import { h, s } from "/static/dom.js";
import { SIGNS, band, clock, number, plusMinus, rule, say, shortDay, side, t } from "/static/texts.js";

let W = 720;
const H = 240;
const PAD = { left: 46, right: 14, top: 14, bottom: 30 };

const BESIDE = 62;
/** A date is about so wide. */
const DATE = 64;

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

/** Return how many decimals tell these numbers apart. */
function decimals(values) {
  return Math.max(0, ...values.map((value) => (String(value).split(".")[1] ?? "").length));
}

function axes(x, y, xs, ys, unit, names = number) {
  const digits = decimals(ys);
  return [
    ys.map((value) => [
      s("line", { x1: PAD.left, x2: W - PAD.right, y1: y(value), y2: y(value), class: value === 0 ? "zero" : "grid" }),
      s("text", { x: PAD.left - 7, y: y(value) + 4, class: "end" }, `${number(value, digits)}${unit === "°" ? "°" : ""}`),
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

/** Return one rule over weeks: each repetition, the median of each session, and what can be told. */
export function trendPlot(trend) {
  fit();
  const points = trend.sides.flatMap((one) => one.points.map((point) => ({ ...point, at: clock(point.began) })));
  const times = points.map((point) => point.at);
  const air = Math.max(43200e3, 0.04 * (Math.max(...times) - Math.min(...times)));
  const x = scale([Math.min(...times) - air, Math.max(...times) + air], [PAD.left, W - PAD.right - roomFor(trend.edges)]);
  const y = scale(trend.range, [H - PAD.bottom, PAD.top]);
  const reach = Math.min(...trend.sides.map((one) => reachOf(one.points.map((point) => x(clock(point.began))), trend.sides.length)));
  const drawn = trend.sides.map((one) => sideMarks(one, trend, x, y, reach));
  const caption = [t("plot.trend", { name: rule(trend.code).name }),
    points.some((point) => point.groups.length > 1) ? t("plot.groups") : "",
    trend.sides.some((one) => one.shading) ? t("plot.shading") : "",
    points.some((point) => !point.comparable) ? t("plot.apart") : ""].filter(Boolean).join(" ");
  return figure(canvas(caption,
    drawn.map((side) => side.shade),
    axes(x, y, days(times, x), steps(...trend.range, 4), trend.unit, (time) => shortDay(new Date(time).toISOString())),
    trend.edges.map((edge) => edgeLine(edge, y)),
    drawn.map((side) => side.line), drawn.map((side) => side.dots)),
  [caption, " ", legend(trend)]);
}

/** How far around its time a session may reach, so that it does not lie on the next one. */
function reachOf(places, sides) {
  const sorted = [...new Set(places.map(Math.round))].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((place, i) => place - sorted[i]).filter((gap) => gap > 2);
  return Math.max(2.5, Math.min(sides > 1 ? 22 : 14, 0.45 * Math.min(...gaps, W)));
}

/** Return the times that are named: those of the sessions, or some between where they would touch. */
function days(times, x) {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const room = x(high) - x(low);
  if (room < DATE) return [(low + high) / 2];
  const apart = sorted.every((time, i) => !i || x(time) - x(sorted[i - 1]) >= DATE);
  if (apart) return sorted;
  const count = Math.min(5, 1 + Math.floor(room / DATE));
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

function sideMarks(one, trend, x, y, reach) {
  const alone = trend.sides.length < 2;
  const middle = (point) => x(clock(point.began)) + (alone ? 0 : (one.side === "left" ? -0.54 : 0.54) * reach);
  const width = (alone ? 0.8 : 0.36) * reach;
  const clamp = (value) => Math.max(PAD.top, Math.min(H - PAD.bottom, y(value)));
  const alike = one.points.filter((point) => point.comparable);
  // Through groups that lie far apart no line leads: no repetition is where it would be.
  const joined = alike.map((point) => (point.groups.length > 1 ? null : [middle(point), y(point.median)]));
  const words = (point) => `${side(one.side)}, ${shortDay(point.began)}`;
  return {
    shade: one.shading && s("rect", { x: middle(alike[0]), width: W - PAD.right - middle(alike[0]), y: clamp(one.shading[1]), height: clamp(one.shading[0]) - clamp(one.shading[1]), class: `shade ${one.side}` }),
    line: [s("path", { d: path(joined), class: `joined ${one.side}` }), one.points.map((point) => point.groups.map((group) => {
      const [at, half] = [middle(point), group.half_width ?? 0];
      const mark = s("path", { d: `M${at - width - 4},${y(group.median)}H${at + width + 4}`, class: `median ${one.side}` });
      mark.append(s("title", {}, `${words(point)}: ${plusMinus(group.median, group.half_width, trend.unit)}, ${t(point.groups.length > 1 ? "plot.group" : "plot.median", { count: group.count })}`));
      return [s("path", { d: `M${at},${clamp(group.median - half)}V${clamp(group.median + half)}`, class: `whisker ${one.side}` }), mark];
    }))],
    dots: one.points.map((point) => point.reps.map((rep) => {
      const made = dot(middle(point) + rep.along * width, y(rep.value), one.side, rep.is_fault, point.comparable);
      const told = rep.is_fault ? `, ${band("fault")}` : "";
      made.append(s("title", {}, `${words(point)}: ${plusMinus(rep.value, rep.half_width, trend.unit)}${told}`));
      return made;
    })),
  };
}

/** Return the mark of a repetition: a square left, a round one right, crossed out beyond the limit. */
function dot(at, level, where, crossed, comparable) {
  const r = crossed ? 4.6 : 2.8;
  const shape = where === "left"
    ? s("rect", { x: at - r, y: level - r, width: 2 * r, height: 2 * r })
    : s("circle", { cx: at, cy: level, r: crossed ? 5.2 : 3.1 });
  const cross = crossed ? s("path", { d: `M${at - r},${level - r}L${at + r},${level + r}M${at - r},${level + r}L${at + r},${level - r}` }) : null;
  return s("g", { class: `dot ${where}${crossed ? " crossed" : ""}${comparable ? "" : " other"}` }, shape, cross);
}

function legend(trend) {
  const crossed = trend.sides.some((one) => one.points.some((point) => point.reps.some((rep) => rep.is_fault)));
  return [
    trend.sides.map((one) => h("span", { class: `key ${one.side}` }, `${one.side === "left" ? "■" : "●"} ${side(one.side)} `)),
    crossed ? h("span", { class: "key crossed" }, `⊠ ${band("fault")}`) : null,
  ];
}
