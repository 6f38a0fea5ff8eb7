// Draws a picture and what was found in that same picture.

const LEFT = { shoulder: 11, elbow: 13, wrist: 15, hip: 23, knee: 25, ankle: 27, heel: 29, toe: 31 };
const RIGHT = { shoulder: 12, elbow: 14, wrist: 16, hip: 24, knee: 26, ankle: 28, heel: 30, toe: 32 };
const EDGES = [
  [11, 12], [23, 24],
  ...[LEFT, RIGHT].flatMap((p) => [
    [p.shoulder, p.hip], [p.shoulder, p.elbow], [p.elbow, p.wrist], [p.hip, p.knee],
    [p.knee, p.ankle], [p.ankle, p.heel], [p.heel, p.toe],
  ]),
];
const SEEN = 0.5;
// + = the other side than the worked one is lower.
const DROPS = ["pelvic_drop_deg", "pelvic_level_deg", "bridge_level_deg"];
const DARK = "rgba(16,19,24,0.78)";
const BONE = "#d6dde8";
const SOFT = "#dbe4f0";
// The same as on the desktop; each has a sign beside it.
export const COLOURS = { ok: "#40d6a0", "no-fault": "#6fcbe0", watch: "#ffc43d", fault: "#ff6b4a", inconclusive: "#ab8fd2" };
const INK = "#101318";
const LARGE = 1000;

/** A canvas that shows pictures as they are or as a mirror would. */
export class Board {
  constructor(canvas, { mirror, posture, measure, labels }) {
    Object.assign(this, { canvas, mirror, posture, measure, labels });
    this.context = canvas.getContext("2d", { alpha: false, desynchronized: false });
    // How wide it is shown: asking for it at every picture would lay out the page each time.
    this.shown = LARGE;
    new ResizeObserver(([now]) => { this.shown = now.contentRect.width || LARGE; }).observe(canvas);
  }

  /** Draw a frame alone. */
  picture(frame) {
    const width = frame.displayWidth ?? frame.videoWidth;
    const height = frame.displayHeight ?? frame.videoHeight;
    if (!width) return;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const c = this.context;
    // Pixel for pixel, mirrored or not: there is nothing to smooth, and looking for it takes a quarter of the time.
    c.imageSmoothingEnabled = false;
    c.setTransform(this.mirror ? -1 : 1, 0, 0, 1, this.mirror ? width : 0, 0);
    c.drawImage(frame, 0, 0, width, height);
    c.setTransform(1, 0, 0, 1, 0, 0);
    // On a phone the picture shrinks; lines and letters must not shrink with it.
    this.unit = Math.max(Math.min(width, height) / 480, (0.65 * width) / this.shown);
  }

  /** Draw a frame with its landmarks [x, y, visibility], in pixels of the picture that was sent, and what the session says of it. */
  result(sent, points, update) {
    this.picture(sent.frame);
    if (!points) return;
    const scale = this.canvas.width / sent.width;
    const across = (x) => (this.mirror ? this.canvas.width - x * scale : x * scale);
    const at = points.map(([x, y, seen]) => (seen >= SEEN ? [across(x), y * scale] : null));
    const band = update.bands[this.measure];
    this.skeleton(at);
    this.line(middle(at[23], at[24]), middle(at[11], at[12]), 4, COLOURS[update.bands.trunk_lean_deg] ?? SOFT);
    this.leg(at, update);
    this.pelvis(at, update.values[this.measure], COLOURS[band] ?? SOFT, update.side);
    if (band === "fault" || band === "watch") this.sign(middle(at[23], at[24]), band);
  }

  skeleton(at) {
    this.path(EDGES.map(([a, b]) => [at[a], at[b]]), 4, DARK);
    this.path(EDGES.map(([a, b]) => [at[a], at[b]]), 2, BONE);
  }

  leg(at, update) {
    if (!update.side || !update.side_known) return;
    const p = update.side === "left" ? LEFT : RIGHT;
    const colour = COLOURS[update.bands.fppa_deg] ?? SOFT;
    this.line(at[p.hip], at[p.knee], 4, colour);
    this.line(at[p.knee], at[p.ankle], 4, colour);
    this.dot(at[p.knee], 5, colour);
  }

  /** Draw the pelvis as the number says it lies, not as the hip points do: they stay as white dots. */
  pelvis(at, value, colour, side) {
    const [left, right] = [at[23], at[24]];
    if (!left || !right) return;
    const across = [left[0] - right[0], left[1] - right[1]];
    const reach = Math.max(24 * this.unit, Math.hypot(...across) / 2);
    const centre = middle(left, right);
    const lying = this.posture !== "standing";
    let bearing = Math.atan2(across[1], across[0]);
    if (!lying && side && DROPS.includes(this.measure) && Number.isFinite(value?.[0])) {
      const freeIsRight = (side === "left" ? right[0] - left[0] : left[0] - right[0]) >= 0;
      const drop = (value[0] * Math.PI) / 180;
      bearing = freeIsRight ? drop : Math.PI - drop;
    }
    if (!lying && value?.[1]) this.wedge(centre, bearing, value[1], 2.9 * reach, colour);
    this.level(centre, lying ? 3.2 * reach : 4.4 * reach, lying);
    const half = 0.95 * Math.hypot(...across);
    const along = [half * Math.cos(bearing), half * Math.sin(bearing)];
    this.line([centre[0] - along[0], centre[1] - along[1]], [centre[0] + along[0], centre[1] + along[1]], 5.5, colour);
    this.dot(left, 4.5, "#fff");
    this.dot(right, 4.5, "#fff");
  }

  /** Tint what the pelvis line may be: its ± to both sides. */
  wedge(centre, bearing, halfDeg, reach, colour) {
    const c = this.context;
    const spread = (Math.min(halfDeg, 60) * Math.PI) / 180;
    c.globalAlpha = 0.28;
    c.fillStyle = colour;
    for (const turn of [0, Math.PI]) {
      c.beginPath();
      c.moveTo(...centre);
      c.arc(...centre, reach, bearing + turn - spread, bearing + turn + spread);
      c.closePath();
      c.fill();
    }
    c.globalAlpha = 1;
  }

  level(centre, reach, upright) {
    const along = upright ? [0, -reach] : [reach, 0];
    const ends = [-1, 1].map((way) => [centre[0] + way * along[0], centre[1] + way * along[1]]);
    this.context.setLineDash([9 * this.unit, 7 * this.unit]);
    this.stroke(...ends, 4, DARK);
    this.stroke(...ends, 2, "#fff");
    this.context.setLineDash([]);
    const x = Math.min(ends[1][0], this.canvas.width - 5.8 * this.letters);
    const side = upright ? ends.find((end) => end[1] < centre[1]) : [x, ends[1][1]];
    this.label(upright ? this.labels.stacked : this.labels.level, side[0] + 6 * this.unit, side[1] - 8 * this.unit);
  }

  /** How large letters are, in pixels of the picture. */
  get letters() {
    return Math.max(13 * this.unit, (11 * this.canvas.width) / this.shown);
  }

  label(words, x, y) {
    const c = this.context;
    c.font = `600 ${Math.round(this.letters)}px system-ui, sans-serif`;
    c.lineWidth = 4 * this.unit;
    c.lineJoin = "round";
    c.strokeStyle = DARK;
    c.fillStyle = "#fff";
    c.strokeText(words, x, y);
    c.fillText(words, x, y);
  }

  /** Set a sign beside a line that is not fine, so that colour is not the only message. */
  sign(at, band) {
    if (!at) return;
    const c = this.context;
    const size = 13 * this.unit;
    const [x, y] = [at[0], at[1] - 2.4 * size];
    c.beginPath();
    c.arc(x, y, size, 0, 2 * Math.PI);
    c.fillStyle = COLOURS[band];
    c.fill();
    c.fillStyle = INK;
    c.font = `800 ${Math.round(1.4 * size)}px system-ui, sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(band === "fault" ? "✕" : "!", x, y + 0.06 * size);
    c.textAlign = "start";
    c.textBaseline = "alphabetic";
  }

  line(a, b, width, colour) {
    this.stroke(a, b, width + 2.5, DARK);
    this.stroke(a, b, width, colour);
  }

  stroke(a, b, width, colour) {
    this.path([[a, b]], width, colour);
  }

  /** Draw lines in one go, which costs less than one by one. */
  path(lines, width, colour) {
    const c = this.context;
    c.beginPath();
    for (const [a, b] of lines) {
      if (!a || !b) continue;
      c.moveTo(...a);
      c.lineTo(...b);
    }
    c.lineWidth = width * this.unit;
    c.lineCap = "round";
    c.strokeStyle = colour;
    c.stroke();
  }

  dot(at, radius, colour) {
    if (!at) return;
    const c = this.context;
    for (const [size, paint] of [[radius + 1.5, DARK], [radius, colour]]) {
      c.beginPath();
      c.arc(...at, size * this.unit, 0, 2 * Math.PI);
      c.fillStyle = paint;
      c.fill();
    }
  }
}

function middle(a, b) {
  return a && b ? [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] : null;
}
