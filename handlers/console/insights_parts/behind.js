// What lies behind a figure: one line a row, each with the way to its conversation; and the rows as a file.
export const Behind = {
  props: { list: Object, query: String, formats: Array },
  emits: ["close", "more", "only"],
  template: `
  <dialog ref="box" class="sheet behind" aria-labelledby="behind-title" @close="$emit('close')" @click="$event.target === $refs.box && $refs.box.close()">
    <div v-if="list" class="sheet-in">
      <div class="sheet-top"><h2 id="behind-title" tabindex="-1" ref="title">{{ list.title || "One moment" }}<span v-if="list.where" class="a-soft"> · {{ list.where }}</span></h2><button type="button" class="icon" aria-label="Close" @click="$refs.box.close()">×</button></div>
      <p v-if="list.means" class="a-soft a-small means">{{ list.means }}</p>
      <div class="b-tools">
        <div v-if="list.named" class="tabs" role="group" aria-label="Which rows"><button type="button" class="filter" :class="{on: !list.only}" :aria-pressed="!list.only" @click="$emit('only', false)">all</button><button type="button" class="filter" :class="{on: list.only}" :aria-pressed="list.only" @click="$emit('only', true)">{{ list.named }}</button></div>
        <span class="gap"></span>
        <span v-if="list.rows.length" class="a-small">Take along: <template v-for="(form, at) in formats" :key="form">{{ at ? " · " : "" }}<a :href="'/console/figures/' + encodeURIComponent(list.key) + '.' + form + (query ? '?' + query : '')" download>{{ form === "csv" ? "CSV" : "Parquet" }}</a></template></span>
      </div>
      <ul v-if="list.rows.length" class="b-rows">
        <li v-for="row in list.rows" :key="row.id">
          <span class="b-top"><a :href="'/customers/' + row.customer" class="a-h" dir="auto">{{ row.name }}</a><span v-if="row.stars" class="a-stars" :aria-label="row.rating" role="img">{{ row.stars }}</span><span class="a-soft a-small">{{ [row.told, row.where, row.product].filter(Boolean).join(" · ") }}</span><span v-if="list.named && !list.only && row.counts" class="a-small a-soft">✓ {{ list.named }}</span><span class="gap"></span><a v-if="row.case" class="a-small" :href="'/?case=' + row.case">case {{ row.case }}</a><span class="a-soft a-small">{{ row.at }}</span></span>
          <span v-if="row.text" class="b-text" dir="auto">{{ row.text }}</span>
        </li>
      </ul>
      <p v-else class="a-soft none">{{ list.waiting ? "Reading …" : list.missing ? "No rows lie behind this." : "Nothing in this time." }}</p>
      <button v-if="list.after" type="button" class="a-btn" @click="$emit('more')">Show more</button>
      <span class="sr" role="status">{{ list.waiting ? "" : list.rows.length + (list.after ? " rows, and more" : " rows") }}</span>
    </div>
  </dialog>`,
  watch: {
    list(now) {
      if (now && !this.$refs.box.open) { this.$refs.box.showModal(); this.$nextTick(() => this.$refs.title && this.$refs.title.focus()); }
      if (!now && this.$refs.box.open) this.$refs.box.close();
    },
  },
};
