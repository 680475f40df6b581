// Business time, shown in Japan's clock. The platform says how far it runs ahead of this machine.

import { timeOf } from "./render/dates.js";

const FULL = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", dateStyle: "full", timeStyle: "medium" });

let offset = 0;

export function setNow(milliseconds) {
  offset = milliseconds - Date.now();
}

export const now = () => Date.now() + offset;
export const fullTime = (at) => FULL.format(at);
export { timeOf };
