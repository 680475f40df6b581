// The parts of a Flex box that hold no other box.

import { makeOpenable, makeTappable } from "./actions.js";
import { colour, letters, measure, PICTURES, ratio, style, wholeNumber } from "./measures.js";
import { element, loadable, picture } from "./nodes.js";

const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };
const SMALLEST = 8;

function renderText(component, context) {
  const line = element("p", { className: component.wrap ? "wraps" : "one-line" });
  if (component.contents?.length) line.append(...component.contents.map((span) => renderSpan(span, component)));
  else line.textContent = component.text ?? "";
  write(line, { ...component, size: component.size ?? "md" }, component.scaling);
  giveLines(line, component);
  if (component.adjustMode === "shrink-to-fit" && !component.wrap) line.dataset.fit = "shrink";
  style(line, { "text-align": { start: "start", center: "center", end: "end" }[component.align] });
  const node = element("div", { className: "flex-text" }, line);
  style(node, { "justify-content": GRAVITY[component.gravity] });
  return makeTappable(node, component.action, context);
}

// Extra space lies between the lines only, so half of it is taken back above and below.
function giveLines(line, { lineSpacing, maxLines, wrap }) {
  const extra = measure(lineSpacing, {});
  if (extra) {
    style(line, { "line-height": `calc(1.4em + ${extra})`, "margin-block": `calc(${extra} / -2)` });
  }
  const most = wholeNumber(maxLines);
  if (wrap && most) {
    line.classList.add("clamped");
    style(line, { "-webkit-line-clamp": most });
  }
}

function renderSpan(span, { scaling }) {
  const node = element("span", { text: span.text ?? "" });
  write(node, span, scaling);
  return node;
}

function write(node, { size, color, weight, style: slant, decoration }, isScaled) {
  style(node, {
    "font-size": letters(size, isScaled),
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
  const label = element("span", { text: component.action?.label ?? "" });
  if (component.scaling) style(label, { "font-size": letters("md", true) });
  if (component.adjustMode === "shrink-to-fit") label.dataset.fit = "shrink";
  button.append(label);
  style(button, { [look === "link" ? "color" : "background-color"]: colour(component.color) });
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
    "font-size": letters(component.size ?? "md", component.scaling),
    "aspect-ratio": ratio(component.aspectRatio),
  });
  return node;
}

function renderSeparator(component) {
  const node = element("span", { className: "flex-separator" });
  style(node, { "--line": colour(component.color) });
  return node;
}

// The picture with a play mark; its action is a small button over it, as its label says.
function renderVideo(component, context) {
  const frame = element("div", { className: "flex-picture flex-film" });
  style(frame, { width: "100%", "aspect-ratio": ratio(component.aspectRatio) });
  frame.append(picture(component.previewUrl, context, { fit: "cover", label: context.words.film }));
  frame.append(element("span", { className: "line-play", "aria-hidden": "true" }));
  makeOpenable(frame, "video", loadable(context.picture(component.url)), context);
  const node = element("div", { className: "flex-image flex-video" }, frame);
  if (component.action) {
    const more = element("button", { type: "button", className: "film-more", text: component.action.label || context.words.open });
    node.append(makeTappable(more, component.action, context));
  }
  return node;
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

// Texts that shrink until one line fits; needs the node in the page, and may be asked again.
export function fitTexts(root) {
  for (const node of root.querySelectorAll("[data-fit]")) {
    node.dataset.size ??= node.style.fontSize;
    node.style.fontSize = node.dataset.size;
    let size = Number.parseFloat(getComputedStyle(node).fontSize);
    while (size > SMALLEST && node.scrollWidth > node.clientWidth) {
      size = Math.max(SMALLEST, size - 1);
      node.style.fontSize = `${size}px`;
    }
  }
}
