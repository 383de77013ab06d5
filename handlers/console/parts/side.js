// Who they are, why they matter, why now.
import { hour, nowMs } from "./clock.js";

export const Side = {
  props: { side: Object, link: Boolean, may: Boolean },
  emits: ["remember", "forget"],
  template: `
  <div class="side-in">
    <h2>{{ side.name }}</h2>
    <div class="a-soft a-small">{{ known }}</div>
    <a v-if="link" class="a-small" :href="'/customers/' + side.customer">Their whole story</a>
    <div class="places"><span v-for="place in side.places" class="a-chip" :class="{bad: place.trouble}" :title="place.trouble">{{ place.text }}<template v-if="place.trouble"> ⚠ {{ place.trouble }}</template></span><span v-if="side.opted_out" class="a-chip bad">wants no questions</span></div>
    <div v-for="words in side.consent" class="a-small" :class="words.tone === 'warn' ? 'a-warn' : 'a-soft'">{{ words.text }}</div>
    <div v-for="other in side.doubles" class="double a-small"><b>The same person?</b> <a :href="'/customers/' + other.customer" dir="auto">{{ other.name }}</a> has {{ other.known }}, too. <span class="a-soft">If so: <code>afterword customer merge {{ side.customer }} {{ other.customer }}</code></span></div>
    <h3>Why they matter</h3>
    <div class="strong">{{ side.value }}</div>
    <div class="a-soft a-small">{{ [side.top, side.usual].filter(Boolean).join(" · ") }}</div>
    <div v-if="side.worth" class="a-soft a-small">{{ side.worth }}</div>
    <template v-if="side.reasons.length">
      <h3>Why now</h3>
      <div v-if="side.help" class="a-soft a-small">{{ side.help }}</div>
      <div v-for="each in side.reasons" class="why"><div :class="each.tone === 'bad' ? 'a-bad' : each.tone === 'gold' ? 'a-warn' : ''">{{ each.reason }}</div><div v-if="each.evidence" class="a-soft a-small" dir="auto">{{ each.evidence }}</div></div>
    </template>
    <template v-for="(order, at) in side.orders" :key="order.number">
      <h3 v-if="at === 0">Order {{ order.number }}</h3><h3 v-if="at === 1">Earlier orders</h3>
      <div :class="{small: at > 0}">{{ order.things }}<template v-if="order.total"> · {{ order.total }}</template></div>
      <div class="a-small" :class="order.tone === 'warn' ? 'a-warn' : 'a-soft'">{{ at > 0 ? order.number + ' · ' : '' }}{{ order.state }}</div>
    </template>
    <div v-if="side.more_orders" class="a-soft a-small">and {{ side.more_orders }} more</div>
    <template v-if="side.mood.length > 1">
      <h3>Mood</h3>
      <svg class="mood" viewBox="0 0 280 56" preserveAspectRatio="none" role="img" :aria-label="'Mood of the last ' + side.mood.length + ' messages, latest ' + side.mood[side.mood.length - 1]">
        <line x1="0" y1="28" x2="280" y2="28" class="zero"/><path :d="area" class="area"/><path :d="path" class="line"/>
      </svg>
    </template>
    <template v-if="side.memory || side.facts.length">
      <h3>Remember</h3>
      <ul v-if="side.facts.length" class="facts"><li v-for="fact in side.facts" :key="fact.id"><span dir="auto">{{ fact.words }}</span> <span class="a-soft a-small">{{ fact.held ? "held until they agree · " : "" }}{{ fact.until }}</span><button v-if="may" type="button" class="icon mini" :aria-label="'Forget: ' + fact.words" title="Forget it" @click="$emit('forget', fact.id)">×</button></li></ul>
      <div class="a-soft a-small">{{ side.memory }}</div>
      <form v-if="may" class="remember" @submit.prevent="remember"><input v-model.trim="words" class="find" maxlength="220" placeholder="size 41, allergic to wool…" aria-label="Something to remember of them" @keydown.esc="$event.target.blur()"><button type="submit" class="a-btn small" :disabled="!words">Remember</button></form>
    </template>
    <template v-if="side.gestures.length"><h3>Gestures given</h3><div v-for="words in side.gestures" class="a-soft" dir="auto">{{ words }}</div></template>
    <template v-if="side.earlier.length"><h3>Earlier cases</h3><div v-for="words in side.earlier" class="a-soft">{{ words }}</div></template>
  </div>`,
  data() { return { words: "" }; },
  methods: { remember() { if (this.words) this.$emit("remember", this.words); this.words = ""; } },
  computed: {
    known() { return [this.side.known, this.side.zone ? `${hour(new Date(nowMs()).toISOString(), this.side.zone)} in ${this.side.zone.split("/").pop().replace(/_/g, " ")}` : ""].filter(Boolean).join(" · "); },
    points() { const mood = this.side.mood; return mood.map((score, i) => [(i / (mood.length - 1)) * 276 + 2, 28 - score * 25]); },
    path() { return this.points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""); },
    area() { return `${this.path}L278 28L2 28Z`; },
  },
};
