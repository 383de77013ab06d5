// Where the agent writes: an answer, a note, a changed message, a gift. Drafts are kept for each case.
import { store, stored, storedNames } from "./keep.js";

const TYPING_MS = 4000;
const WRITING_MS = 3000;
const GIFTS = [["gift", "Coupon"], ["card", "Card"], ["upgrade", "Upgrade"]];
const NO_GIFT = { what: "gift", amount: "", words: "" };

export const Composer = {
  props: { head: Object, me: Object, name: String, limit: Number, busy: Boolean, purse: Object, ended: Boolean },
  emits: ["act", "file", "writing", "say", "purse", "drafted"],
  template: `
  <div class="foot">
    <div v-if="ended" class="hint" role="alert"><b>Your session has ended.</b> Open a new login link, then reload this page. What you typed is kept in this browser.</div>
    <div v-else-if="!isOpen" class="hint">This case is resolved. The bot will ask whether all is well again.</div>
    <form v-else class="composer" :class="{noting: isNote, giving: mode === 'gift', over: dropping}" @submit.prevent="send" @dragover="over" @dragleave="dropping = false" @drop="dropped">
      <div v-if="!head.speak && !head.claim" class="a-small a-soft">{{ head.owner }} holds it. What you write here stays inside.</div>
      <template v-if="mode === 'gift'">
        <div role="group" aria-label="What to give" class="acts"><button v-for="[what, label] in GIFTS" :key="what" type="button" class="filter" :class="{on: gift.what === what}" :aria-pressed="gift.what === what" :data-gift="what" @click="gift.what = what">{{ label }}</button></div>
        <div v-if="gift.what === 'gift'" class="gift-row">
          <label class="a-small" for="gift-amount">Amount</label>
          <select v-if="purse && purse.amounts.length" id="gift-amount" v-model="gift.amount" class="find"><option value="" disabled>choose</option><option v-for="each in purse.amounts" :key="each.amount" :value="each.amount" :disabled="!each.free">{{ each.words }}{{ each.free ? "" : " (no code left)" }}</option></select>
          <template v-else><input id="gift-amount" v-model.trim="gift.amount" class="find" inputmode="decimal" autocomplete="off" placeholder="20" @keydown.esc="setMode('reply')"><span class="a-small">{{ purse ? purse.currency : "" }}</span></template>
          <span class="a-small" :class="purse && purse.spent_out ? 'a-bad' : 'a-soft'" role="status">{{ purse ? purse.words : "…" }}</span>
        </div>
        <p v-else class="a-small a-soft gift-hint">{{ gift.what === "card" ? "The back office writes and posts it. Say what it should say." : "The back office does it. Say what they get." }}</p>
      </template>
      <div v-if="openers.length" role="group" aria-label="Ways to begin" class="openers"><button v-for="words in openers" :key="words" type="button" class="opener" dir="auto" :title="words" @click="fill(words)"><span>{{ words }}</span></button></div>
      <textarea ref="draft" v-model="draft" rows="2" :placeholder="placeholder" :aria-label="placeholder" @keydown.enter.exact="onEnter" @keydown.esc="$event.target.blur()" @input="typed" @paste="pasted"></textarea>
      <div class="acts">
        <button v-if="head.speak || head.claim" type="button" class="a-btn" :class="{pressed: mode === 'note'}" :aria-pressed="mode === 'note'" title="n" @click="setMode(mode === 'note' ? 'reply' : 'note')">Note</button>
        <button v-if="head.speak" type="button" class="a-btn" :class="{pressed: mode === 'gift'}" :aria-pressed="mode === 'gift'" title="g" @click="setMode(mode === 'gift' ? 'reply' : 'gift')">Gift</button>
        <button v-if="head.speak" type="button" class="a-btn" @click="$refs.file.click()">Attach</button>
        <input ref="file" type="file" multiple hidden aria-label="Files to attach" @change="chosen">
        <span class="gap"></span>
        <button v-if="head.hand_back" type="button" class="a-btn" :disabled="busy" title="h" @click="tap('handback')">Hand back</button>
        <button v-if="head.resolve" type="button" class="a-btn" :disabled="busy" title="e" @click="tap('resolve')">Resolve</button>
        <button v-if="head.claim && (mode === 'note' || draft.trim())" type="button" class="a-btn" :disabled="busy" title="c" @click="tap('claim')">Claim</button>
        <button type="submit" class="a-btn main" :disabled="busy || !canSend">{{ sendWords }}</button>
      </div>
    </form>
  </div>`,
  data() { return { GIFTS, draft: "", mode: "reply", changing: 0, gift: { ...NO_GIFT }, case: 0, typedAt: 0, wroteAt: 0, dropping: false }; },
  computed: {
    isOpen() { return this.head.state && this.head.state !== "resolved"; },
    openers() { return this.mode === "reply" && !this.draft.trim() && !this.inside ? this.head.openers || [] : []; },
    inside() { return !this.head.speak && !this.head.claim; },
    isNote() { return this.mode === "note" || (this.inside && this.mode === "reply"); },
    canSend() {
      if (this.mode === "gift") return this.gift.what === "gift" ? /^\d{1,7}([.,]\d{1,2})?$/.test(this.gift.amount) : !!this.draft.trim();
      return !!this.draft.trim() || (this.head.claim && this.mode === "reply");
    },
    sendWords() {
      if (this.mode === "change") return "Save the change";
      if (this.mode === "gift") return this.gift.what === "gift" ? "Give it" : "Ask the back office";
      if (this.isNote) return "Save note";
      return this.head.speak ? "Send" : this.draft.trim() ? "Claim & send" : "Claim";
    },
    placeholder() {
      if (this.mode === "change") return "The words as they should have been. They stay inside until you send the correction.";
      if (this.mode === "gift") return { gift: `Your words to ${this.head.first} with it`, card: "What the card should say", upgrade: "What they get" }[this.gift.what];
      if (this.isNote) return "A note for your colleagues. Never shown to the customer.";
      return this.head.speak ? `Reply to ${this.head.first} as ${this.name}…` : `Reply to ${this.head.first}. Sending claims the case.`;
    },
  },
  watch: {
    draft() { this.keep(); },
    mode() { this.keep(); this.$nextTick(this.grow); },
    "head.case": { immediate: true, handler(number) { this.turnTo(number); } },
  },
  methods: {
    draftName(number) { return `draft-${this.me.id}-${number}`; },
    turnTo(number) {
      const kept = stored(this.draftName(number)) || {};
      this.case = 0; // nothing is kept while one goes over to the other
      this.draft = kept.words || ""; this.mode = kept.mode === "note" ? "note" : "reply"; this.changing = 0; this.gift = { ...NO_GIFT };
      this.case = number;
      this.$nextTick(this.grow);
    },
    keep() {
      if (!this.case || this.mode === "change" || this.mode === "gift") return;
      store(this.draftName(this.case), this.draft.trim() ? { words: this.draft, mode: this.mode } : null);
      this.$emit("drafted", this.case, this.draft.trim());
    },
    focus() { this.$nextTick(() => this.$refs.draft && this.$refs.draft.focus()); },
    setMode(mode) {
      if (mode === "gift" && !this.head.speak) return;
      if (mode === "gift") this.$emit("purse");
      this.mode = mode;
      this.focus();
    },
    fill(words) { this.mode = "reply"; this.draft = words; this.focus(); },
    change(line) { this.mode = "change"; this.changing = line.utterance; this.draft = line.amended || line.parts.map((part) => part[0]).join(""); this.focus(); this.$nextTick(this.grow); },
    onEnter(event) { if (!event.isComposing) { event.preventDefault(); this.send(); } },
    send() {
      const words = this.draft.trim();
      if (this.busy || !this.canSend) return;
      if ([...words].length > this.limit) return this.$emit("say", "That is too long: up to 10,000 characters.");
      const [kind, more] = this.whatToDo(words);
      this.draft = ""; this.changing = 0;
      if (this.mode !== "reply") this.mode = "reply";
      this.gift = { ...NO_GIFT };
      this.$emit("act", kind, words, more);
      this.$nextTick(this.grow);
    },
    whatToDo(words) {
      if (this.mode === "change") return ["change", { about: this.changing }];
      if (this.mode === "gift") return ["give", { what: this.gift.what, amount: String(this.gift.amount).replace(",", ".") }];
      if (this.isNote) return ["note", {}];
      return [this.head.speak ? "reply" : words ? "claim_reply" : "claim", {}];
    },
    tap(kind) { if (!this.busy) this.$emit("act", kind, "", {}); },
    // Not kept by the shop: the words come back, unless something else was begun.
    giveBack(number, words) {
      if (!words) return;
      if (number !== this.case) store(this.draftName(number), { words, mode: "reply" });
      else if (!this.draft) this.draft = words;
    },
    // A sign of life: for the customer only while the claimer types an answer, for colleagues always.
    typed() {
      this.grow();
      if (!this.draft.trim()) return;
      if (Date.now() - this.wroteAt > WRITING_MS) { this.wroteAt = Date.now(); this.$emit("writing"); }
      if (!this.head.speak || this.mode !== "reply" || this.draft.startsWith("/") || Date.now() - this.typedAt < TYPING_MS) return;
      this.typedAt = Date.now();
      this.$emit("act", "typing", "", {});
    },
    chosen(event) { this.attach([...event.target.files]); event.target.value = ""; },
    // A picture from the clipboard, or files dropped here; only the claimer's reach the customer.
    pasted(event) { const files = [...event.clipboardData.files]; if (files.length) { event.preventDefault(); this.attach(files); } },
    over(event) { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); this.dropping = this.head.speak; } },
    dropped(event) { this.dropping = false; if (event.dataTransfer.files.length) { event.preventDefault(); this.attach([...event.dataTransfer.files]); } },
    attach(files) {
      if (!this.head.speak) return this.$emit("say", "Claim the case first: then files go to the customer.");
      files.forEach((file) => this.$emit("file", file));
    },
    grow() { const area = this.$refs.draft; if (!area) return; area.style.height = "auto"; area.style.height = `${Math.min(area.scrollHeight, 220)}px`; },
  },
};

// Drafts by case; those of cases that are not open any more are let go.
export function keptDrafts(me, rows) {
  const found = {};
  for (const name of storedNames(`draft-${me}-`)) {
    const number = name.split("-").pop(), kept = stored(name);
    if (!rows[number]) store(name, null);
    else if (kept && kept.words) found[number] = kept.words;
  }
  return found;
}
