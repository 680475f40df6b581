// Everything the page asks its platform.

import { t } from "./words.js";

const ROOT = "/simulator/api";
const KINDS = ["entry", "unsent", "person", "loading", "menu", "sms", "ring", "reset", "call", "clock"];

export class Refused extends Error {}
export class Unreachable extends Refused {}

async function call(method, path, body) {
  const response = await fetch(ROOT + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Unreachable(t("シミュレーターにつながりません"));
  });
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.message ?? `${response.status}`);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);
export const contentAddress = (id) => (id ? `${ROOT}/content/${encodeURIComponent(id)}` : null);
export const sampleAddress = (name) => `${ROOT}/samples/${encodeURIComponent(name)}`;
export const scriptPath = (script) => `/scripts/${script.place}/${encodeURIComponent(script.file)}`;

export const scriptAddress = (script) => ROOT + scriptPath(script);

// The live view of one person. The browser reconnects by itself and says which entry it saw last.
export function listen(person, onEvent, onOpen) {
  const source = new EventSource(`${ROOT}/stream?person=${encodeURIComponent(person)}`);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => onEvent(kind, JSON.parse(event.data)));
  }
  source.addEventListener("open", onOpen);
  return () => source.close();
}
