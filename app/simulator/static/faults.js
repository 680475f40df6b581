// Faults of every kind: which call goes wrong, how, and how often.

import { addFault } from "./acts.js";
import { get, remove } from "./client.js";
import { button, part, row } from "./parts.js";
import { element } from "./render/nodes.js";
import { t } from "./words.js";

const ENDPOINTS = ["push", "reply", "send", "multicast", "validate", "profile", "content", "*", "webhook"];
const NAMES = { send: "人に届く送信すべて", "*": "すべてのAPI" };
const KINDS = [
  ["500", "500 を返す"],
  ["429", "429（送りすぎ）を返す"],
  ["monthly", "429（月の上限）を返す"],
  ["401", "401 を返す"],
  ["403", "403 を返す"],
  ["timeout", "受け付けずに待たせる"],
  ["reset", "受け付けずに切断する"],
  ["accepted_lost", "受け付けてから切断する"],
  ["accepted_500", "受け付けてから 500 を返す"],
  ["slow", "2 秒遅らせる"],
];
const WEBHOOK_KINDS = [
  ["twice", "2 回届ける"],
  ["lost_answer", "応答が届かなかったことにする"],
  ["drop", "届けない"],
  ["forged", "偽の署名で届ける"],
  ["older_secret", "前のシークレットで署名する"],
];
const WORDS = new Map([...KINDS, ...WEBHOOK_KINDS]);

export class Faults {
  constructor(hooks) {
    this.hooks = hooks;
    const endpoint = element("select", { "aria-label": t("どの呼び出しに") }, ...ENDPOINTS.map((name) => element("option", { value: name, text: NAMES[name] ? t(NAMES[name]) : name })));
    const kind = element("select", { "aria-label": t("どの障害を") });
    const times = element("input", { type: "number", min: "1", max: "999", value: "1", "aria-label": t("何回") });
    const fill = () => {
      const kinds = endpoint.value === "webhook" ? WEBHOOK_KINDS : KINDS;
      kind.replaceChildren(...kinds.map(([value, text]) => element("option", { value, text: t(text) })));
    };
    endpoint.addEventListener("change", fill);
    fill();
    this.list = element("ul", { className: "fault-list", testid: "faults" });
    const add = button(t("起こす"), () => this.#add(endpoint.value, kind.value, Number(times.value)), "add-fault");
    const clear = button(t("すべて止める"), async () => { await remove("/faults"); this.refresh(); }, "clear-faults");
    this.node = part(t("障害"), "fault-part", row(endpoint, kind), row(times, element("span", { text: t("回") }), add, clear), this.list);
  }

  async refresh() {
    const look = this.look = (this.look ?? 0) + 1;
    const { faults } = await get("/faults");
    if (look !== this.look) return; // a later look is under way: this one may be older than what it shows
    this.list.replaceChildren(...faults.map((fault) => element("li", {
      text: t("{endpoint}: {kind}（{hits} / {times} 回）", { endpoint: fault.endpoint, kind: t(WORDS.get(fault.kind) ?? fault.kind), hits: fault.hits, times: fault.times ?? "∞" }),
    })));
  }

  async #add(endpoint, kind, times) {
    try {
      await addFault({ endpoint, kind, times, latency_ms: kind === "slow" ? 2000 : 0 });
    } catch (error) {
      this.hooks.toast(error.message);
    }
    this.refresh();
  }
}
