// One small note for the whole page: what carries data-tip says it on hover and on focus. Escape puts it away.
// Ears don't need it: each such thing is described by hidden words of its own.
const EDGE = 12;

export const Tip = {
  template: `<div v-show="words" ref="box" class="tip" aria-hidden="true" :style="{ left: left + 'px', top: top + 'px' }">{{ words }}</div>`,
  data() { return { words: "", left: 0, top: 0 }; },
  mounted() {
    this.page = this.$el.parentElement;
    this.over = (event) => this.show(event.target.closest("[data-tip]"));
    this.out = (event) => { if (!event.relatedTarget || event.relatedTarget.closest?.("[data-tip]") !== this.on) this.show(null); };
    this.key = (event) => { if (event.key === "Escape" && this.words) { this.show(null); event.stopPropagation(); } };
    this.gone = () => this.show(null);
    for (const name of ["mouseover", "focusin"]) this.page.addEventListener(name, this.over);
    for (const name of ["mouseout", "focusout"]) this.page.addEventListener(name, this.out);
    document.addEventListener("keydown", this.key, true);
    addEventListener("scroll", this.gone, { passive: true, capture: true });
  },
  unmounted() {
    document.removeEventListener("keydown", this.key, true);
    removeEventListener("scroll", this.gone, { capture: true });
  },
  methods: {
    show(on) {
      if (on === this.on) return;
      this.on = on;
      this.words = on ? on.dataset.tip : "";
      if (!this.words) return;
      this.$nextTick(() => {
        const at = on.getBoundingClientRect(), own = this.$refs.box.getBoundingClientRect();
        this.left = Math.max(EDGE, Math.min(at.left, innerWidth - own.width - EDGE));
        this.top = at.bottom + own.height + EDGE > innerHeight ? Math.max(EDGE, at.top - own.height - 6) : at.bottom + 6;
      });
    },
  },
};
