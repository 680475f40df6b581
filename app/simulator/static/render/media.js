// Stickers, pictures, and simple cards for what a phone would play, open or show on a map.

import { makeOpenable } from "./actions.js";
import { element, loadable, picture } from "./nodes.js";

const MOST_WIDE = 240;
const MOST_HIGH = 320;

// Sticker pictures are LINE's own and not here; its keyword stands for it.
export function renderSticker(message, context) {
  const words = message.keywords?.[0] ?? message.text ?? `${message.packageId} / ${message.stickerId}`;
  return element("div", { className: "line-sticker", role: "img", "aria-label": `${context.words.sticker}: ${words}` }, element("span", { text: words }));
}

export function renderImage(message, context) {
  const frame = element("div", { className: "line-photo" });
  const source = message.previewImageUrl ? { of: message.previewImageUrl } : { at: context.content(message.id) ?? "" };
  const image = picture(source.of, context, { fit: "cover", label: context.words.photo, at: source.at });
  image.addEventListener("load", () => giveShape(frame, image));
  frame.append(image);
  return makeOpenable(frame, "image", loadable(source.at ?? context.picture(message.originalContentUrl)), context);
}

// The picture's own shape, as far as it fits into 240 × 320.
function giveShape(frame, { naturalWidth, naturalHeight }) {
  if (!naturalWidth || !naturalHeight) return;
  const ratio = Math.min(Math.max(naturalWidth / naturalHeight, 1 / 3), 3);
  frame.style.aspectRatio = String(ratio);
  frame.style.width = `${Math.round(Math.min(MOST_WIDE, MOST_HIGH * ratio))}px`;
}

export function renderVideo(message, context) {
  const frame = element("div", { className: "line-photo line-film" });
  frame.append(picture(message.previewImageUrl, context, { fit: "cover", label: context.words.film }));
  frame.append(element("span", { className: "line-play", "aria-hidden": "true" }));
  if (message.duration) frame.append(element("span", { className: "line-duration", text: minutes(message.duration) }));
  const own = message.originalContentUrl ? context.picture(message.originalContentUrl) : context.content(message.id);
  return makeOpenable(frame, "video", loadable(own), context);
}

export function renderAudio(message, context) {
  const length = minutes(message.duration ?? 0);
  return element(
    "div",
    { className: "line-text line-audio", role: "img", "aria-label": `${context.words.sound} ${length}` },
    element("span", { className: "line-play small", "aria-hidden": "true" }),
    element("span", { className: "line-track", "aria-hidden": "true" }),
    element("span", { text: length }),
  );
}

export function renderLocation(message, context) {
  return element(
    "div",
    { className: "line-card line-location" },
    element("div", { className: "line-map", "aria-hidden": "true" }, element("span", { className: "line-pin" })),
    element("div", { className: "line-card-words" },
      element("strong", { text: message.title ?? context.words.place }),
      element("span", { text: message.address ?? `${message.latitude}, ${message.longitude}` })),
  );
}

export function renderFile(message, context) {
  return element(
    "div",
    { className: "line-card line-file" },
    element("span", { className: "line-file-kind", "aria-hidden": "true", text: ending(message.fileName) }),
    element("div", { className: "line-card-words" },
      element("strong", { text: message.fileName ?? context.words.file }),
      element("span", { text: size(message.fileSize ?? 0) })),
  );
}

// What a coupon offers is known to LINE alone.
export function renderCoupon(message, context) {
  return element(
    "div",
    { className: "line-card line-coupon" },
    element("div", { className: "line-card-words" },
      element("strong", { text: context.words.coupon }),
      element("span", { text: context.words.couponNote }),
      element("span", { text: message.couponId })),
  );
}

function ending(name = "") {
  const found = /\.([a-z0-9]{1,4})$/i.exec(name);
  return found ? found[1].toUpperCase() : "FILE";
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function minutes(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
