// Flex containers: bubble and carousel, and their boxes.

import { makeTappable } from "./actions.js";
import { BORDERS, colour, gradient, measure, STEPS, style, wholeNumber } from "./measures.js";
import { element } from "./nodes.js";
import { PARTS } from "./parts.js";

const BLOCKS = ["header", "hero", "body", "footer"];
const SIZES = new Set(["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"]);

export function renderFlex(container, context) {
  if (container?.type === "carousel") return renderCarousel(container, context);
  return renderBubble(container ?? {}, context);
}

function renderCarousel(carousel, context) {
  const row = element("div", { className: "flex-carousel", role: "group", "aria-label": context.words.carousel, tabindex: "0" });
  row.append(...(carousel.contents ?? []).map((bubble) => renderBubble(bubble, context)));
  return row;
}

function renderBubble(bubble, context) {
  const size = SIZES.has(bubble.size) ? bubble.size : "mega";
  const node = element("div", { className: "flex-bubble", "data-size": size, dir: bubble.direction === "rtl" ? "rtl" : undefined });
  const given = BLOCKS.filter((name) => bubble[name]);
  given.forEach((name, index) => node.append(renderBlock(bubble, name, index === 0, context)));
  node.classList.toggle("has-body", Boolean(bubble.body));
  node.classList.toggle("has-footer", Boolean(bubble.footer));
  return makeTappable(node, bubble.action, context);
}

function renderBlock(bubble, name, isFirst, context) {
  const look = bubble.styles?.[name] ?? {};
  const block = element("div", { className: `flex-block flex-${name}` });
  style(block, { "background-color": colour(look.backgroundColor) });
  if (look.separator && !isFirst) {
    block.classList.add("separated");
    style(block, { "--line": colour(look.separatorColor) });
  }
  block.append(renderPart(bubble[name], context));
  return block;
}

function renderPart(component, context) {
  if (component.type === "box") return renderBox(component, context);
  if (component.type === "video" && context.playsVideo === false) return renderPart(component.altContent ?? {}, context);
  const draw = Object.hasOwn(PARTS, component.type) ? PARTS[component.type] : null;
  return draw ? draw(component, context) : element("span", { hidden: true });
}

function renderBox(box, context) {
  const layout = ["horizontal", "baseline"].includes(box.layout) ? box.layout : "vertical";
  const node = element("div", { className: `flex-box flex-${layout}` });
  dress(node, box);
  (box.contents ?? []).forEach((child, index) => {
    const part = renderPart(child, context);
    place(part, child, { layout, isFirst: index === 0, spacing: box.spacing });
    node.append(part);
  });
  return makeTappable(node, box.action, context);
}

function dress(node, box) {
  const all = measure(box.paddingAll);
  style(node, {
    "background-color": colour(box.backgroundColor),
    "background-image": gradient(box.background),
    "border-width": measure(box.borderWidth, BORDERS),
    "border-style": box.borderWidth ? "solid" : undefined,
    "border-color": colour(box.borderColor),
    "border-radius": measure(box.cornerRadius),
    width: measure(box.width, {}),
    height: measure(box.height, {}),
    "max-width": measure(box.maxWidth, {}),
    "max-height": measure(box.maxHeight, {}),
    "padding-top": measure(box.paddingTop) ?? all,
    "padding-bottom": measure(box.paddingBottom) ?? all,
    "padding-inline-start": measure(box.paddingStart) ?? all,
    "padding-inline-end": measure(box.paddingEnd) ?? all,
    "justify-content": box.justifyContent,
    "align-items": box.layout === "baseline" ? undefined : box.alignItems,
  });
}

// How a child stands in its parent: share of the space, distance, offsets.
function place(node, child, { layout, isFirst, spacing }) {
  const isRow = layout !== "vertical";
  style(node, { flex: share(child, isRow) });
  if (child.position === "absolute") {
    style(node, { position: "absolute" });
  } else {
    const gap = measure(child.margin) ?? (isFirst || child.type === "filler" ? undefined : measure(spacing, STEPS));
    style(node, { [isRow ? "margin-inline-start" : "margin-top"]: gap });
  }
  style(node, {
    top: measure(child.offsetTop),
    bottom: measure(child.offsetBottom),
    "inset-inline-start": measure(child.offsetStart),
    "inset-inline-end": measure(child.offsetEnd),
  });
}

function share(child, isRow) {
  if (child.type === "icon" || child.type === "separator") return "0 0 auto";
  const given = wholeNumber(child.flex);
  if (child.type === "filler") return `${given ?? 1} 0 0px`;
  const isFixed = isRow && child.type === "box" && (child.width || child.height);
  const grow = given ?? (isRow && !isFixed ? 1 : 0);
  if (grow === 0) return "0 0 auto";
  return isRow ? `${grow} 0 0px` : `${grow} 0 auto`;
}
