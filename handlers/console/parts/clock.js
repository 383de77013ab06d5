// The program's clock as people say it.
import { reactive } from "vue";

// The program's clock (a demo's may run fast): where it stood, when we heard it, and how many of its seconds pass in one of ours.
export const clock = reactive({ at: Date.now(), heard: performance.now(), speed: 1, tick: 0 });
export function setClock(given) {
  clock.at = new Date(given.now).getTime();
  clock.heard = performance.now();
  clock.speed = given.speed || 1;
}
export const nowMs = () => (clock.tick, clock.at + (performance.now() - clock.heard) * clock.speed);
setInterval(() => { clock.tick += 1; }, 5000);

export function since(iso) {
  const minutes = Math.floor((nowMs() - new Date(iso).getTime()) / 60000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} days`;
}
export const isPast = (iso) => !!iso && new Date(iso).getTime() < nowMs();
export const hour = (iso, zone) => {
  const options = { hour: "2-digit", minute: "2-digit", hour12: false };
  try { return new Date(iso).toLocaleTimeString("en-GB", zone ? { ...options, timeZone: zone } : options); } catch (_) { return ""; }
};
export function day(iso) {
  const date = new Date(iso), now = new Date(nowMs());
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: date.getFullYear() === now.getFullYear() ? undefined : "numeric" });
}
export const soonWords = (iso) => {
  const at = new Date(iso), days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date(nowMs()).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return hour(iso);
  if (days === 1) return `tomorrow ${hour(iso)}`;
  return `${at.toLocaleDateString("en-GB", { weekday: "long" })} ${hour(iso)}`;
};
