// What every page that shows a conversation keeps of it, and how the server changes that.
import { setClock } from "./clock.js";
import { patched } from "./keep.js";

export const Story = {
  data() { return { selected: null, pane: "list", head: null, lines: {}, more: false, side: null }; },
  methods: {
    clock_set(now) { setClock(now); },
    thread(number, head, side, changed, gone, whole) {
      if (number !== this.selected) return;
      if (whole) this.lines = changed;
      else if (Object.keys(changed).length || gone.length) this.lines = patched(this.lines, changed, gone);
      if (head) this.head = head;
      if (side) this.side = side;
    },
    earlier_there(number, lines, more) {
      if (number !== this.selected) return;
      this.more = more;
      if (Object.keys(lines).length) this.lines = { ...lines, ...this.lines };
    },
    blankStory(head) { Object.assign(this, { head, lines: {}, more: false, side: null }); },
  },
};
