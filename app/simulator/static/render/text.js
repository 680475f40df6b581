// Plain text messages: links and phone numbers can be tapped, LINE emoji stand where the `$` was, mentions
// where their key was.

import { makeTappable } from "./actions.js";
import { element } from "./nodes.js";

const LINK = /https?:\/\/(?:(?![<>"])[\x21-\x7e])+|(?<![\d-])0(?:\d{1,3}-\d{2,4}-\d{4}|\d{9,10})(?![\d-])/g;
const PLACEHOLDER = /\{\{|\}\}|\{([0-9a-zA-Z_]{1,20})\}/g;

export function renderText(message, context) {
  const bubble = element("div", { className: "line-text" });
  for (const piece of pieces(message, context.words)) {
    if (piece.kind === "words") bubble.append(...linked(piece.text, context));
    else if (piece.kind === "mention") bubble.append(element("span", { className: "line-mention", text: mentioned(piece, context) }));
    else bubble.append(element("span", { className: "line-emoji", role: "img", "aria-label": context.words.emoji }));
  }
  return bubble;
}

// The words alone, for a notification.
export function wordsOf(message, words) {
  return pieces(message, words).map((piece) => (piece.kind === "emoji" ? "☺" : piece.text)).join("");
}

function pieces(message, words) {
  const text = String(message.text ?? "");
  return message.type === "textV2" ? substituted(text, message.substitution ?? {}, words) : marked(text, message);
}

// textV2: `{key}` stands for something, `{{` and `}}` for a brace.
function substituted(text, substitution, words) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const isBrace = match[1] === undefined;
    const what = isBrace || !Object.hasOwn(substitution, match[1]) ? null : substitution[match[1]];
    if (!isBrace && !what) continue;
    found.push({ kind: "words", text: text.slice(from, match.index) + (isBrace ? match[0][0] : "") });
    if (what) found.push(stood(what, words));
    from = match.index + match[0].length;
  }
  return [...found, { kind: "words", text: text.slice(from) }];
}

function stood(what, words) {
  if (what.type !== "mention") return { kind: "emoji" };
  const isAll = what.mentionee?.type === "all";
  return { kind: "mention", text: isAll ? words.everybody : words.somebody, userId: isAll ? null : what.mentionee?.userId };
}

// text: emoji and mentions lie at known places, counted in UTF-16 units. What overlaps is left as words.
function marked(text, { emojis, mention }) {
  const marks = [
    ...(emojis ?? []).map((each) => ({ ...each, kind: "emoji", length: each.length ?? 1 })),
    ...(mention?.mentionees ?? []).map((each) => ({ ...each, kind: "mention" })),
  ].sort((one, other) => one.index - other.index);
  const found = [];
  let from = 0;
  for (const { kind, index, length } of marks) {
    if (!(index >= from)) continue;
    found.push({ kind: "words", text: text.slice(from, index) });
    found.push({ kind, text: text.slice(index, index + length) });
    from = index + length;
  }
  return [...found, { kind: "words", text: text.slice(from) }];
}

function mentioned({ text, userId }, context) {
  const name = userId ? context.nameOf(userId) : null;
  return name ? `@${name}` : text;
}

function linked(text, context) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(from, found.index), link(found[0], context));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

function link(words, context) {
  const uri = words.startsWith("http") ? words : `tel:${words.replaceAll("-", "")}`;
  const node = element("a", { text: words, href: uri, target: "_blank", rel: "noopener noreferrer" });
  return makeTappable(node, { type: "uri", uri }, context);
}
