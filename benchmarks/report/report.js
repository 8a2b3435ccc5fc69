// Long tables get a field that filters their rows, a choice for each column of few words, and headings that sort.
// Without scripts all rows are there, as they were written.
"use strict";

const LONG = 8, FEW = 12;

const make = (tag, text, attributes = {}) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

/** What a cell says, without the smaller line below it. */
const textOf = (row, column) => [...row.cells[column].childNodes]
  .filter((node) => !(node.classList && node.classList.contains("detail")))
  .map((node) => node.textContent).join("").trim();

/** Words of a column by which rows can be chosen: few, and at least two rows share one. */
function choicesOf(table, column) {
  const number = table.tHead.rows[0].cells[column].classList.contains("number");
  if (number || table.tBodies[0].rows[0].cells[column].classList.contains("long")) return [];
  const found = [...new Set([...table.tBodies[0].rows].map((row) => textOf(row, column)))];
  return found.length > 1 && found.length <= FEW && found.length < table.tBodies[0].rows.length ? found : [];
}

function filtered(table, title) {
  const bar = make("form", undefined, { class: "filter", role: "search", "aria-label": `Filter: ${title}` });
  const field = make("input", undefined, { type: "search", placeholder: "words that rows must hold", "aria-label": `Words in rows of: ${title}` });
  const chosen = [], said = make("output");
  bar.append(field);
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const choices = choicesOf(table, column);
    if (!choices.length) return;
    const choice = make("select", undefined, { "aria-label": heading.innerText });
    choice.append(make("option", `${heading.innerText.trim()}: all`, { value: "" }), ...choices.map((word) => make("option", word)));
    chosen.push([column, choice]);
    bar.append(choice);
  });
  const clear = make("button", "all rows", { type: "reset" });
  bar.append(clear, said);
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean), rows = [...table.tBodies[0].rows];
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(words.every((word) => text.includes(word))
        && chosen.every(([column, choice]) => !choice.value || row.dataset[`column${column}`] === choice.value));
    }
    const there = rows.filter((row) => !row.hidden).length;
    said.textContent = `${there} of ${rows.length} rows`;
    bar.classList.toggle("some", there < rows.length);
  };
  for (const row of table.tBodies[0].rows) for (const [column] of chosen) row.dataset[`column${column}`] = textOf(row, column);
  bar.addEventListener("input", show);
  bar.addEventListener("submit", (event) => event.preventDefault());
  bar.addEventListener("reset", () => setTimeout(show));
  show();
  return bar;
}

/** Numbers by what they stand for, words by the alphabet; what is missing comes last. */
function sortBy(table, column, down) {
  const rows = [...table.tBodies[0].rows];
  const key = (row) => {
    const cell = row.cells[column];
    if ("value" in cell.dataset) return Number(cell.dataset.value);
    const number = Number.parseFloat(textOf(row, column).replace(/,/g, ""));
    return table.tHead.rows[0].cells[column].classList.contains("number") ? number : textOf(row, column);
  };
  const missing = (value) => (typeof value === "number" ? Number.isNaN(value) : value === "\u2013");
  const order = (one, other) => {
    const a = key(one), b = key(other);
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const before = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
    return down ? -before : before;
  };
  table.tBodies[0].append(...rows.sort(order));
}

function sortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = make("button", undefined, { type: "button", class: "sort" });
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const each of headings) each.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortBy(table, column, down);
    });
  });
}

for (const table of document.querySelectorAll("section.table table")) {
  if (table.tBodies[0].rows.length < LONG) continue;
  const box = table.closest(".scroll");
  box.before(filtered(table, table.caption.textContent));
  sortable(table);
}
