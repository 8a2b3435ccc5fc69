// The weights that lead to the chosen neuron, and what this sample has changed of them so far.

function drawWeights() {
  const box = find("weights"), population = populations[state.population];
  box.replaceChildren();
  for (const projection of population.into.filter(({ matrix }) => matrix)) {
    const pre = populations[projection.pre], before = weightsTo(projection, state.neuron, (state.sample + data.lead) * phases);
    const title = `Weights of ${nameOf(projection)}`;
    if (!before) {
      box.append(make("h3", title), make("p", `${projection.matrix} has too many weights for this page.`));
      continue;
    }
    const start = before.slice(), vector = weightsTo(projection, state.neuron, stepNow() + 1);
    const changed = vector.map((weight, i) => weight - start[i]);
    const figure = make("figure"), pictures = make("div", undefined, { class: "pictures" });
    const most = vector.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1);
    const now = new Set(fired(projection.pre, stepNow() - projection.latency));
    pictures.append(picture(pre, (i) => ({ fill: diverging(vector[i] / most), edge: now.has(i) && pre.size <= 100 ? "#000" : null }), `${title}, after this phase`));
    const grown = changed.filter((change) => change > 0).length, shrunk = changed.filter((change) => change < 0).length;
    if (grown + shrunk) pictures.append(picture(pre, (i) => ({ fill: diverging(changed[i] / (2 * data.eta)), edge: null }), `${title}: changes in this sample`));
    const said = grown + shrunk ? `On the right what this sample has changed so far: ${grown} up, ${shrunk} down.` : "This sample has changed none of them so far.";
    figure.append(make("figcaption", title), pictures, legend(most), make("p", said));
    box.append(figure);
  }
  if (!box.children.length) box.append(make("p", "No matrix of weights leads to it."));
}

function picture(population, paint, words) {
  const canvas = make("canvas", undefined, { role: "img", "aria-label": words });
  drawCells(canvas, population, paint, 210);
  return canvas;
}

function legend(most) {
  const made = make("p", undefined, { class: "legend" });
  made.append(make("span", `\u2212${most}`), make("span", undefined, { class: "scale" }), make("span", `+${most}`));
  return made;
}
