// All neurons of the chosen population, of which one can be chosen.

let neuronAt = () => null;

function buildGrid() {
  find("grid").addEventListener("click", (event) => {
    const neuron = neuronAt(event);
    if (neuron !== null) look({ neuron });
  });
}

function drawGrid() {
  const population = populations[state.population], now = new Set(fired(state.population, stepNow()));
  neuronAt = drawCells(find("grid"), population, (neuron) => ({
    fill: now.has(neuron) ? ROLES[population.role] : "#E4E4E4",
    edge: neuron === state.neuron ? "#D55E00" : null,
  }));
  find("grid").setAttribute("aria-label", `${now.size} of ${population.size} neurons of ${population.name} fire`);
}
