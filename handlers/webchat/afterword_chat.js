// The visitor's page. Every word is bound as text: Vue escapes it.
// An action gets its key here, once, and is sent until the server says that it is kept: a repeat changes nothing.
const MOUTHS = ["M8 16.4c1-2 2.4-2.9 4-2.9s3 .9 4 2.9", "M8.5 15.8c.9-1.1 2.1-1.7 3.5-1.7s2.6.6 3.5 1.7", "M8.5 15h7", "M8.5 14.2c.9 1.1 2.1 1.7 3.5 1.7s2.6-.6 3.5-1.7", "M7.8 13.6c.7 2.4 2.3 3.6 4.2 3.6s3.5-1.2 4.2-3.6z"];
const RETRY_MS = 8000;
const TYPING_MS = 6000;

export default {
  props: { initial: Object },
  emits: ["ready", "act"],
  template: `
  <section class="chat">
    <header class="chat-top">
      <h1>{{ initial.shop }}</h1>
      <a v-if="contactLink" :href="contactLink">{{ initial.contact }}</a>
      <span v-else class="a-soft a-small">{{ initial.contact }}</span>
    </header>
    <div class="chat-log" :class="{early: total < 4}" ref="log" role="log" aria-live="polite" tabindex="0" :aria-label="initial.shop" @scroll.passive="onScroll">
      <div v-if="!total" class="chat-hello">
        <b>{{ words.hello }}</b><p>{{ words.hello_more }}</p>
        <button type="button" class="a-btn" @click="tap('human', words.person)">{{ words.person }}</button>
      </div>
      <template v-for="line in shown" :key="line.id">
        <div v-if="line.day" class="chat-day">{{ line.day }}</div>
        <div class="a-bubble" :class="{mine: line.who === 'me', fresh: line.id > firstFresh}" :data-line="line.id" :title="clock(line.at)">
          <div v-if="line.name" class="chat-name">{{ line.name }}</div>
          <span v-else class="sr">{{ line.who === 'me' ? words.you : initial.shop }}:</span>
          <div v-if="line.quote" class="a-quote a-small" dir="auto">{{ line.quote }}</div>
          <span v-if="line.stars" class="a-stars" role="img" :aria-label="rate(line.stars)">{{ stars(line.stars) }}</span>
          <span v-else-if="line.text" class="t" dir="auto">{{ line.text }}</span>
          <div v-if="line.id === signed" class="meta">{{ unbroken(line.signature) }}</div>
          <template v-for="file in line.files">
            <a v-if="file.media === 'photo' && file.url" :href="file.url" target="_blank" rel="noopener"><img :src="file.url" :alt="file.name" loading="lazy" @load="stick"></a>
            <audio v-else-if="(file.media === 'voice' || file.media === 'audio') && file.url" :src="file.url" controls preload="none"></audio>
            <div v-else-if="file.url"><a class="file" :href="file.url" target="_blank" rel="noopener">📎 {{ file.name }}</a></div>
            <div v-else class="t">{{ file.note || file.name }}</div>
          </template>
        </div>
        <template v-if="line.buttons.length">
          <div v-if="faces(line).length" class="chat-faces" role="group">
            <button v-for="button in faces(line)" :key="button.action" type="button" class="chat-face" :class="{on: tapped === button.action}" :disabled="!!tapped" :aria-label="rate(button.face)" :title="rate(button.face)" :data-action="button.action" @click="tap(button.action, '', button.face)">
              <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                <circle cx="12" cy="12" r="9.5"/>
                <path v-if="button.face === 1" d="M7 8.2l3 1.3M17 8.2l-3 1.3"/>
                <path v-if="button.face === 5" d="M7.3 10.2c.4-1 2-1 2.4 0M14.3 10.2c.4-1 2-1 2.4 0"/>
                <g v-else stroke-width="2.2"><path d="M8.7 10.2v.1M15.3 10.2v.1"/></g>
                <path :d="mouth(button.face)"/>
              </svg>
            </button>
          </div>
          <div v-if="taps(line).length" class="chat-taps">
            <button v-for="button in taps(line)" :key="button.action" type="button" class="a-btn" :disabled="!!tapped" :data-action="button.action" @click="tap(button.action, button.label)">{{ button.label }}</button>
          </div>
        </template>
      </template>
      <div v-if="typing" class="a-soft a-small" data-typing role="status">{{ words.typing }}</div>
      <div v-for="item in pending" :key="item.key" class="a-bubble mine fresh" data-pending>
        <span v-if="item.face" class="a-stars">{{ stars(item.face) }}</span>
        <span v-else class="t" dir="auto">{{ item.words || item.label || item.name }}</span>
        <div class="meta">{{ item.late ? words.waiting : words.sending }}</div>
      </div>
    </div>
    <button v-if="below" type="button" class="a-btn chat-new" @click="toEnd(true)">{{ words.new }} ↓</button>
    <div v-if="said" class="chat-said" role="alert">{{ said }}</div>
    <div v-if="total && !hasHuman" class="chat-reach"><button type="button" @click="tap('human', words.person)">{{ words.person }}</button></div>
    <form class="chat-foot" @submit.prevent="send">
      <button type="button" class="chat-icon" :aria-label="words.attach" :title="words.attach" @click="$refs.file.click()">
        <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M20 11.5l-8.3 8.3a5 5 0 0 1-7-7l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.7-7.6"/></svg>
      </button>
      <input ref="file" type="file" hidden @change="upload">
      <textarea ref="draft" v-model="draft" rows="1" :placeholder="words.write" :aria-label="words.write" enterkeyhint="send" @keydown.enter.exact="onEnter" @input="grow"></textarea>
      <button type="submit" class="chat-icon go" :disabled="!draft.trim()" :aria-label="words.send" :title="words.send">
        <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12 19V5M6 11l6-6 6 6"/></svg>
      </button>
    </form>
  </section>`,
  data() {
    return { lines: { ...this.initial.lines }, pending: [], draft: "", said: "", below: false, tapped: "", away: false, typing: false, firstFresh: Math.max(0, ...Object.values(this.initial.lines).map((l) => l.id)) };
  },
  computed: {
    words() { return this.initial.words; },
    shown() {
      let last = "";
      return Object.values(this.lines).sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id - b.id)).map((line) => {
        const day = new Date(line.at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
        const today = new Date().toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
        const show = day !== last && (last !== "" || day !== today) ? day : "";
        last = day;
        return { ...line, day: show };
      });
    },
    // The contact stands on top anyway: it is repeated under the newest message only.
    signed() { return this.shown.reduce((last, line) => (line.signature ? line.id : last), 0); },
    total() { return this.shown.length + this.pending.length; },
    hasHuman() { return this.held || this.shown.some((line) => line.buttons.some((button) => button.action === "human")); },
    // A person spoke last: nobody needs to ask for one.
    held() { const others = this.shown.filter((line) => line.who !== "me"); return others.length > 0 && others[others.length - 1].who === "agent"; },
    contactLink() {
      const contact = (this.initial.contact || "").trim();
      if (/^[+\d][\d\s().\/-]{4,}$/.test(contact)) return "tel:" + contact.replace(/[^+\d]/g, "");
      return /^[^\s@<>:]+@[^\s@<>:]+$/.test(contact) ? "mailto:" + contact : "";
    },
  },
  watch: { draft(text) { this.store("draft", text); } },
  mounted() {
    this.draft = this.stored("draft") || "";
    try { this.pending = JSON.parse(this.stored("pending") || "[]"); } catch (_) { this.pending = []; }
    this.pending.forEach((item) => this.push(item));
    history.replaceState(null, "", location.pathname);
    this.$emit("ready", { zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "" });
    this.timer = setInterval(this.again, 2000);
    this.watcher = new ResizeObserver(() => { if (!this.below && !this.away) this.toEnd(); });
    this.watcher.observe(this.$refs.log);
    this.$nextTick(() => { this.toEnd(); this.grow(); if (matchMedia("(hover: hover)").matches) this.$refs.draft.focus(); });
  },
  unmounted() { clearInterval(this.timer); this.watcher.disconnect(); },
  methods: {
    // called by the server
    lines_changed(changed, gone) {
      const known = new Set(Object.keys(this.lines));
      const lines = { ...this.lines, ...changed };
      gone.forEach((id) => delete lines[id]);
      const arrived = Object.values(changed).filter((line) => !known.has(String(line.id)));
      arrived.filter((line) => line.who === "me").forEach((line) => this.settle(line));
      if (arrived.length) this.tapped = "";
      if (arrived.some((line) => line.who !== "me")) this.typing = false;
      this.lines = lines;
      this.remember();
      if (this.atEnd() || arrived.some((line) => line.who === "me")) this.$nextTick(() => this.toEnd());
      else if (arrived.length) this.below = true;
    },
    typing_shown() {
      this.typing = true;
      clearTimeout(this.untyped);
      this.untyped = setTimeout(() => { this.typing = false; }, TYPING_MS);
      if (this.atEnd()) this.$nextTick(() => this.toEnd());
    },
    accepted(key) {
      const item = this.pending.find((each) => each.key === key);
      if (!item) return;
      item.kept = true;
      this.remember();
      setTimeout(() => { this.pending = this.pending.filter((each) => each.key !== key); this.tapped = ""; this.remember(); }, 6000);
    },
    refused(key, why) {
      const item = this.pending.find((each) => each.key === key);
      this.pending = this.pending.filter((each) => each.key !== key);
      this.tapped = "";
      this.remember();
      if (item && item.words && !this.draft) this.draft = item.words;
      if (why) this.say(this.words[why] || why);
    },
    // done by the visitor
    onEnter(event) { if (!event.isComposing && matchMedia("(hover: hover)").matches) { event.preventDefault(); this.send(); } },
    send() {
      const words = this.draft.trim();
      if (!words) return;
      if ([...words].length > this.initial.words_limit) return this.say(this.words.too_long);
      this.draft = "";
      this.said = "";
      this.enqueue({ words });
      this.$nextTick(this.grow);
    },
    tap(action, label, face) {
      if (this.tapped) return;
      this.tapped = action;
      this.enqueue({ action, label, face: face || 0 });
    },
    enqueue(what) {
      const item = { key: createRandomUUID(), ...what };
      this.pending.push(item);
      this.remember();
      this.push(this.pending[this.pending.length - 1]);
      this.$nextTick(() => this.toEnd());
    },
    push(item) {
      item.pushed = Date.now();
      if (item.kept || item.name) return;
      this.$emit("act", { key: item.key, words: item.words || "", action: item.action || "" });
    },
    again() {
      this.pending.forEach((item) => {
        if (!item.kept && !item.name && Date.now() - item.pushed > RETRY_MS) { item.late = true; this.push(item); }
      });
    },
    settle(line) {
      let at = this.pending.findIndex((item) => item.words && item.words === line.text.trim());
      if (at < 0 && line.files.length) at = this.pending.findIndex((item) => item.name);
      if (at < 0 && !line.files.length) at = this.pending.findIndex((item) => item.action);
      if (at >= 0) this.pending.splice(at, 1);
    },
    async upload(event) {
      const file = event.target.files[0];
      event.target.value = "";
      if (!file) return;
      if (file.size > this.initial.file_limit) return this.say(this.words.too_large);
      this.said = "";
      const key = createRandomUUID();
      this.pending.push({ key, name: file.name || this.words.file });
      this.$nextTick(() => this.toEnd());
      const query = new URLSearchParams({ key, name: file.name, zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "" });
      try {
        const answer = await fetch(`/chat/files?${query}`, { method: "POST", body: file, headers: { "content-type": file.type || "application/octet-stream" } });
        if (answer.ok) return this.accepted(key);
        const detail = (await answer.json().catch(() => ({}))).detail;
        this.refused(key, answer.status === 413 ? "too_large" : detail || "upload_failed");
      } catch (_) { this.refused(key, "upload_failed"); }
    },
    // small things
    faces(line) { return line.buttons.filter((button) => button.face); },
    taps(line) { return line.buttons.filter((button) => !button.face); },
    unbroken(words) { const contact = this.initial.contact; return contact ? words.replace(contact, contact.replace(/ /g, "\u00a0")) : words; },
    mouth(face) { return MOUTHS[face - 1]; },
    stars(n) { return "★".repeat(n) + "☆".repeat(5 - n); },
    rate(n) { return this.words.rate.replace("{n}", n); },
    clock(at) { return new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }); },
    say(words) { this.said = words; clearTimeout(this.quiet); this.quiet = setTimeout(() => { this.said = ""; }, 8000); },
    store(name, value) { try { value ? sessionStorage.setItem("afterword-" + name, value) : sessionStorage.removeItem("afterword-" + name); } catch (_) {} },
    stored(name) { try { return sessionStorage.getItem("afterword-" + name); } catch (_) { return null; } },
    remember() { const open = this.pending.filter((item) => !item.kept && !item.name); this.store("pending", open.length ? JSON.stringify(open) : ""); },
    grow() { const area = this.$refs.draft; if (!area) return; area.style.height = "auto"; area.style.height = area.scrollHeight + "px"; },
    atEnd() { const log = this.$refs.log; return !log || log.scrollHeight - log.scrollTop - log.clientHeight < 80; },
    stick() { if (!this.below) this.toEnd(); },
    onScroll() { this.away = !this.atEnd(); if (!this.away) this.below = false; },
    toEnd(smooth) { const log = this.$refs.log; if (log) log.scrollTo({ top: log.scrollHeight, behavior: smooth ? "smooth" : "auto" }); this.below = false; },
  },
};
