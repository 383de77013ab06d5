// Which time and whom the figures are about. Whatever is chosen goes into the address.
const LABELS = { channel: "Channel", product: "Product", tier: "Tier", level: "Level", campaign: "Campaign" };
const ALL = { channel: "all channels", product: "all products", tier: "all customers", level: "all levels", campaign: "all campaigns" };

export const Filters = {
  props: { periods: Array, query: Object, choices: Array, days: Array, busy: Boolean },
  emits: ["choose"],
  template: `
  <form class="i-filters" aria-label="Time and filters" @submit.prevent>
    <div class="periods" role="group" aria-label="Time">
      <button v-for="[name, words] in periods" :key="name" type="button" class="filter" :class="{on: name === period}" :aria-pressed="name === period" @click="$emit('choose', { period: name === '30d' ? '' : name, from: '', to: '' })">{{ words }}</button>
      <button type="button" class="filter" :class="{on: !period}" :aria-pressed="!period" :aria-expanded="own" @click="own = !own">own days</button>
    </div>
    <div v-if="own" class="own" role="group" aria-label="Own days">
      <label class="a-small a-soft">from <input v-model="from" type="date" class="find" :max="to || null"></label>
      <label class="a-small a-soft">to <input v-model="to" type="date" class="find" :min="from || null"></label>
      <button type="button" class="a-btn small" :disabled="!from || !to || to < from" @click="$emit('choose', { period: '', from, to })">Show</button>
      <span v-if="from && to && to < from" class="a-small a-bad" role="alert">The last day lies before the first.</span>
    </div>
    <div class="narrows">
      <select v-for="one in choices" :key="one.name" class="find" :class="{set: one.chosen}" :aria-label="LABELS[one.name]" :value="one.chosen" @change="$emit('choose', { [one.name]: $event.target.value })">
        <option value="">{{ ALL[one.name] }}</option>
        <option v-for="[value, words] in one.options" :key="value" :value="value">{{ words }}</option>
      </select>
      <label class="a-small compare"><input type="checkbox" :checked="query.compare !== 'off'" @change="$emit('choose', { compare: $event.target.checked ? '' : 'off' })"> compare with the time before</label>
      <button v-if="narrowed" type="button" class="a-btn small" @click="$emit('choose', Object.fromEntries(choices.map((one) => [one.name, ''])))">Clear filters</button>
    </div>
  </form>`,
  data() { return { LABELS, ALL, own: Boolean(this.query.from), from: this.days[0], to: this.days[1] }; },
  computed: {
    period() { return this.query.from || this.query.to ? "" : this.query.period || "30d"; },
    narrowed() { return this.choices.some((one) => one.chosen); },
  },
  watch: {
    days([from, to]) { Object.assign(this, { from, to }); },
    period(name) { this.own = !name; },
  },
};
