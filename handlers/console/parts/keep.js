// What this browser remembers, and small things that every page needs.
export function patched(old, changed, gone) {
  const next = { ...old, ...changed };
  gone.forEach((key) => delete next[key]);
  return next;
}
const NAME = (name) => `afterword-${name}`;
export function store(name, value) {
  try { value === null || value === "" ? localStorage.removeItem(NAME(name)) : localStorage.setItem(NAME(name), JSON.stringify(value)); } catch (_) { /* private window */ }
}
export function stored(name) {
  try { return JSON.parse(localStorage.getItem(NAME(name))); } catch (_) { return null; }
}
export function storedNames(prefix) {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(NAME(prefix))).map((key) => key.slice(NAME("").length)); } catch (_) { return []; }
}
export const isNarrow = () => !matchMedia("(min-width: 900px)").matches;
export const isTyping = (event) => event.ctrlKey || event.metaKey || event.altKey || event.isComposing || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable || !!document.querySelector("dialog[open]");
