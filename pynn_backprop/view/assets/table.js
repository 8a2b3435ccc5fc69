// Spikes of each population in each phase of the sample.

function buildTable() {
  const head = make("tr");
  head.append(make("th", "phase", { scope: "col" }));
  data.phases.forEach((words, phase) => head.append(make("th", phase, { scope: "col", title: words, class: data.tints[phase] || "" })));
  const body = make("tbody");
  for (const number of data.order) {
    const population = populations[number];
    if (isRing(population) || population.role === "source") continue;
    const row = make("tr", undefined, { "data-population": number });
    const name = make("th", population.name, { scope: "row", style: `--c:${ROLES[population.role]}`, title: population.words });
    row.append(name);
    for (let phase = 0; phase < phases; phase += 1) {
      const cell = make("td");
      if (population.phases.includes(phase)) cell.classList.add("may");
      cell.addEventListener("click", () => look({ phase, population: number }));
      row.append(cell);
    }
    name.addEventListener("click", () => look({ population: number }));
    body.append(row);
  }
  const thead = make("thead");
  thead.append(head);
  find("table").append(thead, body);
  onChange(drawTable);
}

function drawTable() {
  const start = (state.sample + data.lead) * phases;
  for (const row of find("table").tBodies[0].rows) {
    const number = Number(row.dataset.population), { size, role } = populations[number];
    row.classList.toggle("chosen", number === state.population);
    for (let phase = 0; phase < phases; phase += 1) {
      const cell = row.cells[phase + 1], count = fired(number, start + phase).length;
      cell.textContent = count || "";
      cell.style.background = count ? `color-mix(in srgb, ${ROLES[role]} ${Math.round(12 + 40 * Math.sqrt(count / size))}%, white)` : "";
    }
  }
  for (const row of find("table").rows) {
    [...row.cells].forEach((cell, column) => cell.classList.toggle("now", column === state.phase + 1));
  }
  bringColumn();
}

/** Where the table is wider than its window, show the column of this phase. */
function bringColumn() {
  const box = find("table").parentElement, names = find("table").rows[0].cells[0].offsetWidth;
  const cell = find("table").rows[0].cells[state.phase + 1], left = cell.offsetLeft - names;
  if (left < box.scrollLeft || left + names + cell.offsetWidth > box.scrollLeft + box.clientWidth) {
    box.scrollLeft = left - (box.clientWidth - names) / 2;
  }
}
