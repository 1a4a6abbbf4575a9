"use strict";
const QUIET_MS = 10000; // an event comes every two seconds
const ASK_MS = 2000;
const main = document.querySelector("main");
const state = document.querySelector("#state");
const source = new EventSource("events");
let heardAt = Date.now();
let asking = false;

const show = {
  board(html) {
    const open = [...main.querySelectorAll("details")].map((each) => each.open);
    main.innerHTML = html;
    main.querySelectorAll("details").forEach((each, index) => { each.open = open[index] ?? each.open; });
    document.title = main.querySelector(".verdict strong").textContent + " · SLO Dojo";
  },
  run(html) {
    const run = main.querySelector("#run");
    if (run !== null) run.innerHTML = html;
  },
};

for (const name of Object.keys(show)) {
  source.addEventListener(name, (event) => {
    show[name](event.data);
    heardAt = Date.now();
    state.textContent = "";
  });
}
source.addEventListener("error", () => { heardAt = 0; });

// A proxy may keep events back until it has many of them, and a connection may die without a word.
// A whole answer comes through.
async function ask() {
  if (asking || Date.now() - heardAt < QUIET_MS) return;
  asking = true;
  try {
    const answer = await fetch("now", { cache: "no-store", signal: AbortSignal.timeout(QUIET_MS) });
    if (!answer.ok) throw new Error(answer.statusText);
    for (const event of (await answer.text()).split("\n\n")) {
      const [name, ...lines] = event.split("\n");
      if (lines.length > 0) show[name.slice("event: ".length)](lines.map((line) => line.slice("data: ".length)).join("\n"));
    }
    state.textContent = "";
  } catch {
    state.textContent = "The board is not answering: has ./run dojo up ended? It is asked again by itself.";
  }
  asking = false;
}
setInterval(ask, ASK_MS);
