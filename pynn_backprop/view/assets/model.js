// What was recorded, and what follows from it: what arrives at a neuron in a step, and its weights in that moment.
// Step 0 is the first of the recording; sample s that can be chosen is shown from step (s + lead) * phases on.

const data = JSON.parse(document.getElementById("data").textContent);
const phases = data.phases.length;
const steps = data.samples.length * phases;
const samples = data.samples.slice(data.lead);
const populations = data.populations;
const projections = data.projections;
const numberOf = new Map(populations.map((population, number) => [population.name, number]));

async function load() {
  await Promise.all(populations.map(async (population, number) => {
    const counts = await unpack(data.spikes[number].counts);
    population.neurons = await unpack(data.spikes[number].neurons);
    population.first = new Int32Array(steps + 1);
    counts.forEach((count, step) => { population.first[step + 1] = population.first[step] + count; });
    population.into = [];
  }));
  await Promise.all(projections.map(async (projection) => {
    populations[projection.post].into.push(projection);
    projection.table = await unpack(projection.table);
    projection.vectors = new Map();
  }));
  data.matrices = {};
  for (const [name, packed] of Object.entries(data.weights)) data.matrices[name] = await unpack(packed);
}

const NOTHING = new Uint8Array(0);

/** The neurons of a population that fire in a step, in order. */
function fired(number, step) {
  const population = populations[number];
  if (step < 0 || step >= steps) return NOTHING;
  return population.neurons.subarray(population.first[step], population.first[step + 1]);
}

function fires(number, neuron, step) {
  const there = fired(number, step);
  let low = 0, high = there.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (there[middle] < neuron) low = middle + 1;
    else high = middle;
  }
  return there[low] === neuron;
}

const reinforcement = numberOf.get("r");

/** The weights of a projection's synapses to one neuron, before what it learns in a step; null if they are not here. */
function weightsTo(projection, neuron, step) {
  if (!data.matrices[projection.matrix]) return null;
  let kept = projection.vectors.get(neuron);
  if (!kept || kept.next > step) {
    kept = { vector: startOf(projection, neuron), next: 0 };
    projection.vectors.set(neuron, kept);
  }
  for (; kept.next < step; kept.next += 1) learn(projection, neuron, kept.next, kept.vector);
  return kept.vector;
}

function startOf(projection, neuron) {
  const matrix = data.matrices[projection.matrix];
  const pre = populations[projection.pre].size, post = populations[projection.post].size;
  const vector = new Int32Array(pre);
  for (let i = 0; i < pre; i += 1) {
    vector[i] = projection.sign * (projection.transpose ? matrix[neuron * pre + i] : matrix[i * post + neuron]);
  }
  return vector;
}

/** Where both ends fire in the same step the weight grows if the reinforcement neuron fires, else it shrinks. */
function learn(projection, neuron, step, vector) {
  if (!projection.plastic || !fires(projection.post, neuron, step)) return;
  const change = fired(reinforcement, step).length ? data.eta : -data.eta;
  for (const i of fired(projection.pre, step)) {
    vector[i] = Math.max(-data.w_max, Math.min(data.w_max, vector[i] + change));
  }
}

/** What one projection brings to a neuron in a step: how many spikes, and the sum of their weights. */
function arriving(projection, neuron, step) {
  const sent = fired(projection.pre, step - projection.latency);
  if (!sent.length) return null;
  if (projection.matrix) {
    const vector = weightsTo(projection, neuron, step - projection.latency);
    let sum = 0;
    if (vector) for (const i of sent) sum += vector[i];
    return { projection, spikes: sent.length, sum, unknown: !vector };
  }
  if (projection.table) {
    const size = populations[projection.post].size;
    let sum = 0;
    for (const i of sent) sum += projection.table[i * size + neuron];
    return sum ? { projection, spikes: sent.length, sum } : null;
  }
  let spikes = 0;
  for (const [pre, preEnd, post, postEnd, all] of projection.blocks) {
    if (neuron < post || neuron >= postEnd) continue;
    for (const i of sent) if (i >= pre && i < preEnd && (all || i - pre === neuron - post)) spikes += 1;
  }
  return spikes ? { projection, spikes, sum: spikes * projection.weight } : null;
}

/** All that arrives at a neuron in a step. */
function termsOf(number, neuron, step) {
  const found = [];
  for (const projection of populations[number].into) {
    const term = arriving(projection, neuron, step);
    if (term) found.push(term);
  }
  return found;
}

/** What gates, and the neuron e, add up to, and the drive of all others. */
function sumsOf(terms) {
  let gates = 0, drive = 0, unknown = false;
  for (const term of terms) {
    if (term.projection.opens) gates += term.sum;
    else drive += term.sum;
    unknown = unknown || Boolean(term.unknown);
  }
  return { gates, drive, unknown };
}

/** Whether every spike of the samples that can be chosen, and no other, follows from what arrives. */
function checkAll() {
  let spikes = 0, neurons = 0, wrong = null;
  populations.forEach((population, number) => {
    if (population.role === "source") return;
    for (let neuron = 0; neuron < population.size; neuron += 1) {
      for (let step = data.lead * phases; step < steps; step += 1) {
        const { gates, drive, unknown } = sumsOf(termsOf(number, neuron, step));
        if (unknown) continue;
        const does = fires(number, neuron, step);
        if (does !== gates + drive > population.limit && !wrong) wrong = { population: population.name, neuron, step };
        spikes += does;
        neurons += 1;
      }
    }
  });
  return { spikes, decisions: neurons, wrong };
}
