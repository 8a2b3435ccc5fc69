// Colours and shapes that several parts share.

const ROLES = {
  source: "#6E6E6E", data: "#000000", memory: "#0072B2", error: "#D55E00", probe: "#6E6E6E",
  reinforcement: "#CC79A7", gate: "#009E73",
};

const find = (id) => document.getElementById(id);

function make(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const signed = (number) => (number < 0 ? "\u2212" : "+") + Math.abs(number).toLocaleString("en");
const plain = (number) => (number < 0 ? "\u2212" : "") + Math.abs(number).toLocaleString("en");

/** Blue for negative, orange for positive, white for 0; `share` from -1 to 1. */
function diverging(share) {
  const end = share < 0 ? [0, 114, 178] : [213, 94, 0];
  const part = Math.min(1, Math.abs(share));
  return `rgb(${end.map((value) => Math.round(255 + (value - 255) * part)).join(",")})`;
}

/** Where the neurons of a population are drawn: pixels of an input in their places, others line by line. */
function placesOf(population) {
  const [height, width] = data.shape;
  const each = data.shape.length === 2 ? population.size / (height * width) : 0;
  if (population.layer === 0 && each >= 1 && Number.isInteger(each)) {
    return {
      columns: width, rows: height, panels: each,
      at: (neuron) => [neuron % each, Math.floor(Math.floor(neuron / each) / width), Math.floor(neuron / each) % width],
    };
  }
  const unit = data.neurons_of_a_unit;
  const square = Math.ceil(Math.sqrt(population.size));
  const columns = unit > 1 && population.size % unit === 0 ? unit : population.size <= 20 ? population.size : square;
  return {
    columns, rows: Math.ceil(population.size / columns), panels: 1,
    at: (neuron) => [0, Math.floor(neuron / columns), neuron % columns],
  };
}

/** Draw a cell for each neuron; `paint` says the colour of one.  Returns which neuron is at a point of the canvas. */
function drawCells(canvas, population, paint, most = 300) {
  const places = placesOf(population);
  const across = Math.min(places.panels, 4), down = Math.ceil(places.panels / across), gap = 6;
  const cell = Math.max(3, Math.min(18, Math.floor((most - gap * (across - 1)) / (across * places.columns))));
  const panelWidth = cell * places.columns + gap, panelHeight = cell * places.rows + gap;
  const width = panelWidth * across - gap, height = panelHeight * down - gap, scale = 2;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  for (let neuron = 0; neuron < population.size; neuron += 1) {
    const [panel, row, column] = places.at(neuron);
    const x = (panel % across) * panelWidth + column * cell, y = Math.floor(panel / across) * panelHeight + row * cell;
    const { fill, edge } = paint(neuron);
    context.fillStyle = fill;
    context.fillRect(x, y, cell - 0.5, cell - 0.5);
    if (edge) {
      context.strokeStyle = edge;
      context.lineWidth = 1.5;
      context.strokeRect(x + 0.25, y + 0.25, cell - 1, cell - 1);
    }
  }
  return (event) => {
    const box = canvas.getBoundingClientRect(), shrunk = width / box.width;
    const px = (event.clientX - box.left) * shrunk, py = (event.clientY - box.top) * shrunk;
    for (let neuron = 0; neuron < population.size; neuron += 1) {
      const [panel, row, column] = places.at(neuron);
      const x = (panel % across) * panelWidth + column * cell, y = Math.floor(panel / across) * panelHeight + row * cell;
      if (px >= x && px < x + cell && py >= y && py < y + cell) return neuron;
    }
    return null;
  };
}
