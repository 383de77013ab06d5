// What customers of one currency are worth: where the money comes from, and whether those who answer spend more.
import { Tile } from "./figure.js";

export const Money = {
  components: { Tile },
  props: { money: Object, open: Boolean },
  emits: ["open"],
  template: `
  <details class="money" :open="open">
    <summary><h3>{{ money.currency }} <span class="a-soft a-small">{{ money.basis }}</span></h3></summary>
    <div class="tiles three"><tile v-for="figure in money.figures" :key="figure.key" :figure="figure" @open="(key) => $emit('open', key)"></tile></div>
    <div class="two even">
      <div class="a-card">
        <h4>Where the money comes from</h4>
        <p class="a-soft a-small">share of the money by share of the customers, biggest spenders first; dashed: if all spent alike</p>
        <slot></slot>
        <details v-if="money.curve.length" class="as-table"><summary>As a table</summary><table class="figures"><thead><tr><th scope="col">Customers</th><th scope="col">Share of the money</th></tr></thead><tbody><tr v-for="row in money.curve" :key="row.name"><th scope="row">{{ row.name }}</th><td>{{ row.value }}</td></tr></tbody></table></details>
      </div>
      <div class="a-card" :data-tip="money.engaged.means" tabindex="0" role="group" aria-label="Spend of those who answer">
        <h4>Do those who answer spend more?</h4>
        <p class="key" :class="{none: money.engaged.hidden}"><button type="button" class="cell" aria-label="The customers behind it" @click="$emit('open', money.engaged.behind)">{{ money.engaged.hidden ? "–" : money.engaged.value }}</button></p>
        <p class="a-soft a-small">{{ money.engaged.hidden ? money.engaged.value : money.engaged.against }}</p>
        <ul class="bars wide"><li v-for="row in money.engaged.bars" :key="row.name"><span class="b-name">{{ row.name }}</span><span class="meter" aria-hidden="true"><span :style="{ width: row.share * 100 + '%' }"></span></span><span class="a-small b-n">{{ row.value }} <span class="a-soft">{{ row.n }}</span></span></li></ul>
        <p class="a-small">Elsewhere: <b>{{ money.engaged.literature }} more</b>. <span class="a-soft">{{ money.engaged.source }}.</span></p>
        <p class="a-small a-soft">{{ money.engaged.caveat }}</p>
      </div>
    </div>
  </details>`,
};
