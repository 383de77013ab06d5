// The keys, shown with ?
export const Keys = {
  props: { keys: Array },
  template: `
  <dialog ref="box" class="sheet" aria-labelledby="keys-title" @click="aside">
    <div class="sheet-in">
      <div class="sheet-top"><h2 id="keys-title">Keys</h2><button type="button" class="icon" aria-label="Close" @click="$refs.box.close()">×</button></div>
      <dl><template v-for="[key, words] in keys" :key="key"><dt><kbd v-for="one in key.split(' ')">{{ one }}</kbd></dt><dd>{{ words }}</dd></template></dl>
      <p class="a-soft a-small">They rest while you type. Esc leaves a field.</p>
    </div>
  </dialog>`,
  methods: {
    show() { if (!this.$refs.box.open) this.$refs.box.showModal(); },
    aside(event) { if (event.target === this.$refs.box) this.$refs.box.close(); },
  },
};
