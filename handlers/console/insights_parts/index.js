// What the page of the figures is made of. Every word is bound as text: Vue escapes it.
export { Behind } from "./behind.js";
export { Cell, Defined, Tile } from "./figure.js";
export { Filters } from "./filters.js";
export { Money } from "./money.js";
export { Bars, Cohorts, Table, Theme } from "./tables.js";
export { Tip } from "./tip.js";
