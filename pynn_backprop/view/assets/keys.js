// Keys, unless they are needed where the focus is.

const STEPS = {
  ArrowLeft: () => look({ phase: state.phase - 1 }),
  ArrowRight: () => look({ phase: state.phase + 1 }),
  ArrowUp: () => look({ sample: state.sample - 1 }),
  ArrowDown: () => look({ sample: state.sample + 1 }),
  Home: () => look({ phase: 0 }),
  End: () => look({ phase: phases - 1 }),
  Escape: () => look({ population: null }),
  " ": () => play(!playing),
};

function buildKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !STEPS[event.key]) return;
    const at = event.target;
    if (at.matches("input[type=number], select")) return;
    if (event.key === " " && at.closest("button")) return;
    event.preventDefault();
    if (event.key !== " ") play(false);
    STEPS[event.key]();
  });
}
