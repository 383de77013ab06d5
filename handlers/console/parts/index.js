// What inbox and customers share. Every word is bound as text: Vue escapes it.
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
const DELIVERY = { waiting: "sending…", held: "⏳ waits, and goes out by itself", sent: "✓ delivered", partly: "✓ delivered, but not all of it", failed: "⚠ not delivered", unreachable: "⚠ can't be reached" };

export function patched(old, changed, gone) {
  const next = { ...old, ...changed };
  gone.forEach((key) => delete next[key]);
  return next;
}

export const Talk = {
  props: { lines: Object, empty: String, me: Object },
  emits: ["about"],
  template: `
  <div class="talk" ref="log" role="log" tabindex="0" aria-label="Conversation" @scroll.passive="onScroll">
    <div v-if="!shown.length" class="blank a-soft">{{ empty }}</div>
    <template v-for="line in shown" :key="line.key">
      <div v-if="line.day" class="talk-day">{{ line.day }}</div>
      <div v-if="line.who === 'event' || line.kind === 'notice'" class="talk-event">{{ text(line) }} · {{ hour(line.at) }}</div>
      <div v-else class="a-bubble" :class="{mine: line.who === 'bot' || line.who === 'agent', note: line.who === 'note'}" :data-line="line.key">
        <span v-if="line.who === 'note'" class="a-soft">{{ line.kind === 'note' ? 'Note, inside' : line.kind === 'unheard' ? 'Not delivered, kept inside' : 'Inside' }}: </span><span class="sr" v-else>{{ line.who }}: </span>
        <div v-if="line.quote" class="a-quote a-small" dir="auto">{{ line.quote }}</div>
        <span class="t" :class="{gone: line.unsent === 'done'}" dir="auto"><template v-for="part in line.parts"><mark v-if="part[1]" :class="part[1]" :title="part[1] === 'bad' ? 'speaks for unhappy' : 'speaks for happy'">{{ part[0] }}</mark><template v-else>{{ part[0] }}</template></template></span>
        <span v-if="line.who === 'note' && line.name" class="a-soft"> ({{ line.name }})</span>
        <template v-for="file in line.files">
          <a v-if="file.media === 'photo' && file.url" :href="file.url" target="_blank" rel="noopener"><img :src="file.url" :alt="file.name" loading="lazy" @load="stick"></a>
          <audio v-else-if="(file.media === 'voice' || file.media === 'audio') && file.url" :src="file.url" controls preload="none"></audio>
          <div v-else-if="file.url"><a :href="file.url" target="_blank" rel="noopener">📎 {{ file.name }}</a></div>
          <div v-else class="a-soft">[{{ file.name }}] {{ file.note }}</div>
        </template>
        <div v-if="line.who !== 'note'" class="meta">
          <template v-if="line.who !== 'customer'">{{ line.who === 'bot' ? 'bot' : line.name || 'agent' }} · </template><template v-if="line.meta">{{ line.meta }} · </template><template v-if="line.kind === 'edit'">changed it · </template><template v-if="line.kind === 'amendment'">correction · </template>{{ hour(line.at) }}<template v-if="line.unsent"> · <span class="a-warn">{{ line.unsent === 'done' ? 'taken back' : 'taking it back…' }}</span></template><template v-else-if="line.delivery"> · <span :class="{'a-bad': line.delivery === 'failed' || line.delivery === 'unreachable'}">{{ delivery(line.delivery) }}<template v-if="line.why">: {{ line.why }}</template></span></template>
        </div>
        <div v-if="line.amended" class="meta a-warn">Changed, inside: {{ line.amended }}</div>
        <div v-if="mine(line)" class="line-acts">
          <button v-if="line.amended" type="button" class="a-btn main" data-act="amend" @click="$emit('about', 'amend', line)">Send the correction</button>
          <button v-if="text(line) && line.staff === me.id" type="button" class="a-btn" data-act="change" @click="$emit('about', 'change', line)">Change</button>
          <button type="button" class="a-btn" data-act="unsend" @click="$emit('about', 'unsend', line)">Take back</button>
        </div>
      </div>
    </template>
    <button v-if="below" type="button" class="a-btn talk-new" @click="toEnd(true)">New messages ↓</button>
  </div>`,
  data() { return { below: false, away: false }; },
  computed: {
    shown() {
      let last = "";
      return Object.values(this.lines).sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.number - b.number)).map((line) => {
        const of = day(line.at), show = of === last ? "" : of;
        last = of;
        return { ...line, day: show };
      });
    },
  },
  watch: {
    lines(now, before) {
      const near = this.atEnd();
      const fresh = Object.keys(now).some((key) => !(key in before));
      if (fresh) this.$nextTick(() => { near ? this.toEnd() : (this.below = true); });
    },
  },
  mounted() {
    this.toEnd();
    this.watcher = new ResizeObserver(() => { if (!this.below && !this.away) this.toEnd(); });
    this.watcher.observe(this.$refs.log);
  },
  unmounted() { this.watcher.disconnect(); },
  methods: {
    hour,
    mine(line) { return !!this.me && !!line.utterance && !line.unsent && (line.staff === this.me.id || this.me.manager); },
    text: (line) => line.parts.map((part) => part[0]).join(""),
    delivery: (state) => DELIVERY[state] || state,
    atEnd() { const log = this.$refs.log; return !log || log.scrollHeight - log.scrollTop - log.clientHeight < 80; },
    stick() { if (!this.below) this.toEnd(); },
    onScroll() { this.away = !this.atEnd(); if (!this.away) this.below = false; },
    toEnd(smooth) { const log = this.$refs.log; if (log) log.scrollTo({ top: log.scrollHeight, behavior: smooth ? "smooth" : "auto" }); this.below = false; },
  },
};

export const Side = {
  props: { side: Object },
  template: `
  <div class="side-in">
    <h2>{{ side.name }}</h2>
    <div class="a-soft a-small">{{ side.known }}</div>
    <div class="places"><span v-for="place in side.places" class="a-chip" :class="{bad: place.trouble}" :title="place.trouble">{{ place.text }}<template v-if="place.trouble"> ⚠ {{ place.trouble }}</template></span><span v-if="side.opted_out" class="a-chip bad">wants no questions</span></div>
    <h3>Why they matter</h3>
    <div class="strong">{{ side.value }}</div>
    <div class="a-soft a-small">{{ [side.top, side.usual].filter(Boolean).join(" · ") }}</div>
    <template v-if="side.reasons.length">
      <h3>Why now</h3>
      <div v-for="each in side.reasons" class="why"><div :class="each.tone === 'bad' ? 'a-bad' : each.tone === 'gold' ? 'a-warn' : ''">{{ each.reason }}</div><div v-if="each.evidence" class="a-soft a-small" dir="auto">{{ each.evidence }}</div></div>
    </template>
    <template v-for="(order, at) in side.orders" :key="order.number">
      <h3 v-if="at === 0">Order {{ order.number }}</h3><h3 v-if="at === 1">Earlier orders</h3>
      <div :class="{small: at > 0}">{{ order.things }}<template v-if="order.total"> · {{ order.total }}</template></div>
      <div class="a-small" :class="order.tone === 'warn' ? 'a-warn' : 'a-soft'">{{ at > 0 ? order.number + ' · ' : '' }}{{ order.state }}</div>
    </template>
    <div v-if="side.more_orders" class="a-soft a-small">and {{ side.more_orders }} more</div>
    <template v-if="side.mood.length > 1">
      <h3>Mood</h3>
      <svg class="mood" viewBox="0 0 280 56" preserveAspectRatio="none" role="img" :aria-label="'Mood of the last ' + side.mood.length + ' messages, latest ' + side.mood[side.mood.length - 1]">
        <line x1="0" y1="28" x2="280" y2="28" class="zero"/><path :d="area" class="area"/><path :d="path" class="line"/>
      </svg>
    </template>
    <template v-if="side.gestures.length"><h3>Gestures given</h3><div v-for="words in side.gestures" class="a-soft" dir="auto">{{ words }}</div></template>
    <template v-if="side.earlier.length"><h3>Earlier cases</h3><div v-for="words in side.earlier" class="a-soft">{{ words }}</div></template>
  </div>`,
  computed: {
    points() { const mood = this.side.mood; return mood.map((score, i) => [(i / (mood.length - 1)) * 276 + 2, 28 - score * 25]); },
    path() { return this.points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""); },
    area() { return `${this.path}L278 28L2 28Z`; },
  },
};
