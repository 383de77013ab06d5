// The figures: a sentence first, then five figures, one chart, and everything behind them. The address says what is shown.
import { Bars, Behind, Cell, Cohorts, Defined, Filters, Money, Table, Theme, Tile, Tip } from "afterword-insights";

const NAMES = ["period", "from", "to", "channel", "product", "tier", "level", "campaign", "compare", "by"];

export default {
  components: { Bars, Behind, Cell, Cohorts, Defined, Filters, Money, ByTable: Table, Theme, Tile, Tip },
  props: { initial: Object },
  emits: ["choose", "behind"],
  template: `
  <div class="insights" :aria-busy="busy">
    <div class="first" id="talk" tabindex="-1">
      <div>
        <h1 class="i-first"><button v-if="shown.recovery.value !== '–'" type="button" class="defined" :data-tip="shown.recovery.means" aria-describedby="recovery-means" @click="open('recovery')">{{ shown.headline[0] }}</button><template v-else>{{ shown.headline[0] }}</template></h1>
        <span id="recovery-means" hidden>{{ shown.recovery.means }}</span>
        <p class="a-soft basis">{{ shown.headline[1] }}</p>
        <p v-if="shown.needs.length" class="needs"><template v-for="need in shown.needs" :key="need.words"><a v-if="need.to" :href="need.to">{{ need.words }}</a><button v-else type="button" class="linkish" @click="open(need.open)">{{ need.words }}</button></template></p>
      </div>
      <button type="button" class="a-btn small print" @click="print">Print or PDF</button>
    </div>
    <p class="on-paper a-soft a-small">{{ initial.shop }} · {{ filterWords }}</p>
    <filters :periods="initial.periods" :query="shown.wish" :choices="shown.choices" :days="shown.days" @choose="choose"></filters>
    <p v-for="problem in shown.problems" :key="problem" class="a-warn problem" role="alert">{{ problem }}</p>
    <div class="tiles" role="group" aria-label="Figures"><tile v-for="figure in shown.tiles" :key="figure.key" :figure="figure" @open="open"></tile></div>
    <div class="two">
      <section class="a-card" aria-labelledby="mood-title">
        <h2 id="mood-title"><defined title="How customers feel" :means="initial.means.sentiment"></defined></h2>
        <p class="a-soft a-small">mean mood per {{ shown.mood.step }}, from −1 to 1; the band is the 95 % interval{{ shown.mood.longer ? "; two weeks up to the last day" : "" }}. <span v-if="shown.mood.cause" class="a-bad cause">The lowest point: {{ shown.mood.cause }}.</span></p>
        <div v-show="drawn" class="chart-box"><slot name="mood"></slot></div>
        <p v-if="!drawn" class="a-soft a-small none">Too few messages to tell a mood: each point needs ten.</p>
        <details class="as-table"><summary>As a table</summary><table class="figures"><thead><tr><th scope="col">{{ shown.mood.step }}</th><th scope="col">Mood</th><th scope="col">95 % interval</th><th scope="col">Messages</th></tr></thead><tbody><tr v-for="row in shown.mood.rows" :key="row.days"><th scope="row"><button type="button" class="cell name" @click="open('sentiment', '', row.days)">{{ row.name }}</button></th><td>{{ row.few || row.value }}</td><td>{{ row.range }}</td><td>{{ row.n.toLocaleString("en") }}</td></tr></tbody></table></details>
      </section>
      <section class="a-card" aria-labelledby="topics-title">
        <h2 id="topics-title"><defined title="What they talk about" :means="initial.means.topics"></defined></h2>
        <p class="a-soft a-small">messages, share unhappy{{ compared ? ", change" : "" }}</p>
        <button v-for="topic in shown.topics" :key="topic.topic" type="button" class="topic" :data-tip="topic.counts" @click="open('topic:' + topic.topic)">
          <span class="r-top"><span>{{ topic.name }} <span class="a-soft a-small">{{ topic.n.toLocaleString("en") }}</span></span><span class="a-small">{{ topic.share || topic.few }} <span v-if="topic.by && topic.share" :class="'a-' + topic.tone">{{ topic.by }}<span v-if="topic.sure" class="sr">, {{ topic.sure }}</span></span></span></span>
          <span class="stack" aria-hidden="true"><i class="m-sad" :style="{ width: topic.moods[0] * 100 + '%' }"></i><i class="m-neutral" :style="{ width: topic.moods[1] * 100 + '%' }"></i><i class="m-happy" :style="{ width: topic.moods[2] * 100 + '%' }"></i></span>
        </button>
        <p v-if="shown.topics.length" class="a-soft a-small moods" aria-hidden="true"><i class="m-sad"></i> unhappy <i class="m-neutral"></i> neutral <i class="m-happy"></i> happy</p>
        <p v-if="!shown.topics.length" class="a-soft a-small none">Nothing yet: topics come from what customers write in their own words.</p>
      </section>
    </div>
    <div class="two thirds">
      <section class="a-card" aria-labelledby="themes-title">
        <h2 id="themes-title"><defined title="Words that rose" :means="initial.means.themes"></defined></h2>
        <p v-if="!shown.themes" class="a-soft a-small none">Reading what they wrote …</p>
        <template v-else>
        <theme v-for="theme in shown.themes.slice(0, 3)" :key="theme.words" :theme="theme"></theme>
        <details v-if="shown.themes.length > 3" class="as-table"><summary>{{ shown.themes.length - 3 }} more</summary><theme v-for="theme in shown.themes.slice(3)" :key="theme.words" :theme="theme"></theme></details>
        <p v-if="!shown.themes.length" class="a-soft a-small none">No word or pair of words is used clearly more than in the time before.</p>
        </template>
      </section>
      <section class="a-card" aria-labelledby="stars-title"><h2 id="stars-title">What they rated</h2><bars :rows="shown.stars" @open="open" empty="No ratings in this time."></bars></section>
      <section class="a-card" aria-labelledby="why-title"><h2 id="why-title">Why a person was needed</h2><bars :rows="shown.reasons" @open="open" empty="Nobody needed a person in this time."></bars></section>
    </div>
    <section class="a-card whole" aria-label="Figures by product, channel and so on"><by-table :table="shown.table" :tables="tables" :columns="initial.columns" @by="(by) => choose({ by: by === 'product' ? '' : by })" @only="(name) => choose({ [shown.table.by]: name })" @open="open"></by-table></section>
    <div class="two even">
      <section class="a-card" aria-labelledby="counts-title">
        <h2 id="counts-title">In numbers</h2>
        <table class="figures plain"><tbody><tr v-for="figure in shown.counts" :key="figure.key"><th scope="row"><defined :title="figure.title" :means="figure.means"></defined></th><td><cell :figure="figure" :name="figure.title" @open="open"></cell></td></tr></tbody></table>
      </section>
      <div class="a-card"><section aria-labelledby="times-title">
        <h2 id="times-title">How long it takes</h2>
        <table class="figures plain"><thead><tr><td></td><th scope="col">half within</th><th scope="col">nine of ten within</th></tr></thead><tbody><tr v-for="row in shown.times" :key="row.name"><th scope="row"><defined :title="row.name" :means="row.cells[0].means"></defined></th><td v-for="cell in row.cells" :key="cell.key"><cell :figure="cell" :name="cell.title" @open="open"></cell></td></tr></tbody></table>
      </section><section aria-labelledby="load-title">
        <h2 id="load-title" class="next"><defined title="Agents’ load" :means="initial.means.load"></defined></h2>
        <table v-if="shown.load.length" class="figures plain"><thead><tr><th scope="col">by name</th><th scope="col">holds now</th><th scope="col">took</th><th scope="col">resolved</th></tr></thead><tbody><tr v-for="one in shown.load" :key="one.name"><th scope="row" dir="auto">{{ one.name }}</th><td>{{ one.holds }}</td><td><button v-if="one.claimed" type="button" class="cell" :aria-label="'Cases that ' + one.name + ' took: ' + one.claimed" @click="open(one.key, 'agent:' + one.name)">{{ one.claimed }}</button><template v-else>0</template></td><td>{{ one.resolved }}</td></tr></tbody></table>
        <p v-else class="a-soft a-small none">Nobody holds, took or resolved a case in this time.</p>
      </section></div>
    </div>
    <section class="worth" aria-labelledby="money-title">
      <h2 id="money-title" class="i-part">What customers are worth</h2>
      <p class="a-soft a-small">Everything so far, of all customers: the time and the filters above leave it as it is. <template v-if="shown.sales.length">In the time above: <template v-for="(sale, at) in shown.sales" :key="sale.currency">{{ at ? ", " : "" }}<button type="button" class="linkish" :data-tip="initial.means.revenue" @click="open('revenue')">{{ sale.value }}</button> from {{ sale.of }}<template v-if="sale.by"> ({{ sale.by }})</template></template>.</template></p>
      <p v-if="shown.converted" class="a-small">{{ shown.converted }}</p>
      <money v-for="(money, at) in shown.money" :key="money.currency" :money="money" :open="at === 0" @open="open"><slot :name="'curve' + at"></slot></money>
      <p v-if="!shown.money.length" class="a-soft none">With the first paid order it shows here what customers are worth.</p>
      <section class="a-card whole" aria-labelledby="cohorts-title">
        <h3 id="cohorts-title"><defined title="Who comes back" :means="initial.means.retention"></defined> <span class="a-soft a-small">customers by the month of their first order; which share of them bought again so many months later</span></h3>
        <p class="a-small repeat"><button type="button" :data-tip="shown.repeat.means" class="defined" @click="open('repeat_rate')">Repeat rate</button>: <b>{{ shown.repeat.few || shown.repeat.value }}</b> <span v-if="!shown.repeat.few" class="a-soft">{{ shown.repeat.of }} · {{ shown.repeat.range }}</span></p>
        <cohorts :cohorts="shown.cohorts" @open="open"></cohorts>
      </section>
    </section>
    <p class="a-soft a-small i-end">Days are those of {{ initial.zone }}. A share, mean or time of fewer than 10 is not shown. Bands and ranges are 95 % intervals; green and red only where a change is surely more than chance.</p>
    <behind :list="list" :query="exported" :formats="initial.formats" @close="closed" @more="more" @only="onlyThose"></behind>
    <tip></tip>
  </div>`,
  data() { return { shown: this.initial.shown, list: null, number: 0, choice: 0, busy: false }; },
  computed: {
    drawn() { return this.shown.mood.rows.some((row) => !row.few); },
    compared() { return this.shown.wish.compare !== "off"; },
    tables() { const by = this.shown.table.by; return this.shown.tables.includes(by) ? this.shown.tables : [...this.shown.tables, by]; },
    filterWords() { return this.shown.choices.filter((one) => one.chosen).map((one) => `${one.name}: ${(one.options.find(([value]) => value === one.chosen) || [])[1]}`).join(" · ") || "all customers"; },
    exported() { const query = new URLSearchParams(this.shown.wish); for (const name of ["in", "days"]) if (this.list && this.list[name]) query.set(name, this.list[name]); return `${query}`; },
  },
  mounted() {
    addEventListener("popstate", this.restore);
    this.$nextTick(this.reopen);
  },
  unmounted() { removeEventListener("popstate", this.restore); },
  methods: {
    // ---- what the server tells
    figures_are(changed) { this.shown = { ...this.shown, ...changed }; },
    chosen(number) { if (number === this.choice) this.busy = false; },
    open_days(days) { this.open("sentiment", "", days); },
    behind_is(number, given) {
      if (!this.list || number !== this.number) return; // something else was opened meanwhile
      this.list = { ...this.list, ...given, rows: [...this.list.rows, ...given.rows], waiting: false };
    },
    // ---- what managers do
    choose(changed) {
      const query = { ...this.asked(), ...changed };
      this.address(query);
      this.ask(query);
    },
    // Numbered: what is chosen before the connection stands is sent late, and may come after what was chosen later.
    ask(query) { this.busy = true; this.choice += 1; this.$emit("choose", { ...Object.fromEntries(NAMES.map((name) => [name, query[name] || ""])), number: this.choice }); },
    open(key, place = "", days = "") { this.drill({ key, in: place, days, only: false }, true); },
    onlyThose(only) { this.drill({ ...this.list, only }, false); },
    more() { this.look(this.list.after); },
    look(after) { this.number += 1; this.$emit("behind", { ...this.drilled(), after, number: this.number }); },
    closed() { if (this.list) { this.list = null; this.address(this.asked()); if (this.from && this.from.isConnected) this.from.focus(); } },
    print() { window.print(); },
    // ---- the address
    asked() { const query = new URLSearchParams(location.search); return Object.fromEntries(NAMES.map((name) => [name, query.get(name) || ""])); },
    drilled() { const { key, in: place, days, only } = this.list; return { key, in: place, days, only }; },
    address(query, drill = null, replace = false) {
      const found = new URLSearchParams();
      for (const name of NAMES) if (query[name]) found.set(name, query[name]);
      if (drill) for (const [name, value] of [["open", drill.key], ["in", drill.in], ["days", drill.days], ["only", drill.only ? "yes" : ""]]) if (value) found.set(name, value);
      const text = `${found}`;
      history[replace ? "replaceState" : "pushState"](null, "", text ? `/insights?${text}` : "/insights");
    },
    drill(drill, fresh) {
      if (fresh) this.from = document.activeElement;
      const kept = this.list && this.list.key === drill.key ? this.list : {};
      this.list = { title: "", means: "", named: "", missing: false, ...kept, ...drill, where: this.whereWords(drill), rows: [], after: "", waiting: true };
      this.address(this.asked(), drill, !fresh);
      this.look("");
    },
    whereWords(drill) { return [(drill.in || "").split(":").slice(1).join(":"), (drill.days || "").split("..").filter((day, at, all) => at === 0 || day !== all[0]).join(" to ")].filter(Boolean).join(" · "); },
    reopen() {
      const query = new URLSearchParams(location.search);
      if (!query.get("open")) return;
      this.drill({ key: query.get("open"), in: query.get("in") || "", days: query.get("days") || "", only: query.get("only") === "yes" }, false);
    },
    restore() {
      this.list = null;
      this.ask(this.asked());
      this.reopen();
    },
  },
};
