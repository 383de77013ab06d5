// A sound and a notification for what needs me now. Off until the agent turns it on; the bar has the switch.
import { isPast } from "./clock.js";
import { store, stored } from "./keep.js";

const HEARD_MS = 3000;

// What is new for one agent between two states of the queue: [kind, row] pairs.
export function newsFor(me, before, after) {
  const found = [];
  for (const row of Object.values(after)) {
    const old = before[row.case];
    if (row.offered_to === me && !row.claimed && (!old || old.offered_to !== me)) found.push(["offered", row]);
    if (old && row.owner_id === me && old.owner_id === me && row.heard > old.heard) found.push(["answered", row]);
  }
  return found;
}

export class Alerts {
  constructor(me, open) {
    this.me = me;
    this.open = open;
    this.warned = new Set();
    this.context = null;
  }
  get on() { return stored("alerts") === true; }
  // `front` is the case that the agent has before their eyes; 0 = none.
  changed(before, after, front) {
    for (const [kind, row] of newsFor(this.me, before, after)) {
      const words = kind === "offered" ? `${row.name} is offered to you` : `${row.name} answered`;
      this.tell(kind, row, words, front);
    }
  }
  // Promises of mine that are about to be broken and were not told yet.
  endangered(rows) {
    return Object.values(rows).filter((row) => {
      const mine = row.owner_id === this.me || (row.offered_to === this.me && !row.claimed);
      return mine && row.late_at && isPast(row.warn_at) && !isPast(row.late_at) && !this.warned.has(`${row.case} ${row.late_at}`);
    });
  }
  // What the list shows already when the page opens needs no sound.
  know(rows) { this.endangered(rows).forEach((row) => this.warned.add(`${row.case} ${row.late_at}`)); }
  // The clock moved.
  tick(rows, front) {
    const found = this.endangered(rows);
    this.know(rows);
    found.forEach((row) => this.tell("promise", row, `${row.name} waits: the promise is about to be broken`, front));
  }
  tell(kind, row, words, front) {
    if (!this.on || row.case === front) return;
    this.sound(`${kind} ${row.case} ${row.heard} ${row.late_at}`);
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const note = new Notification(words, { body: row.preview, tag: `afterword-${kind}-${row.case}`, silent: true });
    note.onclick = () => { window.focus(); this.open(row.case); note.close(); };
  }
  // Two short tones; once, however many tabs are open.
  sound(key) {
    const last = stored("rang");
    if (last && last.key === key && Date.now() - last.at < HEARD_MS) return;
    store("rang", { key, at: Date.now() });
    try {
      this.context = this.context || new AudioContext();
      const start = this.context.currentTime;
      [660, 880].forEach((pitch, at) => {
        const tone = this.context.createOscillator(), loud = this.context.createGain();
        tone.frequency.value = pitch;
        loud.gain.setValueAtTime(0.0001, start + at * 0.14);
        loud.gain.exponentialRampToValueAtTime(0.12, start + at * 0.14 + 0.02);
        loud.gain.exponentialRampToValueAtTime(0.0001, start + at * 0.14 + 0.13);
        tone.connect(loud).connect(this.context.destination);
        tone.start(start + at * 0.14);
        tone.stop(start + at * 0.14 + 0.14);
      });
    } catch (_) { /* no sound here */ }
  }
}
