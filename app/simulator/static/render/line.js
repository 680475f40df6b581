// One entry of a chat: the day where it turns, who says it, the message, when.

import { dayKey, dayName, timeOf } from "./dates.js";
import { isWide, renderMessage } from "./message.js";
import { element, picture } from "./nodes.js";
import { complete } from "./options.js";

const MINUTE_MS = 60_000;

export function renderLine(entry, before, options) {
  const context = complete(options);
  const nodes = [];
  if (!before || dayKey(before.at) !== dayKey(entry.at)) nodes.push(dayMark(entry.at, context));
  if (entry.message.type === "unsent") {
    nodes.push(element("li", { className: "line-note", testid: "unsent", text: context.words.unsent }));
  } else {
    nodes.push(line(entry, !startsRun(entry, before), context));
  }
  return nodes;
}

export function renderDots(options) {
  const context = complete(options);
  const dots = element("div", { className: "line-text line-typing" }, element("i"), element("i"), element("i"));
  return element("li", { className: "line-row from-bot line-dots", "aria-label": context.words.typing }, face({}, context), dots);
}

function dayMark(at, context) {
  return element("li", { className: "line-day", testid: "day" }, element("span", { text: dayName(at, context) }));
}

// A run is one sender's messages of one minute; only its first shows who it is.
function startsRun(entry, before) {
  if (!before || before.from !== entry.from || before.message.type === "unsent") return true;
  if (before.message.sender?.name !== entry.message.sender?.name) return true;
  return Math.floor(before.at / MINUTE_MS) !== Math.floor(entry.at / MINUTE_MS);
}

function line(entry, isContinued, context) {
  const { from, message } = entry;
  const row = element("li", { className: `line-row from-${from}`, testid: "message", "data-from": from, "data-type": message.type });
  row.classList.toggle("continued", isContinued);
  row.classList.toggle("wide", isWide(message));
  if (from === "bot" && !isContinued) row.append(face(message, context), name(message, context));
  const body = element("div", { className: "line-said" });
  const who = from === "bot" ? context.words.account : context.words.self;
  body.append(element("span", { className: "line-for-readers", text: who }));
  body.append(renderMessage(message, context), aside(entry, context));
  row.append(body);
  return row;
}

function face({ sender }, context) {
  const node = element("span", { className: "line-face", "aria-hidden": "true" });
  const url = sender?.iconUrl ?? context.account.picture;
  const drawn = url ? picture(url, context, { fit: "cover" }) : null;
  if (drawn?.tagName === "IMG") node.append(drawn);
  else node.textContent = [...(sender?.name ?? context.account.name)][0] ?? "";
  return node;
}

function name({ sender }, context) {
  const own = context.account.name;
  return element("span", { className: "line-who", testid: "sender", text: sender?.name ? `${sender.name} from ${own}` : own });
}

// Nobody learns whether the account's messages were read; a person's own are, unless `read` says otherwise.
function aside({ from, at, read }, context) {
  const node = element("span", { className: "line-aside" });
  if (from === "user" && read !== false) node.append(element("span", { className: "line-read", text: context.words.read }));
  node.append(element("time", { text: timeOf(at, context), datetime: new Date(at).toISOString() }));
  return node;
}
