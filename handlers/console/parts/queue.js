// The queue: filters with their counts, an order, and rows that never move under the pointer.
import { isPast, since } from "./clock.js";
import { store, stored } from "./keep.js";

const TABS = [["unclaimed", "Unclaimed"], ["mine", "Mine"], ["risk", "At risk"], ["all", "All"]];
const SORTS = [["urgency", "Most urgent first"], ["waiting", "Longest wait first"]];
const NONE = { tab: "unclaimed", sort: "urgency", top: false, channel: "", reason: "", topic: "" };
const TOUCH_MS = 2500, RESTING_MS = 20000;

const fits = {
  channel: (row, wish) => row.channel === wish,
  reason: (row, wish) => row.reasons.includes(wish),
  topic: (row, wish) => row.topics.includes(wish),
};

// From the address, else from this browser's memory.
function wished() {
  const asked = new URLSearchParams(location.search), kept = stored("inbox-view") || {};
  const named = ["filter", "sort", "tier", "channel", "reason", "topic"].some((name) => asked.has(name));
  const given = named ? { tab: asked.get("filter") || undefined, sort: asked.get("sort") || undefined, top: asked.get("tier") === "top", channel: asked.get("channel") || "", reason: asked.get("reason") || "", topic: asked.get("topic") || "" } : kept;
  const view = { ...NONE, ...Object.fromEntries(Object.entries(given).filter(([name, value]) => name in NONE && value !== undefined)) };
  if (!TABS.some(([name]) => name === view.tab)) view.tab = NONE.tab;
  if (!SORTS.some(([name]) => name === view.sort)) view.sort = NONE.sort;
  return { view, named };
}

export const Queue = {
  props: { rows: Object, order: Array, me: Object, selected: Number, drafts: Object },
  emits: ["pick", "viewed"],
  template: `
  <section class="pane list" aria-labelledby="queue-title">
    <h2 id="queue-title" class="sr">Cases</h2>
    <div class="filters">
      <div role="tablist" aria-label="Which cases" class="tabs">
        <button v-for="[name, label] in TABS" :key="name" type="button" role="tab" class="filter" :class="{on: view.tab === name, hot: name === 'risk' && counts.risk}" :aria-selected="view.tab === name" :data-tab="name" @click="set({ tab: name })">{{ label }} <span class="n">{{ counts[name] }}</span></button>
      </div>
      <div class="find-row">
        <input ref="search" v-model="words" type="search" class="find" :placeholder="hint" aria-label="Search the cases" @keydown.esc="$event.target.blur()" @keydown.enter="$event.target.blur()">
        <button type="button" class="a-btn small" :aria-expanded="narrowing" aria-controls="queue-narrow" @click="narrowing = !narrowing">Filter<span v-if="chosen.length"> · {{ chosen.length }}</span></button>
      </div>
      <div v-if="chosen.length && !narrowing" class="chosen"><button v-for="each in chosen" :key="each.text" type="button" class="a-chip pick on" :aria-label="'Remove the filter ' + each.text" @click="set(each.off)">{{ each.text }} ×</button></div>
      <div v-if="narrowing" id="queue-narrow" class="narrow">
        <label class="a-small">Order <select :value="view.sort" class="find" @change="set({ sort: $event.target.value })"><option v-for="[name, label] in SORTS" :key="name" :value="name">{{ label }}</option></select></label>
        <div v-for="group in groups" :key="group.name" role="group" :aria-label="group.label"><span class="a-small a-soft group-name">{{ group.label }}</span>
          <button v-for="[value, count] in group.values" :key="value" type="button" class="a-chip pick" :class="{on: isOn(group.name, value)}" :aria-pressed="isOn(group.name, value)" @click="toggle(group.name, value)">{{ value }} {{ count }}</button>
        </div>
        <button v-if="chosen.length" type="button" class="a-btn small" @click="clear">Clear the filters</button>
      </div>
    </div>
    <div class="rows-box" @pointerenter="hold" @pointermove="hold" @pointerleave="release" @pointerdown="touched">
      <button v-if="unseen" type="button" class="unseen" @click="release">{{ unseen }} new · show</button>
      <div v-if="shown.length" class="rows" ref="rows" role="listbox" aria-labelledby="queue-title">
        <button v-for="(row, at) in shown" :key="row.case" type="button" role="option" class="row-item" :class="{on: row.case === selected, gone: row.ended}" :aria-selected="row.case === selected" :tabindex="row.case === reachable ? 0 : -1" :data-case="row.case" :title="why(row)" @click="$emit('pick', row.case, true)">
          <span class="row-top"><span class="a-h name" dir="auto">{{ row.name }}</span><span class="a-small wait" :class="late(row) ? 'a-bad' : risky(row) ? 'a-warn' : 'a-soft'">{{ row.waits ? since(row.since) : "answered" }}{{ late(row) ? " · late" : risky(row) ? " · soon late" : "" }}</span></span>
          <span class="a-soft a-small preview" dir="auto"><b v-if="drafts[row.case] && row.case !== selected" class="a-warn">Draft: </b>{{ drafts[row.case] && row.case !== selected ? drafts[row.case] : row.preview || "no words yet" }}</span>
          <span class="chips"><span v-for="chip in row.chips" class="a-chip" :class="chip.tone">{{ chip.text }}</span><span v-if="offer(row)" class="a-chip" :class="{held: row.offered_to === me.id}">{{ offer(row) }}</span><span class="a-chip">{{ row.channel }}</span><span v-if="row.reopened" class="a-chip bad">open again</span><span v-if="row.claimed" class="a-chip held">{{ row.owner_id === me.id ? "yours" : row.owner + " holds it" }}</span><span v-if="row.ended" class="a-chip">{{ row.ended }}</span></span>
        </button>
      </div>
      <div v-else class="blank">
        <template v-if="words"><b>Nothing like “{{ words }}”</b><p>Among the open cases. <a :href="'/customers?q=' + encodeURIComponent(words)">Search everything that was ever said</a></p><button type="button" class="a-btn" @click="words = ''">Clear the search</button></template>
        <template v-else-if="chosen.length && counts[view.tab]"><b>No case has all of that</b><p>{{ chosen.map((each) => each.text).join(", ") }}: none of {{ counts[view.tab] }}.</p><button type="button" class="a-btn" @click="clear">Clear the filters</button></template>
        <template v-else-if="view.tab === 'unclaimed' && total"><b>Nobody is waiting</b><p>Every open case has somebody. Well done.</p><button type="button" class="a-btn" @click="set({ tab: 'all' })">See all {{ total }}</button></template>
        <template v-else-if="view.tab === 'mine' && total"><b>You hold no case</b><p>Claim one, and the customer gets your answer.</p><button type="button" class="a-btn" @click="set({ tab: 'unclaimed' })">See who is waiting</button></template>
        <template v-else-if="view.tab === 'risk' && total"><b>Every promise is safe</b><p>A case shows up here when its answer is nearly due, or overdue.</p><button type="button" class="a-btn" @click="set({ tab: 'unclaimed' })">See who is waiting</button></template>
        <template v-else><b>All quiet</b><p>When a customer is unhappy or asks for a person, they show up here, with the reason.</p><a href="/chat" target="_blank" rel="noopener">Try it as a customer</a></template>
      </div>
    </div>
    <div class="list-foot a-small a-soft"><span>{{ sortWords }}</span><span class="sr" role="status">{{ shownWords }}</span></div>
  </section>`,
  data() {
    const { view, named } = wished();
    return { TABS, SORTS, view, named, words: "", narrowing: false, held: null, ghosts: {}, hint: matchMedia("(hover: hover)").matches ? "Search  /" : "Search" };
  },
  computed: {
    all() { return this.order.map((key) => this.rows[key]).filter(Boolean); },
    total() { return this.all.length; },
    counts() {
      const found = { unclaimed: 0, mine: 0, risk: 0, all: this.total };
      this.all.forEach((row) => TABS.slice(0, 3).forEach(([name]) => { if (this.inTab(row, name)) found[name] += 1; }));
      return found;
    },
    inView() { return this.all.filter((row) => this.inTab(row, this.view.tab)); },
    groups() {
      const count = (values) => { const found = new Map(); values.forEach((value) => found.set(value, (found.get(value) || 0) + 1)); return [...found].sort((a, b) => b[1] - a[1]); };
      const top = this.inView.filter((row) => row.top).length;
      return [
        { name: "top", label: "Tier", values: top || this.view.top ? [["top customers", top]] : [] },
        { name: "channel", label: "Channel", values: count(this.inView.map((row) => row.channel)) },
        { name: "reason", label: "Reason", values: count(this.inView.flatMap((row) => row.reasons)) },
        { name: "topic", label: "About", values: count(this.inView.flatMap((row) => row.topics)) },
      ].filter((group) => group.values.length);
    },
    chosen() {
      const found = this.view.top ? [{ text: "top customers", off: { top: false } }] : [];
      ["channel", "reason", "topic"].forEach((name) => { if (this.view[name]) found.push({ text: this.view[name], off: { [name]: "" } }); });
      return found;
    },
    visible() {
      const words = this.words.trim().toLowerCase();
      const found = (words ? this.all : this.inView).filter((row) => (!this.view.top || row.top) && ["channel", "reason", "topic"].every((name) => !this.view[name] || fits[name](row, this.view[name])) && (!words || `${row.name} ${row.preview} ${row.reasons.join(" ")} ${row.topics.join(" ")} ${row.channel} ${row.owner}`.toLowerCase().includes(words)));
      return this.view.sort === "waiting" ? found.sort((a, b) => b.waits - a.waits || (a.since < b.since ? -1 : a.since > b.since ? 1 : a.case - b.case)) : found;
    },
    // While the pointer is over the list nothing moves: who left is dimmed, who came is counted.
    shown() { return this.held ? this.held.map((number) => this.rows[number] || this.ghosts[number]).filter(Boolean) : this.visible; },
    unseen() { return this.held ? this.visible.filter((row) => !this.held.includes(row.case)).length : 0; },
    reachable() { return this.shown.some((row) => row.case === this.selected) ? this.selected : (this.shown[0] || {}).case; },
    sortWords() { return SORTS.find(([name]) => name === this.view.sort)[1]; },
    shownWords() { return `${this.shown.length} ${this.shown.length === 1 ? "case" : "cases"} shown`; },
  },
  watch: {
    rows(now, before) {
      if (this.held) this.held.forEach((number) => { if (!now[number] && before[number]) this.ghosts[number] = { ...before[number], ended: "not open any more" }; });
    },
    view: { deep: true, handler() { this.held = null; store("inbox-view", { ...this.view }); this.$emit("viewed", this.view); } },
    words() { this.held = null; this.$nextTick(() => this.$refs.rows && (this.$refs.rows.scrollTop = 0)); },
  },
  mounted() {
    if (!this.named && this.view.tab === "unclaimed" && !this.chosen.length && !this.visible.length && this.total) this.view.tab = "all";
    else this.$emit("viewed", this.view);
  },
  methods: {
    since,
    inTab(row, name) { return name === "all" || (name === "mine" ? row.owner_id === this.me.id : name === "risk" ? this.risky(row) : !row.claimed); },
    risky: (row) => !!row.warn_at && isPast(row.warn_at),
    late: (row) => !!row.late_at && isPast(row.late_at),
    offer(row) { return row.claimed || row.offered_to === null ? "" : row.offered_to === this.me.id ? "offered to you" : row.offer; },
    why(row) { const behind = this.all.length - 1 - this.all.indexOf(row); return behind > 0 ? `${row.why}: before ${behind} ${behind === 1 ? "other" : "others"}` : row.why; },
    isOn(name, value) { return name === "top" ? this.view.top : this.view[name] === value; },
    toggle(name, value) { this.set({ [name]: name === "top" ? !this.view.top : this.view[name] === value ? "" : value }); },
    set(change) { Object.assign(this.view, change); },
    clear() { this.set({ top: false, channel: "", reason: "", topic: "" }); },
    hold(event) { if (event.pointerType === "mouse") { this.freeze(); this.releaseIn(RESTING_MS); } }, // a mouse left lying there is no pointer
    releaseIn(milliseconds) { clearTimeout(this.resting); this.resting = setTimeout(this.release, milliseconds); },
    freeze() { if (!this.held) { this.ghosts = {}; this.held = this.visible.map((row) => row.case); } },
    release() { clearTimeout(this.resting); this.held = null; },
    touched(event) { if (event.pointerType !== "mouse") { this.freeze(); this.releaseIn(TOUCH_MS); } },
    next(step) {
      const at = this.shown.findIndex((row) => row.case === this.selected);
      return this.shown[Math.min(this.shown.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    },
    reveal() { const item = this.$el.querySelector(".row-item.on"); if (item) item.scrollIntoView({ block: "nearest" }); return item; },
    toSearch() { this.$refs.search.focus(); },
  },
};
