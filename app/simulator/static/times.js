// Business time, shown in Japan's clock. The platform says how far it runs ahead of this machine.

import { timeOf } from "./render/dates.js";
import { language } from "./words.js";

const LOCALE = language === "en" ? "en-GB" : "ja-JP";
const ZONE = { timeZone: "Asia/Tokyo" };
const FULL = new Intl.DateTimeFormat(LOCALE, { ...ZONE, dateStyle: "full", timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat(LOCALE, { ...ZONE, month: "numeric", day: "numeric", weekday: "short" });

let offset = 0;

export function setNow(milliseconds) {
  offset = milliseconds - Date.now();
}

export const now = () => Date.now() + offset;
export const fullTime = (at) => FULL.format(at);
export const dayOf = (at) => DAY.format(at);
export const dayAndTime = (at) => (dayOf(at) === dayOf(now()) ? timeOf(at) : `${dayOf(at)} ${timeOf(at)}`);
export { timeOf };
