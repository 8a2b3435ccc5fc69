// The samples to choose from, and what the chosen one is.

const inputs = numberOf.get("x"), outputs = numberOf.get("o");

/** Shares of firing neurons of each pixel, as the input population took them. */
function imageOf(sample) {
  const start = (sample + data.lead) * phases;
  const [height, width] = data.shape.length === 2 ? data.shape : [1, data.shape[0] || data.units[0]];
  const each = populations[inputs].size / (height * width);
  const pixels = new Float32Array(height * width);
  for (const neuron of fired(inputs, start + 1)) pixels[Math.floor(neuron / each)] += 1 / each;
  return { height, width, pixels };
}

function paintImage(canvas, sample, wide) {
  const { height, width, pixels } = imageOf(sample);
  const cell = Math.max(1, Math.floor((2 * wide) / Math.max(width, height)));
  canvas.width = cell * width;
  canvas.height = height === 1 ? Math.max(cell, 24) : cell * height;
  const context = canvas.getContext("2d");
  pixels.forEach((value, place) => {
    const grey = Math.round(255 * (1 - value));
    context.fillStyle = `rgb(${grey},${grey},${grey})`;
    context.fillRect((place % width) * cell, Math.floor(place / width) * cell, cell, height === 1 ? canvas.height : cell);
  });
}

/** Right without an error, right with one (its margin is too small), or wrong. */
function kindOf(sample) {
  const start = (sample + data.lead) * phases;
  const { label, answer } = samples[sample];
  const error = ["d+", "d-"].some((name) => {
    const { first } = populations[numberOf.get(name)];
    return first[start + phases] > first[start];
  });
  if (label !== answer) return "wrong";
  return error ? "unsure" : "right";
}

const KINDS = { right: ["\u2713", "right"], unsure: ["\u2713", "right, but an error"], wrong: ["\u2717", "wrong"] };
const answered = ({ answer }) => (answer < 0 ? "none" : String(answer));

function buildSamples() {
  const list = find("samples"), count = { right: 0, unsure: 0, wrong: 0 };
  const order = samples.map((_, sample) => sample);
  for (const sample of order) {
    const kind = kindOf(sample), [sign, words] = KINDS[kind], { label } = samples[sample];
    count[kind] += 1;
    const button = make("button", undefined, {
      type: "button", role: "option", class: kind, "data-sample": sample,
      "aria-label": `sample ${sample + 1}: shown ${label}, answered ${answered(samples[sample])}, ${words}`,
    });
    const canvas = make("canvas");
    paintImage(canvas, sample, 40);
    button.append(canvas, make("span", `${sign} ${label}\u2192${answered(samples[sample])}`));
    button.addEventListener("click", () => look({ sample }));
    list.append(button);
  }
  find("tally").textContent = `${count.right} right without an error, ${count.unsure} right with one, ${count.wrong} wrong; shown \u2192 answered`;
  onChange(drawSamples);
}

function drawSamples() {
  for (const button of find("samples").children) {
    const chosen = Number(button.dataset.sample) === state.sample;
    button.setAttribute("aria-selected", chosen);
    if (chosen) {
      const list = find("samples");
      if (button.offsetLeft < list.scrollLeft || button.offsetLeft + button.offsetWidth > list.scrollLeft + list.clientWidth) {
        list.scrollLeft = button.offsetLeft - list.clientWidth / 2;
      }
    }
  }
  drawShown();
}

function drawShown() {
  const { label } = samples[state.sample], kind = kindOf(state.sample), image = find("image");
  paintImage(image, state.sample, 130);
  image.setAttribute("aria-label", `The input, a ${label}`);
  const known = state.phase >= data.output, verdict = find("verdict");
  verdict.className = known ? kind : "";
  const rest = { right: "no error, so nothing more happens but the ring of gates", unsure: "right, but not clearly enough: there is an error", wrong: "wrong" };
  verdict.textContent = known
    ? `Shown ${label}, answered ${answered(samples[state.sample])}: ${rest[kind]}.`
    : `Shown ${label}; the output fires in phase ${data.output}.`;
  const step = (state.sample + data.lead) * phases + data.output, unit = data.neurons_of_a_unit;
  const votes = new Map();
  if (known) for (const neuron of fired(outputs, step)) votes.set(Math.floor(neuron / unit), (votes.get(Math.floor(neuron / unit)) || 0) + 1);
  const classes = find("classes");
  classes.replaceChildren();
  for (let unitNumber = 0; unitNumber < data.units[data.units.length - 1]; unitNumber += 1) {
    const share = (votes.get(unitNumber) || 0) / unit;
    const item = make("li", unitNumber, { class: `${share > 0 ? "fires" : ""} ${unitNumber === label ? "target" : ""}` });
    item.title = `output ${unitNumber}: ${known ? (share > 0 ? "fires" : "silent") : "not yet"}${unitNumber === label ? ", the target" : ""}`;
    classes.append(item);
  }
}
