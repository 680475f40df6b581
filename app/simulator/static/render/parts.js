// The parts of a Flex box that hold no other box.

import { makeTappable } from "./actions.js";
import { colour, LETTERS, measure, PICTURES, ratio, style, wholeNumber } from "./measures.js";
import { element, picture } from "./nodes.js";

const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };

function renderText(component, context) {
  const line = element("p", { className: component.wrap ? "wraps" : "one-line" });
  if (component.contents?.length) line.append(...component.contents.map(renderSpan));
  else line.textContent = component.text ?? "";
  write(line, component);
  const extra = measure(component.lineSpacing, {});
  if (extra) {
    style(line, { "line-height": `calc(1.4em + ${extra})`, "margin-block": `calc(${extra} / -2)` });
  }
  const most = wholeNumber(component.maxLines);
  if (component.wrap && most) {
    line.classList.add("clamped");
    style(line, { "-webkit-line-clamp": most });
  }
  if (component.adjustMode === "shrink-to-fit" && !component.wrap) line.dataset.fit = "shrink";
  style(line, { "text-align": { start: "start", center: "center", end: "end" }[component.align] });
  const node = element("div", { className: "flex-text" }, line);
  style(node, { "justify-content": GRAVITY[component.gravity] });
  return makeTappable(node, component.action, context);
}

function renderSpan(span) {
  const node = element("span", { text: span.text ?? "" });
  write(node, span);
  return node;
}

function write(node, { size, color, weight, style: slant, decoration }) {
  style(node, {
    "font-size": measure(size, LETTERS),
    color: colour(color),
    "font-weight": { regular: "400", bold: "700" }[weight],
    "font-style": { normal: "normal", italic: "italic" }[slant],
    "text-decoration": { none: "none", underline: "underline", "line-through": "line-through" }[decoration],
  });
}

function renderButton(component, context) {
  const look = ["primary", "secondary"].includes(component.style) ? component.style : "link";
  const button = element("button", { type: "button", className: `flex-button ${look}` });
  button.dataset.height = component.height === "sm" ? "sm" : "md";
  button.append(element("span", { text: component.action?.label ?? "" }));
  const chosen = colour(component.color);
  style(button, { [look === "link" ? "color" : "background-color"]: chosen });
  if (component.adjustMode === "shrink-to-fit") button.firstChild.dataset.fit = "shrink";
  makeTappable(button, component.action, context);
  const node = element("div", { className: "flex-button-place" }, button);
  style(node, { "justify-content": GRAVITY[component.gravity] });
  return node;
}

function renderImage(component, context) {
  const frame = element("div", { className: "flex-picture" });
  const size = component.size === "full" ? "100%" : measure(component.size ?? "md", PICTURES);
  style(frame, {
    width: size,
    "aspect-ratio": ratio(component.aspectRatio),
    "background-color": colour(component.backgroundColor),
  });
  const fit = component.aspectMode === "cover" ? "cover" : "contain";
  frame.append(picture(component.url, context, { fit, label: component.action?.label ?? "" }));
  const node = element("div", { className: "flex-image" }, frame);
  style(node, {
    "align-items": { start: "flex-start", end: "flex-end" }[component.align],
    "justify-content": GRAVITY[component.gravity],
  });
  return makeTappable(node, component.action, context);
}

function renderIcon(component, context) {
  const node = element("span", { className: "flex-icon" }, picture(component.url, context));
  style(node, {
    "font-size": measure(component.size ?? "md", LETTERS),
    "aspect-ratio": ratio(component.aspectRatio),
  });
  return node;
}

function renderSeparator(component) {
  const node = element("span", { className: "flex-separator" });
  style(node, { "--line": colour(component.color) });
  return node;
}

function renderVideo(component, context) {
  const frame = element("div", { className: "flex-picture" });
  style(frame, { width: "100%", "aspect-ratio": ratio(component.aspectRatio) });
  frame.append(picture(component.previewUrl, context, { fit: "cover", label: "動画" }));
  frame.append(element("span", { className: "play", "aria-hidden": "true" }));
  return makeTappable(element("div", { className: "flex-image" }, frame), component.action, context);
}

export const PARTS = {
  text: renderText,
  button: renderButton,
  image: renderImage,
  icon: renderIcon,
  separator: renderSeparator,
  video: renderVideo,
  filler: () => element("span", { className: "flex-filler" }),
};

// Texts that shrink until one line fits; needs the node in the page.
export function fitTexts(root) {
  for (const node of root.querySelectorAll("[data-fit]")) {
    let size = Number.parseFloat(getComputedStyle(node).fontSize);
    while (size > 8 && node.scrollWidth > node.clientWidth) {
      size -= 1;
      node.style.fontSize = `${size}px`;
    }
  }
}
