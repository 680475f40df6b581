// What a director does with one tap: deliver again, lose an answer, slow LINE down, spend the quota, block.

import { get, post } from "./client.js";
import { button, part, row } from "./parts.js";
import { t } from "./words.js";

const SLOW_MS = 2000;

export class Acts {
  // hooks: { toast(words), person(), onFaults() }
  constructor(hooks) {
    this.hooks = hooks;
    this.slow = button(t("LINEを遅くする"), () => this.#toggleSlow(), "act-slow");
    this.quota = button(t("今月の通数を使い切る"), () => this.#toggleQuota(), "act-quota");
    this.block = button(t("ブロックする"), () => this.#toggleBlock(), "act-block");
    this.node = part(t("ひと押しの操作"), "acts-part",
      row(
        button(t("直前の出来事をもう一度届ける"), () => this.#onPerson("redeliver"), "act-again"),
        button(t("次の出来事を2回届ける"), () => this.#fault("webhook", "twice"), "act-twice"),
        button(t("次の送信の応答を失う"), () => this.#fault("send", "accepted_lost"), "act-lose"),
        button(t("次の出来事を偽の署名で届ける"), () => this.#fault("webhook", "forged"), "act-forged")),
      row(this.slow, this.quota, this.block));
  }

  async refresh() {
    const [{ latency_ms }, quota] = await Promise.all([get("/faults"), get("/quota")]);
    this.isSlow = latency_ms > 0;
    this.isSpent = quota.limit !== null && quota.used >= quota.limit;
    this.used = quota.used;
    const person = this.hooks.person();
    this.isBlocked = person?.friendship === "blocked";
    this.block.disabled = !person || person.friendship === "none";
    for (const [node, isOn] of [[this.slow, this.isSlow], [this.quota, this.isSpent], [this.block, this.isBlocked]]) {
      node.setAttribute("aria-pressed", String(isOn));
    }
  }

  async #toggleSlow() {
    await this.#do(() => post("/latency", { latency_ms: this.isSlow ? 0 : SLOW_MS }));
  }

  async #toggleQuota() {
    const { used } = await get("/quota");
    await this.#do(() => post("/quota", { limit: this.isSpent ? null : used }));
  }

  async #toggleBlock() {
    await this.#onPerson(this.isBlocked ? "unblock" : "block");
  }

  async #onPerson(act) {
    const person = this.hooks.person();
    if (person) await this.#do(() => post(`/people/${encodeURIComponent(person.id)}/${act}`));
  }

  async #fault(endpoint, kind) {
    await this.#do(() => addFault({ endpoint, kind, times: 1 }));
  }

  async #do(act) {
    try {
      await act();
    } catch (error) {
      this.hooks.toast(error.message);
    }
    await this.refresh();
    this.hooks.onFaults();
  }
}

// One more fault beside those that have not struck as often as they should.
export const addFault = (fresh) => post("/faults/more", fresh);
