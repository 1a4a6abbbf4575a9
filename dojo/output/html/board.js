"use strict";
const main = document.querySelector("main");
const state = document.querySelector("#state");
const source = new EventSource("events");
source.addEventListener("board", (event) => {
  const open = [...main.querySelectorAll("details")].map((each) => each.open);
  main.innerHTML = event.data;
  main.querySelectorAll("details").forEach((each, index) => { each.open = open[index] ?? each.open; });
  state.textContent = "";
  document.title = main.querySelector(".verdict strong").textContent + " · SLO Dojo";
});
source.addEventListener("run", (event) => {
  const run = main.querySelector("#run");
  if (run !== null) run.innerHTML = event.data;
  state.textContent = "";
});
source.addEventListener("error", () => {
  state.textContent = "The board is not answering: has ./run dojo up ended? It is asked again by itself.";
});
