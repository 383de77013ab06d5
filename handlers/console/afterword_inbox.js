// The inbox: who waits and why, the conversation, why this person matters. One pane at a time below 900 px.
import { Side, Talk, hour, isPast, nowMs, patched, setClock, since, soonWords } from "afterword-console";

const RETRY_MS = 8000;
const TYPING_MS = 4000;
const FILTERS = [["unclaimed", "Unclaimed"], ["mine", "Mine"], ["all", "All"]];

export default {
  components: { Talk, Side },
  props: { initial: Object },
  emits: ["open", "act"],
  template: `
  <main class="inbox" :data-pane="pane">
    <section class="pane list" aria-label="Who is waiting">
      <div class="filters">
        <div role="tablist" aria-label="Which cases">
          <button v-for="[name, label] in FILTERS" :key="name" type="button" role="tab" class="filter" :class="{on: filter === name}" :aria-selected="filter === name" @click="setFilter(name)">{{ label }} {{ counts[name] }}</button>
        </div>
        <input ref="search" v-model="words" type="search" class="find" :placeholder="hint" aria-label="Search the cases" @keydown.esc="leaveField" @keydown.enter="leaveField">
      </div>
      <div class="rows" ref="rows" role="listbox" aria-label="Cases" tabindex="-1">
        <button v-for="row in visible" :key="row.case" type="button" role="option" class="row-item" :class="{on: row.case === selected}" :aria-selected="row.case === selected" :data-case="row.case" :title="row.why" @click="choose(row.case, true)">
          <span class="row-top"><span class="a-h name">{{ row.name }}</span><span class="a-small wait" :class="late(row) ? 'a-bad' : 'a-soft'">{{ since(row.since) }}{{ late(row) ? " · late" : "" }}</span></span>
          <span class="a-soft a-small preview" dir="auto">{{ row.preview || "no words yet" }}</span>
          <span class="chips"><span v-for="chip in row.chips" class="a-chip" :class="chip.tone">{{ chip.text }}</span><span v-if="row.reopened" class="a-chip bad">open again</span><span v-if="row.claimed" class="a-chip held">{{ row.mine ? "yours" : row.owner + " holds it" }}</span></span>
        </button>
        <div v-if="!visible.length" class="blank">
          <template v-if="words"><b>Nothing like “{{ words }}”</b><p>Clear the search to see everybody again.</p><button type="button" class="a-btn" @click="words = ''">Clear</button></template>
          <template v-else-if="filter === 'unclaimed' && total"><b>Nobody is waiting</b><p>Every open case has somebody. Well done.</p><button type="button" class="a-btn" @click="setFilter('all')">See all {{ total }}</button></template>
          <template v-else-if="filter === 'mine' && total"><b>You hold no case</b><p>Claim one, and the customer gets your answer.</p><button type="button" class="a-btn" @click="setFilter('unclaimed')">See who is waiting</button></template>
          <template v-else><b>All quiet</b><p>When a customer is unhappy or asks for a person, they show up here, with the reason.</p><a href="/chat" target="_blank" rel="noopener">Try it as a customer</a></template>
        </div>
      </div>
      <div class="keys a-small a-soft" aria-hidden="true"><kbd>j</kbd><kbd>k</kbd> move <kbd>r</kbd> reply <kbd>n</kbd> note <kbd>c</kbd> claim</div>
    </section>

    <section class="pane middle" aria-label="Conversation">
      <template v-if="head">
        <div class="head">
          <button type="button" class="icon back" aria-label="Back to the list" @click="pane = 'list'">‹</button>
          <div class="head-who"><h1>{{ head.name }}</h1><span class="a-soft a-small">{{ sub }}</span></div>
          <span v-if="promise" class="a-small promise" :class="isPast(head.promise_at) ? 'a-bad' : 'a-warn'">{{ promise }}</span>
          <button type="button" class="a-btn details" @click="pane = 'side'">Details</button>
        </div>
        <talk :key="head.case" :lines="lines" :me="me" empty="No words yet." @about="onAbout"></talk>
        <div v-if="notice" class="notice" role="status">{{ notice }}</div>
        <div class="foot">
          <div v-if="ended" class="hint"><b>Your session has ended.</b> Open a new login link, then reload this page.</div>
          <template v-else-if="!isOpen"><div class="hint">This case is resolved. The bot will ask whether all is well again.</div></template>
          <form v-else class="composer" :class="{noting: mode === 'note'}" @submit.prevent="send">
            <div v-if="!head.speak && !head.claim" class="a-small a-soft">{{ head.owner }} holds it. What you write here stays inside.</div>
            <textarea ref="draft" v-model="draft" rows="2" :placeholder="placeholder" :aria-label="placeholder" @keydown.enter.exact="onEnter" @keydown.esc="leaveField" @input="typed"></textarea>
            <div class="acts">
              <button v-if="head.speak || head.claim" type="button" class="a-btn" :class="{pressed: mode === 'note'}" :aria-pressed="mode === 'note'" title="n" @click="setMode(mode === 'note' ? 'reply' : 'note')">Note</button>
              <button v-if="head.speak" type="button" class="a-btn" @click="$refs.file.click()">Attach</button>
              <input ref="file" type="file" hidden @change="upload">
              <span class="gap"></span>
              <button v-if="head.hand_back" type="button" class="a-btn" :disabled="busy" @click="tap('handback')">Hand back</button>
              <button v-if="head.resolve" type="button" class="a-btn" :disabled="busy" @click="tap('resolve')">Resolve</button>
              <button v-if="head.claim && (mode === 'note' || draft.trim())" type="button" class="a-btn" :disabled="busy" title="c" @click="tap('claim')">Claim</button>
              <button type="submit" class="a-btn main" :disabled="busy || !canSend">{{ sendWords }}</button>
            </div>
          </form>
        </div>
      </template>
      <div v-else class="blank center"><b>{{ total ? "Pick somebody on the left" : "Nobody needs you right now" }}</b><p>{{ total ? "j and k move through the list." : "This page stays up to date by itself." }}</p></div>
    </section>

    <section class="pane side" aria-label="About the customer">
      <div class="side-back"><button type="button" class="icon" aria-label="Back to the conversation" @click="pane = 'talk'">‹</button><span class="a-soft a-small">Conversation</span></div>
      <side v-if="side" :side="side"></side>
    </section>
  </main>`,
  data() {
    const first = this.initial;
    return {
      FILTERS, hint: matchMedia("(hover: hover)").matches ? "Search  /" : "Search", rows: first.rows, order: first.order, filter: this.stored("filter") || "unclaimed", words: "", selected: null, pane: "list",
      me: { id: first.my_id, manager: first.manager }, changing: 0, typedAt: 0, head: null, lines: {}, side: null, draft: "", mode: "reply", pending: {}, notice: "", ended: false,
    };
  },
  computed: {
    all() { return this.order.map((key) => this.rows[key]).filter(Boolean); },
    total() { return this.all.length; },
    counts() { return { unclaimed: this.all.filter((row) => !row.claimed).length, mine: this.all.filter((row) => row.mine).length, all: this.total }; },
    visible() {
      const words = this.words.trim().toLowerCase();
      return this.all.filter((row) => (words || this.filter === "all" || (this.filter === "mine" ? row.mine : !row.claimed)) && (!words || `${row.name} ${row.preview} ${row.chips.map((chip) => chip.text).join(" ")}`.toLowerCase().includes(words)));
    },
    isOpen() { return this.head && this.head.state && this.head.state !== "resolved"; },
    busy() { return Object.keys(this.pending).length > 0; },
    canSend() { return this.draft.trim() || (this.head.claim && this.mode === "reply"); },
    sendWords() {
      if (this.mode === "change") return "Save the change";
      if (this.mode === "note" || (!this.head.speak && !this.head.claim)) return "Save note";
      return this.head.speak ? "Send" : this.draft.trim() ? "Claim & send" : "Claim";
    },
    placeholder() {
      if (this.mode === "change") return "The words as they should have been. They stay inside until you send the correction.";
      if (this.mode === "note" || (!this.head.speak && !this.head.claim)) return "A note for your colleagues. Never shown to the customer.";
      return this.head.speak ? `Reply to ${this.head.first} as ${this.initial.me}…` : `Reply to ${this.head.first}. Sending claims the case.`;
    },
    sub() {
      const parts = [];
      if (this.head.channel) parts.push(`on ${this.head.channel}`);
      if (this.head.zone) parts.push(`${hour(new Date(nowMs()).toISOString(), this.head.zone)} in ${this.head.zone.split("/").pop().replace(/_/g, " ")}`);
      if (this.isOpen && this.head.owner && !this.head.claim) parts.push(this.head.speak ? "you hold it" : `${this.head.owner} holds it`);
      if (this.head.state === "resolved") parts.push("resolved");
      return parts.join(" · ");
    },
    promise() {
      if (!this.head.promise_at || !this.isOpen) return "";
      return isPast(this.head.promise_at) ? `promised until ${soonWords(this.head.promise_at)}` : `promise: a person by ${soonWords(this.head.promise_at)}`;
    },
  },
  watch: {
    draft(text) { if (this.selected) this.store(`draft-${this.selected}`, text); },
    words() { this.$nextTick(() => this.$refs.rows && (this.$refs.rows.scrollTop = 0)); },
  },
  created() { setClock(this.initial.clock); },
  mounted() {
    document.addEventListener("keydown", this.onKey);
    this.timer = setInterval(this.again, 2000);
    const wish = Number(new URLSearchParams(location.search).get("case"));
    if (this.filter === "unclaimed" && !this.visible.length && this.total) this.filter = "all";
    if (wish) this.choose(wish, true);
    else if (matchMedia("(min-width: 900px)").matches && this.visible.length) this.choose(this.visible[0].case, false);
  },
  unmounted() { document.removeEventListener("keydown", this.onKey); clearInterval(this.timer); },
  methods: {
    since, isPast,
    // called by the server
    rows_changed(changed, gone, order, clock) {
      setClock(clock);
      this.rows = patched(this.rows, changed, gone);
      if (order) this.order = order;
    },
    clock_set(clock) { setClock(clock); },
    thread(number, head, side, changed, gone, whole) {
      if (number !== this.selected) return;
      if (whole) this.lines = changed;
      else if (Object.keys(changed).length || gone.length) this.lines = patched(this.lines, changed, gone);
      if (head) this.head = head;
      if (side) this.side = side;
    },
    missing(number) { if (number === this.selected) { this.selected = null; this.head = null; this.side = null; this.pane = "list"; } },
    accepted(key) { delete this.pending[key]; },
    refused(key, words, why) {
      delete this.pending[key];
      if (words && !this.draft) this.draft = words;
      this.say(why);
    },
    notice_said(words) { this.say(words); },
    session_ended() { this.ended = true; },
    // done by the agent
    choose(number, show) {
      if (show) this.pane = "talk";
      if (number === this.selected) return;
      this.selected = number;
      const row = this.rows[number];
      this.lines = {}; this.side = null; this.notice = "";
      this.head = row ? { case: row.case, name: row.name, first: row.name.split(" ")[0], channel: "", zone: "", state: "open", owner: row.owner, promise_at: "", speak: row.mine, claim: !row.claimed && !row.mine, resolve: false, hand_back: false } : null;
      this.mode = "reply"; this.changing = 0;
      this.draft = this.stored(`draft-${number}`) || "";
      history.replaceState(null, "", `/?case=${number}`);
      this.$emit("open", { case: number });
      this.$nextTick(() => { const item = this.$el.querySelector(".row-item.on"); if (item) item.scrollIntoView({ block: "nearest" }); this.grow(); });
    },
    move(step) {
      const at = this.visible.findIndex((row) => row.case === this.selected);
      const next = this.visible[Math.min(this.visible.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
      if (next) this.choose(next.case, false);
    },
    setFilter(name) { this.filter = name; this.store("filter", name); },
    setMode(mode) { this.mode = mode; this.$nextTick(() => this.$refs.draft && this.$refs.draft.focus()); },
    onEnter(event) { if (!event.isComposing) { event.preventDefault(); this.send(); } },
    send() {
      const words = this.draft.trim();
      if (this.busy || !this.canSend) return;
      if ([...words].length > this.initial.words_limit) return this.say("That is too long: up to 10,000 characters.");
      if (this.mode === "change") {
        const about = this.changing;
        this.mode = "reply"; this.changing = 0; this.draft = "";
        this.enqueue("change", words, about);
        return this.$nextTick(this.grow);
      }
      const note = this.mode === "note" || (!this.head.speak && !this.head.claim);
      const kind = note ? "note" : this.head.speak ? "reply" : words ? "claim_reply" : "claim";
      this.draft = "";
      if (note) this.mode = "reply";
      this.enqueue(kind, words);
      this.$nextTick(this.grow);
    },
    tap(kind) { if (!this.busy) this.enqueue(kind, ""); },
    onAbout(kind, line) {
      if (kind !== "change") { if (!this.busy) this.enqueue(kind, "", line.utterance); return; }
      this.mode = "change"; this.changing = line.utterance; this.draft = line.amended || line.parts.map((part) => part[0]).join("");
      this.focusDraft(); this.$nextTick(this.grow);
    },
    // A sign of life for the customer, only while the claimer really types an answer.
    typed() {
      this.grow();
      if (!this.head || !this.head.speak || this.mode !== "reply" || !this.draft.trim() || this.draft.startsWith("/") || Date.now() - this.typedAt < TYPING_MS) return;
      this.typedAt = Date.now();
      this.$emit("act", { key: createRandomUUID(), kind: "typing", case: this.selected, words: "" });
    },
    enqueue(kind, words, about) {
      const key = createRandomUUID();
      this.pending[key] = { key, kind, case: this.selected, words, about };
      this.push(key);
    },
    push(key) { const item = this.pending[key]; item.pushed = Date.now(); this.$emit("act", { key, kind: item.kind, case: item.case, words: item.words, about: item.about || 0 }); },
    again() { Object.values(this.pending).forEach((item) => { if (!item.file && Date.now() - item.pushed > RETRY_MS) { this.say("The connection is slow. Trying again…"); this.push(item.key); } }); },
    async upload(event) {
      const file = event.target.files[0];
      event.target.value = "";
      if (!file) return;
      if (file.size > this.initial.file_limit) return this.say("That file is too large: up to 20 MB.");
      const key = createRandomUUID();
      this.pending[key] = { key, file: true };
      const query = new URLSearchParams({ key, name: file.name, case: this.selected });
      try {
        const answer = await fetch(`/console/files?${query}`, { method: "POST", body: file, headers: { "content-type": file.type || "application/octet-stream" } });
        const detail = answer.ok ? "" : (await answer.json().catch(() => ({}))).detail || "The file didn't arrive.";
        answer.ok ? this.accepted(key) : this.refused(key, "", detail);
      } catch (_) { this.refused(key, "", "The file didn't arrive. Please try again."); }
    },
    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      const does = {
        j: () => this.move(1), ArrowDown: () => this.move(1), k: () => this.move(-1), ArrowUp: () => this.move(-1),
        Enter: () => { if (this.selected) this.pane = "talk"; this.focusDraft(); },
        r: () => { this.mode = "reply"; this.focusDraft(); }, n: () => { this.mode = "note"; this.focusDraft(); },
        c: () => { if (this.isOpen && this.head.claim) this.tap("claim"); },
        "/": () => { this.pane = "list"; this.$nextTick(() => this.$refs.search.focus()); },
        Escape: () => { this.pane = this.pane === "side" ? "talk" : "list"; },
      }[event.key];
      if (!does || (event.key === "Enter" && event.target.closest("button, a, summary") && !event.target.closest(".row-item"))) return;
      if (event.key.startsWith("Arrow") && event.target.closest(".talk")) return;
      event.preventDefault();
      does();
    },
    focusDraft() { this.$nextTick(() => this.$refs.draft && this.$refs.draft.focus()); },
    leaveField(event) { event.target.blur(); },
    late(row) { return !!row.late_at && isPast(row.late_at); },
    say(words) { this.notice = words; clearTimeout(this.quiet); this.quiet = setTimeout(() => { this.notice = ""; }, 7000); },
    grow() { const area = this.$refs.draft; if (!area) return; area.style.height = "auto"; area.style.height = Math.min(area.scrollHeight, 220) + "px"; },
    store(name, value) { try { value ? sessionStorage.setItem("afterword-" + name, value) : sessionStorage.removeItem("afterword-" + name); } catch (_) {} },
    stored(name) { try { return sessionStorage.getItem("afterword-" + name); } catch (_) { return null; } },
  },
};
