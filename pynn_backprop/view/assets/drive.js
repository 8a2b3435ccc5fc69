// What arrives at the chosen neuron: now, term by term, and in each phase of the sample.

function nameOf(projection) {
  const { name } = populations[projection.pre];
  if (!projection.matrix) return name;
  const sign = projection.sign < 0 ? "\u2212" : projection.transpose ? "+" : "";
  return `${name} through ${sign}${projection.matrix}${projection.transpose ? "\u1D40" : ""}`;
}

function row(cells, tag = "td") {
  const made = make("tr");
  for (const cell of cells) made.append(make(tag, cell));
  return made;
}

function drawTerms() {
  const population = populations[state.population], terms = termsOf(state.population, state.neuron, stepNow());
  const { gates, drive, unknown } = sumsOf(terms), sum = gates + drive - population.bias, table = find("terms");
  const does = fires(state.population, state.neuron, stepNow());
  table.replaceChildren();
  if (population.role === "source") {
    find("now").textContent = `In phase ${state.phase} it ${does ? "fires" : "is silent"}: its spikes come from outside.`;
    return;
  }
  find("now").textContent = unknown
    ? `In phase ${state.phase} it ${does ? "fires" : "is silent"}; the weights that decide it are too many for this page.`
    : `In phase ${state.phase} it ${does ? "fires" : "is silent"}: ${plain(sum)} ${sum > population.threshold ? ">" : "\u2264"} ${plain(population.threshold)}`;
  table.append(row(["from", "spikes", "they add"], "th"));
  for (const term of terms) {
    const part = row([nameOf(term.projection), term.spikes.toLocaleString("en"), term.unknown ? "?" : signed(term.sum)]);
    part.className = term.projection.opens ? "gate" : "";
    table.append(part);
  }
  table.append(row(["bias", "", signed(-population.bias)]));
  const total = row(["sum", "", unknown ? "?" : plain(sum)]);
  total.className = "total";
  table.append(total, row(["threshold", "", plain(population.threshold)]));
}

function drawDrives() {
  const population = populations[state.population], table = find("drives"), start = (state.sample + data.lead) * phases;
  table.replaceChildren(row(["phase", "gates", "drive", "", "fires"], "th"));
  const sums = data.phases.map((_, phase) => sumsOf(termsOf(state.population, state.neuron, start + phase)));
  const most = Math.max(1, ...sums.map(({ drive }) => Math.abs(drive)));
  sums.forEach(({ gates, drive, unknown }, phase) => {
    const does = fires(state.population, state.neuron, start + phase);
    const made = row([`${phase} ${data.phases[phase]}`, gates ? signed(gates) : "", unknown ? "?" : drive ? signed(drive) : "", "", does ? "\u25CF" : ""]);
    const bar = make("span", undefined, { class: "bar" }), half = (50 * Math.abs(drive)) / most;
    bar.style.cssText = `left:${drive < 0 ? 50 - half : 50}%;width:${half}%;background:${diverging(Math.sign(drive))}`;
    made.cells[3].className = "bars";
    made.cells[3].append(bar);
    if (phase === state.phase) made.className = "now";
    made.addEventListener("click", () => look({ phase }));
    if (gates || drive || unknown || does || phase === state.phase) table.append(made);
  });
}
