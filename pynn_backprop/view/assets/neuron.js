// The part of the page that is about one neuron.

function buildNeuron() {
  const choice = find("population");
  choice.append(make("option", "choose", { value: "" }));
  for (const number of data.order) {
    const { name, size } = populations[number];
    if (!isRing(populations[number])) choice.append(make("option", `${name} (${size.toLocaleString("en")})`, { value: number }));
  }
  choice.addEventListener("change", () => look({ population: choice.value === "" ? null : Number(choice.value) }));
  find("number").addEventListener("change", (event) => {
    if (state.population !== null) look({ neuron: Math.trunc(Number(event.target.value)) });
  });
  buildGrid();
  onChange(drawNeuron);
}

function drawNeuron() {
  const box = find("neuron"), none = state.population === null;
  box.classList.toggle("none", none);
  find("population").value = none ? "" : state.population;
  find("number").disabled = none;
  if (none) {
    find("does").textContent = "Choose a population here or in the diagram.";
    find("number").value = "";
    return;
  }
  const population = populations[state.population];
  find("number").max = population.size - 1;
  find("number").value = state.neuron;
  find("where").textContent = `of 0 to ${population.size - 1}, ${population.where}`;
  find("does").textContent = `${population.name}: ${population.words}.`;
  drawGrid();
  drawTerms();
  drawWeights();
  drawDrives();
}
