// The bar on top of every page of the console.
export default {
  props: { initial: Object },
  template: `
  <header class="bar">
    <span class="brand">{{ initial.shop }}</span>
    <nav aria-label="Pages"><a v-for="page in initial.pages" :href="page.path" class="nav" :class="{on: page.on}" :aria-current="page.on ? 'page' : null">{{ page.name }}</a></nav>
    <span class="gap"></span>
    <span class="a-soft a-small count" role="status">{{ waiting === null ? "" : waiting === 0 ? "nobody is waiting" : waiting + " waiting" }}</span>
    <button type="button" class="icon" :aria-label="dark ? 'Light colours' : 'Dark colours'" :title="dark ? 'Light colours' : 'Dark colours'" @click="flip">
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/></svg>
    </button>
    <details class="who" ref="who"><summary class="a-chip">● {{ initial.me }}</summary><form method="post" action="/logout"><button class="a-btn" type="submit">Log out</button></form></details>
  </header>`,
  data() { return { waiting: this.initial.waiting, dark: document.documentElement.classList.contains("dark") }; },
  mounted() { document.addEventListener("click", this.close); },
  unmounted() { document.removeEventListener("click", this.close); },
  methods: {
    counts(given) { this.waiting = given.waiting; },
    flip() { this.dark = !this.dark; window.afterwordTheme(this.dark ? "dark" : "light"); },
    close(event) { const who = this.$refs.who; if (who && !who.contains(event.target)) who.open = false; },
  },
};
