// Customers: search on the left, one person's whole story in the middle, who they are on the right.
import { Side, Talk, patched, setClock } from "afterword-console";

export default {
  components: { Talk, Side },
  props: { initial: Object },
  emits: ["search", "open"],
  template: `
  <main class="inbox" :data-pane="pane">
    <section class="pane list" aria-label="Customers">
      <div class="filters"><input ref="search" v-model="words" type="search" class="find wide" placeholder="Name, e-mail or order  /" aria-label="Search customers" @input="search" @keydown.esc="$event.target.blur()" @keydown.enter="openFirst"></div>
      <div class="rows" role="listbox" aria-label="Found customers">
        <button v-for="one in found" :key="one.customer" type="button" role="option" class="row-item" :class="{on: one.customer === selected}" :aria-selected="one.customer === selected" :data-customer="one.customer" @click="choose(one.customer, true)">
          <span class="a-h name">{{ one.name }}</span><span class="a-soft a-small preview">{{ one.known }}</span>
        </button>
        <div v-if="!found.length" class="blank"><template v-if="words"><b>Nobody like “{{ words }}”</b><p>Try a part of the name, the e-mail or the order's number.</p></template><template v-else><b>No customers yet</b><p>They come with the first order or the first message: connect your shop, or send yourself a link with <code>afterword link</code>.</p></template></div>
      </div>
    </section>
    <section class="pane middle" aria-label="Their story">
      <template v-if="head">
        <div class="head">
          <button type="button" class="icon back" aria-label="Back to the list" @click="pane = 'list'">‹</button>
          <div class="head-who"><h1>{{ head.name }}</h1><span class="a-soft a-small">{{ head.channel ? "last talked on " + head.channel : "no chat yet" }}</span></div>
          <a v-if="head.case" class="a-btn" :href="'/?case=' + head.case">Open case</a>
          <button type="button" class="a-btn details" @click="pane = 'side'">Details</button>
        </div>
        <talk :key="head.customer" :lines="lines" empty="Nothing has been said yet."></talk>
      </template>
      <div v-else class="blank center"><b>Pick somebody</b><p>Everything they bought, said and were told, in one line of time.</p></div>
    </section>
    <section class="pane side" aria-label="About the customer">
      <div class="side-back"><button type="button" class="icon" aria-label="Back to the story" @click="pane = 'talk'">‹</button><span class="a-soft a-small">Story</span></div>
      <side v-if="side" :side="side"></side>
    </section>
  </main>`,
  data() { return { found: this.initial.found, words: "", selected: null, pane: "list", head: null, lines: {}, side: null, asked: 0 }; },
  created() { setClock(this.initial.clock); },
  mounted() {
    document.addEventListener("keydown", this.onKey);
    const wish = Number(new URLSearchParams(location.search).get("customer"));
    if (wish) this.choose(wish, true);
    else if (matchMedia("(min-width: 900px)").matches && this.found.length) this.choose(this.found[0].customer, false);
  },
  unmounted() { document.removeEventListener("keydown", this.onKey); },
  methods: {
    found_now(number, found) { if (number === this.asked) this.found = found; },
    clock_set(clock) { setClock(clock); },
    thread(number, head, side, changed, gone, whole) {
      if (number !== this.selected) return;
      if (whole) this.lines = changed;
      else if (Object.keys(changed).length || gone.length) this.lines = patched(this.lines, changed, gone);
      if (head) this.head = head;
      if (side) this.side = side;
    },
    missing(number) { if (number === this.selected) { this.head = null; this.side = null; this.pane = "list"; } },
    notice_said() {},
    session_ended() { location.reload(); },
    search() { clearTimeout(this.wait); this.wait = setTimeout(() => { this.asked += 1; this.$emit("search", { words: this.words, number: this.asked }); }, 150); },
    openFirst() { if (this.found.length) this.choose(this.found[0].customer, true); },
    choose(number, show) {
      if (show) this.pane = "talk";
      if (number === this.selected) return;
      this.selected = number;
      this.lines = {};
      history.replaceState(null, "", `/customers?customer=${number}`);
      this.$emit("open", { customer: number });
    },
    move(step) {
      const at = this.found.findIndex((one) => one.customer === this.selected);
      const next = this.found[Math.min(this.found.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
      if (next) { this.choose(next.customer, false); this.$nextTick(() => { const item = this.$el.querySelector(".row-item.on"); if (item) item.scrollIntoView({ block: "nearest" }); }); }
    },
    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      const does = { j: () => this.move(1), ArrowDown: () => this.move(1), k: () => this.move(-1), ArrowUp: () => this.move(-1), "/": () => { this.pane = "list"; this.$nextTick(() => this.$refs.search.focus()); }, Escape: () => { this.pane = this.pane === "side" ? "talk" : "list"; } }[event.key];
      if (!does || (event.key.startsWith("Arrow") && event.target.closest(".talk"))) return;
      event.preventDefault();
      does();
    },
  },
};
