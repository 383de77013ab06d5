// The inbox: who waits and why, the conversation, why this person matters. One pane at a time below 900 px.
import { Alerts, Composer, Keys, Queue, Side, Story, Talk, clock, hour, isNarrow, isPast, isTyping, keptDrafts, nowMs, patched, setClock, soonWords } from "afterword-console";

const RETRY_MS = 8000;
const NOTICE_MS = 7000;
const KEYS = [
  ["j k", "next, previous case"], ["r", "reply"], ["n", "note"], ["c", "claim"], ["g", "gift"], ["e", "resolve"],
  ["h", "hand back"], ["/", "search"], ["Enter", "into the conversation"], ["Esc", "back"], ["?", "these keys"],
];

export default {
  mixins: [Story],
  components: { Composer, Keys, Queue, Side, Talk },
  props: { initial: Object },
  emits: ["open", "act", "look", "earlier", "purse"],
  template: `
  <div class="inbox" :data-pane="pane">
    <queue ref="queue" :rows="rows" :order="order" :me="me" :selected="selected" :drafts="drafts" @pick="choose" @viewed="viewed"></queue>

    <section class="pane middle" id="talk" aria-label="Conversation" tabindex="-1">
      <template v-if="head">
        <div class="head">
          <button type="button" class="icon back" aria-label="Back to the list" @click="toList">‹</button>
          <div class="head-who"><h1 dir="auto">{{ head.name }}</h1><span class="a-soft a-small">{{ sub }}</span></div>
          <span class="onlookers a-small" role="status">{{ onlookerWords }}</span>
          <span v-if="promise" class="a-small promise" :class="isPast(head.promise_at) ? 'a-bad' : 'a-warn'">{{ promise }}</span>
          <button type="button" class="a-btn details" @click="pane = 'side'">Details</button>
        </div>
        <talk :key="head.case" :lines="lines" :me="me" :more="more" empty="No words yet." :topics="isOpen ? initial.topics : null" @judge="(kind, value) => enqueue(kind, value)" @about="onAbout" @earlier="$emit('earlier', { shown: selected })"></talk>
        <div v-if="notice" class="notice" role="status">{{ notice }}</div>
        <composer ref="composer" :head="head" :me="me" :name="initial.me" :limit="initial.words_limit" :busy="busy" :purse="purse" :ended="ended" @act="enqueue" @file="upload" @writing="looks('writes')" @say="say" @purse="askPurse" @drafted="drafted"></composer>
      </template>
      <div v-else class="blank center"><b>{{ notice || (total ? "Pick somebody on the left" : "Nobody needs you right now") }}</b><p>{{ total ? "j and k move through the list, ? shows all keys." : "This page stays up to date by itself." }}</p></div>
    </section>

    <section class="pane side" aria-label="About the customer">
      <div class="side-back"><button type="button" class="icon" aria-label="Back to the conversation" @click="pane = 'talk'">‹</button><span class="a-soft a-small">Conversation</span></div>
      <side v-if="side" :side="side" :link="true" :may="!!isOpen && !ended" @remember="(words) => enqueue('remember', words)" @forget="(number) => enqueue('unremember', '', { about: number })"></side>
    </section>
    <div class="sr" role="status" aria-live="polite">{{ heard }}</div>
    <keys ref="keys" :keys="KEYS"></keys>
  </div>`,
  data() {
    const first = this.initial;
    return {
      KEYS, rows: first.rows, order: first.order, me: { id: first.my_id, manager: first.manager }, view: null,
      pending: {}, notice: "", heard: "", ended: false, onlookers: [], purse: null, drafts: keptDrafts(first.my_id, first.rows),
    };
  },
  computed: {
    total() { return this.order.length; },
    isOpen() { return this.head && this.head.state && this.head.state !== "resolved"; },
    busy() { return Object.keys(this.pending).length > 0; },
    needsMe() { return Object.values(this.rows).filter((row) => (row.owner_id === this.me.id ? row.waits : !row.claimed)).length; },
    waiting() { return Object.values(this.rows).filter((row) => !row.claimed).length; },
    sub() {
      const parts = [];
      if (this.head.channel) parts.push(`on ${this.head.channel}`);
      if (this.head.zone) parts.push(`${hour(new Date(nowMs()).toISOString(), this.head.zone)} in ${this.head.zone.split("/").pop().replace(/_/g, " ")}`);
      if (this.isOpen && this.head.owner && !this.head.claim) parts.push(this.head.speak ? "you hold it" : `${this.head.owner} holds it`);
      if (this.head.state === "resolved") parts.push("resolved");
      if (this.head.desk) parts.push(this.head.desk);
      return parts.join(" · ");
    },
    onlookerWords() {
      const writes = this.onlookers.filter((one) => one.writes).map((one) => one.name), looks = this.onlookers.filter((one) => !one.writes).map((one) => one.name);
      const told = (names, one, many) => (names.length ? `${names.join(", ")} ${names.length === 1 ? one : many}` : "");
      return [told(writes, "is writing…", "are writing…"), told(looks, "is looking", "are looking")].filter(Boolean).join(" · ");
    },
    promise() {
      if (!this.head.promise_at || !this.isOpen) return "";
      return isPast(this.head.promise_at) ? `promised until ${soonWords(this.head.promise_at)}` : `promise: a person by ${soonWords(this.head.promise_at)}`;
    },
    ticks: () => clock.tick,
  },
  watch: {
    needsMe: { immediate: true, handler(count) { document.title = `${count ? `(${count}) ` : ""}Inbox · ${this.initial.shop}`; } },
    waiting: { immediate: true, handler(count) { window.afterwordWaiting = count; dispatchEvent(new CustomEvent("afterword-waiting", { detail: count })); } },
    ticks() { this.alerts.tick(this.rows, this.inFront()); },
  },
  created() {
    setClock(this.initial.clock);
    this.alerts = new Alerts(this.me.id, (number) => this.choose(number, true));
  },
  mounted() {
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("visibilitychange", this.onSight);
    addEventListener("popstate", this.onBack);
    this.timer = setInterval(this.again, 2000);
    const wish = Number(new URLSearchParams(location.search).get("case"));
    const first = this.$refs.queue.shown[0];
    if (wish) this.choose(wish, true);
    else if (!isNarrow() && first) this.choose(first.case, false);
    this.alerts.know(this.rows);
  },
  unmounted() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("visibilitychange", this.onSight);
    removeEventListener("popstate", this.onBack);
    clearInterval(this.timer);
  },
  methods: {
    isPast,
    // called by the server
    rows_changed(changed, gone, order, now) {
      setClock(now);
      const before = this.rows;
      this.rows = patched(before, changed, gone);
      if (order) this.order = order;
      this.alerts.changed(before, this.rows, this.inFront());
      const fresh = Object.values(changed).filter((row) => !before[row.case]);
      if (fresh.length) this.heard = fresh.map((row) => `New case: ${row.name}, ${row.reasons.join(", ")}`).join(". ");
    },
    onlookers_are(number, found) { if (number === this.selected) this.onlookers = found; },
    purse_is(purse) { this.purse = purse; },
    missing(number) {
      if (number !== this.selected) return;
      this.selected = null; this.head = null; this.side = null; this.pane = "list";
      this.say("This case is not open any more. You find the person under Customers.");
    },
    accepted(key) { delete this.pending[key]; },
    refused(key, words, why) {
      const item = this.pending[key];
      delete this.pending[key];
      if (item && this.$refs.composer) this.$refs.composer.giveBack(item.case, words);
      this.say(why);
    },
    notice_said(words) { this.say(words); },
    session_ended() { this.ended = true; },
    // done by the agent
    choose(number, show) {
      const coming = show && this.pane === "list" && isNarrow();
      if (show) this.pane = "talk";
      if (number === this.selected) { if (coming) this.readdress(true); return; }
      this.selected = number;
      const row = this.rows[number];
      this.notice = ""; this.onlookers = [];
      this.blankStory(row ? { case: row.case, name: row.name, first: row.name.split(" ")[0], channel: "", zone: "", state: "open", owner: row.owner, promise_at: "", speak: row.owner_id === this.me.id, claim: !row.claimed && row.owner_id !== this.me.id, resolve: false, hand_back: false } : null);
      this.readdress(coming);
      this.$emit("open", { case: number });
      this.$nextTick(() => this.$refs.queue.reveal());
    },
    // The address names the case and the view, so that it can be sent to a colleague.
    readdress(further) {
      const query = new URLSearchParams(), view = this.view || {};
      if (this.selected) query.set("case", this.selected);
      if (view.tab && view.tab !== "unclaimed") query.set("filter", view.tab);
      if (view.sort && view.sort !== "urgency") query.set("sort", view.sort);
      if (view.top) query.set("tier", "top");
      ["channel", "reason", "topic"].forEach((name) => { if (view[name]) query.set(name, view[name]); });
      const address = query.size ? `/?${query}` : "/";
      further ? history.pushState({ pane: "talk" }, "", address) : history.replaceState(history.state, "", address);
    },
    viewed(view) { this.view = { ...view }; if (this.selected || !new URLSearchParams(location.search).get("case")) this.readdress(false); },
    toList() { if (history.state && history.state.pane === "talk") history.back(); else this.pane = "list"; },
    onBack() { this.pane = "list"; },
    move(step) { const next = this.$refs.queue.next(step); if (next) this.choose(next.case, false); },
    drafted(number, words) { if (words) this.drafts = { ...this.drafts, [number]: words }; else { const { [number]: _, ...rest } = this.drafts; this.drafts = rest; } },
    onAbout(kind, line) {
      if (kind === "change") this.$refs.composer.change(line);
      else if (!this.busy) this.enqueue(kind, "", { about: line.utterance });
    },
    enqueue(kind, words, more) {
      const key = createRandomUUID();
      const item = { key, kind, case: this.selected, words, more: more || {} };
      if (kind !== "typing") this.pending[key] = item;
      this.push(item);
    },
    push(item) { item.pushed = Date.now(); this.$emit("act", { key: item.key, kind: item.kind, case: item.case, words: item.words, about: 0, ...item.more }); },
    again() { Object.values(this.pending).forEach((item) => { if (!item.file && Date.now() - item.pushed > RETRY_MS) { this.say("The connection is slow. Trying again…"); this.push(item); } }); },
    askPurse() { this.purse = null; this.$emit("purse", {}); },
    looks(state) { if (this.selected) this.$emit("look", { case: this.selected, state }); },
    async upload(file) {
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
      if (isTyping(event)) return;
      const box = this.$refs.composer, act = (kind, may) => { if (this.isOpen && !this.ended && may && !this.busy) this.enqueue(kind, ""); };
      const does = {
        j: () => this.move(1), ArrowDown: () => this.move(1), k: () => this.move(-1), ArrowUp: () => this.move(-1),
        Enter: () => { if (this.selected) this.pane = "talk"; if (box) box.focus(); },
        r: () => box && box.setMode("reply"), n: () => box && box.setMode("note"), g: () => box && box.setMode("gift"),
        c: () => act("claim", this.head && this.head.claim), e: () => act("resolve", this.head && this.head.resolve), h: () => act("handback", this.head && this.head.hand_back),
        "/": () => { this.pane = "list"; this.$nextTick(() => this.$refs.queue.toSearch()); },
        "?": () => this.$refs.keys.show(),
        Escape: () => { this.pane = this.pane === "side" ? "talk" : "list"; },
      }[event.key];
      if (!does || (event.key === "Enter" && event.target.closest("button, a, summary") && !event.target.closest(".row-item"))) return;
      if (event.key.startsWith("Arrow") && event.target.closest(".talk, [role=tablist]")) return;
      event.preventDefault();
      does();
    },
    inFront() { return document.visibilityState === "visible" && document.hasFocus() && (!isNarrow() || this.pane !== "list") ? this.selected || 0 : 0; },
    onSight() { this.looks(document.visibilityState === "visible" ? "here" : "gone"); },
    say(words) { this.notice = words; clearTimeout(this.quiet); this.quiet = setTimeout(() => { this.notice = ""; }, NOTICE_MS); },
  },
};
