// The bar on top of every page of the console: the pages, who waits, alerts, colours, and who of the team is here.
export default {
  props: { initial: Object },
  emits: ["presence"],
  template: `
  <header class="bar">
    <a class="skip" href="#talk">Skip to the {{ figures ? "figures" : "conversation" }}</a>
    <span class="brand">{{ initial.shop }}</span>
    <nav aria-label="Pages"><a v-for="page in initial.pages" :href="page.path" class="nav" :class="{on: page.on}" :aria-current="page.on ? 'page' : null">{{ page.name }}</a></nav>
    <span class="gap"></span>
    <span class="a-soft a-small count" role="status">{{ waiting === null ? "" : waiting === 0 ? "nobody is waiting" : waiting + " waiting" }}</span>
    <button type="button" class="icon" :class="{lit: alerts}" :aria-pressed="alerts" :title="alertWords" :aria-label="alertWords" @click="ring">
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4" :fill="alerts ? 'currentColor' : 'none'"/><path v-if="!alerts" d="M4 4l16 16"/></svg>
    </button>
    <button type="button" class="icon" :aria-label="dark ? 'Light colours' : 'Dark colours'" :title="dark ? 'Light colours' : 'Dark colours'" @click="flip">
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/></svg>
    </button>
    <details class="who" ref="who"><summary class="a-chip" :class="{bad: mine.away}"><span aria-hidden="true">{{ mine.away ? "○" : "●" }}</span> <span class="my-name">{{ initial.me }}</span><span class="state">{{ mine.away ? ", " + mine.state : "" }}</span></summary>
      <div class="who-in">
        <h2>Here now</h2>
        <ul><li v-for="one in team" :key="one.id" :class="{me: one.id === initial.my_id}"><span aria-hidden="true" :class="one.here ? 'a-good' : 'a-soft'">{{ one.here ? "●" : "○" }}</span> <span dir="auto">{{ one.name }}</span> <span class="a-soft a-small">{{ one.state }}{{ one.held ? " · " + one.held + (one.held === 1 ? " case" : " cases") : "" }}</span></li></ul>
        <div v-if="mine.known" class="away">
          <button v-if="mine.away" type="button" class="a-btn main" @click="say({ back: true })">I am back</button>
          <form v-else @submit.prevent="say({ until })"><label class="a-small" for="until">Away until <input id="until" v-model="until" type="time" class="find"></label><button type="submit" class="a-btn">{{ until ? "Go away" : "Away for now" }}</button></form>
          <p class="a-soft a-small">New cases go to colleagues meanwhile; yours stay yours.</p>
        </div>
        <form method="post" action="/logout"><button class="a-btn" type="submit">Log out</button></form>
      </div>
    </details>
    <span v-if="told" class="told a-small" role="status">{{ told }}</span>
  </header>`,
  data() { return { figures: location.pathname === "/insights", waiting: this.initial.waiting, dark: document.documentElement.classList.contains("dark"), alerts: this.kept(), team: this.initial.team, until: "", told: "" }; },
  computed: {
    mine() { return this.team.find((one) => one.id === this.initial.my_id) || { away: false, state: "", known: false }; },
    alertWords() { return this.alerts ? "Sound and notifications are on" : "Turn on sound and notifications"; },
  },
  mounted() {
    this.$el.querySelector(".nav.on")?.scrollIntoView({ inline: "nearest", block: "nearest" });
    this.waiting = this.waiting ?? window.afterwordWaiting ?? null;
    document.addEventListener("click", this.close);
    document.addEventListener("keydown", this.onEscape);
    addEventListener("afterword-waiting", this.count);
  },
  unmounted() {
    document.removeEventListener("click", this.close);
    document.removeEventListener("keydown", this.onEscape);
    removeEventListener("afterword-waiting", this.count);
  },
  methods: {
    count(event) { this.waiting = event.detail; },
    team_is(team) { this.team = team; },
    kept() { try { return localStorage.getItem("afterword-alerts") === "true"; } catch (_) { return false; } },
    async ring() {
      this.alerts = !this.alerts;
      try { this.alerts ? localStorage.setItem("afterword-alerts", "true") : localStorage.removeItem("afterword-alerts"); } catch (_) { /* private window */ }
      if (!this.alerts) return this.tell("Sound and notifications are off.");
      const may = "Notification" in window ? await Notification.requestPermission() : "denied";
      this.tell(may === "granted" ? "On: new cases for you, answers in your cases, promises about to break." : "Sound is on. Notifications are blocked in this browser.");
    },
    say(given) { this.$emit("presence", given); this.until = ""; },
    tell(words) { this.told = words; clearTimeout(this.quiet); this.quiet = setTimeout(() => { this.told = ""; }, 5000); },
    flip() { this.dark = !this.dark; window.afterwordTheme(this.dark ? "dark" : "light"); },
    close(event) { const who = this.$refs.who; if (who && !who.contains(event.target)) who.open = false; },
    onEscape(event) { const who = this.$refs.who; if (event.key === "Escape" && who && who.open) { who.open = false; who.querySelector("summary").focus(); } },
  },
};
