// What could not be sent yet, kept in this browser: a closed lid or an ended sign-in loses nothing.

export class Backup {
  constructor(name) {
    this.key = `goen-menu-${name}`;
  }

  keep(menu, stamp) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ menu, stamp }));
    } catch {
      // Then the draft on the server alone keeps it.
    }
  }

  drop() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }

  // What was kept and never arrived; null when the server has it.
  left(menu) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      return kept && kept.menu?.name === menu.name && JSON.stringify(kept.menu) !== JSON.stringify(menu) ? kept : null;
    } catch {
      return null;
    }
  }
}
