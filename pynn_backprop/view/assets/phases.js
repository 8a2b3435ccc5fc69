// The slider, its buttons, and the strip of all phases.

let playing = null;

function play(on) {
  clearInterval(playing);
  playing = null;
  if (on) {
    if (state.phase === phases - 1) look({ phase: 0 });
    playing = setInterval(() => {
      if (state.phase === phases - 1) play(false);
      else look({ phase: state.phase + 1 });
    }, 900);
  }
  find("play").textContent = playing ? "\u275A\u275A" : "\u25B6\u25B6";
  find("play").setAttribute("aria-label", playing ? "stop" : "play");
}

function buildPhases() {
  const slider = find("slider"), strip = find("strip");
  slider.max = phases - 1;
  slider.addEventListener("input", () => look({ phase: Number(slider.value) }));
  find("back").addEventListener("click", () => look({ phase: state.phase - 1 }));
  find("on").addEventListener("click", () => look({ phase: state.phase + 1 }));
  find("play").addEventListener("click", () => play(!playing));
  data.phases.forEach((words, phase) => {
    const item = make("li", phase, { class: data.tints[phase] || "", title: `phase ${phase}: ${words}` });
    item.addEventListener("click", () => look({ phase }));
    strip.append(item);
  });
  onChange(drawPhases);
}

function drawPhases() {
  const slider = find("slider"), words = data.phases[state.phase];
  slider.value = state.phase;
  slider.setAttribute("aria-valuetext", `phase ${state.phase}: ${words}`);
  [...find("strip").children].forEach((item, phase) => item.classList.toggle("now", phase === state.phase));
  find("phase").textContent = `Sample ${state.sample + 1} of ${samples.length}, phase ${state.phase} of ${phases - 1}: ${words}`;
}
