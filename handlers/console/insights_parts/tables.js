// Tables and bars: numbers in words first, their size as a bar beside them.
import { Cell, Defined } from "./figure.js";

const LABELS = { product: "Product", channel: "Channel", tier: "Tier", level: "Level", campaign: "Campaign" };

export const Bars = {
  props: { rows: Array, empty: String },
  emits: ["open"],
  template: `
  <ul v-if="rows.length && rows.some((row) => row.n)" class="bars"><li v-for="row in rows" :key="row.name"><button v-if="row.n" type="button" class="cell b-name" @click="$emit('open', row.key)">{{ row.name }}</button><span v-else class="b-name">{{ row.name }}</span><span class="meter" aria-hidden="true"><span v-if="row.share" :style="{ width: row.share * 100 + '%' }"></span></span><span class="a-small b-n">{{ row.n.toLocaleString("en") }}</span></li></ul>
  <p v-else class="a-soft a-small none">{{ empty }}</p>`,
};

export const Theme = {
  props: { theme: Object },
  template: `<div class="theme"><b>“{{ theme.words }}”</b> <span class="a-soft a-small">{{ theme.n }}</span><a v-for="quote in theme.quotes" :key="quote.customer" class="quote" :href="'/customers/' + quote.customer" dir="auto">{{ quote.text }}</a></div>`,
};

export const Table = {
  components: { Cell },
  props: { table: Object, tables: Array, columns: Array },
  emits: ["by", "only", "open"],
  template: `
  <div>
    <div class="tabs" role="group" aria-label="Table by"><button v-for="by in tables" :key="by" type="button" class="filter" :class="{on: by === table.by}" :aria-pressed="by === table.by" @click="$emit('by', by)">{{ LABELS[by] }}</button></div>
    <div v-if="table.rows.length" class="scrolls" tabindex="0" role="region" :aria-label="'Figures by ' + table.by">
      <table class="figures">
        <thead><tr><th scope="col">{{ LABELS[table.by] }}</th><th v-for="[key, title, means] in columns" :key="key" scope="col"><span :data-tip="means" tabindex="0" class="defined">{{ title }}</span></th></tr></thead>
        <tbody><tr v-for="row in table.rows" :key="row.name">
          <th scope="row"><button type="button" class="cell name" :data-tip="'Show the whole page for ' + row.title" @click="$emit('only', row.name)">{{ row.title }}</button></th>
          <td v-for="cell in row.cells" :key="cell.key"><cell :figure="cell" @open="$emit('open', cell.key, table.by + ':' + row.name)"></cell></td>
        </tr></tbody>
      </table>
    </div>
    <p v-else class="a-soft a-small none">Nothing is known by {{ table.by }} in this time.</p>
  </div>`,
  data() { return { LABELS }; },
};

export const Cohorts = {
  components: { Cell, Defined },
  props: { cohorts: Object, means: String },
  emits: ["open"],
  template: `
  <div v-if="cohorts.rows.length" class="scrolls" tabindex="0" role="region" aria-label="Customers who came back, by month">
    <table class="figures cohorts">
      <thead><tr><th scope="col">First order</th><th scope="col">Customers</th><th scope="col">Twice or more</th><th v-for="ahead in cohorts.ahead" :key="ahead" scope="col"><span class="sr">month </span>+{{ ahead }}</th></tr></thead>
      <tbody><tr v-for="row in cohorts.rows" :key="row.month"><th scope="row">{{ row.month }}</th><td>{{ row.customers }}</td><td><button type="button" class="cell" :data-tip="row.repeat.tip" :aria-label="row.month + ', twice or more: ' + row.repeat.tip" @click="$emit('open', row.repeat.key)">{{ row.repeat.value }}</button></td><td v-for="(cell, at) in row.later" :key="at" class="shade" :class="{few: cell.value === '·'}" :style="{ '--share': Math.min(1, cell.share * 2) }" ><button type="button" class="cell" :data-tip="cell.tip" :aria-label="row.month + ', ' + (at + 1) + ' months later: ' + cell.tip" @click="$emit('open', cell.key)">{{ cell.value }}</button></td></tr></tbody>
    </table>
  </div>
  <p v-else class="a-soft a-small none">With the first paid order the first month appears here.</p>`,
};
