// What is looked at.  The address holds it, so that a link leads to a phase of a sample.

const state = { sample: 0, phase: 0, population: null, neuron: 0 };
const drawn = [];

/** Everything that is drawn anew when something else is looked at. */
function onChange(draw) {
  drawn.push(draw);
}

const stepNow = () => (state.sample + data.lead) * phases + state.phase;

function look(change) {
  const last = { sample: samples.length - 1, phase: phases - 1 };
  for (const name of ["sample", "phase"]) {
    if (name in change) state[name] = Math.max(0, Math.min(last[name], change[name]));
  }
  if ("population" in change) state.population = change.population;
  if (state.population !== null) {
    const size = populations[state.population].size;
    if ("neuron" in change) state.neuron = Math.max(0, Math.min(size - 1, change.neuron || 0));
    else if ("population" in change) state.neuron = firstFiring(state.population);
  }
  for (const draw of drawn) draw();
  const neuron = state.population === null ? "" : `&neuron=${encodeURIComponent(populations[state.population].name)}:${state.neuron}`;
  history.replaceState(null, "", `#sample=${state.sample}&phase=${state.phase}${neuron}`);
}

/** A neuron of a population that has something to tell: one that fires now, else one that fires in this sample. */
function firstFiring(number) {
  const start = (state.sample + data.lead) * phases;
  const order = [state.phase, ...Array.from({ length: phases }, (_, phase) => phase)];
  for (const phase of order) {
    const there = fired(number, start + phase);
    if (there.length) return there[0];
  }
  return 0;
}

function lookAtAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const change = {};
  for (const name of ["sample", "phase"]) {
    const value = Number.parseInt(asked.get(name), 10);
    if (Number.isInteger(value)) change[name] = value;
  }
  const [name, neuron] = (asked.get("neuron") || "").split(":");
  if (numberOf.has(name)) Object.assign(change, { population: numberOf.get(name), neuron: Number.parseInt(neuron, 10) });
  look(change);
}
