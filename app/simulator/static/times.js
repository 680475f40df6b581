// Business time, shown in Japan's clock. The platform says how far it runs ahead of this machine.

const ZONE = "Asia/Tokyo";
const TIME = new Intl.DateTimeFormat("ja-JP", { timeZone: ZONE, hour: "numeric", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("ja-JP", { timeZone: ZONE, month: "numeric", day: "numeric", weekday: "short" });
const KEY = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const FULL = new Intl.DateTimeFormat("ja-JP", { timeZone: ZONE, dateStyle: "full", timeStyle: "medium" });
const DAY_MS = 86_400_000;

let offset = 0;

export function setNow(milliseconds) {
  offset = milliseconds - Date.now();
}

export const now = () => Date.now() + offset;
export const timeOf = (at) => TIME.format(at).replace(/^24/, "0");
export const dayKey = (at) => KEY.format(at);
export const fullTime = (at) => FULL.format(at);

export function dayName(at) {
  const key = dayKey(at);
  if (key === dayKey(now())) return "今日";
  if (key === dayKey(now() - DAY_MS)) return "昨日";
  return DAY.format(at);
}
