// Days and times of a chat, in Japan's clock.

const ZONE = "Asia/Tokyo";
const LOCALES = { ja: "ja-JP", en: "en-GB" };
const KEY = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "numeric", minute: "2-digit", hourCycle: "h23" });
const DAY_MS = 86_400_000;
const HALVES = { ja: ["午前", "午後"], en: ["AM", "PM"] };

export const dayKey = (at) => KEY.format(at);

// `H:mm`; with 12 hours 午前 11:00 or 11:00 AM.
export function timeOf(at, { hours = 24, language = "ja" } = {}) {
  const [hour, minute] = CLOCK.format(at).split(":");
  if (hours !== 12) return `${Number(hour)}:${minute}`;
  const half = HALVES[language][Number(hour) < 12 ? 0 : 1];
  const time = `${Number(hour) % 12 || (language === "en" ? 12 : 0)}:${minute}`;
  return language === "en" ? `${time} ${half}` : `${half} ${time}`;
}

// 今日, 昨日, else 11/20(金), with its year when it is another one.
export function dayName(at, { now, words, language = "ja" }) {
  const key = dayKey(at);
  if (key === dayKey(now)) return words.today;
  if (key === dayKey(now - DAY_MS)) return words.yesterday;
  const year = key.slice(0, 4) === dayKey(now).slice(0, 4) ? undefined : "numeric";
  return new Intl.DateTimeFormat(LOCALES[language], { timeZone: ZONE, year, month: "numeric", day: "numeric", weekday: "short" }).format(at);
}
