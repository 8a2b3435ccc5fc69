// Read all, build all, and show what the address asks for.

function tellOfRun() {
  find("about").textContent = `${data.data} on ${data.platform}, after ${data.learned}: ${samples.length} test samples with which it goes on learning. All spikes are recorded ones of that simulator.`;
  find("ran").textContent = `Ran on: ${Object.entries(data.ran).map(([name, value]) => `${name} ${value}`).join(", ")}.`;
  find("check").addEventListener("click", () => {
    find("checked").textContent = "adding up \u2026";
    setTimeout(() => {
      const { spikes, decisions, wrong } = checkAll();
      find("checked").textContent = wrong
        ? `No: neuron ${wrong.neuron} of ${wrong.population} at step ${wrong.step} does not.`
        : `Yes: all ${spikes.toLocaleString("en")} spikes, and the silence of the rest: ${decisions.toLocaleString("en")} times a neuron and a step.`;
    }, 30);
  });
}

try {
  await load();
  tellOfRun();
  for (const build of [buildSamples, buildPhases, buildTold, buildDiagram, buildNeuron, buildTable, buildKeys]) build();
  const wrong = samples.findIndex((_, sample) => kindOf(sample) === "wrong");
  if (location.hash.length > 1) lookAtAddress();
  else look({ sample: Math.max(0, wrong), phase: 1 });
  window.addEventListener("hashchange", lookAtAddress);
  window.page = { data, samples, state, look, fired, termsOf, sumsOf, weightsTo, checkAll, kindOf };
} catch (error) {
  find("trouble").hidden = false;
  find("trouble").textContent = `This page can't be shown: ${error.message}. It needs a browser of 2023 or later.`;
  throw error;
}
