// What happens in a phase, in words.

const isRing = (population) => /^g\d+$/.test(population.name);

function toldNow() {
  const step = stepNow();
  const firing = data.order
    .filter((number) => !isRing(populations[number]) && populations[number].role !== "source" && fired(number, step).length)
    .map((number) => {
      const count = fired(number, step).length, { name, size } = populations[number];
      return size === 1 ? name : `${count.toLocaleString("en")} of ${name}`;
    });
  const ring = populations.find((population, number) => isRing(population) && fired(number, step).length);
  const changes = learntNow(step).map(({ matrix, count, sign }) => `${count.toLocaleString("en")} weights of ${matrix} ${sign > 0 ? "grow" : "shrink"} by ${data.eta}`);
  const said = firing.length ? `Fire: ${firing.join(", ")}.` : "Nothing fires but the ring of gates.";
  return [said, changes.length ? `${changes.join(", ")}.` : "", ring ? `The ring is at ${ring.name}.` : ""].filter(Boolean).join(" ");
}

/** Coincidences of each matrix in a step, counted at one of its copies. */
function learntNow(step) {
  const found = new Map();
  for (const projection of projections) {
    if (!projection.plastic || projection.transpose || found.has(projection.matrix)) continue;
    const count = fired(projection.pre, step).length * fired(projection.post, step).length;
    found.set(projection.matrix, { matrix: projection.matrix, count, sign: fired(reinforcement, step).length ? 1 : -1 });
  }
  return [...found.values()].filter(({ count }) => count > 0);
}

function buildTold() {
  onChange(() => { find("told").textContent = toldNow(); });
}
