// A figure: its value, on how much it stands, how it changed. Opens to what lies behind it.
const ARROWS = { "+": "▲", "−": "▼" };
const arrow = (by) => ARROWS[(by || "")[0]] || "";
let made = 0;

export const Defined = {
  props: { title: String, means: String },
  template: `<button type="button" class="defined" :data-tip="means" :aria-describedby="id">{{ title }}<span :id="id" hidden>{{ means }}</span></button>`,
  created() { this.id = `defined-${made += 1}`; },
};

const Change = {
  props: { figure: Object },
  template: `<span v-if="figure.by" class="change" :class="'a-' + figure.tone"><span aria-hidden="true">{{ arrow(figure.by) }}</span> {{ figure.by }}<span v-if="figure.sure" class="sure">, {{ figure.sure }}</span></span>`,
  methods: { arrow },
};

export const Tile = {
  components: { Change },
  props: { figure: Object },
  emits: ["open"],
  template: `
  <component :is="figure.opens ? 'button' : 'div'" :type="figure.opens ? 'button' : null" class="a-card tile" :class="{opens: figure.opens}" :tabindex="figure.opens ? null : 0" :role="figure.opens ? null : 'group'" :data-figure="figure.key" :data-tip="figure.means" :aria-label="spoken" :aria-describedby="id" @click="figure.opens && $emit('open', figure.behind)">
    <span class="a-soft a-small t-name">{{ figure.title }}</span>
    <span><span class="key" :class="{none: figure.few}">{{ figure.value }}</span> <span v-if="figure.range" class="a-soft a-small nb">{{ figure.range }}</span></span>
    <span v-if="figure.few" class="a-soft a-small">{{ figure.few }}</span>
    <template v-else>
      <span class="a-small t-change"><change :figure="figure"></change></span>
      <span class="a-soft a-small">{{ figure.of }}</span>
    </template>
    <span :id="id" hidden>{{ figure.means }}</span>
  </component>`,
  created() { this.id = `figure-${made += 1}`; },
  computed: {
    spoken() {
      const { title, value, few, by, sure, of, range } = this.figure;
      return [`${title}: ${few || value}`, by && `${by} against the time before`, sure, of, range && `likely ${range}`].filter(Boolean).join(", ");
    },
  },
};

export const Cell = {
  components: { Change },
  props: { figure: Object, name: String },
  emits: ["open"],
  template: `
  <button v-if="figure.n || !figure.few" type="button" class="cell" :class="{few: figure.few}" :data-tip="note || null" :aria-label="(name ? name + ': ' : '') + (figure.few || figure.value)" @click="$emit('open', figure.key)">{{ figure.few ? "n = " + figure.n.toLocaleString("en") : figure.value }}<change v-if="figure.by" :figure="figure"></change></button>
  <span v-else class="a-soft" aria-label="nothing">–</span>`,
  computed: {
    note() { const { few, range, of } = this.figure; return few || [of, range && `likely ${range}`].filter(Boolean).join(" · "); },
  },
};
