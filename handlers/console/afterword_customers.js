// Customers: one search on the left, one person's whole story in the middle, who they are on the right.
import { Keys, Side, Story, Talk, day, isNarrow, isTyping, setClock } from "afterword-console";

const KEYS = [["j k", "next, previous"], ["/", "search"], ["Esc", "back"], ["?", "these keys"]];
const KINDS = [["all", "Everything"], ["said", "Said"], ["notes", "Notes"], ["orders", "Orders"], ["asks", "Asks"], ["feedback", "Feedback"], ["cases", "Cases"], ["gifts", "Gifts"], ["corrections", "Corrections"], ["facts", "Remembered"], ["consent", "Consent"]];
const HEADS = { customer: "People", order: "Orders", said: "Said", note: "Notes" };

export default {
  mixins: [Story],
  components: { Keys, Talk, Side },
  props: { initial: Object },
  emits: ["search", "open", "earlier"],
  template: `
  <div class="inbox customers" :data-pane="pane">
    <section class="pane list" aria-labelledby="found-title">
      <h2 id="found-title" class="sr">Customers</h2>
      <div class="filters"><input ref="search" v-model="words" type="search" class="find wide" placeholder="Name, order, or words said  /" aria-label="Search customers, orders and words" @input="search" @keydown.esc="$event.target.blur()" @keydown.enter="openFirst"></div>
      <div v-if="found.length" class="rows" role="listbox" aria-labelledby="found-title">
        <template v-for="(one, at) in found" :key="at + '-' + one.customer">
          <div v-if="words && (at === 0 || found[at - 1].kind !== one.kind)" class="found-head a-small a-soft" role="presentation">{{ HEADS[one.kind] }}</div>
          <button type="button" role="option" class="row-item" :class="{on: at === place}" :aria-selected="at === place" :tabindex="at === Math.max(0, place) ? 0 : -1" :data-customer="one.customer" @click="choose(at, true)">
            <span class="row-top"><span class="a-h name" dir="auto">{{ one.name }}</span><span v-if="one.at" class="a-small a-soft wait">{{ day(one.at) }}</span></span>
            <span class="a-soft a-small preview" dir="auto"><template v-if="one.words"><template v-if="one.kind === 'order'">Order </template><template v-else-if="one.author">{{ one.author }}: </template><template v-for="part in marked(one.words)"><mark v-if="part[1]" class="hit">{{ part[0] }}</mark><template v-else>{{ part[0] }}</template></template></template><template v-else>{{ one.known }}</template></span>
          </button>
        </template>
      </div>
      <div v-else class="blank"><template v-if="words"><b>Nothing like “{{ words }}”</b><p>Try a part of the name, the e-mail, the order's number, or words that were said. Of what was said the latest 200,000 messages are looked at.</p></template><template v-else><b>No customers yet</b><p>They come with the first order or the first message: connect your shop, or send yourself a link with <code>afterword link</code>.</p></template></div>
      <span class="sr" role="status">{{ found.length }} found</span>
    </section>
    <section class="pane middle" id="talk" aria-label="Their story" tabindex="-1">
      <template v-if="head">
        <div class="head">
          <button type="button" class="icon back" aria-label="Back to the list" @click="pane = 'list'">‹</button>
          <div class="head-who"><h1 dir="auto">{{ head.name }}</h1><span class="a-soft a-small">{{ head.channel ? "last talked on " + head.channel : "no chat yet" }}</span></div>
          <a v-if="head.case" class="a-btn" :href="'/?case=' + head.case">Open case</a>
          <button type="button" class="a-btn details" @click="pane = 'side'">Details</button>
        </div>
        <div class="kinds" role="group" aria-label="What to show"><button v-for="[name, label, count] in kinds" :key="name" type="button" class="filter" :class="{on: kind === name}" :aria-pressed="kind === name" @click="show(name)">{{ label }} <span class="n">{{ count }}</span></button></div>
        <talk :key="head.customer + kind" :lines="lines" :kinds="ofKind" :more="more" empty="Nothing of that has happened yet." @earlier="$emit('earlier', { shown: selected })"></talk>
      </template>
      <div v-else class="blank center"><template v-if="gone"><b>Nobody has this number</b><p>The person was erased, or never existed.</p></template><template v-else><b>Pick somebody</b><p>Everything they bought, said and were told, in one line of time.</p></template></div>
    </section>
    <section class="pane side" aria-label="About the customer">
      <div class="side-back"><button type="button" class="icon" aria-label="Back to the story" @click="pane = 'talk'">‹</button><span class="a-soft a-small">Story</span></div>
      <side v-if="side" :side="side"></side>
    </section>
    <keys ref="keys" :keys="KEYS"></keys>
  </div>`,
  data() { return { KEYS, HEADS, found: this.initial.found, words: this.initial.words, place: -1, gone: false, asked: 0, kind: new URLSearchParams(location.search).get("kind") || "all" }; },
  computed: {
    kinds() {
      const counts = { all: 0 };
      Object.values(this.lines).forEach((line) => { counts[line.group] = (counts[line.group] || 0) + 1; if (!line.only) counts.all += 1; });
      return KINDS.filter(([name]) => counts[name] || name === "all" || name === this.kind).map(([name, label]) => [name, label, counts[name] || 0]);
    },
    ofKind() { const kind = this.kind; return (line) => (kind === "all" ? !line.only : line.group === kind); },
  },
  created() { setClock(this.initial.clock); },
  mounted() {
    document.addEventListener("keydown", this.onKey);
    const wish = Number((location.pathname.match(/^\/customers\/(\d+)$/) || [])[1] || new URLSearchParams(location.search).get("customer"));
    if (wish) { this.place = this.found.findIndex((one) => one.customer === wish); this.pick(wish, true); }
    else if (!isNarrow() && this.found.length) this.choose(0, false);
  },
  unmounted() { document.removeEventListener("keydown", this.onKey); },
  methods: {
    day,
    found_now(number, found) { if (number === this.asked) { this.found = found; this.place = found.findIndex((one) => one.customer === this.selected); } },
    missing(number) { if (number === this.selected) { this.head = null; this.side = null; this.gone = true; this.pane = "talk"; } },
    notice_said() {},
    session_ended() { location.reload(); },
    search() { clearTimeout(this.wait); this.wait = setTimeout(() => { this.asked += 1; this.$emit("search", { words: this.words, number: this.asked }); }, 200); },
    openFirst() { if (this.found.length) this.choose(0, true); },
    marked(text) {
      const at = text.toLowerCase().indexOf(this.words.trim().toLowerCase()), long = this.words.trim().length;
      return at < 0 || !long ? [[text, false]] : [[text.slice(0, at), false], [text.slice(at, at + long), true], [text.slice(at + long), false]].filter((part) => part[0]);
    },
    choose(at, show) { this.place = at; this.pick(this.found[at].customer, show); },
    pick(number, show) {
      if (show) this.pane = "talk";
      if (number === this.selected) return;
      this.selected = number;
      this.gone = false;
      this.blankStory(null);
      this.readdress();
      this.$emit("open", { customer: number });
    },
    show(kind) { this.kind = kind; this.readdress(); },
    readdress() {
      const query = new URLSearchParams();
      if (this.words.trim()) query.set("q", this.words.trim());
      if (this.kind !== "all") query.set("kind", this.kind);
      history.replaceState(null, "", `/customers/${this.selected}${query.size ? `?${query}` : ""}`);
    },
    move(step) {
      if (!this.found.length) return;
      this.choose(Math.min(this.found.length - 1, Math.max(0, this.place + step)), false);
      this.$nextTick(() => { const item = this.$el.querySelector(".row-item.on"); if (item) item.scrollIntoView({ block: "nearest" }); });
    },
    onKey(event) {
      if (isTyping(event)) return;
      const does = { j: () => this.move(1), ArrowDown: () => this.move(1), k: () => this.move(-1), ArrowUp: () => this.move(-1), "/": () => { this.pane = "list"; this.$nextTick(() => this.$refs.search.focus()); }, "?": () => this.$refs.keys.show(), Escape: () => { this.pane = this.pane === "side" ? "talk" : "list"; } }[event.key];
      if (!does || (event.key.startsWith("Arrow") && event.target.closest(".talk"))) return;
      event.preventDefault();
      does();
    },
  },
};
