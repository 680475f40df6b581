// One request on the wire and what became of it.

import { element } from "./render/nodes.js";
import { t } from "./words.js";

const TYPES = { message: "メッセージ", follow: "友だち追加", unfollow: "ブロック", postback: "ボタン", unsend: "送信取消", join: "グループ参加", leave: "グループ退出", accountLink: "連携", delivery: "配達完了" };
const NOTES = {
  accepted_lost: "受け付けたが、応答は失われた", accepted_500: "受け付けたが、500 と答えた", timeout: "受け付けずに待たせた", reset: "受け付けずに切断した",
  slow: "遅らせた", dropped: "届けなかった", "no webhook address": "届け先がない", "the caller went away": "相手が待たなかった", TimeoutError: "時間切れ",
};

export function eventHead(event, name) {
  return element("p", { className: "event-head" },
    element("strong", { text: t(TYPES[event.type] ?? event.type) }),
    element("span", { className: "event-who", text: name ?? event.user ?? "" }),
    element("span", { className: "event-words", text: event.words }));
}

export function crossingRow(crossing) {
  const isGood = crossing.status >= 200 && crossing.status < 300;
  const isWebhook = crossing.kind === "webhook";
  const path = isWebhook ? crossing.path : crossing.path.replace(/^\/v2\/bot/, "");
  const summary = element("summary", {},
    element("span", { className: "kind", text: isWebhook ? (crossing.events[0]?.is_redelivery ? t("→ 再配信") : "→ Webhook") : "← API" }),
    element("code", { text: `${crossing.method} ${path}` }),
    element("strong", { className: isGood ? "good" : "bad", text: crossing.status || (crossing.is_over ? t("応答なし") : "…") }),
    element("small", { text: `${crossing.ms} ms` }),
    element("span", { className: "outcome", text: outcomeOf(crossing) }));
  const details = element("details", {}, summary);
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(...facts(crossing), body(t("送った内容"), crossing.request), body(t("返した内容"), crossing.response));
    }
  });
  return element("li", { className: crossing.kind, testid: "crossing", "data-over": String(crossing.is_over) }, details);
}

// What became of it, in words.
function outcomeOf(crossing) {
  const note = crossing.note && t(NOTES[crossing.note] ?? crossing.note);
  if (crossing.kind === "webhook") return [signatureWords(crossing.signed), note].filter(Boolean).join("・");
  const taken = crossing.status >= 200 && crossing.status < 300 ? t("受け付けた") : null;
  const verdict = crossing.status === 409 ? t("受け付け済み（同じキー）") : crossing.status >= 400 ? t("断った") : taken;
  const key = crossing.retry_key && t("キー {key}…", { key: crossing.retry_key.slice(0, 8) });
  return [note || verdict, key].filter(Boolean).join("・");
}

function signatureWords(signed) {
  if (!signed.is_valid) return t("署名は正しくない");
  return signed.secret === 0 ? t("署名は正しい（いまのシークレット …{ends}）", signed) : t("署名は正しい（{secret}つ前のシークレット …{ends}）", signed);
}

function facts(crossing) {
  const rows = [
    [t("署名"), crossing.signature],
    [t("再試行キー"), crossing.retry_key],
    [t("リクエストID"), crossing.request_id],
    [t("つながり"), crossing.kind === "call" && crossing.cause ? (crossing.is_certain ? t("応答トークンなどで確か") : t("同じ人へ、1分以内")) : ""],
  ].filter(([, value]) => value);
  return [element("dl", { className: "facts" }, ...rows.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", { text: value })]))];
}

function body(title, text) {
  return element("figure", {}, element("figcaption", { text: title }), element("pre", { tabindex: "0", text: pretty(text) }));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text || t("（空）");
  }
}
