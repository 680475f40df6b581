// Stickers, pictures, and simple cards for what a phone would play, open or show on a map.

import { element, picture } from "./nodes.js";

export function renderSticker(message) {
  const words = message.keywords?.[0] ?? message.text ?? `${message.packageId} / ${message.stickerId}`;
  return element("div", { className: "sticker", role: "img", "aria-label": `スタンプ: ${words}` }, element("span", { text: words }));
}

export function renderImage(message, context) {
  const url = message.previewImageUrl ?? context.content(message.id);
  const frame = element("div", { className: "photo" });
  const image = picture(url, context, { fit: "cover", label: "写真" });
  frame.append(image);
  return frame;
}

export function renderVideo(message, context) {
  const frame = element("div", { className: "photo video" });
  frame.append(picture(message.previewImageUrl, context, { fit: "cover", label: "動画" }));
  frame.append(element("span", { className: "play", "aria-hidden": "true" }));
  if (message.duration) frame.append(element("span", { className: "duration", text: minutes(message.duration) }));
  return frame;
}

export function renderAudio(message) {
  return element(
    "div",
    { className: "text-bubble audio", role: "img", "aria-label": `音声 ${minutes(message.duration ?? 0)}` },
    element("span", { className: "play small", "aria-hidden": "true" }),
    element("span", { className: "track", "aria-hidden": "true" }),
    element("span", { text: minutes(message.duration ?? 0) }),
  );
}

export function renderLocation(message) {
  return element(
    "div",
    { className: "card location" },
    element("div", { className: "map", "aria-hidden": "true" }, element("span", { className: "pin" })),
    element("div", { className: "card-words" },
      element("strong", { text: message.title ?? "位置情報" }),
      element("span", { text: message.address ?? `${message.latitude}, ${message.longitude}` })),
  );
}

export function renderFile(message) {
  return element(
    "div",
    { className: "card file" },
    element("span", { className: "file-icon", "aria-hidden": "true", text: ending(message.fileName) }),
    element("div", { className: "card-words" },
      element("strong", { text: message.fileName ?? "ファイル" }),
      element("span", { text: size(message.fileSize ?? 0) })),
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
