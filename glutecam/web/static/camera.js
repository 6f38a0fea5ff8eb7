// The browser's camera, and its pictures as messages for the server.

const HEADER = 24;
const MAGIC = 0x00314347; // "GC1" and a format byte, little-endian
const FORMATS = { JPEG: 0, I420: 1, NV12: 2, RGBA: 3, BGRA: 4 };
const LONGEST_SIDE = 1280;
const MOST_SPARE = 2;

/** Something that keeps the camera from being used; `code` is a key of the catalogue. */
export class CameraTrouble extends Error {
  constructor(code, cause) {
    super(code);
    this.code = code;
    this.cause = cause;
  }
}

const TROUBLES = {
  NotAllowedError: "camera.refused",
  SecurityError: "camera.refused",
  NotFoundError: "camera.none",
  OverconstrainedError: "camera.none",
  NotReadableError: "camera.used",
  AbortError: "camera.used",
};

/** Open the camera and return its stream. */
export async function openCamera({ device, width }) {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraTrouble("camera.insecure");
  const video = { width: { ideal: width }, frameRate: { ideal: 30 } };
  if (device) video.deviceId = { ideal: device };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new CameraTrouble(TROUBLES[error.name] ?? "camera.used", error);
  }
}

/** List the cameras by name; names are empty before one was allowed. */
export async function cameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices.filter((device) => device.kind === "videoinput" && device.label);
}

/** Turns frames into messages: raw where the server is this computer, JPEG elsewhere. */
export class Packer {
  constructor() {
    const here = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
    this.raw = here && typeof VideoFrame === "function";
    this.canvas = null;
    this.spare = [];
  }

  /** Return the message of a frame as bytes. `frame` is a VideoFrame or a video, `about` its number, timeMs, left. */
  async pack(frame, about) {
    const [width, height] = sizeOf(frame);
    if (this.raw && Math.max(width, height) <= LONGEST_SIDE) {
      const format = await this.format(frame);
      if (format) return this.rawMessage(frame, format, about);
    }
    return this.jpegMessage(frame, width, height, about);
  }

  /** Take back a message that was sent: pictures are large, and the next one has the same size. */
  done(message) {
    if (this.spare.length < MOST_SPARE) this.spare.push(message);
  }

  /** Return room for a message of so many bytes. */
  room(bytes) {
    const spare = this.spare.pop();
    return spare?.byteLength === bytes ? spare : new ArrayBuffer(bytes);
  }

  async format(frame) {
    const even = frame.visibleRect.width % 2 === 0 && frame.visibleRect.height % 2 === 0;
    if ((frame.format === "I420" || frame.format === "NV12") && even) return frame.format;
    if (frame.format === "RGBA" || frame.format === "BGRA") return frame.format;
    if (frame.format === "RGBX" || frame.format === "BGRX") return frame.format;
    return null;
  }

  async rawMessage(frame, format, about) {
    const { width, height } = frame.visibleRect;
    const size = frame.allocationSize();
    const message = this.room(HEADER + size);
    header(message, FORMATS[format.replace("X", "A")], width, height, about);
    await frame.copyTo(new Uint8Array(message, HEADER), { layout: packed(format, width, height) });
    return message;
  }

  async jpegMessage(frame, width, height, about) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    const [w, h] = [2 * Math.round((width * scale) / 2), 2 * Math.round((height * scale) / 2)];
    this.canvas ??= document.createElement("canvas");
    Object.assign(this.canvas, { width: w, height: h });
    this.canvas.getContext("2d").drawImage(frame, 0, 0, w, h);
    const blob = await new Promise((done) => this.canvas.toBlob(done, "image/jpeg", 0.88));
    const pixels = new Uint8Array(await blob.arrayBuffer());
    const message = new ArrayBuffer(HEADER + pixels.length);
    header(message, FORMATS.JPEG, w, h, about);
    new Uint8Array(message, HEADER).set(pixels);
    return message;
  }
}

function sizeOf(frame) {
  return frame.visibleRect
    ? [frame.visibleRect.width, frame.visibleRect.height]
    : [frame.videoWidth, frame.videoHeight];
}

/** Return how wide the picture in a message is: a browser that makes a camera's pictures smaller keeps the camera's own. */
export function widthOf(message) {
  return new DataView(message).getUint16(8, true);
}

function header(message, format, width, height, { number, timeMs, left }) {
  const view = new DataView(message);
  view.setUint32(0, MAGIC + format * 0x1000000, true);
  view.setUint32(4, number, true);
  view.setUint16(8, width, true);
  view.setUint16(10, height, true);
  view.setUint32(12, left, true);
  view.setFloat64(16, timeMs, true);
}

function packed(format, width, height) {
  const area = width * height;
  if (format === "I420") {
    return [
      { offset: 0, stride: width },
      { offset: area, stride: width / 2 },
      { offset: area * 1.25, stride: width / 2 },
    ];
  }
  if (format === "NV12") return [{ offset: 0, stride: width }, { offset: area, stride: width }];
  return [{ offset: 0, stride: 4 * width }];
}
