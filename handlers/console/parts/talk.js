// A conversation: who said what when, what became of it, what stays inside.
import { day, hour } from "./clock.js";

const DELIVERY = { waiting: "sending…", held: "⏳ waits, and goes out by itself", sent: "✓ delivered", partly: "✓ delivered, but not all of it", failed: "⚠ not delivered", unreachable: "⚠ can't be reached" };

export const Talk = {
  props: { lines: Object, empty: String, me: Object, more: Boolean, kinds: Function, topics: Array },
  emits: ["about", "earlier", "judge"],
  template: `
  <div class="talk-box">
  <div class="talk" ref="log" role="log" tabindex="0" aria-label="Conversation" @scroll.passive="onScroll">
    <button v-if="more" type="button" class="a-btn small earlier" :disabled="fetching" @click="fetchEarlier">{{ fetching ? "One moment…" : "Earlier messages" }}</button>
    <div v-if="!shown.length" class="blank a-soft">{{ empty }}</div>
    <template v-for="line in shown" :key="line.key">
      <h2 v-if="line.day" class="talk-day">{{ line.day }}</h2>
      <div v-if="line.who === 'event' || line.kind === 'notice'" class="talk-event" :class="line.tone" :data-line="line.key"><span v-if="line.sign" class="sign" aria-hidden="true">{{ line.sign }}</span>{{ text(line) }} · {{ hour(line.at) }}<span v-if="line.more" class="event-more" dir="auto">{{ line.more }}</span></div>
      <div v-else class="a-bubble" :class="{mine: line.who === 'bot' || line.who === 'agent', note: line.who === 'note'}" :data-line="line.key">
        <span v-if="line.who === 'note'" class="inside-mark">{{ line.kind === 'note' ? 'Note, inside' : line.kind === 'unheard' ? 'Not delivered, kept inside' : 'Inside' }}: </span><span class="sr" v-else>{{ line.who }}: </span>
        <div v-if="line.quote" class="a-quote a-small" dir="auto">{{ line.quote }}</div>
        <span class="t" :class="{gone: line.unsent === 'done'}" dir="auto"><template v-for="part in line.parts"><mark v-if="part[1]" :class="part[1]" :title="part[1] === 'bad' ? 'speaks for unhappy' : 'speaks for happy'">{{ part[0] }}</mark><template v-else><template v-for="piece in linked(part[0])"><a v-if="piece[1]" :href="piece[0]" target="_blank" rel="noopener noreferrer nofollow">{{ piece[0] }}</a><template v-else>{{ piece[0] }}</template></template></template></template></span>
        <span v-if="line.who === 'note' && line.name" class="a-soft"> ({{ line.name }})</span>
        <template v-for="file in line.files">
          <a v-if="file.media === 'photo' && file.url" :href="file.url" target="_blank" rel="noopener"><img :src="file.url" :alt="file.name" loading="lazy" @load="stick"></a>
          <audio v-else-if="(file.media === 'voice' || file.media === 'audio') && file.url" :src="file.url" controls preload="none"></audio>
          <div v-else-if="file.url"><a :href="file.url" target="_blank" rel="noopener">📎 {{ file.name }}</a></div>
          <div v-else class="a-soft">[{{ file.name }}] {{ file.note }}</div>
        </template>
        <div v-if="line.who !== 'note'" class="meta">
          <template v-if="line.channel && line.channel !== usual">{{ line.channel }} · </template><template v-if="line.who !== 'customer'">{{ line.who === 'bot' ? 'bot' : line.name || 'agent' }} · </template><template v-if="line.meta">{{ line.meta }} · </template><template v-if="line.kind === 'edit'">changed it · </template><template v-if="line.kind === 'amendment'">correction · </template><time :datetime="line.at" :title="moment(line.at)">{{ hour(line.at) }}</time><template v-if="line.unsent"> · <span class="a-warn">{{ line.unsent === 'done' ? 'taken back' : 'taking it back…' }}</span></template><template v-else-if="line.delivery"> · <span :class="{'a-bad': line.delivery === 'failed' || line.delivery === 'unreachable'}">{{ delivery(line.delivery) }}<template v-if="line.why">: {{ line.why }}</template></span></template>
        </div>
        <div v-if="line.corrected" class="meta corrected">→ {{ line.corrected }}</div>
        <div v-if="topics && line.words_at" class="judge" :class="{quiet: line.key !== lastRead && judging !== line.key}">
          <button type="button" class="a-chip pick" data-act="mood" @click="$emit('judge', 'mood', (line.unhappy ? 'neutral' : 'negative') + ':' + line.words_at)">{{ line.unhappy ? "not unhappy" : "unhappy after all" }}</button>
          <button type="button" class="a-chip pick" data-act="topics" :aria-expanded="judging === line.key" @click="judging = judging === line.key ? '' : line.key">about…</button>
          <template v-if="judging === line.key"><button v-for="[name, label] in topics" :key="name" type="button" class="a-chip pick" :class="{on: line.topics.includes(name)}" :aria-pressed="line.topics.includes(name)" @click="$emit('judge', 'topic', name + ':' + line.words_at)">{{ label }}</button></template>
        </div>
        <div v-if="line.amended" class="meta a-warn">Changed, inside: {{ line.amended }}</div>
        <div v-if="mine(line)" class="line-acts">
          <button v-if="line.amended" type="button" class="a-btn main" data-act="amend" @click="$emit('about', 'amend', line)">Send the correction</button>
          <button v-if="text(line) && line.staff === me.id" type="button" class="a-btn" data-act="change" @click="$emit('about', 'change', line)">Change</button>
          <button type="button" class="a-btn" data-act="unsend" @click="$emit('about', 'unsend', line)">Take back</button>
        </div>
      </div>
    </template>
  </div>
  <button v-if="below || away" type="button" class="a-btn talk-new" :class="{main: below}" @click="toEnd(true)">{{ below ? "New messages ↓" : "To the newest ↓" }}</button>
  </div>`,
  data() { return { below: false, away: false, fetching: false, judging: "" }; },
  computed: {
    usual() {
      const found = Object.values(this.lines).filter((line) => line.who === "customer").map((line) => line.channel);
      return new Set(found).size > 1 ? null : found[0] || null;
    },
    lastRead() { return Object.values(this.lines).reduce((last, line) => (line.words_at && (!last || line.order > last.order) ? line : last), null)?.key; },
    shown() {
      let last = "";
      return Object.values(this.lines).filter((line) => !this.kinds || this.kinds(line)).sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.number - b.number)).map((line) => {
        const of = day(line.at), show = of === last ? "" : of;
        last = of;
        return { ...line, day: show };
      });
    },
  },
  watch: {
    lines(now, before) {
      const near = this.atEnd(), log = this.$refs.log, height = log ? log.scrollHeight : 0;
      const fresh = Object.keys(now).filter((key) => !(key in before));
      if (!fresh.length) return;
      const last = Object.values(before).reduce((latest, line) => (line.order > latest ? line.order : latest), "");
      const newer = fresh.some((key) => now[key].order >= last);
      this.$nextTick(() => {
        if (this.fetching && !newer) log.scrollTop += log.scrollHeight - height; // what was before the eyes stays there
        else if (near) this.toEnd();
        else if (newer) this.below = true;
        this.fetching = false;
      });
    },
    more() { this.fetching = false; },
    judging() { const near = this.atEnd(); this.$nextTick(() => { if (near) this.toEnd(); }); },
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
    moment: (iso) => new Date(iso).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short" }),
    // Addresses on the web can be followed; nothing else that was written does anything.
    linked: (text) => text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/).map((piece, at) => [piece, at % 2 === 1]).filter((piece) => piece[0]),
    text: (line) => line.parts.map((part) => part[0]).join(""),
    delivery: (state) => DELIVERY[state] || state,
    atEnd() { const log = this.$refs.log; return !log || log.scrollHeight - log.scrollTop - log.clientHeight < 80; },
    stick() { if (!this.below) this.toEnd(); },
    onScroll() { this.away = !this.atEnd(); if (!this.away) this.below = false; },
    fetchEarlier() { this.fetching = true; this.$emit("earlier"); },
    toEnd(smooth) { const log = this.$refs.log; if (log) log.scrollTo({ top: log.scrollHeight, behavior: smooth ? "smooth" : "auto" }); this.below = false; },
  },
};
