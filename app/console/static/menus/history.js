// Undo and redo. Small steps of one kind that follow each other closely are one step.

export const KEPT = 200;
const CLOSE_MS = 1000;

export class History {
  constructor(first) {
    this.states = [first];
    this.at = 0;
    this.kind = null;
    this.changedAt = 0;
  }

  get now() {
    return this.states[this.at];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  // `kind` names what is being done, such as label:0:2; null: always a step of its own.
  add(state, kind = null, at = Date.now()) {
    const joins = kind !== null && kind === this.kind && at - this.changedAt <= CLOSE_MS && !this.canRedo && this.at > 0;
    this.states.splice(this.at + (joins ? 0 : 1), Infinity, state);
    if (this.states.length > KEPT) this.states.shift();
    this.at = this.states.length - 1;
    this.kind = kind;
    this.changedAt = at;
  }

  undo() {
    return this.#go(-1);
  }

  redo() {
    return this.#go(1);
  }

  #go(by) {
    this.at = Math.max(0, Math.min(this.at + by, this.states.length - 1));
    this.kind = null;
    return this.now;
  }
}
