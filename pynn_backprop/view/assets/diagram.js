// The circuit: boxes that fire, boxes that are open, arrows along which spikes arrive.

function drawDiagram() {
  const step = stepNow();
  const picture = find("picture");
  let left = Infinity, right = -Infinity;
  for (const box of picture.querySelectorAll(".population")) {
    const number = Number(box.dataset.population), population = populations[number];
    const count = fired(number, step).length, gates = gatesOf(number, step);
    box.classList.toggle("fires", count > 0);
    box.classList.toggle("open", gates > 0);
    box.classList.toggle("held", gates < 0);
    box.classList.toggle("chosen", state.population === number);
    box.querySelector(".count").textContent = count ? `${count.toLocaleString("en")} of ${population.size.toLocaleString("en")}` : population.size.toLocaleString("en");
    const does = count ? `${count} fire` : gates > 0 ? "open, silent" : gates < 0 ? "held down" : "silent";
    box.setAttribute("aria-label", `${population.name}, ${population.size} neurons: ${does}`);
    if (count) {
      const { x, width } = box.getBBox();
      left = Math.min(left, x);
      right = Math.max(right, x + width);
    }
  }
  for (const arrow of picture.querySelectorAll(".arrow")) {
    const carried = data.arrows[Number(arrow.dataset.arrow)].map((index) => projections[index]);
    const there = carried.some((projection) => fired(projection.pre, step - projection.latency).length > 0);
    arrow.classList.toggle("lit", there);
  }
  if (left < right) bring(picture, left, right);
}

/** On a narrow screen the diagram is wider than its window: show where something happens. */
function bring(picture, left, right) {
  const drawing = find("diagram"), share = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
  if (picture.scrollWidth <= picture.clientWidth + 1) return;
  const from = left * share, to = right * share;
  if (from >= picture.scrollLeft && to <= picture.scrollLeft + picture.clientWidth) return;
  const middle = to - from > picture.clientWidth ? from : (from + to - picture.clientWidth) / 2;
  picture.scrollLeft = Math.max(0, middle);
}

/** What gates, masks apart, bring to the first neuron of a population. */
function gatesOf(number, step) {
  let sum = 0;
  for (const projection of populations[number].into) {
    if (!projection.opens || populations[projection.pre].role === "memory") continue;
    const term = arriving(projection, 0, step);
    if (term) sum += term.sum;
  }
  return sum;
}

function buildDiagram() {
  for (const box of find("picture").querySelectorAll(".population")) {
    const choose = () => look({ population: Number(box.dataset.population) });
    box.addEventListener("click", choose);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      choose();
    });
  }
  const key = find("key");
  const words = [["fires", "fires"], ["open", "a gate opens it"], ["held", "a gate holds it down"]];
  for (const [name, text] of words) key.append(make("span", text, { class: `sign ${name}` }));
  key.append(make("span", "spikes arrive", { class: "sign lit" }));
  key.append(make("span", "Choose a box to look at one of its neurons.", { class: "hint" }));
  onChange(drawDiagram);
}
