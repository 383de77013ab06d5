// What the console's pages share. Every word is bound as text: Vue escapes it.
export { clock, day, hour, isPast, nowMs, setClock, since, soonWords } from "./clock.js";
export { isNarrow, isTyping, patched, store, stored, storedNames } from "./keep.js";
export { Alerts } from "./alerts.js";
export { Composer, keptDrafts } from "./composer.js";
export { Keys } from "./keys.js";
export { Queue } from "./queue.js";
export { Side } from "./side.js";
export { Story } from "./story.js";
export { Talk } from "./talk.js";
