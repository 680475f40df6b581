// Scripts: a conversation is recorded, kept as YAML, and played again as a test.

import { get, post, remove, scriptAddress, scriptPath } from "./client.js";
import { button, part, row } from "./parts.js";
import { element } from "./render/nodes.js";
import { t } from "./words.js";

export class Scripts {
  // hooks: { toast(words), show(id) }
  constructor(hooks) {
    this.hooks = hooks;
    this.name = element("input", { type: "text", maxlength: "60", testid: "script-name", placeholder: t("台本の名前"), "aria-label": t("台本の名前") });
    this.record = button(t("録画を始める"), () => this.#toggle(), "record");
    this.giveUp = button(t("録画をやめる"), async () => { await remove("/recording"); this.refresh(); }, "give-up");
    this.state = element("p", { className: "script-state", role: "status", testid: "script-state" });
    this.list = element("ul", { className: "script-list", testid: "scripts" });
    this.result = element("pre", { className: "script-result", tabindex: "0", testid: "script-result", hidden: true });
    this.node = part(t("台本"), "script-part", row(this.name, this.record, this.giveUp), this.state, this.result, this.list);
  }

  async refresh() {
    const [{ scripts }, recording] = await Promise.all([get("/scripts"), get("/recording")]);
    this.isRecording = recording.is_recording;
    this.record.textContent = this.isRecording ? t("録画を終えて保存する") : t("録画を始める");
    this.record.setAttribute("aria-pressed", String(this.isRecording));
    this.giveUp.hidden = !this.isRecording;
    if (this.isRecording) this.state.textContent = t("録画中です。スマートフォンで会話してください。");
    this.list.replaceChildren(...scripts.map((script) => this.#item(script)));
  }

  async #toggle() {
    try {
      if (this.isRecording) await this.#end();
      else await post("/recording");
    } catch (error) {
      this.hooks.toast(error.message);
    }
    await this.refresh();
  }

  async #end() {
    const name = this.name.value.trim() || t("録画した会話");
    const { file, yaml } = await post("/recording/end", { name });
    this.state.textContent = file ? t("{file} に保存しました。", { file }) : t("保存先がないので、ダウンロードだけできます。");
    download(file ?? `${name}.yaml`, yaml);
  }

  #item(script) {
    const place = script.place === "recorded" ? t("録画") : t("付属");
    const words = element("span", { className: "script-words" },
      element("strong", { text: script.name }),
      element("small", { text: `${place}・${script.fault || script.about}` }));
    const play = button(t("再生"), () => this.#play(script, play), "play-script");
    play.setAttribute("aria-label", t("{name} を再生", { name: script.name }));
    play.disabled = Boolean(script.fault);
    const save = element("a", { href: scriptAddress(script), download: script.file, testid: "save-script", text: t("保存"), "aria-label": t("{name} をダウンロード", { name: script.name }) });
    return element("li", {}, words, play, save);
  }

  async #play(script, control) {
    control.disabled = true;
    this.state.textContent = t("「{name}」を再生しています…", { name: script.name });
    try {
      const { is_as_expected: isGood, failure, people } = await post(`${scriptPath(script)}/play`);
      this.state.textContent = isGood ? t("「{name}」は台本どおりでした。", { name: script.name }) : t("「{name}」は台本と違いました。", { name: script.name });
      this.result.textContent = failure;
      this.result.hidden = isGood;
      if (people.length) await this.hooks.show(people[0]);
    } catch (error) {
      this.state.textContent = error.message;
    }
    control.disabled = false;
  }
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(address);
}
